// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "connectors/imap/sent_folder.h"
#include "mail/limits.h"
#include "tests/mail_servers/imap_test_support.h"

namespace resolute {
namespace {

using namespace imap_test;  // NOLINT(google-build-using-namespace): its few helpers, in a test.
using connectors::SentFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr Duration kAMinute = std::chrono::minutes(1);

/// The names of the files of a Maildir: flags are behind ":2,".
std::vector<std::string> flags_in(const std::filesystem::path& maildir) {
    std::vector<std::string> flags;
    for (const char* folder : {"new", "cur"})
        for (const auto& entry : std::filesystem::directory_iterator(maildir / folder)) {
            const std::string name = entry.path().filename().string();
            const std::size_t mark = name.find(":2,");
            flags.push_back(mark == std::string::npos ? "" : name.substr(mark + 3));
        }
    return flags;
}

// --- Reading -----------------------------------------------------------------------------------------------------------------

TEST(ImapReading, FiveHundredMailsComeByteForByteAndNoneIsMarkedSeen) {
    const DovecotServer& server = shared_server();
    std::multiset<std::string> sent;
    for (int i = 0; i < 497; ++i) sent.insert(mail_text(i, static_cast<std::size_t>(i * 40)));
    std::string odd = mail_text(1000) + "8-bit: ";
    for (int byte = 1; byte < 256; ++byte)
        if (byte != '\n' && byte != '\r') odd += static_cast<char>(byte);
    odd += "\r\n{12}\r\n) r4 OK done\r\n* BYE\r\n";
    sent.insert(odd);
    sent.insert(mail_text(1001, 5u << 20));
    sent.insert("\r\n");
    for (const std::string& bytes : sent) deliver(server, "many", bytes);

    ImapSource source(options_for(server, "many"));
    const auto first = source.list(10);
    ASSERT_EQ(error_of(first), "");
    ASSERT_EQ(first->size(), 10U);
    EXPECT_EQ(first->front().account, "imap:many");
    EXPECT_EQ(first->front().folder, "INBOX");
    EXPECT_TRUE(first->front().uid.ends_with("/1")) << first->front().uid;
    EXPECT_TRUE(take_all(source) == sent);
    EXPECT_THAT(*source.list(10), IsEmpty());

    deliver(server, "many", mail_text(2000));
    EXPECT_THAT(take_all(source), ElementsAre(mail_text(2000)));
    for (const std::string& flags : flags_in(server.maildir("many"))) EXPECT_THAT(flags, Not(HasSubstr("S")));
    EXPECT_EQ(flags_in(server.maildir("many")).size(), 501U);
}

TEST(ImapReading, WhatIsNotDoneIsListedAgain) {
    deliver(shared_server(), "flags", mail_text(1));
    deliver(shared_server(), "flags", mail_text(2));
    ImapSource source(options_for(shared_server(), "flags"));
    const auto first = source.list(10);
    ASSERT_EQ(first->size(), 2U);
    ASSERT_TRUE(source.fetch(first->at(0)));
    EXPECT_EQ(*source.list(10), *first);
    ASSERT_TRUE(source.done(first->at(0)));
    EXPECT_THAT(*source.list(10), ElementsAre(first->at(1)));
    EXPECT_THAT(*ImapSource(options_for(shared_server(), "flags")).list(10), ElementsAre(first->at(0), first->at(1)));
    const auto mail = source.fetch(first->at(1));
    ASSERT_EQ(error_of(mail), "");
    // Dovecot's INTERNALDATE is when the file was made.
    EXPECT_LT(std::chrono::abs(mail->received_at - SystemClock().now()), std::chrono::minutes(10));

    // The test above can see a flag where there is one.
    auto client = client_for(shared_server(), "flags");
    ASSERT_EQ(error_of(client), "");
    ASSERT_EQ(error_of((*client)->select("INBOX", soon())), "");
    const transport::ImapUid uid = 1;
    ASSERT_EQ(error_of((*client)->store({&uid, 1}, ImapClient::FlagChange::add, {"\\Seen"}, soon())), "");
    EXPECT_THAT(flags_in(shared_server().maildir("flags")), UnorderedElementsAre("S", ""));
}

TEST(ImapReading, OfAMailThatIsTooLargeTheBeginningCanBeHad) {
    const std::string large = mail_text(1, mail::limits::raw_bytes_max + 1);
    deliver(shared_server(), "head", large);
    deliver(shared_server(), "head", mail_text(2));
    ImapSource source(options_for(shared_server(), "head"));
    const auto positions = source.list(10);
    ASSERT_EQ(positions->size(), 2U);
    EXPECT_EQ(source.fetch(positions->at(0)).error().code, "mail.too_large");
    const auto head = source.fetch_head(positions->at(0), 256u << 10);
    ASSERT_EQ(error_of(head), "");
    EXPECT_TRUE(head->bytes == large.substr(0, 256u << 10));
    EXPECT_EQ(source.fetch(positions->at(1))->bytes, mail_text(2));
}

TEST(ImapReading, AMailAtTheLimitIsFetched) {
    std::string largest = mail_text(1, mail::limits::raw_bytes_max - 200);
    largest.append(mail::limits::raw_bytes_max - largest.size() - 2, 'x');
    largest += "\r\n";
    ASSERT_EQ(largest.size(), mail::limits::raw_bytes_max);
    deliver(shared_server(), "token", largest);
    ImapSource source(options_for(shared_server(), "token"));
    const auto mail = source.fetch(source.list(1)->front());
    ASSERT_EQ(error_of(mail), "");
    EXPECT_TRUE(mail->bytes == largest);
}

TEST(ImapReading, AMailThatSomebodyDeletedHasVanishedAndTheOthersComeAsBefore) {
    const DovecotServer& server = shared_server();
    for (int i = 0; i < 3; ++i) deliver(server, "gone", mail_text(i));
    ImapSource source(options_for(server, "gone"));
    const auto positions = source.list(10);
    ASSERT_EQ(positions->size(), 3U);
    auto other = client_for(server, "gone");
    ASSERT_EQ(error_of((*other)->select("INBOX", soon())), "");
    const transport::ImapUid second = 2;
    ASSERT_EQ(error_of(server.make_folder("gone", "Elsewhere")), "");
    ASSERT_EQ(error_of((*other)->move({&second, 1}, "Elsewhere", soon())), "");
    EXPECT_EQ(source.fetch(positions->at(0))->bytes, mail_text(0));
    EXPECT_EQ(source.fetch(positions->at(1)).error().code, "mail.vanished");
    EXPECT_EQ(source.fetch(positions->at(2))->bytes, mail_text(2));
    EXPECT_THAT(*source.list(10), ElementsAre(positions->at(0), positions->at(2)));
    EXPECT_EQ(source.fetch({.account = "imap:gone", .folder = "INBOX", .uid = "no position"}).error().code, "mail.vanished");
    auto elsewhere = (*other)->examine("Elsewhere", soon());
    ASSERT_EQ(error_of(elsewhere), "");
    EXPECT_EQ(elsewhere->exists, 1U);
}

// --- Folders -----------------------------------------------------------------------------------------------------------------

TEST(ImapFolders, AFolderThatIsMissingIsNamedWithThoseThatAreThere) {
    const DovecotServer& server = shared_server();
    ASSERT_EQ(error_of(server.make_folder("folders", "Anfragen")), "");
    ASSERT_EQ(error_of(server.make_folder("folders", "Entwürfe & Co 📬")), "");
    auto options = options_for(server, "folders");
    options.folder = "Support";
    const auto listed = ImapSource(options).list(1);
    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().code, "imap.folder_missing");
    EXPECT_THAT(listed.error().detail, HasSubstr("no folder \"Support\"; it has \"Anfragen\", \"Entwürfe & Co 📬\", \"INBOX\""));
    options.folder = "Entwürfe & Co 📬";
    EXPECT_EQ(error_of(ImapSource(options).list(1)), "");
}

TEST(ImapFolders, WhatWasSentIsFoundByItsKeyOrItsMessageId) {
    const DovecotServer& server = shared_server();
    SentFolder sent({.server = address(server), .login = options_for(server, "sent").login, .folder = "Sent"});
    const ports::FrozenMail mail{.key = EffectId("abcdefghijklmnopqrstuvwxyz"),
                                 .from = {},
                                 .to = {},
                                 .message_id = "one@example.org",
                                 .bytes = "Date: Mon, 05 Jan 2026 10:00:00 +0000\r\n\r\nx\r\n"};
    EXPECT_EQ(sent.find(mail, soon()).error().code, "imap.folder_missing");
    ASSERT_EQ(error_of(server.make_folder("sent", "Sent")), "");
    EXPECT_EQ(sent.find(mail, soon()), ports::Delivery::unknown) << "no mail of ours is there: perhaps none ever comes there";
    deliver(server, "sent", "Message-ID: <someone@example.org>\r\nX-Resolute-Effect: zzzzzzzzzzzzzzzzzzzzzzzzzz\r\n\r\nx\r\n",
            "Sent");
    deliver(server, "sent", "Subject: of X-Resolute-Effect: abcdefghijklmnopqrstuvwxyz\r\n\r\none@example.org\r\n", "Sent");
    EXPECT_EQ(sent.find(mail, soon()), ports::Delivery::absent);
    ports::FrozenMail younger = mail;
    younger.bytes = "Date: Tue, 05 Jan 2038 10:00:00 +0000\r\n\r\nx\r\n";
    EXPECT_EQ(sent.find(younger, soon()), ports::Delivery::unknown) << "none of ours came since it was written";
    deliver(server, "sent", "X-Resolute-Effect: abcdefghijklmnopqrstuvwxyz\r\n\r\nx\r\n", "Sent");
    EXPECT_EQ(sent.find(mail, soon()), ports::Delivery::sent);
    ports::FrozenMail by_id = mail;
    by_id.key = EffectId("yyyyyyyyyyyyyyyyyyyyyyyyyy");
    EXPECT_EQ(sent.find(by_id, soon()), ports::Delivery::absent);
    deliver(server, "sent", "Message-ID: <one@example.org>\r\n\r\nx\r\n", "Sent");
    EXPECT_EQ(sent.find(by_id, soon()), ports::Delivery::sent);
    by_id.message_id = "ne@example.org";
    EXPECT_EQ(sent.find(by_id, soon()), ports::Delivery::absent);
    by_id.message_id.clear();
    EXPECT_EQ(sent.find(by_id, soon()).error().code, "imap.argument");
    EXPECT_EQ(sent.find(mail, Deadline::in(Duration::zero())).error().code, "mail.timed_out");
}

// --- Waiting -----------------------------------------------------------------------------------------------------------------

TEST(ImapWaiting, AMailWakesTheSourceAtOnce) {
    const DovecotServer& server = shared_server();
    ImapSource source(options_for(server, "idle"));
    ASSERT_THAT(*source.list(10), IsEmpty());
    const Interrupt stop;
    const double begun = monotonic_seconds();
    source.wait(std::chrono::milliseconds(200), stop);
    EXPECT_GE(monotonic_seconds() - begun, 0.19);
    for (int i = 0; i < 2; ++i) {
        double delivered = 0;
        std::jthread postman([&] {
            // The source is to wait already.
            static_cast<void>(stop.wait(std::chrono::milliseconds(300)));
            delivered = monotonic_seconds();
            deliver(server, "idle", mail_text(i));
        });
        source.wait(kAMinute, stop);
        postman.join();
        EXPECT_LT(monotonic_seconds() - delivered, 2.0);
        EXPECT_THAT(take_all(source), ElementsAre(mail_text(i)));
    }
}

TEST(ImapWaiting, TheEndOfTheProgramEndsTheWait) {
    ImapSource source(options_for(shared_server(), "stop"));
    ASSERT_EQ(error_of(source.list(10)), "");
    const Interrupt never;
    const Interrupt stop;
    std::jthread ender([&] {
        static_cast<void>(never.wait(std::chrono::milliseconds(100)));
        stop.raise();
    });
    const double begun = monotonic_seconds();
    source.wait(std::chrono::hours(1), stop);
    EXPECT_LT(monotonic_seconds() - begun, 2.0);
    EXPECT_TRUE(stop.wait(Duration::zero()));
    ImapSource unconnected(options_for(shared_server(), "stop"));
    unconnected.wait(std::chrono::hours(1), stop);
}

// --- Servers that go away ----------------------------------------------------------------------------------------------------

TEST(ImapOutage, AServerKilledWhileMailsAreFetchedLosesNoneAndBringsNoneTwice) {
    auto server = DovecotServer::start();
    ASSERT_EQ(error_of(server), "");
    std::multiset<std::string> sent;
    for (int i = 0; i < 60; ++i) sent.insert(mail_text(i, 1000));
    for (const std::string& bytes : sent) deliver(*server, "support", bytes);
    ImapSource source(options_for(*server, "support"));
    const auto positions = source.list(100);
    ASSERT_EQ(positions->size(), 60U);
    std::multiset<std::string> taken;
    int failed = 0;
    for (std::size_t i = 0; i < positions->size(); ++i) {
        const Status changed = i == 20 ? server->kill_9() : i == 40 ? server->restart() : Status{};
        ASSERT_EQ(error_of(changed), "");
        auto mail = source.fetch(positions->at(i));
        if (!mail) {
            EXPECT_EQ(mail.error().code, "mail.unreachable");
            ++failed;
            continue;
        }
        taken.insert(mail->bytes);
        ASSERT_TRUE(source.done(positions->at(i)));
    }
    EXPECT_GT(failed, 0);
    EXPECT_LT(failed, 20) << "what was fetched ahead is there without the server";
    const auto left = source.list(100);
    ASSERT_EQ(error_of(left), "");
    EXPECT_EQ(left->size(), static_cast<std::size_t>(failed));
    EXPECT_EQ(left->front().uid, positions->at(20 + (20 - static_cast<std::size_t>(failed))).uid);
    taken.merge(take_all(source));
    EXPECT_TRUE(taken == sent);
}

TEST(ImapOutage, AServerThatWasStartedAgainMeanwhileIsNoError) {
    auto server = DovecotServer::start();
    ASSERT_EQ(error_of(server), "");
    deliver(*server, "support", mail_text(1));
    ImapSource source(options_for(*server, "support"));
    EXPECT_THAT(take_all(source), ElementsAre(mail_text(1)));
    ASSERT_EQ(error_of(server->restart()), "");
    deliver(*server, "support", mail_text(2));
    EXPECT_THAT(take_all(source), ElementsAre(mail_text(2)));
    // A wait on a connection that is no more returns soon, so that the next list tells.
    ASSERT_EQ(error_of(server->kill_9()), "");
    const Interrupt stop;
    source.wait(std::chrono::hours(1), stop);
    EXPECT_EQ(source.list(10).error().code, "mail.unreachable");
}

TEST(ImapOutage, AFolderMadeAnewIsListedAnew) {
    auto server = DovecotServer::start();
    ASSERT_EQ(error_of(server), "");
    deliver(*server, "support", mail_text(1));
    deliver(*server, "support", mail_text(2));
    ImapSource source(options_for(*server, "support"));
    const auto before = source.list(10);
    ASSERT_EQ(before->size(), 2U);
    ASSERT_TRUE(source.done(before->at(0)));
    ASSERT_EQ(error_of(server->set_uid_validity("support", "INBOX", 77)), "");
    ASSERT_EQ(error_of(server->restart()), "");
    const auto after = source.list(10);
    ASSERT_EQ(error_of(after), "");
    ASSERT_EQ(after->size(), 2U);
    EXPECT_EQ(after->at(0).uid, "77/1");
    EXPECT_EQ(after->at(1).uid, "77/2");
    EXPECT_EQ(source.fetch(before->at(1)).error().code, "mail.vanished");
    EXPECT_TRUE(source.done(before->at(1)));
    EXPECT_EQ(source.list(10)->size(), 2U);
    EXPECT_EQ(source.fetch(after->at(1))->bytes, mail_text(2));
}

}  // namespace
}  // namespace resolute
