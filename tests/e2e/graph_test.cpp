// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "base/clock.h"
#include "base/text.h"
#include "mail/parsed_email.h"
#include "testkit/graph_service.h"
#include "tests/e2e/company.h"

/// The whole program with one mailbox of (a fake) Microsoft 365, which it reads and sends from.
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
    const auto count = static_cast<std::size_t>(number_from_environment("RESOLUTE_MAILS", 40));
    const auto kills = static_cast<int>(number_from_environment("RESOLUTE_KILLS", 4));
    const auto seed = static_cast<std::uint64_t>(number_from_environment("RESOLUTE_SEED", to_unix_ms(SystemClock{}.now())));
    SCOPED_TRACE(fmt::format("RESOLUTE_MAILS={} RESOLUTE_KILLS={} RESOLUTE_SEED={}", count, kills, seed));
    ASSERT_TRUE(graph_->faults(R"([
        {"method":"POST","path":"/send","chance":0.06,"do":"reset_after"}, {"method":"POST","path":"/send","chance":0.04,"do":"error_after"},
        {"method":"POST","path":"/send","chance":0.04,"do":"reset"}, {"method":"GET","chance":0.03,"do":"reset"}, {"method":"GET","chance":0.03,"do":{"status":500}},
        {"method":"GET","times":2,"chance":0.02,"do":{"status":429,"headers":{"Retry-After":"1"}}}, {"path":"/delta","chance":0.05,"do":{"status":410}},
        {"method":"PATCH","chance":0.03,"do":"reset_after"}, {"path":"/v1.0/","chance":0.02,"do":{"status":401}}])",
                               static_cast<std::uint32_t>(seed)));
    ASSERT_TRUE(graph_->order("settings", json::Object{{"renames", true}}));
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
    // What is left are mails in doubt, looked up in ten minutes: broken off after they were asked for, or when the program died.
    const auto is_settled = [&] {
        const json::Value listed = mails();
        if (listed.as_array().size() != count) return false;
        for (const json::Value& mail : listed.as_array())
            if (mail["outcome"].as_string() == "pending") return false;
        // Its exit code tells of a look at the mailbox that failed, as some do here.
        const json::Value status = company_.run({"status", "--json"}).json();
        const auto& open = status["queue"]["effects"].as_object();
        return std::ranges::all_of(open, [](const auto& kind) { return kind.first == "unclear" || kind.second.as_int() == 0; });
    };
    EXPECT_TRUE(eventually(is_settled, 3 * kWithin)) << server->err().substr(0, 3000);
    std::size_t sent_by_journal = 0;
    std::size_t unclear = 0;
    const auto journals = company_.journals();
    EXPECT_EQ(journals.size(), count);
    for (const auto& [id, journal] : journals)
        for (const char* tool : {"mail.send_acknowledgment", "mail.send_resolution"})
            for (const auto& [effect, state] : effects_of(journal, tool)) ++(state == "sent" ? sent_by_journal : unclear);
    std::map<std::string, int> times;
    for (const json::Value& one : sent()) ++times[one["effect"].as_string()];
    for (const auto& [effect, sent_times] : times) EXPECT_EQ(sent_times, 1) << effect;
    EXPECT_GE(times.size(), sent_by_journal);
    EXPECT_LE(times.size(), sent_by_journal + unclear) << "nothing went out that the journals do not know";
    EXPECT_GT(sent_by_journal, count / 2);
    fmt::print("{{\"test\":\"graph\",\"mails\":{},\"kills\":{},\"seed\":{},\"sent\":{},\"unclear\":{},\"went_out\":{},\"twice\":0}}\n", count, kills, seed, sent_by_journal,
               unclear, times.size());
    EXPECT_EQ(server->stop().exit_code, 0);
}

}  // namespace
}  // namespace resolute::e2e
