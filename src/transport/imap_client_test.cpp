// SPDX-License-Identifier: Apache-2.0
#include "transport/imap_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(ImapClient, AFolderIsOpenedReadOnly) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet();
        wire.answer(
            "* FLAGS (\\Answered \\Seen)\r\n* 3 EXISTS\r\n* OK [PERMANENTFLAGS ()] none\r\n* OK [UIDVALIDITY 3857529045] ok\r\n"
            "* OK [UIDNEXT 4392] next\r\n{} OK [READ-ONLY] done\r\n");
    }});
    const auto client = open(peer);
    const auto folder = client->examine("INBOX", soon());
    ASSERT_TRUE(folder) << describe(folder.error());
    EXPECT_EQ(folder->uid_validity, 3857529045U);
    EXPECT_EQ(folder->uid_next, 4392U);
    EXPECT_EQ(folder->exists, 3U);
    EXPECT_EQ(peer.lines().back(), "r2 EXAMINE \"INBOX\"");
}

TEST(ImapClient, AServerOfTheNewRevisionAloneNamesFoldersInUtf8) {
    const ImapPeer peer({[](Wire& wire) {
        wire.send("* OK ready\r\n");
        for (int i = 0; i < 2; ++i) wire.answer("* CAPABILITY IMAP4rev2 LITERAL+\r\n{} OK\r\n");
        wire.answer("* LIST () \"/\" \"Entwürfe &AOk-\"\r\n{} OK\r\n");
        wire.line();
        wire.bytes(9);
        wire.answer("* OK [UIDVALIDITY 1] x\r\nr3 OK\r\n");
    }});
    const auto client = open(peer);
    EXPECT_EQ(client->list(soon())->at(0).name, "Entwürfe &AOk-");
    EXPECT_TRUE(client->examine("Entwürfe", soon()));
    EXPECT_EQ(peer.lines().at(4), "Entwürfe");
}

TEST(ImapClient, AFolderWithoutUidValidityCannotBeUsed) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet();
        wire.answer("* 3 EXISTS\r\n{} OK done\r\n");
    }});
    EXPECT_EQ(code_of(open(peer)->examine("INBOX", soon())), "imap.protocol");
}

TEST(ImapClient, AMissingFolderIsToldWithTheOnesThatAreThere) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet();
        wire.answer("{} NO Mailbox doesn't exist\r\n");
        wire.answer(
            "* LIST (\\HasNoChildren) \"/\" INBOX\r\n* LIST (\\Noselect) \"/\" Parent\r\n* LIST () NIL {7}\r\nA \"b\" c\r\n"
            "* LIST () \"/\" \"Entw&APw-rfe\"\r\n{} OK done\r\n");
        wire.answer("{} NO [NOPERM] not you\r\n");
        wire.answer("* LIST () \"/\" INBOX\r\n{} OK done\r\n");
    }});
    const auto client = open(peer);
    const auto folder = client->examine("Support", soon());
    ASSERT_EQ(code_of(folder), "imap.folder_missing");
    EXPECT_THAT(folder.error().detail, HasSubstr("no folder \"Support\"; it has \"A \"b\" c\", \"Entwürfe\", \"INBOX\""));
    // It is there, but not for us.
    const auto inbox = client->examine("inbox", soon());
    EXPECT_EQ(code_of(inbox), "imap.refused");
    EXPECT_THAT(inbox.error().detail, HasSubstr("refused EXAMINE: NO [NOPERM] not you"));
    EXPECT_TRUE(client->is_alive());
}

