// SPDX-License-Identifier: Apache-2.0
#include "mailroom/bounce.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "mailroom/limits.h"
#include "mailroom/thread.h"

namespace resolute::mailroom {
namespace {

using mail::DeliveryReport;
using mail::DeliveryStatus;
using mail::ParsedEmail;
using mail::ThreadClaim;

/// How much of a bounce is searched for the Message-ID of the mail that came back, and how many ids are looked up.
constexpr std::size_t kBounceBytesMax = 64u << 10;
constexpr std::size_t kBounceIdsMax = 20;
constexpr std::size_t kStatusLengthMax = 11;  ///< RFC 3463 §2: "5.123.123"
constexpr std::size_t kDiagnosticBytesMax = 300;

/// "Message-ID: <…>" lines, as they stand in the returned mail or its headers.
void collect_message_ids(std::string_view text, std::vector<std::string>& ids) {
    for (const std::string_view line : text::split_lines(text.substr(0, kBounceBytesMax))) {
        constexpr std::string_view kName = "message-id:";
        const std::string_view trimmed = text::trim(line);
        if (trimmed.size() <= kName.size() || !text::equals_ignore_case(trimmed.substr(0, kName.size()), kName)) continue;
        std::string_view id = text::trim(trimmed.substr(kName.size()));
        if (id.starts_with('<')) id.remove_prefix(1);
        id = id.substr(0, id.find('>'));
        if (!id.empty()) ids.emplace_back(id);
    }
}

std::vector<std::string> returned_ids(const ParsedEmail& email) {
    std::vector<std::string> ids = thread_ids(email);
    for (const mail::Attachment& attachment : email.attachments) collect_message_ids(attachment.bytes, ids);
    collect_message_ids(email.text, ids);
    if (ids.size() > kBounceIdsMax) ids.resize(kBounceIdsMax);
    return ids;
}

/// What may bear a mark, the most certain first.
std::vector<ThreadClaim> claims_of(const DeliveryReport& report, const std::vector<std::string>& ids) {
    std::vector<ThreadClaim> claims;
    const auto add = [&](std::string_view id) {
        if (auto claim = mail::read_thread_claim(id); claim && std::ranges::find(claims, *claim) == claims.end()) claims.push_back(*std::move(claim));
    };
    add(report.original_envelope_id);
    add(report.returned_message_id);
    add(fmt::format("{}.{}.{}", report.returned_effect, report.returned_case, report.returned_token));
    for (const std::string& id : ids) add(id);
    return claims;
}

/// The claim that proves itself: a mark that we made for the mail's one recipient, the case's customer.
Result<std::optional<ThreadClaim>> find_ours(const std::vector<ThreadClaim>& claims, const RouteRules& rules, ports::CaseQueries& cases) {
    if (rules.tokens == nullptr) return std::nullopt;
    for (const ThreadClaim& claim : claims) {
        TRY(const auto summary, cases.find_case(claim.case_id));
        if (summary && rules.tokens->is_ours(claim, summary->from)) return claim;
    }
    return std::nullopt;
}

/// The one recipient's, whatever else the report says of others: a failure counts most.
DeliveryStatus status_of(const DeliveryReport& report) {
    const auto failed = std::ranges::find(report.recipients, "failed", &DeliveryStatus::action);
    if (failed != report.recipients.end()) return *failed;
    return report.recipients.empty() ? DeliveryStatus{} : report.recipients.front();
}

/// Digits and points only: it is shown, and it stands open in the journal.
std::string plain_status(std::string_view status) {
    const bool is_plain = status.size() <= kStatusLengthMax && std::ranges::all_of(status, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    return is_plain ? std::string(status) : std::string();
}

}  // namespace

Result<Ignored> ignore_as_about(std::string why, const std::vector<std::string>& message_ids, ports::CaseQueries& cases) {
    Ignored ignored{std::move(why), {}};
    for (const std::string& id : message_ids) {
        TRY(const std::optional<CaseId> found, cases.find_case_by_message_id(id));
        if (!found) continue;
        ignored.why += fmt::format("; about our <{}> of case {}", id, found->value());
        ignored.case_id = *found;
        break;
    }
    return ignored;
}

Result<Route> route_bounce(const ParsedEmail& email, const RouteRules& rules, ports::CaseQueries& cases) {
    const DeliveryReport report = email.delivery_report.value_or(DeliveryReport{});
    const std::vector<std::string> ids = returned_ids(email);
    TRY(const auto ours, find_ours(claims_of(report, ids), rules, cases));
    if (!ours) {
        TRY(Ignored ignored, ignore_as_about(fmt::format("mail.bounce: {}; it returns no mark of ours, so anybody may have written it", email.kind_reason), ids, cases));
        return ignored;
    }
    const DeliveryStatus status = status_of(report);
    if (status.action != "failed") {
        const std::string said = status.action.empty() ? std::string("it does not say what became of the mail") : status.action;
        return Ignored{fmt::format("mail.bounce: {} {}; about our mail {} of case {}", said, plain_status(status.status), ours->effect.value(),
                                   ours->case_id.value()),
                       ours->case_id};
    }
    Bounced bounced;
    bounced.case_id = ours->case_id;
    bounced.effect = ours->effect;
    bounced.status = plain_status(status.status);
    bounced.diagnostic = text::shorten(status.diagnostic, kDiagnosticBytesMax);
    // RFC 3463 §3.1: 4 is "persistent transient": this mail is given up, the address may be fine.
    bounced.is_permanent = !bounced.status.starts_with('4');
    return bounced;
}

}  // namespace resolute::mailroom
