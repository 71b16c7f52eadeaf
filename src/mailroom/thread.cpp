// SPDX-License-Identifier: Apache-2.0
#include "mailroom/thread.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "base/text.h"
#include "mail/address.h"
#include "mailroom/limits.h"

namespace resolute::mailroom {
namespace {

using casework::CaseSummary;
using mail::ParsedEmail;
using mail::ThreadClaim;

/// Where receiving servers write whom the envelope named.
constexpr std::array<std::string_view, 5> kDeliveryHeaders = {"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To"};
constexpr std::size_t kDeliveryFieldsMax = 20;
constexpr int kMergesMax = 8;

void add_claim(std::string_view address, const RouteRules& rules, std::vector<ThreadClaim>& claims) {
    if (claims.size() >= kThreadIdsMax) return;
    for (const std::string& own : rules.own_addresses)
        if (auto claim = mail::read_reply_claim(address, own); claim && std::ranges::find(claims, *claim) == claims.end())
            claims.push_back(*std::move(claim));
}

/// Marks in the addresses that the mail came to.
std::vector<ThreadClaim> reply_claims(const ParsedEmail& email, const RouteRules& rules) {
    std::vector<ThreadClaim> claims;
    if (rules.tokens == nullptr) return claims;
    for (const auto* list : {&email.to, &email.cc})
        for (const mail::Address& address : *list) add_claim(address.address, rules, claims);
    std::size_t fields = 0;
    for (const mail::HeaderField& field : email.headers) {
        const bool says_whom = std::ranges::any_of(kDeliveryHeaders, [&](std::string_view name) { return text::equals_ignore_case(field.name, name); });
        if (!says_whom || ++fields > kDeliveryFieldsMax) continue;
        for (const mail::Address& address : mail::parse_addresses(field.value, 1).addresses) add_claim(address.address, rules, claims);
    }
    return claims;
}

bool is_party_to(const CaseSummary& summary, std::string_view address) {
    return mail::is_same_address(summary.from, address) ||
           std::ranges::any_of(summary.parties, [&](const std::string& party) { return mail::is_same_address(party, address); });
}

/// What the ids and marks of one mail lead to.
class Search {
public:
    Search(const ParsedEmail& email, casework::Trust trust, const RouteRules& rules, ports::CaseQueries& cases)
        : email_(email), trust_(trust), rules_(rules), cases_(cases) {}

    /// True: found, and the search is over.
    Result<bool> try_id(const std::string& id) {
        const auto claim = rules_.tokens != nullptr ? mail::read_thread_claim(id) : std::nullopt;
        if (claim) {
            TRY(const bool is_found, try_claim(*claim));
            if (is_found) return true;
        }
        TRY(const std::optional<CaseId> known, cases_.find_case_by_message_id(id));
        if (!known) return false;
        TRY(const std::optional<CaseSummary> summary, cases_.find_case(*known));
        return take(*known, summary, true);
    }

    Result<bool> try_claim(const ThreadClaim& claim) {
        TRY(const std::optional<CaseSummary> summary, cases_.find_case(claim.case_id));
        if (!summary) return false;
        return take(claim.case_id, summary, rules_.tokens->is_ours(claim, summary->from));
    }

    Thread thread;

private:
    /// A case that was merged goes on in another one.
    Result<bool> take(CaseId id, std::optional<CaseSummary> summary, bool is_proven) {
        for (int i = 0; i < kMergesMax && summary && !summary->merged_into.is_empty(); ++i) {
            id = summary->merged_into;
            TRY(summary, cases_.find_case(id));
        }
        if (!thread.other) thread.other = id;
        const bool is_party = summary && is_party_to(*summary, email_.from.address);
        if (!is_proven || !is_party || trust_ == casework::Trust::failed) return false;
        thread.own = id;
        return true;
    }

    const ParsedEmail& email_;
    const casework::Trust trust_;
    const RouteRules& rules_;
    ports::CaseQueries& cases_;
};

}  // namespace

std::vector<std::string> thread_ids(const ParsedEmail& email) {
    std::vector<std::string> ids;
    if (!email.in_reply_to.empty()) ids.push_back(email.in_reply_to);
    for (const std::string& reference : std::views::reverse(email.references))
        if (std::ranges::find(ids, reference) == ids.end()) ids.push_back(reference);
    if (ids.size() > kThreadIdsMax) ids.resize(kThreadIdsMax);
    return ids;
}

Result<Thread> find_thread(const ParsedEmail& email, casework::Trust trust, const RouteRules& rules, ports::CaseQueries& cases) {
    Search search(email, trust, rules, cases);
    for (const std::string& id : thread_ids(email)) {
        TRY(const bool is_found, search.try_id(id));
        if (is_found) return std::move(search.thread);
    }
    for (const ThreadClaim& claim : reply_claims(email, rules)) {
        TRY(const bool is_found, search.try_claim(claim));
        if (is_found) break;
    }
    return std::move(search.thread);
}

bool is_own_address(std::string_view address, std::string_view own) {
    if (address.empty()) return false;
    return text::equals_ignore_case(address, own) || mail::read_reply_claim(address, own).has_value();
}

}  // namespace resolute::mailroom
