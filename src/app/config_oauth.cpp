// SPDX-License-Identifier: Apache-2.0
#include "app/config_reader.h"
#include "mail/address.h"

/// What lets us in at a service, and what is said of every mailbox of one.
namespace resolute::app::config_reader {

Duration read_poll_every(const YAML::Node& mailbox, const std::string& where, Duration usual) {
    constexpr Duration kMin = std::chrono::seconds(1);
    constexpr Duration kMax = std::chrono::minutes(10);
    const YAML::Node every = mailbox["poll_every"];
    if (!every) return usual;
    const auto lasts = parse_duration(Reader::word(every, where + ".poll_every"));
    if (!lasts || *lasts < kMin || *lasts > kMax)
        throw Wrong{"config.bad_value", every.Mark(), fmt::format("{}.poll_every is a time from 1s to 10m: {}", where, format_duration(usual))};
    return *lasts;
}

std::string read_mailbox_address(const YAML::Node& mailbox, const std::string& where) {
    const YAML::Node user = Reader::need(mailbox, "user", where);
    std::string address = Reader::word(user, where + ".user");
    if (!mail::is_safe_recipient(address))
        throw Wrong{"config.bad_value", user.Mark(), fmt::format("{}.user is the mailbox's address, and \"{}\" is no e-mail address", where, address)};
    return address;
}

std::string read_service_url(const YAML::Node& node, const std::string& where) {
    std::string url = Reader::word(node, where);
    if (!url.starts_with("https://") && !url.starts_with("http://127.0.0.1:")) throw Wrong{"config.bad_value", node.Mark(), fmt::format("{} is an https address", where)};
    if (url.find_first_of(" @?#") != std::string::npos) throw Wrong{"config.bad_value", node.Mark(), fmt::format("{} holds more than an address", where)};
    while (url.ends_with('/')) url.pop_back();
    return url;
}

namespace {

/// A key of the program's own account, with nothing beside it but what it is for.
connectors::OAuthClient read_service_account(const YAML::Node& node, const Reader& reader, const std::string& where, const OAuthDefaults& defaults) {
    Reader::expect(node, where + " with service_account_file", {"service_account_file", "token_url", "scope", "ca_file"});
    connectors::OAuthClient client;
    client.service_account_file = reader.path(node["service_account_file"], where + ".service_account_file");
    client.subject = defaults.subject;
    client.scope = node["scope"] ? Reader::word(node["scope"], where + ".scope") : defaults.scope;
    if (node["token_url"]) client.token_url = read_service_url(node["token_url"], where + ".token_url");
    if (node["ca_file"]) client.ca_file = reader.path(node["ca_file"], where + ".ca_file");
    return client;
}

}  // namespace

connectors::OAuthClient read_oauth(const YAML::Node& node, const Reader& reader, const std::string& where, const OAuthDefaults& defaults) {
    const bool offers_service_account = !defaults.subject.empty();
    if (offers_service_account && node.IsMap() && node["service_account_file"]) return read_service_account(node, reader, where, defaults);
    std::vector<std::string> keys{"token_url", "client_id", "client_secret_file", "refresh_token_file", "scope", "ca_file"};
    if (offers_service_account) keys.emplace_back("service_account_file");
    Reader::expect(node, where, keys);
    connectors::OAuthClient client;
    client.token_url = defaults.token_url;
    if (node["token_url"] || client.token_url.empty()) client.token_url = read_service_url(Reader::need(node, "token_url", where), where + ".token_url");
    client.client_id = Reader::word(Reader::need(node, "client_id", where), where + ".client_id");
    if (node["client_secret_file"]) client.client_secret_file = reader.path(node["client_secret_file"], where + ".client_secret_file");
    if (node["refresh_token_file"]) client.refresh_token_file = reader.path(node["refresh_token_file"], where + ".refresh_token_file");
    if (node["scope"]) client.scope = Reader::word(node["scope"], where + ".scope");
    if (node["ca_file"]) client.ca_file = reader.path(node["ca_file"], where + ".ca_file");
    if (client.refresh_token_file.empty() && client.client_secret_file.empty())
        throw Wrong{"config.missing", node.Mark(), fmt::format("{} needs client_secret_file, or refresh_token_file, or both", where)};
    return client;
}

}  // namespace resolute::app::config_reader
