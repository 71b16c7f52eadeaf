// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "mail/parsed_email.h"
#include "testkit/gmail_service.h"
#include "tests/e2e/mail_service.h"

/// The whole program with one mailbox of (a fake) Gmail, which it reads and sends from.
namespace resolute::e2e {
namespace {

constexpr Duration kWithin = std::chrono::seconds(90);

class Gmail : public testing::Test {
protected:
    Gmail() {
        auto started = testkit::GmailService::start("support@acme.example");
        if (!started) throw std::runtime_error(describe(started.error()));
        gmail_.emplace(*std::move(started));
        write_file(company_.path("client-secret"), "client-secret\n");
        write_file(company_.path("refresh-token"), "refresh-0\n");
        const std::string access = fmt::format(
            "user: support@acme.example, base_url: \"{}\", units_a_minute: 1000000, oauth: {{ token_url: \"{}\", client_id: client, client_secret_file: "
            "./client-secret, refresh_token_file: ./refresh-token }}",
            gmail_->url(), gmail_->token_url());
        company_.configure("mail:", fmt::format("mail: {{ intake: {{ gmail: {{ {}, poll_every: 1s }}, authserv_id: mx.acme.example }}, outgoing: {{ gmail: {{ {} }} }} }}",
                                                access, access));
    }
    void deliver(const MailIn& mail) const {
        const auto id = gmail_->deliver(with_crlf(to_bytes(mail)));
        EXPECT_TRUE(id) << describe(id.error());
    }
    [[nodiscard]] json::Array sent() const { return gmail_->state().value_or(json::Value())["sent"].as_array(); }
    [[nodiscard]] json::Value mails() const { return company_.ask({"mail", "list"}); }

    Company company_;
    std::optional<testkit::GmailService> gmail_;
};

TEST_F(Gmail, AMailComesItsAnswersGoInItsThreadAndTheReplyComesToTheSameCase) {
    ASSERT_TRUE(gmail_->order("oauth", json::Object{{"rotates", true}, {"consentSeconds", 172'800}}));
    const Ended doctor = company_.run({"doctor"});
    EXPECT_EQ(doctor.exit_code, 0) << describe(doctor);
    EXPECT_NE(doctor.out.find("Gmail lets us in"), std::string::npos) << doctor.out;
    EXPECT_NE(doctor.out.find("connect the account again before"), std::string::npos) << "the consent lasts for two days more; " << doctor.out;
    EXPECT_EQ(company_.run({"run", "--until-idle", "--clock", "virtual"}).exit_code, 2) << "nobody gets the mails of virtual weeks";
    Process server = company_.serve();
    deliver(printer_mail("first"));
    ASSERT_TRUE(eventually([&] { return sent().size() == 2; }, kWithin)) << server.err();
    EXPECT_NE(json::dump(company_.ask({"status"})).find("connect the account again before"), std::string::npos);
    EXPECT_NE(company_.run({"doctor"}).out.find("Gmail lets us in"), std::string::npos) << "beside the program, with the same consent";
    std::string answered;
    for (const json::Value& one : sent()) {
        const mail::ParsedEmail email = mail::parse(one["raw"].as_string());
        ASSERT_EQ(email.to.size(), 1U);
        EXPECT_EQ(email.to.front().address, "first@first.example");
        const std::string question = mail::parse(to_bytes(printer_mail("first"))).message_id;
        EXPECT_TRUE(email.in_reply_to == question || std::ranges::find(email.references, question) != email.references.end()) << one["raw"].as_string();
        answered = email.message_id;
    }
    expect_reply_joins(company_, [this](const MailIn& mail) { deliver(mail); }, answered, server);
    EXPECT_EQ(server.stop().exit_code, 0);
    for (const char* secret : {"client-secret\n", "refresh-0", "refresh-1", "ya29."}) EXPECT_EQ(server.err().find(secret), std::string::npos) << secret;
    company_.expect_sound();
    // A second start takes nothing in again.
    const json::Value again = company_.ask({"run", "--until-idle"});
    EXPECT_EQ(mails().as_array().size(), 2U) << json::dump(again);
    EXPECT_EQ(gmail_->state()->find("refused")->as_int(), 0) << "one consent, used by one at a time";
}

TEST_F(Gmail, TheDoctorSaysWhatIsMissing) {
    ASSERT_TRUE(gmail_->order("oauth", json::Object{{"scope", "https://www.googleapis.com/auth/gmail.readonly"}}));
    Ended doctor = company_.run({"doctor"});
    EXPECT_EQ(doctor.exit_code, 1);
    EXPECT_NE(doctor.out.find("gmail.compose"), std::string::npos) << doctor.out;
    ASSERT_TRUE(gmail_->order("oauth", json::Object{{"refresh", "withdrawn"}}));
    doctor = company_.run({"doctor"});
    EXPECT_EQ(doctor.exit_code, 1);
    EXPECT_NE(doctor.out.find("resolute explain oauth.refused"), std::string::npos) << doctor.out;
}

TEST_F(Gmail, ThroughFaultsOfGmailAndDeathsOfTheProgramEachMailHasItsOutcomeAndNoneGoesOutTwice) {
    const auto begin_faults = [this](std::uint64_t seed) {
        const Status set = gmail_->faults(R"([
        {"method":"POST","path":"/drafts/send","chance":0.06,"do":"reset_after"}, {"method":"POST","path":"/drafts/send","chance":0.04,"do":"error_after"},
        {"method":"POST","path":"/drafts/send","chance":0.04,"do":"reset"}, {"method":"GET","chance":0.03,"do":"reset"}, {"method":"GET","chance":0.03,"do":{"status":500}},
        {"method":"GET","times":2,"chance":0.02,"do":{"status":429,"headers":{"Retry-After":"1"}}}, {"path":"/history","chance":0.05,"do":{"status":404}},
        {"path":"/gmail/","chance":0.02,"do":{"status":401}}])",
                              static_cast<std::uint32_t>(seed));
        return set.has_value();
    };
    live_through_deaths(company_, {.name = "gmail", .deliver = [this](const MailIn& mail) { deliver(mail); }, .sent = [this] { return sent(); },
                                   .begin_faults = begin_faults});
}

}  // namespace
}  // namespace resolute::e2e
