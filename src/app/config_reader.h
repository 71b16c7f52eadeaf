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

/// The parts `mail.intake.gmail` and `mail.outgoing.gmail` (config_gmail.cpp).
std::vector<GmailIntake> read_gmail_intake(const YAML::Node& node, const Reader& reader);
GmailAccess read_gmail_outgoing(const YAML::Node& node, const Reader& reader);
/// The parts `mail.intake.graph` and `mail.outgoing.graph` (config_graph.cpp).
std::vector<GraphIntake> read_graph_intake(const YAML::Node& node, const Reader& reader);
GraphAccess read_graph_outgoing(const YAML::Node& node, const Reader& reader);

/// The part `mail:` (config_mail.cpp).
void read_mail(const YAML::Node& node, const Reader& reader, Config& config);

}  // namespace resolute::app::config_reader
