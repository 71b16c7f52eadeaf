// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/graph/graph_client.h"
#include "ports/mail_source.h"

namespace resolute::connectors {

/// The mails in these folders of one mailbox of Microsoft 365. Nothing there is changed, not even what is unread.
///
/// A position's uid is the message's immutable id, which stays when the mail is moved within the mailbox; the folder is always "messages". What was
/// taken in the IntakeStore remembers; this object remembers in memory what is done, so that one run lists it once.
/// What is new it learns by delta queries, a folder each (learn.microsoft.com/graph/api/message-delta). Their links are only a shortcut: after a start, where
/// the service no longer knows one (410), and every six hours all ids are listed.
///
/// Errors: those of GraphClient, `graph.folder_missing`.
/// Threads: one.
class GraphSource final : public ports::MailSource {
public:
    struct Options {
        std::string account;                          ///< in every position, "graph:support@acme.example"
        std::vector<std::string> folders = {"inbox"};  ///< well-known names, or paths as people see them: "Support/Orders"
        Duration poll_every = std::chrono::seconds(30);
    };
    /// The clock outlives it.
    GraphSource(Options options, GraphClient client, const Clock& clock);

    [[nodiscard]] std::string name() const override { return options_.account; }
    Result<std::vector<mail::SourcePosition>> list(std::size_t limit) override;
    Result<mail::RawMail> fetch(const mail::SourcePosition& position) override;
    Result<mail::RawMail> fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) override;
    Status done(const mail::SourcePosition& position) override;
    /// A received message's bytes never change.
    [[nodiscard]] bool is_immutable() const override { return true; }
    void wait(Duration at_most, const Interrupt& stop) override;

private:
    struct Folder {
        std::string id;
        std::string next_link;                   ///< of a round under way: an error in its midst costs one page
        std::string delta_link;                  ///< of the last whole round; empty: all is to be listed
        std::optional<Duration> list_all_at = {};  ///< by the monotonic clock
    };

    Status find_folders();
    Status refresh(Folder& folder);
    void take(const GraphPage& page);
    void drop(const std::string& id);
    std::unexpected<Error> vanished(const mail::SourcePosition& position);
    [[nodiscard]] Instant received_at(const std::string& id) const;
    Result<mail::RawMail> read(const mail::SourcePosition& position, std::size_t cut_after);

    const Options options_;
    const GraphClient client_;
    const Clock& clock_;
    std::vector<Folder> folders_;  // Empty: not asked for yet.
    std::map<std::string, Instant> pending_;           // Listed, and not done, with when they came.
    std::set<std::pair<Instant, std::string>> order_;  // The same, oldest first.
    std::set<std::string> done_;
    std::set<std::string> failed_;  // Could not be fetched: they come last, so that they hold up no other.
};

/// The folder of this path: a well-known name, or the names of folders as people see them, "Support/Orders". `graph.folder_missing`.
Result<std::string> find_graph_folder(const GraphClient& client, const std::string& path, Deadline deadline);

}  // namespace resolute::connectors
