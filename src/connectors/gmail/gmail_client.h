// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/interrupt.h"
#include "connectors/gmail/gmail_messages.h"
#include "connectors/gmail/gmail_quota.h"
#include "transport/http_client.h"

namespace resolute::connectors {

/// The methods of one mailbox's Gmail that we use. Each call is one request; only one that was answered with 401 is made once more, with a
/// new token, for it was not carried out. It waits for its turn in the mailbox's quota, within its deadline.
///
/// Errors of all: those of gmail_messages.h, `gmail.paced` (rate_limited, not sent: the turn did not come in time), those of
/// transport::HttpClient, and what `token` fails with.
/// Threads: any.
class GmailClient {
public:
    struct Options {
        std::string base_url = "https://gmail.googleapis.com";
        std::string user = "me";  ///< the mailbox's address
        std::function<Result<std::string>(Deadline)> token;
        std::function<void()> token_was_refused = {};
        std::shared_ptr<GmailQuota> quota;
        GmailQuota::For what = GmailQuota::For::reading;
        std::filesystem::path ca_file = {};
        const Interrupt* stop = nullptr;       ///< ends the wait for a turn; outlives the client. May be nothing
        bool stop_ends_requests = false;  ///< also those under way
    };
    /// The clock outlives it.
    GmailClient(Options options, const Clock& clock);

    [[nodiscard]] Result<GmailProfile> profile(Deadline deadline) const;
    [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> labels(Deadline deadline) const;
    /// With this label, newest first. An empty page: the first.
    [[nodiscard]] Result<GmailIds> list_label(const std::string& label_id, const std::string& page, Deadline deadline) const;
    /// What the search finds, spam and trash too.
    [[nodiscard]] Result<GmailIds> search(const std::string& question, Deadline deadline) const;
    [[nodiscard]] Result<GmailMessage> message_raw(const std::string& id, Deadline deadline) const;
    /// The first bytes, at least; without id.
    [[nodiscard]] Result<GmailMessage> message_head(const std::string& id, std::size_t bytes_max, Deadline deadline) const;
    [[nodiscard]] Result<GmailMessage> message_fields(const std::string& id, Deadline deadline) const;
    [[nodiscard]] Result<GmailHistory> history(std::uint64_t since, const std::string& page, Deadline deadline) const;

    [[nodiscard]] Result<GmailIds> search_drafts(const std::string& question, Deadline deadline) const;
    [[nodiscard]] Result<GmailDraft> draft(const std::string& id, Deadline deadline) const;
    [[nodiscard]] Result<GmailDraft> create_draft(std::string_view raw, Deadline deadline) const;
    /// As it is; or with these bytes, where they are not empty.
    [[nodiscard]] Result<GmailMessage> send_draft(const std::string& id, std::string_view raw, Deadline deadline) const;
    [[nodiscard]] Status delete_draft(const std::string& id, Deadline deadline) const;

private:
    using Query = std::vector<std::pair<std::string, std::string>>;
    struct Call {
        std::string method = "GET";
        std::string path;  ///< behind …/users/{user}/
        Query query = {};
        std::string json = {};
        std::size_t units = 0;
        std::size_t cut_after = 0;
    };
    [[nodiscard]] Result<std::string> ask(const Call& call, Deadline deadline) const;
    [[nodiscard]] Result<transport::HttpAnswer> ask_once(const Call& call, Deadline deadline) const;
    [[nodiscard]] Status take_turn(std::size_t units, Deadline deadline) const;

    const Options options_;
    const Clock& clock_;
    const transport::HttpClient http_;
};

}  // namespace resolute::connectors
