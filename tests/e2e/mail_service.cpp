// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/mail_service.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <random>
#include <set>

#include "base/clock.h"
#include "base/text.h"

namespace resolute::e2e {
namespace {

constexpr Duration kSettledWithin = std::chrono::seconds(270);

}  // namespace

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

void expect_reply_joins(const Company& company, const std::function<void(const MailIn&)>& deliver, const std::string& answered, const Process& server) {
    const auto mails = [&] { return company.ask({"mail", "list"}); };
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
}

void live_through_deaths(const Company& company, const MailService& service) {
    const auto count = static_cast<std::size_t>(number_from_environment("RESOLUTE_MAILS", 40));
    const auto kills = static_cast<int>(number_from_environment("RESOLUTE_KILLS", 4));
    const auto seed = static_cast<std::uint64_t>(number_from_environment("RESOLUTE_SEED", to_unix_ms(SystemClock{}.now())));
    SCOPED_TRACE(fmt::format("RESOLUTE_MAILS={} RESOLUTE_KILLS={} RESOLUTE_SEED={}", count, kills, seed));
    ASSERT_TRUE(service.begin_faults(seed));
    std::mt19937_64 random(seed);
    std::optional<Process> server(company.serve());
    std::size_t fed = 0;
    for (int kill = 0; kill < kills; ++kill) {
        for (const std::size_t until = count * static_cast<std::size_t>(kill + 1) / static_cast<std::size_t>(kills); fed < until; ++fed)
            service.deliver(printer_mail(fmt::format("p{}", fed)));
        pause(Duration(static_cast<std::int64_t>(random() % 2500)));
        server->signal(SIGKILL);
        ASSERT_TRUE(server->wait(std::chrono::seconds(30)));
        server.emplace(company.serve());
    }
    std::size_t sent_by_journal = 0;
    std::size_t unclear = 0;
    const auto is_settled = [&] {
        // What was under way when the program died is unclear in the store, without an event; it is looked up in ten minutes.
        const json::Value standing = json::parse(company.run({"status", "--json"}).out).value_or(json::Value());  // Ends with 1 while the service is in trouble.
        if (!standing["queue"].is_object()) return false;
        for (const auto& [effect_state, how_many] : standing["queue"]["effects"].as_object())
            if (effect_state != "unclear" && how_many.as_int() > 0) return false;
        const json::Value listed = company.ask({"mail", "list"});
        if (listed.as_array().size() != count) return false;
        for (const json::Value& mail : listed.as_array())
            if (mail["outcome"].as_string() == "pending") return false;
        sent_by_journal = unclear = 0;
        const auto journals = company.journals();
        for (const auto& [id, journal] : journals) {
            for (const char* tool : {"mail.send_acknowledgment", "mail.send_resolution"})
                for (const auto& [effect, effect_state] : effects_of(journal, tool)) ++(effect_state == "sent" ? sent_by_journal : unclear);
            if (events_of(journal, "EffectSucceeded").empty()) return false;
        }
        return journals.size() == count;
    };
    EXPECT_TRUE(eventually(is_settled, kSettledWithin)) << server->err().substr(0, 3000);
    std::map<std::string, int> times;
    for (const json::Value& one : service.sent()) ++times[one["effect"].as_string()];
    for (const auto& [effect, sent_times] : times) EXPECT_EQ(sent_times, 1) << effect;
    EXPECT_GE(times.size(), sent_by_journal);
    EXPECT_LE(times.size(), sent_by_journal + unclear) << "nothing went out that the journals do not know";
    EXPECT_GT(sent_by_journal, count / 2);
    fmt::print("{{\"test\":\"{}\",\"mails\":{},\"kills\":{},\"seed\":{},\"sent\":{},\"unclear\":{},\"went_out\":{},\"twice\":0}}\n", service.name, count, kills, seed, sent_by_journal,
               unclear, times.size());
    EXPECT_EQ(server->stop().exit_code, 0);
}

}  // namespace resolute::e2e
