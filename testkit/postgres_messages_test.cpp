// SPDX-License-Identifier: Apache-2.0
#include "testkit/postgres_messages.h"

#include <gtest/gtest.h>

namespace resolute::testkit {
namespace {

std::string number(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
    return bytes;
}
std::string message(char type, const std::string& body) {
    return type + number(static_cast<std::uint32_t>(body.size() + 4)) + body;
}
std::string text(const std::string& value) {
    return value + '\0';
}

/// Past the greeting.
PostgresStreams greeted() {
    PostgresStreams streams(true);
    const std::string body = number(3U << 16) + text("user") + text("app") + '\0';
    streams.add_from_client(number(static_cast<std::uint32_t>(body.size() + 4)) + body);
    EXPECT_TRUE(streams.next_from_client());
    return streams;
}

bool tells_commit(PostgresStreams& streams, char type, const std::string& body) {
    streams.add_from_server(message(type, body));
    const auto piece = streams.next_from_server();
    EXPECT_TRUE(piece);
    return piece && piece->says_committed;
}
bool asks_commit(PostgresStreams& streams, char type, const std::string& body) {
    streams.add_from_client(message(type, body));
    const auto piece = streams.next_from_client();
    EXPECT_TRUE(piece);
    return piece && piece->asks_for_commit;
}

TEST(HasCommit, FindsItAsAStatementOnly) {
    for (const char* sql : {"COMMIT", "commit;", "INSERT INTO t VALUES (';'); COMMIT", "  -- why\n end",
                            "/* a */ COMMIT AND CHAIN", "SELECT $a$ ; $a$; COMMIT"})
        EXPECT_TRUE(has_commit(sql)) << sql;
    for (const char* sql :
         {"", "SELECT 'x; COMMIT'", "SELECT \"; commit\" FROM t", "SELECT 1 -- ; COMMIT", "SELECT commit FROM t",
          "SELECT $1; SELECT $$; COMMIT$$", "SELECT CASE WHEN a THEN b END", "/* ; COMMIT", "ROLLBACK", "commits"})
        EXPECT_FALSE(has_commit(sql)) << sql;
}

TEST(PostgresStreams, PassEveryByteInOrderHoweverTheyAreSplit) {
    PostgresStreams streams = greeted();
    const std::string all = message('Q', text("SELECT 1")) + message('P', text("") + text("SELECT 2")) + message('S', "");
    std::string passed;
    for (const char byte : all) {
        streams.add_from_client(std::string(1, byte));
        while (const auto piece = streams.next_from_client()) passed += piece->bytes;
    }
    EXPECT_EQ(passed, all);
}

TEST(PostgresStreams, SeeACommitInASimpleQueryAndInAPreparedOne) {
    PostgresStreams streams = greeted();
    EXPECT_TRUE(asks_commit(streams, 'Q', text("INSERT INTO t VALUES (1); COMMIT")));
    EXPECT_FALSE(asks_commit(streams, 'P', text("done") + text("COMMIT")));
    EXPECT_FALSE(asks_commit(streams, 'B', text("p") + text("done")));
    EXPECT_TRUE(asks_commit(streams, 'E', text("p") + number(0)));
    EXPECT_TRUE(asks_commit(streams, 'E', text("p") + number(0))) << "prepared once, it may run again";
    EXPECT_FALSE(asks_commit(streams, 'P', text("") + text("SELECT 1")));
    EXPECT_FALSE(asks_commit(streams, 'B', text("p") + text("")));
    EXPECT_FALSE(asks_commit(streams, 'E', text("p") + number(0))) << "the portal is another one now";
}

TEST(PostgresStreams, AnEndWithoutACommitIsNone) {
    PostgresStreams streams = greeted();
    EXPECT_FALSE(tells_commit(streams, 'C', text("BEGIN")));
    EXPECT_FALSE(tells_commit(streams, 'C', text("INSERT 0 1")));
    EXPECT_FALSE(tells_commit(streams, 'C', text("ROLLBACK"))) << "what COMMIT answers in a failed transaction";
    EXPECT_FALSE(tells_commit(streams, 'Z', "I"));
}

TEST(PostgresStreams, ACommitIsToldOnce) {
    PostgresStreams streams = greeted();
    EXPECT_FALSE(tells_commit(streams, 'C', text("BEGIN")));
    EXPECT_FALSE(tells_commit(streams, 'C', text("ROLLBACK"))) << "to a savepoint";
    EXPECT_FALSE(tells_commit(streams, 'C', text("INSERT 0 1")));
    EXPECT_TRUE(tells_commit(streams, 'C', text("COMMIT")));
    EXPECT_FALSE(tells_commit(streams, 'Z', "I"));
}

TEST(PostgresStreams, WhatWroteWithoutBeginIsCommittedWhenTheServerIsReadyAgain) {
    PostgresStreams streams = greeted();
    EXPECT_FALSE(tells_commit(streams, 'C', text("UPDATE 3")));
    EXPECT_TRUE(tells_commit(streams, 'Z', "I"));
    EXPECT_FALSE(tells_commit(streams, 'C', text("SELECT 3")));
    EXPECT_FALSE(tells_commit(streams, 'Z', "I")) << "reading commits nothing";
    EXPECT_FALSE(tells_commit(streams, 'C', text("UPDATE 3")));
    EXPECT_FALSE(tells_commit(streams, 'E', text("")));
    EXPECT_FALSE(tells_commit(streams, 'Z', "I")) << "an error undid it";
}

TEST(PostgresStreams, TheAnswerToTheQuestionForEncryptionHasNoLength) {
    PostgresStreams streams(true);
    const std::string question = number(8) + number(80877103);
    streams.add_from_client(question);
    EXPECT_EQ(streams.next_from_client().value().bytes, question);
    streams.add_from_server("N");
    EXPECT_EQ(streams.next_from_server().value().bytes, "N");
    streams.add_from_client(question);
    EXPECT_EQ(streams.next_from_client().value().bytes, question);
    streams.add_from_server("S");
    EXPECT_EQ(streams.next_from_server().value().bytes, "S");
    streams.add_from_client("\x16\x03");
    EXPECT_EQ(streams.next_from_client().value().bytes, "\x16\x03") << "encrypted from here on";
}

TEST(PostgresStreams, AnotherProtocolPassesAsItIs) {
    PostgresStreams other(true);
    other.add_from_client("GET / HTTP/1.1\r\n");
    EXPECT_EQ(other.next_from_client().value().bytes, "GET / HTTP/1.1\r\n");
    PostgresStreams any(false);
    any.add_from_server("C");
    EXPECT_EQ(any.next_from_server().value().bytes, "C");
}

}  // namespace
}  // namespace resolute::testkit
