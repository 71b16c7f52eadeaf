// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "json/json.h"
#include "testkit/node_service.h"

namespace resolute::testkit {

/// One mailbox of a fake Microsoft Graph (testkit/vendors/graph), with the token endpoint that lets into it: tenant "tenant", client "client", secret
/// "client-secret". What is sent from it goes nowhere, and stands in its state.
/// Threads: any, but for its life.
class GraphService {
public:
    static Result<GraphService> start(const std::string& user = "support@acme.example", const std::optional<std::filesystem::path>& record = {});

    [[nodiscard]] std::string url() const { return node_.url(); }
    [[nodiscard]] std::string token_url() const { return node_.url() + "/tenant/oauth2/v2.0/token"; }
    [[nodiscard]] NodeService& node() { return node_; }

    /// The immutable id of the new message.
    Result<std::string> deliver(std::string_view raw, const std::string& folder = "inbox", std::optional<Instant> at = {}) const;
    /// Its answer.
    Result<json::Value> order(const std::string& what, const json::Value& orders) const;
    /// A list as http.mjs describes it.
    Status faults(const std::string& list, std::uint32_t seed = 1) const;
    /// {sent, drafts, messages, tokens, faults, calls}.
    Result<json::Value> state() const;

private:
    explicit GraphService(NodeService node) : node_(std::move(node)) {}
    NodeService node_;
};

}  // namespace resolute::testkit
