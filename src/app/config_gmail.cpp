// SPDX-License-Identifier: Apache-2.0
#include "app/config_reader.h"
#include "mail/address.h"

/// Mailboxes of Gmail.
namespace resolute::app::config_reader {
namespace {

constexpr Duration kPollEvery = std::chrono::seconds(20);
constexpr Duration kPollEveryMin = std::chrono::seconds(1);
constexpr Duration kPollEveryMax = std::chrono::minutes(10);
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
    const YAML::Node user = Reader::need(node, "user", where);
    access.user = Reader::word(user, where + ".user");
    if (!mail::is_safe_recipient(access.user))
        throw Wrong{"config.bad_value", user.Mark(), fmt::format("{}.user is the mailbox's address, and \"{}\" is no e-mail address", where, access.user)};
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
    GmailIntake mailbox{.access = read_access(node, reader, where, kReadingScope), .labels = {}, .poll_every = kPollEvery};
    if (const YAML::Node labels = node["labels"]) {
        if (labels.IsScalar()) mailbox.labels.push_back(Reader::word(labels, where + ".labels"));
        if (labels.IsSequence())
            for (const auto& label : labels) mailbox.labels.push_back(Reader::word(label, where + ".labels"));
        if (mailbox.labels.empty()) throw Wrong{"config.bad_value", labels.Mark(), where + ".labels is a list of labels: [INBOX]"};
    } else {
        mailbox.labels.emplace_back("INBOX");
    }
    if (const YAML::Node every = node["poll_every"]) {
        const auto lasts = parse_duration(Reader::word(every, where + ".poll_every"));
        if (!lasts || *lasts < kPollEveryMin || *lasts > kPollEveryMax)
            throw Wrong{"config.bad_value", every.Mark(), where + ".poll_every is a time from 1s to 10m: 20s"};
        mailbox.poll_every = *lasts;
    }
    return mailbox;
}

}  // namespace

std::vector<GmailIntake> read_gmail_intake(const YAML::Node& node, const Reader& reader) {
    std::vector<GmailIntake> all;
    if (node.IsSequence())
        for (const auto& mailbox : node) all.push_back(read_one(mailbox, reader));
    else
        all.push_back(read_one(node, reader));
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t other = 0; other < i; ++other)
            if (text::equals_ignore_case(all[i].access.user, all[other].access.user))
                throw Wrong{"config.bad_value", node.Mark(), fmt::format("the mailbox {} stands twice in mail.intake.gmail", all[i].access.user)};
    return all;
}

GmailAccess read_gmail_outgoing(const YAML::Node& node, const Reader& reader) {
    Reader::expect(node, "mail.outgoing.gmail", keys_with({}));
    return read_access(node, reader, "mail.outgoing.gmail", kSendingScope);
}

}  // namespace resolute::app::config_reader