TEST(ImapClient, SearchesAreUnderstoodInBothForms) {
    EXPECT_EQ(search_answered_by("* SEARCH 2 5 6 7 9\r\n{} OK\r\n")->text(), "2,5:7,9");
    EXPECT_EQ(search_answered_by("* SEARCH\r\n{} OK\r\n")->text(), "");
    EXPECT_EQ(search_answered_by("{} OK\r\n")->text(), "");
    EXPECT_EQ(search_answered_by("* SEARCH 2 84 882 (MODSEQ 917162500)\r\n{} OK\r\n")->text(), "2,84,882");
    EXPECT_EQ(search_answered_by("* SEARCH 1\r\n* 4 EXISTS\r\n* SEARCH 2\r\n{} OK\r\n")->text(), "1:2");
    EXPECT_EQ(search_answered_by("* ESEARCH (TAG \"r2\") UID COUNT 4 ALL 4:2,7\r\n{} OK\r\n", "ESEARCH")->text(), "2:4,7");
    EXPECT_EQ(search_answered_by("* ESEARCH (TAG \"r2\") UID\r\n{} OK\r\n", "ESEARCH")->text(), "");
}

// RFC 9051 §6.4.8: "*" is the last mail, and so "n:*" holds it also where its UID is below n.
TEST(ImapClient, TheLastMailIsNotNewBecauseItIsTheLast) {
    EXPECT_EQ(search_answered_by("* SEARCH 41\r\n{} OK\r\n", "", 42)->text(), "");
    EXPECT_EQ(search_answered_by("* SEARCH 41 42 50\r\n{} OK\r\n", "", 42)->text(), "42,50");
}

TEST(ImapClient, TheBeginningIsAskedForByPartialFetch) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet();
        wire.answer("* 1 FETCH (UID 5 RFC822.SIZE 44 INTERNALDATE \"nonsense\")\r\n{} OK\r\n");
        wire.answer("* 1 FETCH (UID 5 BODY[]<0> \"abc\\\\\\\"\")\r\n{} OK\r\n");
    }});
    const auto client = open(peer);
    const ImapUid uid = 5;
    const auto sizes = client->fetch_sizes({&uid, 1}, soon());
    ASSERT_TRUE(sizes);
    EXPECT_EQ(sizes->at(0).size, 44U);
    EXPECT_EQ(sizes->at(0).received_at, std::nullopt);
    EXPECT_EQ(client->fetch_bodies({&uid, 1}, 100, soon())->at(0).bytes, "abc\\\"");
    EXPECT_EQ(peer.lines().back(), "r3 UID FETCH 5 (UID INTERNALDATE BODY.PEEK[]<0.100>)");
}

TEST(ImapClient, ManyUidsAreAskedForInSeveralCommands) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet();
        wire.answer("* 1 FETCH (UID 2 RFC822.SIZE 1)\r\n{} OK\r\n");
        wire.answer("* 1 FETCH (UID 1002 RFC822.SIZE 1)\r\n{} OK\r\n");
    }});
    std::vector<ImapUid> uids;
    for (ImapUid uid = 2; uid <= 2 * imap_limits::uids_in_command_max + 2; uid += 2) uids.push_back(uid);
    EXPECT_EQ(open(peer)->fetch_sizes(uids, soon())->size(), 2U);
    EXPECT_THAT(peer.lines().back(), HasSubstr("UID FETCH 1002 ("));
}

TEST(ImapClient, AnArgumentNeverBecomesACommand) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet();
        wire.answer("* SEARCH\r\n{} OK\r\n");
    }});
    const auto client = open(peer);
    const ImapUid uid = 1;
    EXPECT_EQ(code_of(client->examine("a\r\nr9 DELETE b", soon())), "imap.argument");
    EXPECT_EQ(code_of(client->examine("\xff", soon())), "imap.argument");
    EXPECT_EQ(code_of(client->search_header("X", "a\nb", soon())), "imap.argument");
    EXPECT_EQ(code_of(client->search_header("X", std::string_view("a\0b", 3), soon())), "imap.argument");
    EXPECT_EQ(code_of(client->store({&uid, 1}, ImapClient::FlagChange::add, {"\\Seen)\r\n"}, soon())), "imap.argument");
    EXPECT_EQ(code_of(client->store({&uid, 1}, ImapClient::FlagChange::add, {"a b"}, soon())), "imap.argument");
    EXPECT_TRUE(client->search_header("Message-ID", "<a\"b\\c@x>", soon()));
    EXPECT_EQ(peer.lines().size(), 3U) << "the two CAPABILITY and the last one";
    EXPECT_EQ(peer.lines().back(), R"(r2 UID SEARCH HEADER "Message-ID" "<a\"b\\c@x>")");
}

