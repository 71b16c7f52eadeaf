// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "connectors/smtp/smtp_sender.h"
#include "testkit/breaking_smtp_server.h"

/// What the tests with the breaking server share.
namespace resolute::connectors {

inline const SystemClock kClock;

inline std::unique_ptr<testkit::BreakingSmtpServer> must_start(testkit::BreakingSmtpServer::Options options) {
    auto server = testkit::BreakingSmtpServer::start(std::move(options));
    EXPECT_TRUE(server.has_value()) << (server ? "" : server.error().detail);
    return *std::move(server);
}

inline ports::FrozenMail mail(const std::string& key, const std::string& body = "Hello\r\n.\r\nBye\r\n") {
    return {.key = EffectId(key),
            .from = "help@shop.example",
            .to = "ann@customer.example",
            .message_id = key + "@shop.example",
            .bytes = "Message-ID: <" + key + "@shop.example>\r\n\r\n" + body};
}

inline SmtpSenderOptions options_for(const testkit::BreakingSmtpServer& server) {
    return {.server = {.host = "127.0.0.1", .port = server.port(), .protection = transport::Protection::none}};
}

inline Deadline soon() {
    return Deadline::in(std::chrono::seconds(20));
}

inline std::string shown(const Status& status) {
    return status ? "sent" : describe(status.error());
}

}  // namespace resolute::connectors
