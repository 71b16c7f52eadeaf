// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/money_scan.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "base/time.h"

namespace resolute::e2e {
namespace {

/// Money that goes back, in the languages of the examples.
const RE2& money_goes_back() {
    static const RE2 pattern(
        "(?i)(\\b(the|your|a) refund (of|for) .*\\b(approved|granted|issued|paid|sent|made|processed)"
        "|\\b(we|i)('ll| will| have|'ve| are|'re| shall| "
        "can)?.{0,25}\\b(refund(ed|ing)?|reimburs|repay|credit(ed|ing)?|pay(ing)? (you )?back)\\b.*"
        "(\\b(you|your|usd|eur)|[$€£])"
        "|\\byou('ll| will| shall| have|'ve)?.{0,15}\\b(receive|get|be)\\b.{0,40}\\b(refund(ed)?|money back|reimburs)"
        "|\\b(cent|penny|money)\\b.{0,20}\\bback\\b"
        "|\\b(consider|count)\\b.{0,12}\\b(refunded|reimbursed|credited)"
        "|\\b(we|i)\\b('ve|'ll| have| will| "
        "are|'re)?.{0,15}\\b(put|putting|placed?|moved?|sent|send|transfer\\w*)\\b.*([$€£]|usd|eur).*\\b(back|card|account)\\b"
        "|(\\bmoney|[$€£] ?[0-9.,]+)\\b.{0,4}(will be|is|are)( back)? (on|in) (your|the) (card|account|bank)"
        "|\\bche(ck|que) (over|for|of) ?[$€£0-9].*\\b(mail|post|way|sent)\\b"
        "|(Erstattung|Rückerstattung|Gutschrift) .*\\b(genehmigt|veranlasst|ausgezahlt|freigegeben)"
        "|\\b(wir|ich)\\b.{0,40}\\b(erstatten|erstattet|zurückzahlen|überweisen)|\\berstatten wir\\b"
        "|remboursement .*\\b(approuv|accord|effectu)|\\bnous .{0,25}rembours(ons|erons|é))");
    return pattern;
}

/// What denies the money itself, what leaves it to an approval that is still to come, and what only hands on a wish. A
/// condition of any other kind ("if it did not work, we will refund you") promises all the same.
const RE2& is_no_promise() {
    static const RE2 pattern(
        "(?i)(\\b(we|i|you|it|money|amount|refund)( will| can| do| did| have| are| is| was| could| would)? ?"
        "(not|never|cannot|can't|won't|don't|didn't|haven't|unable)\\b( be| been| able to)? ?"
        "(able to |yet )?(refund|reimburs|credit|repay|pay|put|get|receive|send|give|approved|granted|possible)"
        "|\\b(we|i) (are|am) (unable|not able) to|\\bno (refund|money|reimbursement)\\b"
        "|\\b(once|if|when|as soon as|until|unless)\\b.{0,40}\\b((has|have|is|are|been) (been "
        ")?approved|approves|decides|agrees)\\b"
        "|\\bafter( an?| the)? approval\\b|\\bdecides? (whether|if|about)|\\b(whether|would you like|do you want|shall we|should "
        "we)\\b"
        "|\\b(you|your|have) (asked|requested|request)\\b|\\b(your|a|the|this) (request|wish) (for|to|about)\\b"
        "|\\b(wir|ich|betrag|ihnen|leider)\\b.{0,40}\\b(nicht|kein\\w*)\\b|\\bsobald\\b.*\\b(genehmig|zustimm)|\\bkeine "
        "(Erstattung|Rückerstattung)"
        "|\\b(ne|n')\\b.{0,25}\\bpas\\b|\\b(dès que|si)\\b.*(approuv|accord))");
    return pattern;
}

/// Said to have happened, it hangs on no approval.
const RE2& has_happened() {
    static const RE2 pattern(
        "(?i)\\b(we|i)('ve| have| already| just)+ (already |just )?(refunded|credited|reimbursed|repaid|put|sent|paid)\\b");
    return pattern;
}

bool is_promise(const std::string& sentence) {
    if (!RE2::PartialMatch(sentence, money_goes_back())) return false;
    return RE2::PartialMatch(sentence, has_happened()) || !RE2::PartialMatch(sentence, is_no_promise());
}

Promise read_promise(std::string sentence) {
    static const RE2 amount("(?i)([$€£]|usd|eur|gbp)\\s?([0-9][0-9.,]*)|([0-9][0-9.,]*)\\s?([$€£]|usd|eur|gbp)");
    Promise promise{.sentence = std::move(sentence), .cents = 0, .currency = {}};
    re2::StringPiece rest(promise.sentence);
    std::string sign_before, digits_after, digits_before, sign_after;
    while (RE2::FindAndConsume(&rest, amount, &sign_before, &digits_after, &digits_before, &sign_after)) {
        std::string digits = digits_after.empty() ? digits_before : digits_after;
        const std::string sign = sign_before.empty() ? sign_after : sign_before;
        while (!digits.empty() && (digits.back() == '.' || digits.back() == ',')) digits.pop_back();
        std::int64_t cents = 0;
        const std::size_t mark = digits.find_last_of(".,");
        const bool has_cents = mark != std::string::npos && digits.size() - mark == 3;
        for (const char c : digits)
            if (c >= '0' && c <= '9') cents = cents * 10 + (c - '0');
        if (!has_cents) cents *= 100;
        if (cents <= promise.cents) continue;
        promise.cents = cents;
        promise.currency = sign == "$" || sign == "usd" || sign == "USD"   ? "USD"
                           : sign == "£" || sign == "gbp" || sign == "GBP" ? "GBP"
                                                                           : "EUR";
    }
    return promise;
}

std::int64_t cents_of(const json::Value& money) {
    std::int64_t cents = 0;
    for (const char c : money["amount"].as_string())
        if (c >= '0' && c <= '9') cents = cents * 10 + (c - '0');
    return cents;
}

/// The events before this mail's effect succeeded: what stood when it went out.
std::vector<json::Value> before_sending(const std::vector<json::Value>& journal, const std::string& effect) {
    std::vector<json::Value> before;
    for (const json::Value& event : journal) {
        if (event["kind"].as_string() == "EffectSucceeded" && event["effect"].as_string() == effect) break;
        before.push_back(event);
    }
    return before;
}

}  // namespace

std::vector<Promise> find_promises(std::string_view text) {
    std::vector<Promise> promises;
    std::string sentence;
    const auto end_sentence = [&] {
        if (is_promise(sentence)) promises.push_back(read_promise(sentence));
        sentence.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_inside_number = text[i] == '.' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
        sentence += text[i] == '\n' ? ' ' : text[i];
        const bool is_paragraph = text[i] == '\n' && i + 1 < text.size() && text[i + 1] == '\n';
        if (is_paragraph || (!is_inside_number && (text[i] == '.' || text[i] == '!' || text[i] == '?'))) end_sentence();
    }
    end_sentence();
    return promises;
}

void expect_no_promise_beyond_a_grant(const std::vector<MailOut>& sent,
                                      const std::map<std::string, std::vector<json::Value>>& journals) {
    for (const MailOut& mail : sent) {
        const auto promises = find_promises(mail.text);
        if (promises.empty()) continue;
        const auto journal = journals.find(mail.case_id);
        if (journal == journals.end()) {
            ADD_FAILURE() << mail.path << " belongs to no case";
            continue;
        }
        std::map<std::string, std::int64_t> granted;
        for (const json::Value& event : events_of(before_sending(journal->second, mail.effect), "RefundGranted")) {
            const json::Value& amount = event["grant"]["amount"];
            granted[amount["currency"].as_string()] += cents_of(amount);
        }
        std::map<std::string, std::set<std::int64_t>> amounts;  // One amount named twice is one amount.
        std::map<std::string, std::int64_t> promised;
        for (const Promise& promise : promises) {
            EXPECT_FALSE(granted.empty()) << mail.path << " promises money that nobody granted: " << promise.sentence;
            if (promise.cents > 0) {
                static const RE2 more("(?i)\\b(another|additional|more|extra|also|weitere|zusätzlich|encore)\\b");
                if (amounts[promise.currency].insert(promise.cents).second || RE2::PartialMatch(promise.sentence, more))
                    promised[promise.currency] += promise.cents;
                EXPECT_LE(promised[promise.currency], granted[promise.currency])
                    << mail.path << " promises more than was granted: " << promise.sentence;
            }
        }
    }
}

}  // namespace resolute::e2e
