// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "transport/http_client.h"

/// What is said to Microsoft Graph and what it says, as values. All of it is pure, and everything that came is data: what is missing is empty.
/// learn.microsoft.com/graph/api/resources/message
namespace resolute::connectors {

/// A message, as far as we read it. Its id is the immutable one (learn.microsoft.com/graph/outlook-immutable-id), where case matters.
struct GraphMessage {
    std::string id;
    std::optional<Instant> received_at;
    std::optional<Instant> sent_at;
    bool is_draft = false;
    std::string internet_message_id;  ///< without brackets
    std::string effect;               ///< our marker, where it was asked for and is there
};

/// A page of a list. The links are addresses of the service's own making, to be asked for as they are.
struct GraphPage {
    std::vector<GraphMessage> messages;
    std::vector<std::string> removed;  ///< ids that are no longer in the folder
    std::string next_link;             ///< empty: the last page
    std::string delta_link;            ///< of the last page of a round: asks for what came since
};

struct GraphFolder {
    std::string id;
    std::string name;  ///< as people see it
};

/// `graph.malformed` (effect unknown) where it is no JSON of this form.
Result<GraphMessage> decode_graph_message(std::string_view body);
Result<GraphPage> decode_graph_page(std::string_view body);
Result<GraphFolder> decode_graph_folder(std::string_view body);
struct GraphFolders {
    std::vector<GraphFolder> folders;
    std::string next_link;
};
Result<GraphFolders> decode_graph_folders(std::string_view body);

/// The extended property that marks our drafts: a PATCH's body, and the question that finds them. The effect's id is letters and digits.
std::string encode_graph_marker(std::string_view effect);
std::string graph_filter_for_effect(std::string_view effect);
std::string graph_expand_marker();
/// Finds a message by its Message-ID; empty where the id cannot stand in a question.
std::string graph_filter_for_message_id(std::string_view message_id);

/// What an answer other than 2xx means, by its status and code, never by its words (learn.microsoft.com/graph/errors).
/// `graph.unauthorized` (the token is not taken), `graph.rate_limited` (with retry_after), `graph.forbidden`, `graph.not_found`,
/// `graph.resync` (410: the delta link is too old), `graph.refused`: nothing happened there. `graph.unavailable` (5xx): unknown.
Error graph_error_of(const transport::HttpAnswer& answer, Instant now);

}  // namespace resolute::connectors
