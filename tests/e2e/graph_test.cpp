// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "mail/parsed_email.h"
#include "testkit/graph_service.h"
#include "tests/e2e/mail_service.h"

/// The whole program with one mailbox of (a fake) Microsoft 365, which it reads and sends from.
namespace resolute::e2e {
namespace {

constexpr Duration kWithin = std::chrono::seconds(90);

class Outlook : public testing::Test {
protected:
    Outlook() {
        auto started = testkit::GraphService::start("support@acme.example");
        if (!started) throw std::runtime_error(describe(started.error()));
        graph_.emplace(*std::move(started));
        write_file(company_.path("client-secret"), "client-secret\n");
        const std::string access = fmt::format("user: support@acme.example, tenant: tenant, client_id: client, client_secret_file: ./client-secret, base_url: \"{0}\", login_url: \"{0}\"",
                                               graph_->url());
        company_.configure("mail:", fmt::format("mail: {{ intake: {{ graph: {{ {}, poll_every: 1s }}, authserv_id: mx.acme.example }}, outgoing: {{ graph: {{ {} }} }} }}",
                                                access, access));
    }
    void deliver(const MailIn& mail) const {
        const auto id = graph_->deliver(with_crlf(to_bytes(mail)));
        EXPECT_TRUE(id) << describe(id.error());
    }
    [[nodiscard]] json::Array sent() const { return graph_->state().value_or(json::Value())["sent"].as_array(); }
    [[nodiscard]] json::Value mails() const { return company_.ask({"mail", "list"}); }

    Company company_;
    std::optional<testkit::GraphService> graph_;
};

TEST_F(Outlook, AMailComesItsAnswersGoInItsThreadAndTheReplyComesToTheSameCase) {
    const Ended doctor = company_.run({"doctor"});
    EXPECT_EQ(doctor.exit_code, 0) << describe(doctor);
    EXPECT_NE(doctor.out.find("Microsoft Graph lets us in (Mail.ReadWrite, Mail.Send)"), std::string::npos) << doctor.out;
    Process server = company_.serve();
    deliver(printer_mail("first"));
    ASSERT_TRUE(eventually([&] { return sent().size() == 2; }, kWithin)) << server.err();
    std::string answered;
    for (const json::Value& one : sent()) {
        const mail::ParsedEmail email = mail::parse(one["raw"].as_string());
        ASSERT_EQ(email.to.size(), 1U);
        EXPECT_EQ(email.to.front().address, "first@first.example");
        answered = email.message_id;
    }
    expect_reply_joins(company_, [this](const MailIn& mail) { deliver(mail); }, answered, server);
    EXPECT_EQ(server.stop().exit_code, 0);
    for (const char* secret : {"client-secret\n", "Bearer ", ".fake"}) EXPECT_EQ(server.err().find(secret), std::string::npos) << secret;
    company_.expect_sound();
}

TEST_F(Outlook, TheDoctorSaysWhatIsMissing) {
    ASSERT_TRUE(graph_->order("oauth", json::Object{{"roles", json::Array{"Mail.Read"}}}));
    Ended doctor = company_.run({"doctor"});
    EXPECT_EQ(doctor.exit_code, 1);
    EXPECT_NE(doctor.out.find("Mail.ReadWrite, Mail.Send too"), std::string::npos) << doctor.out;
    ASSERT_TRUE(graph_->order("oauth", json::Object{{"secret", "rotated"}}));
    doctor = company_.run({"doctor"});
    EXPECT_EQ(doctor.exit_code, 1);
    EXPECT_NE(doctor.out.find("resolute explain oauth.refused"), std::string::npos) << doctor.out;
}

TEST_F(Outlook, ThroughFaultsOfGraphAndDeathsOfTheProgramEachMailHasItsOutcomeAndNoneGoesOutTwice) {
    const auto begin_faults = [this](std::uint64_t seed) {
        const Status set = graph_->faults(R"([
        {"method":"POST","path":"/send","chance":0.06,"do":"reset_after"}, {"method":"POST","path":"/send","chance":0.04,"do":"error_after"},
        {"method":"POST","path":"/send","chance":0.04,"do":"reset"}, {"method":"GET","chance":0.03,"do":"reset"}, {"method":"GET","chance":0.03,"do":{"status":500}},
        {"method":"GET","times":2,"chance":0.02,"do":{"status":429,"headers":{"Retry-After":"1"}}}, {"path":"/delta","chance":0.05,"do":{"status":410}},
        {"method":"PATCH","chance":0.03,"do":"reset_after"}, {"path":"/v1.0/","chance":0.02,"do":{"status":401}}])",
                                          static_cast<std::uint32_t>(seed));
        return set && graph_->order("settings", json::Object{{"renames", true}});
    };
    live_through_deaths(company_, {.name = "graph", .deliver = [this](const MailIn& mail) { deliver(mail); }, .sent = [this] { return sent(); },
                                   .begin_faults = begin_faults});
}

}  // namespace
}  // namespace resolute::e2e
