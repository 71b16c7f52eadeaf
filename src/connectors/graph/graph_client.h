// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/interrupt.h"
#include "connectors/graph/graph_gate.h"
#include "connectors/graph/graph_messages.h"
#include "transport/http_client.h"

namespace resolute::connectors {

/// The operations on one mailbox of Microsoft Graph (v1.0) that we use. Each call is one request; only one that was answered with 401 is made once
/// more, with a new token, for it was not carried out. It waits for its turn at the mailbox's gate, within its deadline. Ids are immutable ones:
/// the preference goes with every request, since a plain id changes when a person moves the mail.
///
/// Errors of all: those of graph_messages.h, `graph.paced`, those of transport::HttpClient, and what `token` fails with.
/// Threads: any.
class GraphClient {
public:
    struct Options {
        std::string base_url = "https://graph.microsoft.com";  ///< other clouds have another
        std::string user;                                        ///< the mailbox: its address or id
        std::function<Result<std::string>(Deadline)> token;
        std::function<void()> token_was_refused = {};
        std::shared_ptr<GraphGate> gate;
        bool sends = false;                 ///< else it reads
        std::filesystem::path ca_file = {};
        const Interrupt* stop = nullptr;    ///< ends what is under way; outlives the client. May be nothing
    };
    /// The clock outlives it.
    GraphClient(Options options, const Clock& clock);

    /// A well-known name ("inbox", "sentitems") or an id.
    [[nodiscard]] Result<GraphFolder> folder(std::string_view name_or_id, Deadline deadline) const;
    /// All folders of the top, or those in this one.
    [[nodiscard]] Result<std::vector<GraphFolder>> folders_in(std::string_view parent_id, Deadline deadline) const;
    /// A round's first page, all that is in the folder; `link` continues it, or asks for what came since. A link that leads elsewhere than
    /// to this mailbox's service is `graph.malformed`: the token is shown to nobody else.
    [[nodiscard]] Result<GraphPage> delta(std::string_view folder_id, const std::string& link, Deadline deadline) const;
    /// The mail as it came (RFC 5322). Of a large one the beginning, where `cut_after` is not 0.
    [[nodiscard]] Result<std::string> mime(const std::string& id, std::size_t cut_after, Deadline deadline) const;

    [[nodiscard]] Result<GraphMessage> message(const std::string& id, Deadline deadline) const;
    /// In all folders, with their markers.
    [[nodiscard]] Result<std::vector<GraphMessage>> find(const std::string& filter, Deadline deadline) const;
    /// Of what was sent, the last ones first, with their markers.
    [[nodiscard]] Result<std::vector<GraphMessage>> last_sent(Deadline deadline) const;
    [[nodiscard]] Result<GraphMessage> create_draft(std::string_view mime, Deadline deadline) const;
    [[nodiscard]] Status mark(const std::string& id, std::string_view effect, Deadline deadline) const;
    [[nodiscard]] Status send_draft(const std::string& id, Deadline deadline) const;
    [[nodiscard]] Status remove(const std::string& id, Deadline deadline) const;

private:
    using Query = std::vector<std::pair<std::string, std::string>>;
    struct Call {
        std::string method = "GET";
        std::string path;  ///< behind …/users/{user}/
        Query query = {};
        std::string body = {};
        std::string type = {};
        std::string url = {};  ///< instead of path and query
        std::size_t cut_after = 0;
        bool is_list = false;
    };
    [[nodiscard]] Result<std::string> ask(const Call& call, Deadline deadline) const;
    [[nodiscard]] Result<transport::HttpAnswer> ask_once(const Call& call, Deadline deadline) const;
    [[nodiscard]] bool is_ours(std::string_view link) const;

    const Options options_;
    const Clock& clock_;
    const transport::HttpClient http_;
};

}  // namespace resolute::connectors
