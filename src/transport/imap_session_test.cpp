// SPDX-License-Identifier: Apache-2.0
#include "transport/imap_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "transport/imap_limits.h"
#include "transport/test_imap_client.h"

namespace resolute::transport {
namespace {

using test::code_of;
using test::ImapPeer;
using test::open;
using test::search_answered_by;
using test::soon;
using test::Wire;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(ImapSession, WhatAServerCanIsAskedAgainAfterTheLogin) {
    const ImapPeer peer({[](Wire& wire) {
        wire.send("* OK [CAPABILITY IMAP4rev1 MOVE] ready\r\n");
        wire.answer("* CAPABILITY IMAP4rev1 MOVE\r\n{} OK\r\n");
        wire.answer("* CAPABILITY IMAP4rev1 uidplus\r\n{} OK\r\n");
    }});
    const auto client = open(peer);
    EXPECT_TRUE(client->has("UIDPLUS"));
    EXPECT_FALSE(client->has("MOVE"));
}

TEST(ImapSession, AServerOfAnotherProtocolIsNotUnderstood) {
    const ImapPeer peer({[](Wire& wire) {
        wire.send("* OK ready\r\n");
        wire.answer("* CAPABILITY IMAP2\r\n{} OK\r\n");
        wire.answer("* CAPABILITY IMAP2\r\n{} OK\r\n");
    }});
    EXPECT_EQ(code_of(ImapClient::open(peer.server(), {}, soon())), "imap.protocol");
}

TEST(ImapSession, ARefusalIsToldShortAndPrintable) {
    const auto found = search_answered_by("{} BAD \x1b[2J\xff" + std::string(5000, 'x') + "\r\n");
    ASSERT_EQ(code_of(found), "imap.refused");
    EXPECT_EQ(found.error().effect, EffectState::refused);
    EXPECT_LT(found.error().detail.size(), 400U);
    EXPECT_THAT(found.error().detail, Not(HasSubstr("\x1b")));
}

TEST(ImapSession, WhatIsNoImapEndsTheSession) {
    for (const std::string answer : {
             "* SEARCH 1 0\r\n{} OK\r\n",
             "* SEARCH 1 4294967296\r\n{} OK\r\n",
             "* SEARCH x\r\n{} OK\r\n",
             "* ESEARCH UID ALL 1:4294967295\r\n{} OK\r\n",
             "* CAPABILITY (\r\n{} OK\r\n",
             "\r\n",
             "*\r\n",
             "+ go on\r\n",
             "r99 OK another\r\n",
             "{} MAYBE\r\n",
             "HTTP/1.1 400 Bad Request\r\n",
             "* LIST \"no end\r\n{} OK\r\n",
             "* LIST {99999999999999999999999}\r\n{} OK\r\n",
             "* LIST {40000000}\r\n",
         })
        EXPECT_EQ(code_of(search_answered_by(answer)), "imap.protocol") << answer;
}

TEST(ImapSession, AHostileServerExhaustsNothing) {
    EXPECT_EQ(code_of(search_answered_by("* LIST " + std::string(imap_limits::depth_max + 1, '(') + "\r\n{} OK\r\n")),
              "imap.protocol");
    EXPECT_EQ(code_of(search_answered_by("* LIST (" + std::string(2 * imap_limits::values_max, '(') + "\r\n{} OK\r\n")),
              "imap.protocol");
    std::string many;
    for (std::size_t i = 0; i <= imap_limits::values_max; ++i) many += " a";
    EXPECT_EQ(code_of(search_answered_by("* LIST" + many + "\r\n{} OK\r\n")), "imap.protocol");
    EXPECT_EQ(code_of(search_answered_by("* LIST" + many.substr(2) + "\r\n{} OK\r\n")), "");
    std::string literals = "* LIST ";
    for (std::size_t i = 0; i <= imap_limits::literals_max; ++i) literals += "{1}\r\nx ";
    EXPECT_EQ(code_of(search_answered_by(literals + "\r\n{} OK\r\n")), "imap.protocol");

    std::string answers;
    for (std::size_t i = 0; i < imap_limits::answers_max; ++i) answers += "* 1 X\r\n";
    EXPECT_EQ(code_of(search_answered_by(answers + "{} OK\r\n")), "imap.protocol");
    EXPECT_EQ(code_of(search_answered_by(answers.substr(7) + "{} OK\r\n")), "");

    const std::string line(imap_limits::line_bytes_max + (128u << 10), 'x');
    const auto too_long = search_answered_by("* X " + line);
    EXPECT_EQ(code_of(too_long), "mail.line_too_long");
    const std::string megabytes = "* X " + std::string(10u << 20, 'x') + "\r\n";
    EXPECT_EQ(code_of(search_answered_by(megabytes + megabytes + "{} OK\r\n")), "");
    EXPECT_NE(code_of(search_answered_by(megabytes + megabytes + megabytes + megabytes + "{} OK\r\n")), "");
}

TEST(ImapSession, LiteralsMayComeInAnyPiecesAmidNoise) {
    const std::string body = "Subject: x\r\n\r\n* 1 FETCH (UID 5)\r\nr3 OK {3}\r\n\xff\x01)\r\n";
    for (const std::size_t piece : {1u, 2u, 7u, 100u}) {
        const ImapPeer peer({[&](Wire& wire) {
            wire.greet();
            wire.open_folder(2);
            const std::string command = wire.line();
            const std::string tag = command.substr(0, command.find(' '));
            wire.send_in_pieces(
                fmt::format(
                    "* OK still here {{5}}\r\n* 3 EXISTS\r\n* 1 EXPUNGE\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* X-NEW (((\r\n"
                    "* 1 FETCH (UID 5 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[] {{{}}}\r\n{} FLAGS (\\Seen $x))\r\n"
                    "* 7 FETCH (UID 77 BODY[] \"not asked for\")\r\n"
                    "* 2 FETCH (BODY[]<0> ~{{2+}}\r\nab X-GM-LABELS (\"\\\\Important\" b) UID 6)\r\n"
                    "* 3 FETCH (UID 7 BODY[] NIL)\r\n"
                    "* 2 FETCH (UID 6 INTERNALDATE \" 1-Jan-2026 00:00:00 +0100\")\r\n{} OK done\r\n",
                    body.size(), body, tag),
                piece);
        }});
        const auto client = open(peer);
        ASSERT_TRUE(client->examine("INBOX", soon()));
        const std::vector<ImapUid> uids{5, 6, 7, 8};
        const auto mails = client->fetch_bodies(uids, std::nullopt, soon());
        ASSERT_TRUE(mails) << describe(mails.error());
        ASSERT_EQ(mails->size(), 3U);
        EXPECT_EQ(mails->at(0).uid, 5U);
        EXPECT_EQ(mails->at(0).bytes, body);
        EXPECT_EQ(mails->at(0).received_at, parse_instant("1996-07-17T09:44:25Z"));
        EXPECT_EQ(mails->at(1).bytes, "ab");
        EXPECT_EQ(mails->at(1).received_at, parse_instant("2025-12-31T23:00:00Z"));
        EXPECT_EQ(mails->at(2).bytes, std::nullopt);
        EXPECT_EQ(peer.lines().back(), "r3 UID FETCH 5:8 (UID INTERNALDATE BODY.PEEK[])");
        EXPECT_TRUE(client->has_news());
    }
}

TEST(ImapSession, AServerThatHangsUpIsUnreachableAndTheSessionIsOver) {
    const auto hung_up = search_answered_by("* SEARCH 1 2");
    EXPECT_EQ(code_of(hung_up), "mail.unreachable");
    EXPECT_EQ(code_of(search_answered_by("* 1 FETCH (UID 1 BODY[] {100}\r\nhalf of it")), "mail.unreachable");
    const auto bye = search_answered_by("* BYE Autologout; idle for too long\r\n{} OK\r\n");
    EXPECT_EQ(code_of(bye), "mail.unreachable");
    EXPECT_THAT(bye.error().detail, HasSubstr("Autologout"));

    const ImapPeer peer({[](Wire& wire) {
        wire.greet();
        wire.line();
    }});
    const auto client = open(peer);
    const ImapUid uid = 1;
    const auto moved = client->store({&uid, 1}, ImapClient::FlagChange::add, {"\\Seen"}, soon());
    EXPECT_EQ(code_of(moved), "mail.unreachable");
    EXPECT_EQ(moved.error().effect, EffectState::unknown);
    EXPECT_EQ(code_of(client->noop(soon())), "mail.unreachable");
}

TEST(ImapSession, AServerThatSaysNothingIsLeftInTime) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet();
        wire.line();
        wire.line();
    }});
    const auto client = open(peer);
    EXPECT_EQ(code_of(client->noop(Deadline::in(std::chrono::milliseconds(50)))), "mail.timed_out");
    EXPECT_FALSE(client->is_alive());
}

