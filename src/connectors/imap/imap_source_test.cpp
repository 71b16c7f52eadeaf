// SPDX-License-Identifier: Apache-2.0
#include "connectors/imap/imap_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include <fmt/format.h>

#include "base/clock.h"
#include "mail/limits.h"
#include "transport/test_imap_peer.h"

namespace resolute::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using transport::ImapUid;
using transport::UidSet;
using transport::test::ImapPeer;
using transport::test::Wire;

constexpr std::size_t kMegabyte = 1u << 20;

/// A folder on a server with habits.
struct Folder {
    std::map<ImapUid, std::string> mails;
    std::string capabilities;
    std::string uid_validity = "7";
    std::map<ImapUid, std::size_t> told_sizes;  ///< where they are not the true ones
    std::set<ImapUid> deadly;                   ///< the connection breaks over them
    std::set<ImapUid> refused;                  ///< NO
    std::set<ImapUid> bodiless;                 ///< no error, and no body
    bool ends_at_idle = false;

    std::string reply_to(const std::string& command) const {
        if (command.starts_with("EXAMINE"))
            return fmt::format("* {} EXISTS\r\n* OK [UIDVALIDITY {}] valid\r\n{{}} OK open\r\n", mails.size(), uid_validity);
        if (command.starts_with("UID SEARCH UID ")) return search(static_cast<ImapUid>(std::stoul(command.substr(15))));
        if (command.starts_with("UID FETCH ")) return fetch(command.substr(10));
        return ends_at_idle && command == "IDLE" ? "" : "{} OK\r\n";
    }

private:
    std::string search(ImapUid first) const {
        std::string reply = "* SEARCH";
        for (const auto& [uid, bytes] : mails)
            if (uid >= first || uid == mails.rbegin()->first) reply += fmt::format(" {}", uid);
        return reply + "\r\n{} OK\r\n";
    }
    std::string fetch(const std::string& arguments) const {
        const auto asked = UidSet::parse(arguments.substr(0, arguments.find(' ')), 10'000);
        const std::size_t partial = arguments.find("<0.");
        const bool wants_body = arguments.contains("BODY.PEEK[]");
        std::string reply;
        for (const ImapUid uid : asked->list(1, 10'000)) {
            const auto mail = mails.find(uid);
            if (wants_body && deadly.contains(uid)) return "";
            if (wants_body && refused.contains(uid)) return "{} NO it cannot be read\r\n";
            if (mail == mails.end() || (wants_body && bodiless.contains(uid))) continue;
            const std::string body =
                partial == std::string::npos ? mail->second : mail->second.substr(0, std::stoul(arguments.substr(partial + 3)));
            const auto told = told_sizes.find(uid);
            reply += wants_body ? fmt::format("* 1 FETCH (UID {} BODY[]{} {{{}}}\r\n{})\r\n", uid,
                                              partial == std::string::npos ? "" : "<0>", body.size(), body)
                                : fmt::format("* 1 FETCH (UID {} RFC822.SIZE {})\r\n", uid,
                                              told == told_sizes.end() ? mail->second.size() : told->second);
        }
        return reply + "{} OK\r\n";
    }
};

class ImapSourceTest : public testing::Test {
protected:
    /// The folder may change between connections only.
    ImapSource& source(int connections = 1) {
        const ImapPeer::Talk talk = [this](Wire& wire) {
            wire.greet(folder_.capabilities);
            wire.serve([&](const std::string& command) { return folder_.reply_to(command); });
        };
        peer_.emplace(std::vector<ImapPeer::Talk>(static_cast<std::size_t>(connections), talk));
        source_.emplace(ImapSource::Options{.account = "imap:a",
                                            .server = peer_->server(),
                                            .login = []() -> Result<transport::MailLogin> { return transport::MailLogin{}; },
                                            .folder = "INBOX"});
        return *source_;
    }
    void TearDown() override {
        source_.reset();  // Else the peer would wait for it.
        peer_.reset();
    }
    std::vector<std::string> commands(std::string_view beginning) const {
        std::vector<std::string> found;
        for (const std::string& line : peer_->lines())
            if (const std::string command = line.substr(line.find(' ') + 1); command.starts_with(beginning))
                found.push_back(command);
        return found;
    }
    static mail::SourcePosition at(ImapUid uid) {
        return {.account = "imap:a", .folder = "INBOX", .uid = fmt::format("7/{}", uid)};
    }
    static std::string bytes_or_code(const Result<mail::RawMail>& mail) { return mail ? mail->bytes : mail.error().code; }

    Folder folder_;
    std::optional<ImapPeer> peer_;
    std::optional<ImapSource> source_;
};

TEST_F(ImapSourceTest, FortySmallMailsTakeFourRoundTrips) {
    for (ImapUid uid = 1; uid <= 40; ++uid) folder_.mails[uid] = fmt::format("mail {}", uid);
    ImapSource& tested = source();
    const auto positions = tested.list(1000);
    ASSERT_TRUE(positions) << describe(positions.error());
    ASSERT_EQ(positions->size(), 40U);
    for (ImapUid uid = 1; uid <= 40; ++uid)
        EXPECT_EQ(bytes_or_code(tested.fetch(positions->at(uid - 1))), fmt::format("mail {}", uid));
    EXPECT_THAT(commands("UID FETCH"),
                ElementsAre("UID FETCH 1:40 (UID INTERNALDATE RFC822.SIZE)", "UID FETCH 1:16 (UID INTERNALDATE BODY.PEEK[])",
                            "UID FETCH 17:32 (UID INTERNALDATE BODY.PEEK[])", "UID FETCH 33:40 (UID INTERNALDATE BODY.PEEK[])"));
    // What is asked for once more is fetched once more.
    EXPECT_EQ(bytes_or_code(tested.fetch(positions->at(0))), "mail 1");
}

TEST_F(ImapSourceTest, AheadComeFourMegabytesAtMostAndNothingThatIsDone) {
    folder_.mails = {{1, "a"}, {2, std::string(3 * kMegabyte, 'b')}, {3, std::string(3 * kMegabyte, 'c')}, {4, "d"},
                     {5, "e"}, {6, std::string(5 * kMegabyte, 'f')}};
    ImapSource& tested = source();
    ASSERT_TRUE(tested.list(10));
    ASSERT_TRUE(tested.done(at(4)));
    for (const ImapUid uid : {1u, 2u, 3u, 5u, 6u}) EXPECT_TRUE(bytes_or_code(tested.fetch(at(uid))) == folder_.mails[uid]) << uid;
    EXPECT_THAT(
        commands("UID FETCH"),
        ElementsAre("UID FETCH 1:3,5:6 (UID INTERNALDATE RFC822.SIZE)", "UID FETCH 1:2,5 (UID INTERNALDATE BODY.PEEK[])",
                    "UID FETCH 3,5 (UID INTERNALDATE BODY.PEEK[])", HasSubstr("UID FETCH 6 (UID INTERNALDATE BODY.PEEK[]<0.")));
}

TEST_F(ImapSourceTest, AMailThatBreaksTheConnectionHoldsUpNoOther) {
    for (ImapUid uid = 1; uid <= 20; ++uid) folder_.mails[uid] = fmt::format("mail {}", uid);
    folder_.deadly = {5};
    ImapSource& tested = source(20);
    const auto positions = tested.list(100);
    ASSERT_TRUE(positions);
    for (ImapUid uid = 1; uid <= 20; ++uid)
        EXPECT_EQ(bytes_or_code(tested.fetch(positions->at(uid - 1))),
                  uid == 5 ? "mail.unreachable" : fmt::format("mail {}", uid));
    EXPECT_EQ(tested.list(100)->size(), 20U) << "it is listed still";
}

TEST_F(ImapSourceTest, AMailThatIsRefusedHoldsUpNoOther) {
    for (ImapUid uid = 1; uid <= 20; ++uid) folder_.mails[uid] = fmt::format("mail {}", uid);
    folder_.refused = {5};
    ImapSource& tested = source(1);
    const auto positions = tested.list(100);
    ASSERT_TRUE(positions);
    for (ImapUid uid = 1; uid <= 20; ++uid)
        EXPECT_EQ(bytes_or_code(tested.fetch(positions->at(uid - 1))), uid == 5 ? "imap.refused" : fmt::format("mail {}", uid));
}

// A mail that is listed and never handed out is a fault of the server, and nobody may take it for one that was deleted.
TEST_F(ImapSourceTest, WhatTheServerListsAndDoesNotHandOutIsToldAndAskedForAgainLast) {
    folder_.mails = {{1, "a"}, {2, "b"}, {3, "c"}};
    folder_.bodiless = {2};
    ImapSource& tested = source(2);
    ASSERT_EQ(tested.list(10)->size(), 3U);
    EXPECT_EQ(bytes_or_code(tested.fetch(at(1))), "a");
    EXPECT_EQ(bytes_or_code(tested.fetch(at(2))), "imap.no_body");
    EXPECT_EQ(bytes_or_code(tested.fetch_head(at(2), 10)), "imap.no_body");
    EXPECT_EQ(bytes_or_code(tested.fetch(at(3))), "c");
    EXPECT_THAT(*tested.list(10), ElementsAre(at(1), at(3), at(2)));
    EXPECT_EQ(bytes_or_code(tested.fetch(at(99))), "mail.vanished");
}

TEST_F(ImapSourceTest, TheLimitHoldsAlsoWhereTheServerGuessesSizes) {
    folder_.mails = {{1, std::string(mail::limits::raw_bytes_max + 5000, 'a')}, {2, "b"}, {3, std::string(33 * kMegabyte, 'c')}};
    folder_.told_sizes = {{1, 20 * kMegabyte}, {3, 10}};
    ImapSource& tested = source(3);
    ASSERT_TRUE(tested.list(10));
    EXPECT_EQ(bytes_or_code(tested.fetch(at(1))), "mail.too_large");
    EXPECT_TRUE(bytes_or_code(tested.fetch_head(at(1), 1000)) == std::string(1000, 'a'));
    // The third is more than a session takes at once: it ends, and the next look is a careful one.
    EXPECT_EQ(bytes_or_code(tested.fetch(at(2))), "b");
    EXPECT_EQ(bytes_or_code(tested.fetch(at(3))), "mail.too_large");
}

TEST_F(ImapSourceTest, AfterTheFirstTimeOnlyWhatIsNewIsSearched) {
    folder_.mails = {{3, "a"}, {8, "b"}};
    ImapSource& tested = source();
    EXPECT_THAT(*tested.list(10), ElementsAre(at(3), at(8)));
    EXPECT_THAT(*tested.list(1), ElementsAre(at(3)));
    ASSERT_TRUE(tested.done(at(3)));
    ASSERT_TRUE(tested.done(at(8)));
    EXPECT_THAT(*tested.list(10), IsEmpty());
    EXPECT_THAT(commands("UID SEARCH"), ElementsAre("UID SEARCH UID 1:*", "UID SEARCH UID 9:*", "UID SEARCH UID 9:*"));
}

TEST_F(ImapSourceTest, ANewConnectionListsAllThatIsNotDone) {
    folder_.mails = {{1, "a"}, {2, "b"}, {3, "c"}};
    folder_.deadly = {2};
    ImapSource& tested = source(3);
    ASSERT_EQ(tested.list(10)->size(), 3U);
    ASSERT_TRUE(tested.done(at(1)));
    EXPECT_EQ(bytes_or_code(tested.fetch(at(2))), "mail.unreachable");
    folder_.mails.erase(3);
    EXPECT_THAT(*tested.list(10), ElementsAre(at(2)));
}

TEST_F(ImapSourceTest, ACopyUnderANewUidValidityIsAnotherPosition) {
    folder_.mails = {{1, "a"}, {2, "b"}};
    folder_.deadly = {2};
    ImapSource& tested = source(3);
    ASSERT_TRUE(tested.list(10));
    ASSERT_TRUE(tested.done(at(1)));
    EXPECT_EQ(bytes_or_code(tested.fetch(at(2))), "mail.unreachable");
    folder_.uid_validity = "8";
    folder_.deadly.clear();
    EXPECT_EQ(bytes_or_code(tested.fetch(at(2))), "mail.vanished");
    const auto listed = tested.list(10);
    ASSERT_EQ(listed->size(), 2U);
    EXPECT_EQ(listed->at(0).uid, "8/1");
    EXPECT_EQ(bytes_or_code(tested.fetch(listed->at(1))), "b");
    EXPECT_TRUE(tested.done(at(2))) << "of the old folder";
    EXPECT_EQ(tested.list(10)->size(), 2U);
}

TEST_F(ImapSourceTest, AServerThatBreaksOffEachIdleIsNotBesieged) {
    folder_.capabilities = "IDLE";
    folder_.ends_at_idle = true;
    ImapSource& tested = source(2);
    const Interrupt stop;
    ASSERT_TRUE(tested.list(10));
    const double begun = monotonic_seconds();
    tested.wait(std::chrono::minutes(1), stop);
    const double waited = monotonic_seconds() - begun;
    EXPECT_GT(waited, 0.5);
    EXPECT_LT(waited, 5);
    EXPECT_TRUE(tested.list(10)) << "on a new connection";
}

TEST_F(ImapSourceTest, AServerThatDoesNotWaitIsAskedToOnce) {
    folder_.capabilities = "IDLE";
    ImapSource& tested = source();
    ASSERT_TRUE(tested.list(10));
    const Interrupt stop;
    // It says OK at once, where it should say "+".
    tested.wait(std::chrono::milliseconds(100), stop);
    tested.wait(std::chrono::milliseconds(100), stop);
    EXPECT_EQ(commands("IDLE").size(), 1U);
    EXPECT_TRUE(tested.list(10));
}

}  // namespace
}  // namespace resolute::connectors
