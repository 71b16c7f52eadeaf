// SPDX-License-Identifier: Apache-2.0
#include "app/config_reader.h"

/// Mailboxes of Gmail.
namespace resolute::app::config_reader {
namespace {

constexpr Duration kPollEvery = std::chrono::seconds(20);
constexpr int kUnitsAMinuteMin = 300;  ///< below, a mail would wait for minutes
constexpr int kUnitsAMinuteMax = 1'000'000;
constexpr const char* kReadingScope = "https://www.googleapis.com/auth/gmail.readonly";
constexpr const char* kSendingScope = "https://www.googleapis.com/auth/gmail.compose https://www.googleapis.com/auth/gmail.readonly";

std::vector<std::string> keys_with(std::initializer_list<const char*> more) {
    std::vector<std::string> keys{"user", "oauth", "base_url", "ca_file", "units_a_minute"};
    keys.insert(keys.end(), more.begin(), more.end());
    return keys;
}

GmailAccess read_access(const YAML::Node& node, const Reader& reader, const std::string& where, const char* scope) {
    GmailAccess access;
    access.user = read_mailbox_address(node, where);
    access.oauth = read_oauth(Reader::need(node, "oauth", where), reader, where + ".oauth",
                              {.token_url = "https://oauth2.googleapis.com/token", .scope = scope, .subject = access.user});
    if (access.oauth.service_account_file.empty() && access.oauth.refresh_token_file.empty())
        throw Wrong{"config.missing", node["oauth"].Mark(), fmt::format("{}.oauth needs refresh_token_file or service_account_file: Google lets nobody in with client credentials alone", where)};
    access.base_url = node["base_url"] ? read_service_url(node["base_url"], where + ".base_url") : "https://gmail.googleapis.com";
    if (node["ca_file"]) access.ca_file = reader.path(node["ca_file"], where + ".ca_file");
    if (const YAML::Node units = node["units_a_minute"]) {
        const int count = units.as<int>(0);
        if (count < kUnitsAMinuteMin || count > kUnitsAMinuteMax)
            throw Wrong{"config.bad_value", units.Mark(), fmt::format("{}.units_a_minute is a number from {} to {}", where, kUnitsAMinuteMin, kUnitsAMinuteMax)};
        access.units_a_minute = static_cast<std::size_t>(count);
    }
    return access;
}

GmailIntake read_one(const YAML::Node& node, const Reader& reader) {
    const std::string where = "mail.intake.gmail";
    Reader::expect(node, where, keys_with({"labels", "poll_every"}));
    GmailIntake mailbox{.access = read_access(node, reader, where, kReadingScope), .labels = Reader::words(node, "labels", where, "INBOX"),
                        .poll_every = read_poll_every(node, where, kPollEvery)};
    return mailbox;
}

}  // namespace

std::vector<GmailIntake> read_gmail_intake(const YAML::Node& node, const Reader& reader) {
    std::vector<GmailIntake> all = Reader::each(node, [&](const YAML::Node& mailbox) { return read_one(mailbox, reader); });
    std::vector<std::string> users;
    for (const GmailIntake& mailbox : all) users.push_back(mailbox.access.user);
    Reader::expect_distinct(users, node, "mailbox", "mail.intake.gmail");
    return all;
}

GmailAccess read_gmail_outgoing(const YAML::Node& node, const Reader& reader) {
    Reader::expect(node, "mail.outgoing.gmail", keys_with({}));
    return read_access(node, reader, "mail.outgoing.gmail", kSendingScope);
}

}  // namespace resolute::app::config_reader