TEST(ImapClient, WhatCannotBeQuotedGoesAsALiteralWhenTheServerIsReady) {
    std::string got;
    const ImapPeer peer({[&](Wire& wire) {
        wire.greet();
        wire.line();
        wire.send("* 1 EXISTS\r\n+ go on\r\n");
        got = wire.bytes(3);
        wire.answer("* SEARCH 4\r\nr2 OK\r\n");
        wire.answer("{} NO too long for me\r\n");
        wire.answer("{} OK\r\n");
    }});
    const auto client = open(peer);
    EXPECT_EQ(client->search_header("Subject", "ü!", soon())->text(), "4");
    EXPECT_EQ(got, "ü!");
    EXPECT_EQ(peer.lines().at(2), "r2 UID SEARCH CHARSET UTF-8 HEADER \"Subject\" {3}");
    // Refused before it was sent: the bytes must not follow.
    EXPECT_EQ(code_of(client->search_header("Subject", std::string(2000, 'x'), soon())), "imap.refused");
    EXPECT_TRUE(client->noop(soon()));
    EXPECT_EQ(peer.lines().back(), "r4 NOOP");
}

TEST(ImapClient, WithLiteralPlusNothingIsAskedFirst) {
    const ImapPeer peer({[](Wire& wire) {
        wire.greet("LITERAL-");
        wire.line();
        wire.bytes(3);
        wire.answer("* SEARCH 4\r\nr2 OK\r\n");
        wire.line();
        wire.send("r3 NO\r\n");
    }});
    const auto client = open(peer);
    EXPECT_EQ(client->search_header("Subject", "ü!", soon())->text(), "4");
    EXPECT_EQ(peer.lines().at(2), "r2 UID SEARCH CHARSET UTF-8 HEADER \"Subject\" {3+}");
    EXPECT_EQ(code_of(client->search_header("Subject", std::string(4097, 'x'), soon())), "imap.refused");
    EXPECT_EQ(peer.lines().back(), "r3 UID SEARCH HEADER \"Subject\" {4097}");
}

TEST(ImapClient, AMailIsMovedAsTheServerCanAndNeverWithAPlainExpunge) {
    const std::vector<ImapUid> uids{3, 4};
    {
        const ImapPeer peer({[](Wire& wire) {
            wire.greet("MOVE");
            wire.answer("* OK [COPYUID 7 3:4 1:2] moved\r\n* 1 EXPUNGE\r\n{} OK\r\n");
        }});
        EXPECT_TRUE(open(peer)->move(uids, "Erledigt & weg", soon()));
        EXPECT_EQ(peer.lines().back(), "r2 UID MOVE 3:4 \"Erledigt &- weg\"");
    }
    {
        const ImapPeer peer({[](Wire& wire) {
            wire.greet("UIDPLUS");
            for (int i = 0; i < 3; ++i) wire.answer();
        }});
        EXPECT_TRUE(open(peer)->move(uids, "Done", soon()));
        const auto lines = peer.lines();
        EXPECT_THAT(std::vector(lines.begin() + 2, lines.end()),
                    ElementsAre("r2 UID COPY 3:4 \"Done\"", "r3 UID STORE 3:4 +FLAGS.SILENT (\\Deleted)", "r4 UID EXPUNGE 3:4"));
    }
    {
        const ImapPeer peer({[](Wire& wire) {
            wire.greet("UIDPLUS");
            wire.answer();
            wire.answer("{} NO read-only\r\n");
        }});
        const auto moved = open(peer)->move(uids, "Done", soon());
        EXPECT_EQ(code_of(moved), "imap.refused");
        EXPECT_EQ(moved.error().effect, EffectState::unknown) << "there is a copy";
    }
    {
        const ImapPeer peer({[](Wire& wire) { wire.greet(); }});
        EXPECT_EQ(code_of(open(peer)->move(uids, "Done", soon())), "imap.cannot_move");
        EXPECT_EQ(peer.lines().size(), 2U);
    }
}

}  // namespace
}  // namespace resolute::transport