TEST(ImapSession, IdleEndsWithMoreMailsAndNotWithOtherNoise) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet("IDLE");
        wire.open_folder(2);
        wire.line();
        wire.send(
            "* 2 EXISTS\r\n+ idling\r\n* OK Still here\r\n* 2 EXISTS\r\n* 1 EXPUNGE\r\n* 1 EXISTS\r\n* 1 FETCH (FLAGS "
            "(\\Seen))\r\n* 2 EXISTS\r\n");
        wire.line();
        wire.send("r3 OK idled\r\n");
        wire.answer("* SEARCH 9\r\n{} OK\r\n");
    }});
    const auto client = open(peer);
    const Interrupt stop;
    ASSERT_TRUE(client->examine("INBOX", soon()));
    EXPECT_EQ(client->wait(std::chrono::seconds(30), stop), true);
    EXPECT_EQ(client->wait(std::chrono::seconds(30), stop), true) << "nobody has looked yet";
    EXPECT_EQ(client->search_from(1, soon())->text(), "9");
    EXPECT_FALSE(client->has_news());
    const auto lines = peer.lines();
    EXPECT_THAT(std::vector(lines.begin() + 3, lines.end()), ElementsAre("r3 IDLE", "DONE", "r4 UID SEARCH UID 1:*"));
}

