// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/e2e/program.h"

namespace resolute::e2e {

/// A mail that reaches the company, as text that a mail server would have written.
struct MailIn {
    std::string name;  ///< the file's, without ".eml"; also in the Message-ID
    std::string from;  ///< "Ann Reed <ann@reed.example>"
    std::string subject;
    std::string body;
    bool is_verified = true;  ///< with an Authentication-Results header of our own server
    std::string in_reply_to;
};
std::string to_bytes(const MailIn& mail);

/// A mail that the program has put into its outgoing Maildir.
struct MailOut {
    fs::path path;
    std::string effect;  ///< X-Resolute-Effect
    std::string case_id;
    std::string to;
    std::string subject;
    std::string message_id;
    std::string text;
    std::string html;
};
std::vector<MailOut> read_sent(const fs::path& maildir);

struct Order {
    std::string id;
    std::string total;  ///< USD
};

/// A company in a folder of its own, with the configuration that the README shows a stranger.
class Company {
public:
    /// Its own small knowledge base: how refunds are asked for, and a printer that is offline.
    Company();

    [[nodiscard]] fs::path path(const std::string& name) const { return folder_.path() / name; }
    [[nodiscard]] fs::path inbox() const { return path("inbox"); }
    [[nodiscard]] fs::path sent() const { return path("sent"); }

    void add_customer(const std::string& name, const std::string& address, const std::vector<Order>& orders,
                      const std::string& tier = "regular");
    void put(const MailIn& mail) const;
    void put_bytes(const std::string& file_name, std::string_view bytes) const;
    /// Replaces its configuration's line that begins with this key.
    void configure(const std::string& key, const std::string& line) const;
    /// Takes the example company's procedure, customers, agents and articles, with an empty inbox.
    void become_the_example();

    /// "resolute ARGUMENTS…" in its folder.
    [[nodiscard]] Process start(const Arguments& arguments, StartOptions options = {}) const;
    [[nodiscard]] Ended run(const Arguments& arguments, StartOptions options = {}) const;
    /// Run with --json, expected to end with 0; its JSON.
    [[nodiscard]] json::Value ask(Arguments arguments) const;
    /// Started, and answering on its socket.
    [[nodiscard]] Process serve() const;
    /// Every case's journal by case id, over the socket of a program that serves.
    [[nodiscard]] std::map<std::string, std::vector<json::Value>> journals() const;
    [[nodiscard]] std::vector<json::Value> journal(const std::string& case_id) const;

    /// The case whose subject this is; null and a failure where there is none.
    [[nodiscard]] json::Value find_case(const std::string& subject) const;
    [[nodiscard]] std::vector<MailOut> mails_to(const std::string& address) const;

    /// `resolute verify` says that all is sound.
    void expect_sound() const;

private:
    void write_customers() const;
    TemporaryFolder folder_;
    json::Array customers_;
};

/// The tasks of a case of this kind, as in `case list --json`.
std::vector<json::Value> tasks_of(const json::Value& one_case, std::string_view kind);
/// Events of this kind, in order.
std::vector<json::Value> events_of(const std::vector<json::Value>& journal, std::string_view kind);
/// Effects of this tool that were planned, by id, with their last state: "planned", "sent" (its outcome), "refused", …
std::map<std::string, std::string> effects_of(const std::vector<json::Value>& journal, std::string_view tool);

/// What the fates of mails and effects must be after a run, whatever happened to it: every mail has one outcome, no effect was
/// carried out twice and none was lost, each case was acknowledged unless that was withheld, none was quarantined.
void expect_nothing_lost_or_doubled(const Company& company, std::size_t mails);

}  // namespace resolute::e2e
