// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/text.h"
#include "mail/parsed_email.h"
#include "testkit/gmail_service.h"
#include "tests/e2e/company.h"

/// The whole program with one mailbox of (a fake) Gmail, which it reads and sends from.
namespace resolute::e2e {
namespace {

constexpr Duration kWithin = std::chrono::seconds(90);

MailIn printer_mail(const std::string& name) {
    return {.name = name,
            .from = fmt::format("Jo Lang <{0}@{0}.example>", name),
            .subject = "Printer " + name,
            .body = "Hello,\n\nmy printer " + name + " is offline and does not print.\n\nJo",
            .in_reply_to = {}};
}

std::string with_crlf(std::string_view text) {
    std::string lines;
    for (const std::string_view line : text::split_lines(text)) lines += std::string(line) + "\r\n";
    return lines;
}

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
    MailIn reply = printer_mail("first");
    reply.name = "reply";
    reply.body = "It still does not print, sorry.";
    reply.in_reply_to = answered;
    deliver(reply);
    ASSERT_TRUE(eventually([&] {
        const json::Value all = mails();
        return all.as_array().size() == 2 && all.as_array()[1]["outcome"].as_string() != "pending" && all.as_array()[0]["outcome"].as_string() != "pending";
    })) << server.err();
    std::set<std::string> outcomes;
    std::set<std::string> cases;
    const json::Value all = mails();
    for (const json::Value& mail : all.as_array()) {
        outcomes.insert(mail["outcome"].as_string());
        cases.insert(mail["case"].as_string());
    }
    EXPECT_EQ(outcomes, (std::set<std::string>{"new_case", "appended"}));
    EXPECT_EQ(cases.size(), 1U);
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

}  // namespace
}  // namespace resolute::e2e
