// SPDX-License-Identifier: Apache-2.0
#include "mailroom/route.h"

#include <algorithm>
#include <optional>
#include <ranges>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "mailroom/bounce.h"
#include "mailroom/loops.h"
#include "mailroom/thread.h"

namespace resolute::mailroom {
namespace {

using casework::Trust;
using mail::MailKind;
using mail::ParsedEmail;
using ports::MailOutcome;
using ports::MailRecord;

constexpr std::string_view kOwnCode = "mail.own";
constexpr std::string_view kOldCode = "mail.old";
constexpr std::string_view kUnattendedCode = "mail.unattended";
constexpr std::size_t kDateLength = std::string_view("2026-01-01").size();
constexpr std::string_view kLoopCode = "mail.loop";
constexpr std::string_view kGroupCode = "mail.group_hides_sender";

bool has_header(const ParsedEmail& email, std::string_view name) {
    return std::ranges::any_of(email.headers, [name](const auto& field) { return text::equals_ignore_case(field.name, name); });
}

/// The support address may itself be a list: a group of Google or Microsoft in which people work together. What comes over it is what
/// customers wrote to it (RFC 2919, RFC 2369 §3.4).
bool is_of_own_group(const ParsedEmail& email, const RouteRules& rules) {
    if (email.kind != MailKind::list) return false;
    std::string id = text::to_lower(mail::header(email, "List-ID"));
    if (const std::size_t begin = id.rfind('<'); begin != std::string::npos) id = id.substr(begin + 1, id.rfind('>') - begin - 1);
    const std::string post = text::to_lower(mail::header(email, "List-Post"));
    return std::ranges::any_of(rules.own_addresses, [&](const std::string& address) {
        std::string own = text::to_lower(address);
        if (post.find(fmt::format("mailto:{}>", own)) != std::string::npos || post.find(fmt::format("mailto:{}?", own)) != std::string::npos) return true;
        std::ranges::replace(own, '@', '.');
        return id == own;
    });
}

std::optional<Ignored> find_own_mail(const ParsedEmail& email, const RouteRules& rules) {
    // The header first: a loop through another address of ours must be seen although the sender is not in the list.
    if (has_header(email, "X-Resolute-Effect"))
        return Ignored{fmt::format("{}: it bears X-Resolute-Effect, so this program wrote it", kLoopCode), {}};
    for (const std::string& own : rules.own_addresses)
        if (is_own_address(email.from.address, own))
            return Ignored{fmt::format("{}: the sender is our own support address", kOwnCode), {}};
    return std::nullopt;
}

std::string_view code_of(MailKind kind) {
    switch (kind) {
        case MailKind::person:
            return "";
        case MailKind::bounce:
            return "mail.bounce";
        case MailKind::auto_reply:
            return "mail.auto_reply";
        case MailKind::list:
            return "mail.list";
        case MailKind::report:
            return "mail.report";
        case MailKind::challenge:
            return "mail.challenge";
        case MailKind::verification:
            return "mail.verification";
    }
    return "";
}

Result<Route> route_automatic_mail(const ParsedEmail& email, const RouteRules& rules, ports::CaseQueries& cases) {
    if (email.kind == MailKind::bounce) return route_bounce(email, rules, cases);
    const std::vector<std::string> about = email.kind == MailKind::report ? thread_ids(email) : std::vector<std::string>();
    TRY(Ignored ignored, ignore_as_about(fmt::format("{}: {}", code_of(email.kind), email.kind_reason), about, cases));
    return ignored;
}

bool is_ignored_as_own(const MailRecord& record) {
    return record.outcome == MailOutcome::ignored &&
           (record.reason.starts_with(kOwnCode) || record.reason.starts_with(kLoopCode));
}

Result<std::optional<Ignored>> find_duplicate(const IncomingMail& mail, const RouteRules& rules, ports::IntakeStore& intake) {
    const std::string key = content_key_of(mail.email);
    if (key.empty()) return std::nullopt;
    TRY(const std::optional<MailRecord> earlier, intake.hold_content(mail.record.id, key));
    if (!earlier || is_ignored_as_own(*earlier)) return std::nullopt;
    if (earlier->outcome == MailOutcome::pending)
        return fail("intake.same_mail_at_work", ErrorKind::conflict,
                    fmt::format("mail {} has the same content and is being worked on; this one waits for what becomes of it", earlier->id.value()));
    const bool has_same_id = !mail.email.message_id.empty() && mail.email.message_id == earlier->message_id;
    if (!has_same_id) {
        // Without text the key says little, and of a mail that passed a limit we have only the beginning.
        const bool is_telling = !text::trim(mail.email.text).empty() && !mail.email.is_over_limit && !mail.record.is_truncated;
        const Duration apart = mail.record.received_at < earlier->received_at ? earlier->received_at - mail.record.received_at
                                                                              : mail.record.received_at - earlier->received_at;
        if (!is_telling || apart > rules.duplicate_window) return std::nullopt;
    }
    return Ignored{fmt::format("mail.duplicate: same as {}", earlier->id.value()), earlier->case_id};
}

std::string find_intake_problem(const IncomingMail& mail, const RouteRules& rules) {
    if (mail.record.is_truncated)
        return fmt::format("limit passed: mail.too_large: {} bytes or more; only the beginning was kept", mail.record.size);
    if (mail.email.is_over_limit) {
        const auto passed =
            std::ranges::find_if(mail.email.defects, [](const auto& d) { return d.code.find("_too_") != std::string::npos; });
        if (passed == mail.email.defects.end()) return "limit passed";
        return fmt::format("limit passed: {}: {}", passed->code, passed->detail);
    }
    if (mail.email.from.address.empty()) return "no usable sender";
    if (text::trim(mail.email.text).empty() && mail.email.attachments.empty()) return "neither text nor attachment";
    if (mail.now - mail.record.received_at > rules.answer_within)
        return fmt::format("{}: it reached the mailbox on {}; a person decides whether it is still answered",
                           kOldCode, format_instant(mail.record.received_at).substr(0, kDateLength));
    return {};
}

}  // namespace

std::string content_key_of(const ParsedEmail& email) {
    if (email.content_key.empty() || email.attachments.empty()) return email.content_key;
    std::string joined = email.content_key;
    for (const mail::Attachment& attachment : email.attachments) joined += "\n" + attachment.sha256_hex;
    return sha256_hex(joined);
}

Result<Route> route(const IncomingMail& mail, const RouteRules& rules, ports::IntakeStore& intake, ports::CaseQueries& cases) {
    if (mail.record.size == 0) return Quarantined{"mail.empty: the file has no bytes"};
    const bool is_of_group = is_of_own_group(mail.email, rules);
    if (auto own = find_own_mail(mail.email, rules)) {
        // Where the sender's domain forbids it to write in their name, a group writes in its own: whom to answer nobody vouches for.
        if (is_of_group && own->why.starts_with(kOwnCode))
            return Quarantined{fmt::format("{}: it came over our own group, which put its address in the place of the sender's", kGroupCode)};
        return *std::move(own);
    }
    // A code or link that signs somebody in: in a case the requester could read it, who may have asked for it in our name.
    if (mail.email.kind == MailKind::verification)
        return Quarantined{fmt::format("{}: {}", code_of(mail.email.kind), mail.email.kind_reason)};
    if (mail.email.kind != MailKind::person && !is_of_group) return route_automatic_mail(mail.email, rules, cases);
    TRY(std::optional<Ignored> duplicate, find_duplicate(mail, rules, intake));
    if (duplicate) return *std::move(duplicate);

    TRY(const Thread thread, find_thread(mail.email, mail.sender.trust, rules, cases));
    std::string problem = find_intake_problem(mail, rules);
    std::string sign = find_loop_sign(mail.email, is_of_group);
    // A reply that could not be read opens a case of its own too: there a person gets the task to look at it.
    if ((problem.empty() || problem.starts_with(kOldCode)) && thread.own)
        return ExistingCase{.case_id = *thread.own, .sender_trust = mail.sender.trust, .unattended = std::move(sign)};
    if (sign.empty() && !thread.own && !thread.other) {
        TRY(sign, find_unthreaded_answer(mail.email, cases));
    }
    if (problem.empty() && !sign.empty()) problem = fmt::format("{}: {}; a person decides whether it is answered", kUnattendedCode, sign);
    return NewCase{std::move(problem), thread.other ? thread.other->value() : std::string()};
}

}  // namespace resolute::mailroom
