// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>

#include <fmt/format.h>

#include "base/clock.h"
#include "connectors/imap/imap_source.h"
#include "testkit/dovecot_server.h"

namespace resolute::imap_test {

using connectors::ImapSource;
using testkit::DovecotServer;
using transport::ImapClient;
using transport::Protection;

inline Deadline soon() {
    return Deadline::in(std::chrono::seconds(20));
}

/// One for all tests but those that hurt it; each test has a user of its own.
inline DovecotServer& shared_server() {
    static Result<DovecotServer> server = [] {
        testkit::DovecotOptions options{.users = {}};
        for (const char* user : {"tls", "starttls", "token", "many", "head", "gone", "idle", "stop", "folders", "sent", "flags"})
            options.users[user] = "secret";
        return DovecotServer::start(options);
    }();
    if (!server) {
        ADD_FAILURE() << describe(server.error());
        std::abort();  // Nothing here can be tested without it.
    }
    return *server;
}

inline transport::MailServer address(const DovecotServer& server, Protection protection = Protection::tls) {
    return {.host = "localhost",
            .port = protection == Protection::tls ? server.imaps_port() : server.imap_port(),
            .protection = protection,
            .ca_file = server.ca_file()};
}

inline ImapSource::Options options_for(const DovecotServer& server, const std::string& user,
                                       Protection protection = Protection::tls) {
    return {.account = "imap:" + user,
            .server = address(server, protection),
            .login = [user]() -> Result<transport::MailLogin> {
                return transport::MailLogin{.user = user, .password = "secret", .bearer = {}};
            },
            .folder = "INBOX"};
}

inline Result<std::unique_ptr<ImapClient>> client_for(const DovecotServer& server, const std::string& user) {
    return ImapClient::open(address(server), {.user = user, .password = "secret", .bearer = {}}, soon());
}

inline std::string mail_text(int number, std::size_t body_bytes = 200) {
    std::string text =
        fmt::format("From: a@example.org\r\nSubject: mail {}\r\nMessage-ID: <{}@example.org>\r\n\r\n", number, number);
    while (text.size() < body_bytes) text += fmt::format("Line {} of mail {}, which goes on.\r\n", text.size(), number);
    return text;
}

inline void deliver(const DovecotServer& server, const std::string& user, std::string_view bytes,
                    const std::string& folder = "INBOX") {
    const Status delivered = server.deliver(user, bytes, folder);
    ASSERT_TRUE(delivered) << describe(delivered.error());
}

inline std::string error_of(const Status& status) {
    return status ? "" : describe(status.error());
}
template <class T>
std::string error_of(const Result<T>& result) {
    return result ? "" : describe(result.error());
}

/// All that is to be had, each told to be done.
inline std::multiset<std::string> take_all(ImapSource& source) {
    std::multiset<std::string> taken;
    const auto positions = source.list(100'000);
    EXPECT_EQ(error_of(positions), "");
    for (const auto& position : positions.value_or(std::vector<mail::SourcePosition>{})) {
        auto mail = source.fetch(position);
        EXPECT_EQ(error_of(mail), "");
        if (!mail) continue;
        EXPECT_EQ(mail->position, position);
        taken.insert(std::move(mail->bytes));
        EXPECT_TRUE(source.done(position));
    }
    return taken;
}

}  // namespace resolute::imap_test
