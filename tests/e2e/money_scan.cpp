// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/money_scan.h"

#include <algorithm>

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
        "\\b(you|your|[$€£]|usd|eur)"
        "|\\byou('ll| will| shall| have|'ve)?.{0,15}\\b(receive|get|be)\\b.{0,40}\\b(refund(ed)?|money back|reimburs)"
        "|(Erstattung|Rückerstattung|Gutschrift) .*\\b(genehmigt|veranlasst|ausgezahlt|freigegeben)"
        "|\\b(wir|ich)\\b.{0,40}\\b(erstatten|erstattet|zurückzahlen|überweisen)"
        "|remboursement .*\\b(approuv|accord|effectu)|\\bnous .{0,25}rembours(ons|erons|é))");
    return pattern;
}

/// What a customer is told about how refunds work in general, or what another sentence of the template asks.
const RE2& is_no_promise() {
    static const RE2 pattern(
        "(?i)\\b(cannot|can't|can not|not able|unable|unless|whether|if|once|when|decides?|asked|ask for|request(ed)?|would "
        "like|after approval|nicht|kein|sobald|"
        "wenn|pas|dès que|si)\\b");
    return pattern;
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
        if (RE2::PartialMatch(sentence, money_goes_back()) && !RE2::PartialMatch(sentence, is_no_promise()))
            promises.push_back(read_promise(sentence));
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
            granted[amount["currency"].as_string()] = std::max(granted[amount["currency"].as_string()], cents_of(amount));
        }
        for (const Promise& promise : promises) {
            EXPECT_FALSE(granted.empty()) << mail.path << " promises money that nobody granted: " << promise.sentence;
            if (promise.cents > 0) {
                EXPECT_LE(promise.cents, granted[promise.currency])
                    << mail.path << " promises more than was granted: " << promise.sentence;
            }
        }
    }
}

}  // namespace resolute::e2e
