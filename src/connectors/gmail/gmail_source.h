// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connectors/gmail/gmail_client.h"
#include "ports/mail_source.h"

namespace resolute::connectors {

/// The mails of one Gmail mailbox that have one of these labels. Nothing there is changed, not even what is unread.
///
/// A position's uid is the message's id, which Gmail never gives twice; the folder is always "messages", for labels come and go. What was
/// taken in the IntakeStore remembers; this object remembers in memory what is done, so that one run lists it once.
/// What is new it learns from the mailbox's history, which costs little. The history is only a hint: after a start, where Gmail no longer
/// has it (404), and every six hours all ids are listed.
///
/// Errors: those of GmailClient, `gmail.label_missing`.
/// Threads: one.
class GmailSource final : public ports::MailSource {
public:
    struct Options {
        std::string account;                        ///< in every position, "gmail:support@acme.example"
        std::vector<std::string> labels = {"INBOX"};  ///< names, as people see them
        Duration poll_every = std::chrono::seconds(20);
    };
    /// The clock outlives it.
    GmailSource(Options options, GmailClient client, const Clock& clock);

    [[nodiscard]] std::string name() const override { return options_.account; }
    Result<std::vector<mail::SourcePosition>> list(std::size_t limit) override;
    Result<mail::RawMail> fetch(const mail::SourcePosition& position) override;
    Result<mail::RawMail> fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) override;
    Status done(const mail::SourcePosition& position) override;
    /// Gmail's messages never change but for their labels.
    [[nodiscard]] bool is_immutable() const override { return true; }
    void wait(Duration at_most, const Interrupt& stop) override;

private:
    /// By the ids' numbers, which grow with time as far as anybody has seen: so the oldest comes first. Where they do not, only the order is lost.
    struct ByAge {
        bool operator()(const std::string& a, const std::string& b) const { return a.size() != b.size() ? a.size() < b.size() : a < b; }
    };
    using Ids = std::set<std::string, ByAge>;
    /// A listing of everything under way: an error in its midst costs one page.
    struct Listing {
        std::optional<std::uint64_t> history_id;  ///< from before it: what came meanwhile is in the history since then
        std::size_t label = 0;
        std::string page;
        Ids found;
    };

    Status refresh();
    Status find_labels();
    Status list_all();
    Status list_news();
    [[nodiscard]] bool is_watched(const std::vector<std::string>& label_ids) const;
    [[nodiscard]] mail::RawMail raw_mail(const mail::SourcePosition& position, GmailMessage message) const;
    std::unexpected<Error> vanished(const mail::SourcePosition& position);

    const Options options_;
    const GmailClient client_;
    const Clock& clock_;
    std::vector<std::string> label_ids_;  // Empty: not asked for yet.
    std::optional<Listing> listing_;
    std::optional<std::uint64_t> history_id_;  // Nothing: all is to be listed.
    std::optional<Duration> list_all_at_;      // By the monotonic clock.
    Ids pending_;                              // Listed, and not done.
    Ids done_;
    Ids failed_;  // Could not be fetched: they come last, so that they hold up no other.
};

}  // namespace resolute::connectors
