// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "testkit/dovecot_server.h"
#include "testkit/exim_server.h"
#include "tests/e2e/mail_service.h"

/// The example company between real mail servers: a Dovecot that it reads, an Exim that it hands its mails to.
namespace resolute::e2e {

inline constexpr Duration kWithin = std::chrono::seconds(60);

template <class Server>
Server must_start(Result<Server> server) {
    if (!server) throw std::runtime_error(describe(server.error()));
    return *std::move(server);
}

class Mailbox : public testing::Test {
protected:
    /// `sign_in` is the YAML of how the mailbox is entered, and what else is said of it; `more` of what comes in at all.
    void configure(const std::string& sign_in = "password_file: ./imap-password", const std::string& more = "") {
        write_file(company_.path("imap-password"), "imap-secret\n");
        write_file(company_.path("smtp-password"), "smtp-secret\n");
        company_.configure("mail:", fmt::format("mail: {{ intake: {{ imap: {{ server: \"imaps://localhost:{}\", user: support, {}, ca_file: \"{}\" }}, "
                                                "authserv_id: mx.acme.example{} }}, outgoing: {{ smtp: {{ server: \"smtp://localhost:{}\", user: agent, "
                                                "password_file: ./smtp-password, ca_file: \"{}\" }} }} }}",
                                                imap_.imaps_port(), sign_in, copy_of(imap_.ca_file(), "imap-ca.pem"), more, smtp_->port(),
                                                copy_of(smtp_->certificate(), "smtp-ca.pem")));
    }
    std::string copy_of(const fs::path& file, const std::string& name) const {
        write_file(company_.path(name), read_file(file));
        return company_.path(name).string();
    }
    void deliver(const MailIn& mail) const {
        const Status delivered = imap_.deliver("support", with_crlf(to_bytes(mail)));
        EXPECT_TRUE(delivered) << describe(delivered.error());
    }
    [[nodiscard]] json::Value mails() const { return company_.ask({"mail", "list"}); }

    Company company_;
    testkit::DovecotServer imap_ = must_start(testkit::DovecotServer::start({.users = {{"support", "imap-secret"}}}));
    std::optional<testkit::EximServer> smtp_{must_start(testkit::EximServer::start({.users = {{"agent", "smtp-secret"}}}))};
};

}  // namespace resolute::e2e
