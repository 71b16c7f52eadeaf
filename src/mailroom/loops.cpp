// SPDX-License-Identifier: Apache-2.0
#include "mailroom/loops.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "mail/address.h"

namespace resolute::mailroom {
namespace {

using mail::ParsedEmail;

constexpr std::array<std::string_view, 13> kUnreadLocals = {"mailer-daemon", "mail-daemon", "postmaster", "noreply",     "no-reply",    "no_reply", "no.reply",
                                                            "donotreply",    "do-not-reply", "do_not_reply", "notifications", "autoresponder", "listserv"};
constexpr std::array<std::string_view, 6> kUnreadPrefixes = {"owner-", "bounce", "noreply-", "no-reply-", "noreply+", "no-reply+"};
constexpr std::array<std::string_view, 4> kUnreadSuffixes = {"-owner", "-request", "-bounces", "-noreply"};
constexpr std::size_t kSignBytesMax = 120;
constexpr std::size_t kTicketLengthMax = 20;

bool is_unread(std::string_view address) {
    const std::string local = text::to_lower(address.substr(0, address.rfind('@')));
    return std::ranges::find(kUnreadLocals, local) != kUnreadLocals.end() ||
           std::ranges::any_of(kUnreadPrefixes, [&](std::string_view prefix) { return local.starts_with(prefix); }) ||
           std::ranges::any_of(kUnreadSuffixes, [&](std::string_view suffix) { return local.ends_with(suffix); });
}

/// "X-Auto-Response-Suppress: DR, AutoReply" (MS-OXCMAIL §2.1.3.2.20); None and receipts alone ask for nothing of that.
bool suppresses_answers(std::string_view value) {
    const std::string lower = text::to_lower(value);
    for (const std::string_view part : text::split(lower, ',')) {
        const std::string_view word = text::trim(part);
        if (word == "all" || word == "autoreply" || word == "oof") return true;
    }
    return false;
}

/// "T-1042" of "Re: [T-1042] Your question"; empty where there is none.
std::string_view ticket_in(std::string_view subject) {
    const std::size_t begin = subject.find("[T-");
    if (begin == std::string_view::npos) return {};
    const std::size_t end = subject.find(']', begin);
    if (end == std::string_view::npos || end - begin - 1 > kTicketLengthMax) return {};
    return subject.substr(begin + 1, end - begin - 1);
}

}  // namespace

std::string find_loop_sign(const ParsedEmail& email, bool is_of_own_group) {
    if (email.has_null_return_path) return "Return-Path: <>";
    if (is_unread(email.from.address)) return "the sender is an address that nobody reads";
    for (const mail::HeaderField& field : email.headers) {
        const std::string name = text::to_lower(field.name);
        const bool is_list = name == "list-unsubscribe" || name == "list-post" || name == "list-help" || name == "list-owner" || name == "list-subscribe";
        if ((is_list && !is_of_own_group) || name == "x-loop" || (name == "x-auto-response-suppress" && suppresses_answers(field.value)))
            return text::shorten(fmt::format("{}: {}", field.name, field.value), kSignBytesMax);
    }
    return {};
}

Result<std::string> find_unthreaded_answer(const ParsedEmail& email, ports::CaseQueries& cases) {
    const std::string_view ticket = ticket_in(email.subject);
    if (ticket.empty()) return std::string();
    TRY(const std::optional<CaseId> id, cases.resolve_case(ticket));
    if (!id) return std::string();
    TRY(const auto summary, cases.find_case(*id));
    if (!summary || summary->ticket != ticket || !mail::is_same_address(summary->from, email.from.address)) return std::string();
    return fmt::format("its subject bears the number of {}, and it refers to none of that case's mails", ticket);
}

}  // namespace resolute::mailroom
