// SPDX-License-Identifier: Apache-2.0
#include "app/config_reader.h"
#include "mail/address.h"

/// Mailboxes of Microsoft 365, by Microsoft Graph.
namespace resolute::app::config_reader {
namespace {

constexpr Duration kPollEvery = std::chrono::seconds(30);
constexpr Duration kPollEveryMin = std::chrono::seconds(1);
constexpr Duration kPollEveryMax = std::chrono::minutes(10);

std::vector<std::string> keys_with(std::initializer_list<const char*> more) {
    std::vector<std::string> keys{"user", "tenant", "client_id", "client_secret_file", "login_url", "base_url", "ca_file"};
    keys.insert(keys.end(), more.begin(), more.end());
    return keys;
}

/// The id of an organisation, or a domain of it: it becomes a part of an address.
std::string read_tenant(const YAML::Node& node, const std::string& where) {
    const std::string tenant = Reader::word(node, where);
    const bool is_plain = !tenant.empty() && std::all_of(tenant.begin(), tenant.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
    if (!is_plain || tenant == "common" || tenant == "organizations" || tenant == "consumers")
        throw Wrong{"config.bad_value", node.Mark(), fmt::format("{} is the organisation's id or domain, as Entra shows it: 11111111-2222-3333-4444-555555555555", where)};
    return tenant;
}

GraphAccess read_access(const YAML::Node& node, const Reader& reader, const std::string& where) {
    GraphAccess access;
    const YAML::Node user = Reader::need(node, "user", where);
    access.user = Reader::word(user, where + ".user");
    if (!mail::is_safe_recipient(access.user))
        throw Wrong{"config.bad_value", user.Mark(), fmt::format("{}.user is the mailbox's address, and \"{}\" is no e-mail address", where, access.user)};
    access.base_url = node["base_url"] ? read_service_url(node["base_url"], where + ".base_url") : "https://graph.microsoft.com";
    if (node["ca_file"]) access.ca_file = reader.path(node["ca_file"], where + ".ca_file");
    const std::string login = node["login_url"] ? read_service_url(node["login_url"], where + ".login_url") : "https://login.microsoftonline.com";
    access.oauth.token_url = fmt::format("{}/{}/oauth2/v2.0/token", login, read_tenant(Reader::need(node, "tenant", where), where + ".tenant"));
    access.oauth.client_id = Reader::word(Reader::need(node, "client_id", where), where + ".client_id");
    access.oauth.client_secret_file = reader.path(Reader::need(node, "client_secret_file", where), where + ".client_secret_file");
    access.oauth.scope = access.base_url + "/.default";
    access.oauth.ca_file = access.ca_file;
    return access;
}

GraphIntake read_one(const YAML::Node& node, const Reader& reader) {
    const std::string where = "mail.intake.graph";
    Reader::expect(node, where, keys_with({"folders", "poll_every"}));
    GraphIntake mailbox{.access = read_access(node, reader, where), .folders = {}, .poll_every = kPollEvery};
    if (const YAML::Node folders = node["folders"]) {
        if (folders.IsScalar()) mailbox.folders.push_back(Reader::word(folders, where + ".folders"));
        if (folders.IsSequence())
            for (const auto& folder : folders) mailbox.folders.push_back(Reader::word(folder, where + ".folders"));
        if (mailbox.folders.empty()) throw Wrong{"config.bad_value", folders.Mark(), where + ".folders is a list of folders: [inbox]"};
    } else {
        mailbox.folders.emplace_back("inbox");
    }
    for (std::size_t i = 0; i < mailbox.folders.size(); ++i)
        for (std::size_t other = 0; other < i; ++other)
            if (text::equals_ignore_case(mailbox.folders[i], mailbox.folders[other]))
                throw Wrong{"config.bad_value", node.Mark(), fmt::format("the folder {} stands twice in {}", mailbox.folders[i], where)};
    if (const YAML::Node every = node["poll_every"]) {
        const auto lasts = parse_duration(Reader::word(every, where + ".poll_every"));
        if (!lasts || *lasts < kPollEveryMin || *lasts > kPollEveryMax)
            throw Wrong{"config.bad_value", every.Mark(), where + ".poll_every is a time from 1s to 10m: 30s"};
        mailbox.poll_every = *lasts;
    }
    return mailbox;
}

}  // namespace

std::vector<GraphIntake> read_graph_intake(const YAML::Node& node, const Reader& reader) {
    std::vector<GraphIntake> all;
    if (node.IsSequence())
        for (const auto& mailbox : node) all.push_back(read_one(mailbox, reader));
    else
        all.push_back(read_one(node, reader));
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t other = 0; other < i; ++other)
            if (text::equals_ignore_case(all[i].access.user, all[other].access.user))
                throw Wrong{"config.bad_value", node.Mark(), fmt::format("the mailbox {} stands twice in mail.intake.graph", all[i].access.user)};
    return all;
}

GraphAccess read_graph_outgoing(const YAML::Node& node, const Reader& reader) {
    Reader::expect(node, "mail.outgoing.graph", keys_with({}));
    return read_access(node, reader, "mail.outgoing.graph");
}

}  // namespace resolute::app::config_reader