TEST(ImapSession, WithoutIdleOnlyTheTimePasses) {
    for (const char* capabilities : {"", "IDLE"}) {
        const ImapPeer peer({[](Wire& wire) {
            wire.greet("");
            wire.open_folder(2);
            wire.answer("{} OK\r\n");
        }});
        const ImapPeer refusing({[](Wire& wire) {
            wire.greet("IDLE");
            wire.open_folder(2);
            wire.answer("{} NO not now\r\n");
            wire.answer("{} OK\r\n");
        }});
        const auto client = open(*capabilities == '\0' ? peer : refusing);
        const Interrupt stop;
        ASSERT_TRUE(client->examine("INBOX", soon()));
        EXPECT_EQ(client->wait(std::chrono::milliseconds(30), stop), false);
        EXPECT_EQ(client->wait(std::chrono::milliseconds(30), stop), false);
        EXPECT_TRUE(client->noop(soon()));
        stop.raise();
        EXPECT_EQ(client->wait(std::chrono::hours(1), stop), false);
    }
}

TEST(ImapSession, AFolderMadeAnewWhileItIsOpenEndsTheSession) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet();
        wire.open_folder(2, "7");
        wire.answer("* OK [UIDVALIDITY 8] made anew\r\n{} OK\r\n");
    }});
    const auto client = open(peer);
    ASSERT_TRUE(client->examine("INBOX", soon()));
    EXPECT_EQ(code_of(client->noop(soon())), "imap.protocol");
    EXPECT_FALSE(client->is_alive());
}

TEST(ImapSession, GoodbyeIsNoError) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet();
        wire.answer("* BYE see you\r\n{} OK\r\n");
    }});
    const auto client = open(peer);
    EXPECT_TRUE(client->logout(soon()));
    EXPECT_FALSE(client->is_alive());
    EXPECT_EQ(peer.lines().back(), "r2 LOGOUT");
}

TEST(ImapSession, NoPasswordGoesOutWhereTlsIsWantedAndMissing) {
    const ImapPeer peer({[](Wire& wire) {
        wire.send("* OK ready\r\n");
        wire.answer("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{} OK done\r\n");
        wire.line();
    }});
    MailServer server = peer.server();
    server.protection = Protection::starttls;
    EXPECT_EQ(code_of(ImapClient::open(server, {.user = "support", .password = "secret", .bearer = {}}, soon())), "mail.tls");
    for (const std::string& line : peer.lines()) EXPECT_THAT(line, testing::AnyOf(HasSubstr("CAPABILITY"), HasSubstr("LOGOUT")));
}

}  // namespace
}  // namespace resolute::transport
