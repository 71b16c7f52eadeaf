// SPDX-License-Identifier: Apache-2.0
#include "app/config_reader.h"

/// Mailboxes of Microsoft 365, by Microsoft Graph.
namespace resolute::app::config_reader {
namespace {

constexpr Duration kPollEvery = std::chrono::seconds(30);

std::vector<std::string> keys_with(std::initializer_list<const char*> more) {
    std::vector<std::string> keys{"user", "tenant", "client_id", "client_secret_file", "login_url", "base_url", "ca_file"};
    keys.insert(keys.end(), more.begin(), more.end());
    return keys;
}

/// The id of an organisation, or a domain of it: it becomes a part of an address.
std::string read_tenant(const YAML::Node& node, const std::string& where) {
    const std::string tenant = Reader::word(node, where);
    if (!text::is_plain(tenant, "-.") || tenant == "common" || tenant == "organizations" || tenant == "consumers")
        throw Wrong{"config.bad_value", node.Mark(), fmt::format("{} is the organisation's id or domain, as Entra shows it: 11111111-2222-3333-4444-555555555555", where)};
    return tenant;
}

GraphAccess read_access(const YAML::Node& node, const Reader& reader, const std::string& where) {
    GraphAccess access;
    access.user = read_mailbox_address(node, where);
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
    GraphIntake mailbox{.access = read_access(node, reader, where), .folders = Reader::words(node, "folders", where, "inbox"),
                        .poll_every = read_poll_every(node, where, kPollEvery)};
    Reader::expect_distinct(mailbox.folders, node, "folder", where);
    return mailbox;
}

}  // namespace

std::vector<GraphIntake> read_graph_intake(const YAML::Node& node, const Reader& reader) {
    std::vector<GraphIntake> all = Reader::each(node, [&](const YAML::Node& mailbox) { return read_one(mailbox, reader); });
    std::vector<std::string> users;
    for (const GraphIntake& mailbox : all) users.push_back(mailbox.access.user);
    Reader::expect_distinct(users, node, "mailbox", "mail.intake.graph");
    return all;
}

GraphAccess read_graph_outgoing(const YAML::Node& node, const Reader& reader) {
    Reader::expect(node, "mail.outgoing.graph", keys_with({}));
    return read_access(node, reader, "mail.outgoing.graph");
}

}  // namespace resolute::app::config_reader
