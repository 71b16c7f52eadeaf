// SPDX-License-Identifier: Apache-2.0
// What the program does to mails in a mailbox once their outcome is known: only what it is told to, and to nobody else's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "tests/mail_servers/imap_test_support.h"

namespace resolute {
namespace {

using namespace imap_test;  // NOLINT(google-build-using-namespace): its few helpers, in a test.
using connectors::ImapPutAway;
using ports::PutAway;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using Positions = std::vector<mail::SourcePosition>;

class ImapPuttingAway : public testing::Test {
protected:
    void start(std::map<std::string, std::string> settings = {}) {
        auto started = DovecotServer::start({.settings = std::move(settings)});
        ASSERT_EQ(error_of(started), "");
        server_.emplace(*std::move(started));
    }
    DovecotServer& server() { return *server_; }
    ImapSource source(ImapPutAway done, ImapPutAway quarantined = {}) {
        auto options = options_for(server(), "support");
        options.done = std::move(done);
        options.quarantined = std::move(quarantined);
        return ImapSource(std::move(options));
    }
    void deliver_mails(int count) {
        for (int i = 1; i <= count; ++i) deliver(server(), "support", mail_text(i));
    }
    /// What a person sees there: "3" for mail_text(3).
    std::multiset<std::string> in_folder(const std::string& folder) {
        auto options = options_for(server(), "support");
        options.folder = folder;
        ImapSource reader(std::move(options));
        std::multiset<std::string> found;
        for (const std::string& bytes : take_all(reader)) {
            const std::size_t number = bytes.find("Subject: mail ") + 14;
            found.insert(bytes.substr(number, bytes.find('\r', number) - number));
        }
        return found;
    }

private:
    std::optional<DovecotServer> server_;
};

TEST_F(ImapPuttingAway, MailsAreFlaggedAndMovedAndTheFolderIsMadeWhereItIsMissing) {
    start();
    deliver_mails(4);
    ImapSource mailbox = source({.flag = "$Resolute", .folder = "Resolute.Done"}, {.flag = "", .folder = "Resolute.Set aside é"});
    EXPECT_TRUE(mailbox.puts_away(PutAway::done));
    const Positions all = *mailbox.list(10);
    ASSERT_EQ(all.size(), 4U);
    for (const auto& position : all) {
        ASSERT_TRUE(mailbox.fetch(position));
        ASSERT_TRUE(mailbox.done(position));
    }
    EXPECT_EQ(error_of(mailbox.put_away({all[0], all[2]}, PutAway::done)), "");
    EXPECT_EQ(error_of(mailbox.put_away({all[1]}, PutAway::quarantined)), "");
    EXPECT_THAT(in_folder("INBOX"), UnorderedElementsAre("4"));
    EXPECT_THAT(in_folder("Resolute.Done"), UnorderedElementsAre("1", "3"));
    EXPECT_THAT(in_folder("Resolute.Set aside é"), UnorderedElementsAre("2"));
    // The same again, as after a crash, and for one that is gone for good.
    const mail::SourcePosition gone{.account = all[0].account, .folder = "INBOX", .uid = "99/1"};
    EXPECT_EQ(error_of(mailbox.put_away({all[0], all[2], gone}, PutAway::done)), "");
    EXPECT_THAT(in_folder("Resolute.Done"), UnorderedElementsAre("1", "3"));
    EXPECT_THAT(in_folder("INBOX"), UnorderedElementsAre("4"));
    // And the mailbox is read on.
    deliver(server(), "support", mail_text(5));
    EXPECT_THAT(take_all(mailbox), ElementsAre(mail_text(5)));
}

TEST_F(ImapPuttingAway, AFlagAloneLeavesTheMailWhereItIs) {
    start();
    deliver_mails(3);
    ImapSource mailbox = source({.flag = "\\Seen", .folder = ""});
    const Positions all = *mailbox.list(10);
    EXPECT_EQ(error_of(mailbox.put_away({all[0], all[1]}, PutAway::done)), "");
    EXPECT_EQ(error_of(mailbox.put_away({all[2]}, PutAway::quarantined)), "") << "nothing is configured for these";
    std::size_t seen = 0;
    for (const char* folder : {"new", "cur"})
        for (const auto& entry : std::filesystem::directory_iterator(server().maildir("support") / folder))
            if (entry.path().filename().string().find(":2,S") != std::string::npos) ++seen;
    EXPECT_EQ(seen, 2U);
    EXPECT_EQ(in_folder("INBOX").size(), 3U);
}

TEST_F(ImapPuttingAway, WhatComesWhileMailsAreMovedIsListed) {
    start();
    deliver_mails(40);
    ImapSource mailbox = source({.flag = "", .folder = "Done"});
    ASSERT_EQ(take_all(mailbox).size(), 40U);
    const Positions all = *source({}).list(100);
    std::jthread sender([&] {
        for (int i = 100; i < 120; ++i) deliver(server(), "support", mail_text(i));
    });
    for (const auto& position : all) ASSERT_EQ(error_of(mailbox.put_away({position}, PutAway::done)), "");
    sender.join();
    EXPECT_EQ(take_all(mailbox).size(), 20U);
    EXPECT_EQ(in_folder("Done").size(), 40U);
}

TEST_F(ImapPuttingAway, WithoutMoveTheMailIsCopiedAndOnlyItIsExpunged) {
    start({{"imap_capability", "IMAP4rev1 SASL-IR LITERAL+ IDLE UIDPLUS"}});
    deliver_mails(3);
    // Somebody has marked another mail as deleted, and not made up his mind yet.
    auto person = client_for(server(), "support");
    ASSERT_EQ(error_of((*person)->select("INBOX", soon())), "");
    const transport::ImapUid second = 2;
    ASSERT_EQ(error_of((*person)->store({&second, 1}, ImapClient::FlagChange::add, {"\\Deleted"}, soon())), "");
    ImapSource mailbox = source({.flag = "", .folder = "Done"});
    const Positions all = *mailbox.list(10);
    EXPECT_EQ(error_of(mailbox.put_away({all[0]}, PutAway::done)), "");
    EXPECT_THAT(in_folder("Done"), UnorderedElementsAre("1"));
    EXPECT_THAT(in_folder("INBOX"), UnorderedElementsAre("2", "3"));
}

TEST_F(ImapPuttingAway, WhereNothingCanBeMovedAloneNothingIsMoved) {
    start({{"imap_capability", "IMAP4rev1 SASL-IR LITERAL+ IDLE"}});
    deliver_mails(2);
    ImapSource mailbox = source({.flag = "$Resolute", .folder = "Done"});
    const Positions all = *mailbox.list(10);
    const Status moved = mailbox.put_away({all[0]}, PutAway::done);
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code, "imap.cannot_move");
    EXPECT_THAT(in_folder("INBOX"), UnorderedElementsAre("1", "2"));
    EXPECT_EQ(take_all(mailbox).size(), 2U) << "the mailbox is read all the same";
}

TEST_F(ImapPuttingAway, AServerThatDiesInBetweenLeavesNothingUndone) {
    start();
    deliver_mails(30);
    ImapSource mailbox = source({.flag = "$Resolute", .folder = "Done"});
    const Positions all = *mailbox.list(100);
    int failed = 0;
    for (std::size_t i = 0; i < all.size(); i += 3) {
        const Positions part{all[i], all[i + 1], all[i + 2]};
        if (i == 9) {
            ASSERT_EQ(error_of(server().kill_9()), "");
        }
        Status done = mailbox.put_away(part, PutAway::done);
        if (done) continue;
        ++failed;
        ASSERT_EQ(error_of(server().restart()), "");
        ASSERT_EQ(error_of(mailbox.put_away(part, PutAway::done)), "");
    }
    EXPECT_EQ(failed, 1);
    EXPECT_THAT(in_folder("INBOX"), IsEmpty());
    EXPECT_EQ(in_folder("Done").size(), 30U);
}

TEST_F(ImapPuttingAway, AFolderMadeAnewHasNothingToPutAway) {
    start();
    deliver_mails(2);
    const Positions before = *source({}).list(10);
    ASSERT_EQ(error_of(server().set_uid_validity("support", "INBOX", 77)), "");
    ASSERT_EQ(error_of(server().restart()), "");
    ImapSource mailbox = source({.flag = "", .folder = "Done"});
    EXPECT_EQ(error_of(mailbox.put_away(before, PutAway::done)), "");
    EXPECT_EQ(in_folder("INBOX").size(), 2U) << "UIDs of before name nothing here";
}

TEST_F(ImapPuttingAway, WhatCameBeforeTheDayIsNotListedAndIsCounted) {
    start();
    deliver_mails(3);
    const auto today = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(SystemClock().now()));
    auto options = options_for(server(), "support");
    options.since = std::chrono::year_month_day(std::chrono::sys_days(today) + std::chrono::days(2));
    ImapSource later(options);
    EXPECT_EQ(error_of(later.list(10)), "");
    EXPECT_THAT(*later.list(10), IsEmpty());
    EXPECT_EQ(*later.count_left_out(), 3U);
    options.since = std::chrono::year_month_day(std::chrono::sys_days(today) - std::chrono::days(2));
    ImapSource earlier(options);
    EXPECT_EQ(earlier.list(10)->size(), 3U);
    EXPECT_EQ(*earlier.count_left_out(), 0U);
    EXPECT_EQ(*source({}).count_left_out(), 0U);
}

}  // namespace
}  // namespace resolute
