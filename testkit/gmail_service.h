// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"
#include "testkit/node_service.h"

namespace resolute::testkit {

/// One mailbox of a fake Gmail (testkit/vendors/gmail), with the token endpoint that lets into it: client "client", secret "client-secret",
/// first refresh token "refresh-0". What is sent from it goes nowhere, and stands in its state.
/// Threads: any, but for its life.
class GmailService {
public:
    static Result<GmailService> start(const std::string& user = "support@acme.example", const std::optional<std::filesystem::path>& record = {});

    [[nodiscard]] std::string url() const { return node_.url(); }
    [[nodiscard]] std::string token_url() const { return node_.url() + "/token"; }
    [[nodiscard]] NodeService& node() { return node_; }

    /// The id of the new message.
    Result<std::string> deliver(std::string_view raw, const std::vector<std::string>& labels = {"INBOX", "UNREAD"}, std::optional<Instant> at = {}) const;
    Status order(const std::string& what, const json::Value& orders) const;
    /// A list as http.mjs describes it.
    Status faults(const std::string& list, std::uint32_t seed = 1) const;
    /// {sent, drafts, messages, refresh, tokens, refused, faults, calls}.
    Result<json::Value> state() const;

private:
    explicit GmailService(NodeService node) : node_(std::move(node)) {}
    NodeService node_;
};

}  // namespace resolute::testkit
