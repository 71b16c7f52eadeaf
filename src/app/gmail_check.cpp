// SPDX-License-Identifier: Apache-2.0
#include "app/gmail_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace resolute::app {
namespace {

using For = connectors::GmailQuota::For;

constexpr std::string_view kEverything = "https://mail.google.com/";
constexpr std::string_view kModify = "https://www.googleapis.com/auth/gmail.modify";
constexpr std::string_view kReadonly = "https://www.googleapis.com/auth/gmail.readonly";
constexpr std::string_view kCompose = "https://www.googleapis.com/auth/gmail.compose";

}  // namespace

std::string missing_gmail_scopes(const std::string& granted, For what) {
    if (granted.empty()) return {};
    const auto has = [&](std::string_view scope) {
        const auto all = text::split(granted, ' ');
        return std::ranges::find(all, scope) != all.end();
    };
    if (has(kEverything) || has(kModify)) return {};
    std::string missing;
    if (!has(kReadonly)) missing += kReadonly;
    if (what == For::sending && !has(kCompose)) missing += (missing.empty() ? "" : " ") + std::string(kCompose);
    return missing;
}

Result<std::string> check_gmail(const GmailAccess& access, For what, Mailboxes& mailboxes, const Clock& clock, Deadline deadline) {
    const auto tokens = mailboxes.tokens(access.oauth, clock);
    TRY_STATUS(tokens->token(deadline));
    const connectors::ConsentState consent = tokens->state();
    if (const std::string missing = missing_gmail_scopes(consent.scope, what); !missing.empty())
        return fail("gmail.forbidden", ErrorKind::refused,
                    fmt::format("{}: what was granted ({}) does not cover what {} takes; give this scope too: {}", access.user, consent.scope,
                                what == For::sending ? "sending" : "reading", missing));
    TRY(const connectors::GmailProfile profile, mailboxes.gmail(access, what, clock).profile(deadline));
    if (!text::equals_ignore_case(profile.address, access.user))
        return fail("gmail.not_found", ErrorKind::not_found, fmt::format("the consent is for the mailbox {}, and the configuration says {}", profile.address, access.user));
    std::string words = fmt::format("{}: Gmail lets us in, {} messages there", access.user, profile.messages);
    if (consent.ends_at) words += fmt::format("; the consent ends at {}", format_instant(*consent.ends_at));
    return words;
}

}  // namespace resolute::app
