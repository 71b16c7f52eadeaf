// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <optional>
#include <random>
#include <thread>

#include "base/clock.h"
#include "mail/parsed_email.h"
#include "tests/e2e/mailbox_company.h"

/// The whole program between real mail servers: a Dovecot that it reads, an Exim that it hands its mails to.
namespace resolute::e2e {
namespace {

TEST_F(Mailbox, AMailComesByImapItsAnswersGoBySmtpInItsThreadAndTheReplyComesToTheSameCase) {
    configure();
    const Ended doctor = company_.run({"doctor"});
    EXPECT_EQ(doctor.exit_code, 0) << describe(doctor);
    EXPECT_EQ(company_.run({"run", "--until-idle", "--clock", "virtual"}).exit_code, 2) << "nobody gets the mails of virtual weeks";
    Process server = company_.serve();
    deliver(printer_mail("first"));
    const auto arrived = smtp_->wait_for_delivered(2, kWithin);
    ASSERT_EQ(arrived.size(), 2U) << server.err();
    std::string answered;
    for (const testkit::DeliveredMail& one : arrived) {
        EXPECT_EQ(one.to, "first@first.example");
        const mail::ParsedEmail email = mail::parse(one.bytes);
        const std::string question = mail::parse(to_bytes(printer_mail("first"))).message_id;
        EXPECT_TRUE(email.in_reply_to == question || std::ranges::find(email.references, question) != email.references.end()) << one.bytes;
        answered = email.message_id;
    }
    expect_reply_joins(company_, [this](const MailIn& mail) { deliver(mail); }, answered, server);
    EXPECT_EQ(server.stop().exit_code, 0);
    company_.expect_sound();
    // A second start takes nothing in again.
    const json::Value again = company_.ask({"run", "--until-idle"});
    EXPECT_EQ(mails().as_array().size(), 2U) << json::dump(again);
}

TEST_F(Mailbox, AnAccessTokenIsFetchedAndOpensTheMailbox) {
    httplib::Server tokens;
    std::atomic<int> given{0};
    std::atomic<int> refused{0};
    // Each refresh token is good for once.
    tokens.Post("/token", [&](const httplib::Request& request, httplib::Response& response) {
        const bool is_right = request.get_param_value("refresh_token") == fmt::format("consent-{}", given.load()) &&
                              request.get_param_value("client_secret") == "client-secret";
        response.status = is_right ? 200 : 400;
        ++(is_right ? given : refused);
        const std::string token = imap_.token("support", SystemClock{}.now() + std::chrono::hours(1));
        response.set_content(is_right ? fmt::format(R"({{"access_token":"{}","expires_in":3600,"refresh_token":"consent-{}"}})", token, given.load())
                                      : R"({"error":"invalid_grant"})",
                             "application/json");
    });
    const int port = tokens.bind_to_any_port("127.0.0.1");
    std::jthread thread([&] { tokens.listen_after_bind(); });
    while (!tokens.is_running()) std::this_thread::yield();  // Stopped before, it would listen for ever.
    write_file(company_.path("client-secret"), "client-secret\n");
    write_file(company_.path("refresh-token"), "consent-0\n");
    ASSERT_TRUE(imap_.make_folder("support", "Orders"));
    configure(fmt::format("oauth: {{ token_url: \"http://127.0.0.1:{}/token\", client_id: resolute, client_secret_file: ./client-secret, "
                          "refresh_token_file: ./refresh-token }}, folders: [INBOX, Orders]",
                          port));
    {
        Process server = company_.serve();
        deliver(printer_mail("first"));
        EXPECT_TRUE(imap_.deliver("support", with_crlf(to_bytes(printer_mail("second"))), "Orders"));
        EXPECT_EQ(smtp_->wait_for_delivered(4, kWithin).size(), 4U) << server.err();
        EXPECT_EQ(given, 1) << "both folders sign in with one token";
        EXPECT_EQ(refused, 0);
        EXPECT_EQ(read_file(company_.path("refresh-token")), "consent-1\n");
        EXPECT_EQ(server.stop().exit_code, 0);
        EXPECT_EQ(server.err().find("consent-"), std::string::npos);
        EXPECT_EQ(server.err().find("client-secret"), std::string::npos);
    }
    tokens.stop();
}

TEST_F(Mailbox, AServerThatNeverSpeaksDelaysNeitherTheOtherMailboxNorTheStop) {
    const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(silent, reinterpret_cast<const sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(silent, 16), 0);  // The system connects whoever comes, and nobody greets him.
    ASSERT_EQ(::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size), 0);
    configure();
    const std::string config = read_file(company_.path("resolute.yaml"));
    const std::string one = "imap: { server";
    const std::size_t at = config.find(one);
    const std::size_t end = config.find(" }", at) + 2;
    ASSERT_NE(at, std::string::npos);
    write_file(company_.path("resolute.yaml"),
               config.substr(0, at) + fmt::format("imap: [{{ server: \"imap://127.0.0.1:{}\", user: silent, password_file: ./imap-password }}, ", ntohs(address.sin_port)) +
                   config.substr(at + 6, end - at - 6) + "]" + config.substr(end));
    Process server = company_.serve();
    deliver(printer_mail("first"));
    EXPECT_EQ(smtp_->wait_for_delivered(2, kWithin).size(), 2U) << server.err();
    const double asked = monotonic_seconds();
    EXPECT_EQ(server.stop().exit_code, 0);
    EXPECT_LT(monotonic_seconds() - asked, 15) << "a connection is given half a minute to come about";
    ::close(silent);
}

TEST_F(Mailbox, ThroughDeathsOfBothServersEachMailHasItsOutcomeAndNoneGoesOutTwice) {
    const auto count = static_cast<std::size_t>(number_from_environment("RESOLUTE_MAILS", 60));
    const auto kills = static_cast<int>(number_from_environment("RESOLUTE_SERVER_KILLS", 6));
    const auto seed = static_cast<std::uint64_t>(number_from_environment("RESOLUTE_SEED", to_unix_ms(SystemClock{}.now())));
    SCOPED_TRACE(fmt::format("RESOLUTE_MAILS={} RESOLUTE_SERVER_KILLS={} RESOLUTE_SEED={}", count, kills, seed));
    // What Exim accepted it would itself deliver twice if it were killed at the wrong moment: it only queues here, until the end.
    smtp_.emplace(must_start(testkit::EximServer::start({.users = {{"agent", "smtp-secret"}}, .only_queues = true})));
    configure();
    std::mt19937_64 random(seed);
    Process server = company_.serve();
    std::size_t fed = 0;
    for (int kill = 0; kill < kills; ++kill) {
        for (const std::size_t until = count * static_cast<std::size_t>(kill + 1) / static_cast<std::size_t>(kills); fed < until; ++fed)
            deliver(printer_mail(fmt::format("p{}", fed)));
        pause(Duration(static_cast<std::int64_t>(random() % 700)));
        const bool strikes_imap = random() % 2 == 0;
        ASSERT_TRUE(strikes_imap ? imap_.kill_9() : smtp_->kill_9());
        pause(Duration(static_cast<std::int64_t>(random() % 500)));
        ASSERT_TRUE(strikes_imap ? imap_.restart() : smtp_->restart());
    }
    const auto is_settled = [&] {
        const json::Value listed = mails();
        if (listed.as_array().size() != count) return false;
        for (const json::Value& mail : listed.as_array())
            if (mail["outcome"].as_string() == "pending") return false;
        for (const auto& [id, journal] : company_.journals()) {
            for (const char* tool : {"mail.send_acknowledgment", "mail.send_resolution"})
                for (const auto& [effect, state] : effects_of(journal, tool))
                    if (state == "planned" || state == "failed") return false;
            if (events_of(journal, "EffectSucceeded").empty()) return false;
        }
        return company_.journals().size() == count;
    };
    EXPECT_TRUE(eventually(is_settled, 4 * kWithin + std::chrono::milliseconds(count * 100))) << server.err().substr(0, 3000);
    std::size_t sent = 0;
    std::size_t unclear = 0;
    for (const auto& [id, journal] : company_.journals()) {
        EXPECT_EQ(events_of(journal, "CaseOpened").size(), 1U) << id;
        for (const char* tool : {"mail.send_acknowledgment", "mail.send_resolution"}) {
            for (const auto& [effect, state] : effects_of(journal, tool)) {
                if (state == "sent") ++sent;
                if (state == "unclear") ++unclear;
            }
        }
    }
    const auto all_arrived = [&] {
        ignore_error(smtp_->deliver_queue(), "one run may not get through a long queue");
        return smtp_->delivered().size() >= sent;
    };
    EXPECT_TRUE(eventually(all_arrived, kWithin + std::chrono::milliseconds(count * 200)));
    std::map<std::string, int> arrived;
    for (const testkit::DeliveredMail& one : smtp_->delivered()) ++arrived[mail::parse(one.bytes).message_id];
    for (const auto& [message_id, times] : arrived) EXPECT_EQ(times, 1) << message_id;
    EXPECT_GE(arrived.size(), sent);
    EXPECT_LE(arrived.size(), sent + unclear) << "nothing arrived that the journals do not know";
    EXPECT_GT(sent, count);
    fmt::print("{{\"test\":\"mailbox\",\"mails\":{},\"kills\":{},\"seed\":{},\"sent\":{},\"unclear\":{},\"arrived\":{},\"twice\":0}}\n", count, kills, seed, sent,
               unclear, arrived.size());
    EXPECT_EQ(server.stop().exit_code, 0);
}

}  // namespace
}  // namespace resolute::e2e
