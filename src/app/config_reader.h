// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "app/config.h"
#include "base/text.h"

/// Inside of read_config: strict access to the YAML. No other file includes it than config*.cpp.
namespace resolute::app::config_reader {

/// Thrown below read_config only: yaml-cpp throws too, and both end in one place.
struct Wrong {
    std::string code;
    YAML::Mark mark;
    std::string what;
};

class Reader {
public:
    explicit Reader(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// A map with these keys and no others.
    static void expect(const YAML::Node& node, std::string_view where, const std::vector<std::string>& keys) {
        if (!node.IsMap()) throw Wrong{"config.bad_value", node.Mark(), fmt::format("{} must be a map", where)};
        for (const auto& entry : node) {
            const std::string key = entry.first.Scalar();
            if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
            const std::string close = text::closest(key, keys);
            throw Wrong{"config.unknown_key", entry.first.Mark(),
                        fmt::format("unknown key \"{}\" in {}{}", key, where,
                                    close.empty() ? fmt::format("; known are: {}", text::join(keys, ", "))
                                                  : fmt::format("; did you mean \"{}\"?", close))};
        }
    }
    static std::string word(const YAML::Node& node, std::string_view where) {
        if (!node.IsScalar()) throw Wrong{"config.bad_value", node.Mark(), fmt::format("{} must be one value", where)};
        return node.Scalar();
    }
    [[nodiscard]] std::filesystem::path path(const YAML::Node& node, std::string_view where) const {
        const std::filesystem::path value = word(node, where);
        return (value.is_absolute() ? value : folder_ / value).lexically_normal();
    }
    [[nodiscard]] std::vector<std::filesystem::path> paths(const YAML::Node& node, std::string_view where) const {
        if (node.IsScalar()) return {path(node, where)};
        if (!node.IsSequence()) throw Wrong{"config.bad_value", node.Mark(), fmt::format("{} must be a path or a list of paths", where)};
        std::vector<std::filesystem::path> all;
        for (const auto& item : node) all.push_back(path(item, where));
        return all;
    }
    /// `parent.key`: one word or a list of them; `usual` where nothing is written.
    static std::vector<std::string> words(const YAML::Node& parent, const std::string& key, const std::string& where, const std::string& usual) {
        const YAML::Node node = parent[key];
        if (!node) return {usual};
        std::vector<std::string> all;
        if (node.IsScalar()) all.push_back(word(node, where + "." + key));
        if (node.IsSequence())
            for (const auto& item : node) all.push_back(word(item, where + "." + key));
        if (all.empty()) throw Wrong{"config.bad_value", node.Mark(), fmt::format("{0}.{1} is a list of {1}: [{2}]", where, key, usual)};
        return all;
    }
    /// The things of one kind: one, or a list of them.
    template <class ReadOne>
    static auto each(const YAML::Node& node, const ReadOne& read_one) {
        std::vector<decltype(read_one(node))> all;
        if (node.IsSequence())
            for (const auto& item : node) all.push_back(read_one(item));
        else
            all.push_back(read_one(node));
        return all;
    }
    /// No two are the same, but for capitals.
    static void expect_distinct(const std::vector<std::string>& names, const YAML::Node& node, std::string_view what, std::string_view where) {
        for (std::size_t i = 0; i < names.size(); ++i)
            for (std::size_t other = 0; other < i; ++other)
                if (text::equals_ignore_case(names[i], names[other]))
                    throw Wrong{"config.bad_value", node.Mark(), fmt::format("the {} {} stands twice in {}", what, names[i], where)};
    }
    static const YAML::Node need(const YAML::Node& parent, const std::string& key, std::string_view where) {
        const YAML::Node node = parent[key];
        if (!node || node.IsNull())
            throw Wrong{"config.missing", parent.Mark(), fmt::format("\"{}\" is missing in {}", key, where)};
        return node;
    }

private:
    std::filesystem::path folder_;
};

/// What holds for a service where nothing is written.
struct OAuthDefaults {
    std::string token_url = {};  ///< empty: it must be written
    std::string scope = {};      ///< of a service account
    std::string subject = {};    ///< as whom a service account acts; empty: a service account is not offered
};
/// A part `oauth:` (config_oauth.cpp).
connectors::OAuthClient read_oauth(const YAML::Node& node, const Reader& reader, const std::string& where, const OAuthDefaults& defaults = {});
/// An address of a service: https, or http of this machine; without a slash at the end.
std::string read_service_url(const YAML::Node& node, const std::string& where);
/// How often a service is asked for what is new: `poll_every`, or what is usual there.
Duration read_poll_every(const YAML::Node& mailbox, const std::string& where, Duration usual);
/// The address of a mailbox: `user`.
std::string read_mailbox_address(const YAML::Node& mailbox, const std::string& where);

/// The parts `mail.intake.gmail` and `mail.outgoing.gmail` (config_gmail.cpp).
std::vector<GmailIntake> read_gmail_intake(const YAML::Node& node, const Reader& reader);
GmailAccess read_gmail_outgoing(const YAML::Node& node, const Reader& reader);
/// The parts `mail.intake.graph` and `mail.outgoing.graph` (config_graph.cpp).
std::vector<GraphIntake> read_graph_intake(const YAML::Node& node, const Reader& reader);
GraphAccess read_graph_outgoing(const YAML::Node& node, const Reader& reader);

/// The part `mail:` (config_mail.cpp).
void read_mail(const YAML::Node& node, const Reader& reader, Config& config);

}  // namespace resolute::app::config_reader
