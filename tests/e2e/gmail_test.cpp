// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

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

TEST_F(Gmail, ThroughFaultsOfGmailAndDeathsOfTheProgramEachMailHasItsOutcomeAndNoneGoesOutTwice) {
    const auto count = static_cast<std::size_t>(number_from_environment("RESOLUTE_MAILS", 40));
    const auto kills = static_cast<int>(number_from_environment("RESOLUTE_KILLS", 4));
    const auto seed = static_cast<std::uint64_t>(number_from_environment("RESOLUTE_SEED", to_unix_ms(SystemClock{}.now())));
    SCOPED_TRACE(fmt::format("RESOLUTE_MAILS={} RESOLUTE_KILLS={} RESOLUTE_SEED={}", count, kills, seed));
    ASSERT_TRUE(gmail_->faults(R"([
        {"method":"POST","path":"/drafts/send","chance":0.06,"do":"reset_after"}, {"method":"POST","path":"/drafts/send","chance":0.04,"do":"error_after"},
        {"method":"POST","path":"/drafts/send","chance":0.04,"do":"reset"}, {"method":"GET","chance":0.03,"do":"reset"}, {"method":"GET","chance":0.03,"do":{"status":500}},
        {"method":"GET","times":2,"chance":0.02,"do":{"status":429,"headers":{"Retry-After":"1"}}}, {"path":"/history","chance":0.05,"do":{"status":404}},
        {"path":"/gmail/","chance":0.02,"do":{"status":401}}])",
                               static_cast<std::uint32_t>(seed)));
    std::mt19937_64 random(seed);
    std::optional<Process> server(company_.serve());
    std::size_t fed = 0;
    for (int kill = 0; kill < kills; ++kill) {
        for (const std::size_t until = count * static_cast<std::size_t>(kill + 1) / static_cast<std::size_t>(kills); fed < until; ++fed)
            deliver(printer_mail(fmt::format("p{}", fed)));
        pause(Duration(static_cast<std::int64_t>(random() % 2500)));
        server->signal(SIGKILL);
        ASSERT_TRUE(server->wait(std::chrono::seconds(30)));
        server.emplace(company_.serve());
    }
    std::size_t sent_by_journal = 0;
    std::size_t unclear = 0;
    const auto is_settled = [&] {
        // What was under way when the program died is unclear in the store, without an event; it is looked up in ten minutes.
        const json::Value standing = json::parse(company_.run({"status", "--json"}).out).value_or(json::Value());  // Ends with 1 while Gmail is in trouble.
        if (!standing["queue"].is_object()) return false;
        for (const auto& [effect_state, how_many] : standing["queue"]["effects"].as_object())
            if (effect_state != "unclear" && how_many.as_int() > 0) return false;
        const json::Value listed = mails();
        if (listed.as_array().size() != count) return false;
        for (const json::Value& mail : listed.as_array())
            if (mail["outcome"].as_string() == "pending") return false;
        sent_by_journal = unclear = 0;
        const auto journals = company_.journals();
        for (const auto& [id, journal] : journals) {
            for (const char* tool : {"mail.send_acknowledgment", "mail.send_resolution"})
                for (const auto& [effect, effect_state] : effects_of(journal, tool)) ++(effect_state == "sent" ? sent_by_journal : unclear);
            if (events_of(journal, "EffectSucceeded").empty()) return false;
        }
        return journals.size() == count;
    };
    EXPECT_TRUE(eventually(is_settled, 3 * kWithin)) << server->err().substr(0, 3000);
    std::map<std::string, int> times;
    for (const json::Value& one : sent()) ++times[one["effect"].as_string()];
    for (const auto& [effect, sent_times] : times) EXPECT_EQ(sent_times, 1) << effect;
    EXPECT_GE(times.size(), sent_by_journal);
    EXPECT_LE(times.size(), sent_by_journal + unclear) << "nothing went out that the journals do not know";
    EXPECT_GT(sent_by_journal, count / 2);
    fmt::print("{{\"test\":\"gmail\",\"mails\":{},\"kills\":{},\"seed\":{},\"sent\":{},\"unclear\":{},\"went_out\":{},\"twice\":0}}\n", count, kills, seed, sent_by_journal,
               unclear, times.size());
    EXPECT_EQ(server->stop().exit_code, 0);
}

}  // namespace
}  // namespace resolute::e2e
