// SPDX-License-Identifier: Apache-2.0
// Care of a database that several programs share: backup, restore and erasure, while they work.
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "testkit/postgres_test_client.h"
#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {

using testkit::must;

constexpr std::size_t kMails = 60;
constexpr Duration kStillFor = std::chrono::seconds(4);

class PostgresCare : public testing::Test {
protected:
    void start(const std::vector<std::string>& names) {
        for (const std::string& name : names) programs_.push_back(fleet_.start(name));
    }
    void stop_all() {
        for (Process& program : programs_) EXPECT_EQ(program.stop().exit_code, 0);
        programs_.clear();
    }
    void wait_for_sent(std::size_t count) {
        ASSERT_TRUE(eventually([&] { return fleet_.arrivals().count() >= count; })) << programs_[0].err();
    }
    std::string code_of(const std::string& name, Arguments arguments) {
        arguments.emplace_back("--json");
        const Ended ended = fleet_.run(name, arguments);
        EXPECT_NE(ended.exit_code, 0) << describe(ended);
        return ended.json()["error"]["code"].as_string();
    }
    bool is_frozen() { return fleet_.number("SELECT count(*) FROM resolute.freezes WHERE released_at IS NULL") == 1; }
    void expect_still_until_released() {
        pause(std::chrono::seconds(1));
        const std::size_t sent = fleet_.arrivals().count();
        pause(kStillFor);
        EXPECT_EQ(fleet_.arrivals().count(), sent) << "mails left while the sending was frozen";
        const Ended released = fleet_.run("w0", {"release", "--by", "agent-0"});
        ASSERT_EQ(released.exit_code, 0) << describe(released);
    }
    void expect_all_done() {
        EXPECT_TRUE(fleet_.settle(std::chrono::seconds(120)));
        stop_all();
        expect_all_once(judge(fleet_));
        expect_sound(fleet_, "w0");
    }

    const testkit::PostgresServer server_ = must(testkit::PostgresServer::start());
    const std::string url_ = must(server_.create_database("resolute"));
    Fleet fleet_{server_, "resolute", url_};
    std::vector<Process> programs_;
};

TEST_F(PostgresCare, ABackupMadeAtWorkComesBackFrozenAndThenNothingIsSentTwice) {
    fleet_.feed(kMails);
    start({"w0", "w1"});
    wait_for_sent(kMails / 3);
    const Ended saved = fleet_.run("w0", {"backup", "save.sealed", "--json"});
    ASSERT_EQ(saved.exit_code, 0) << describe(saved);
    EXPECT_GT(saved.json()["bytes"].as_int(), 0);
    EXPECT_EQ(saved.out.find(server_.password()), std::string::npos);
    EXPECT_EQ(code_of("w1", {"backup", "save.sealed"}), "file.exists");
    const std::string sealed = read_file(fleet_.company().path("save.sealed"));
    for (const char* plain : {"PGDMP", "CREATE TABLE", "shop1.example"}) EXPECT_EQ(sealed.find(plain), std::string::npos) << plain;
    EXPECT_EQ(code_of("w0", {"restore", "save.sealed", "--force"}), "store.locked");
    EXPECT_EQ(code_of("w2", {"restore", "save.sealed", "--force"}), "restore.in_use");
    wait_for_sent(kMails);
    stop_all();

    must(server_.drop_database("resolute"));
    must(server_.create_database("resolute"));
    const Ended restored = fleet_.run("w0", {"restore", "save.sealed", "--json"});
    ASSERT_EQ(restored.exit_code, 0) << describe(restored);
    EXPECT_FALSE(restored.json()["moved_aside"].is_string());
    EXPECT_TRUE(is_frozen());
    start({"w0", "w1"});
    fleet_.feed(5);
    ASSERT_TRUE(eventually([&] { return fleet_.number("SELECT count(*) FROM resolute.mails WHERE outcome <> 'pending'") == kMails + 5; }))
        << "what was forgotten lies in the inbox, and work goes on";
    EXPECT_EQ(fleet_.run("w0", {"status"}).exit_code, 1);
    expect_still_until_released();
    expect_all_done();
}

TEST_F(PostgresCare, ARestoreReplacesCasesOnlyWhereItIsToldToAndKeepsThem) {
    fleet_.feed(3);
    start({"w0"});
    ASSERT_TRUE(fleet_.settle(std::chrono::seconds(60)));
    ASSERT_EQ(fleet_.run("w0", {"backup", "save.sealed"}).exit_code, 0);
    fleet_.feed(3);
    ASSERT_TRUE(fleet_.settle(std::chrono::seconds(60)));
    stop_all();
    EXPECT_EQ(code_of("w0", {"restore", "save.sealed"}), "restore.data_exists");

    std::string cut = read_file(fleet_.company().path("save.sealed"));
    cut.resize(cut.size() - 100);
    write_file(fleet_.company().path("cut.sealed"), cut);
    EXPECT_EQ(code_of("w0", {"restore", "cut.sealed", "--force"}), "seal.cannot_open");
    EXPECT_EQ(fleet_.number("SELECT count(*) FROM resolute.mails"), 6) << "a backup that is not whole changes nothing";

    const Ended restored = fleet_.run("w0", {"restore", "save.sealed", "--force", "--json"});
    ASSERT_EQ(restored.exit_code, 0) << describe(restored);
    const std::string aside = restored.json()["moved_aside"].as_string();
    ASSERT_TRUE(aside.starts_with("schema ")) << aside;
    EXPECT_EQ(fleet_.number("SELECT count(*) FROM " + aside.substr(7) + ".mails"), 6);
    EXPECT_EQ(fleet_.number("SELECT count(*) FROM resolute.mails"), 3);
    start({"w0"});
    ASSERT_TRUE(eventually([&] { return fleet_.number("SELECT count(*) FROM resolute.mails") == 6; }));
    expect_still_until_released();
    expect_all_done();
}

TEST_F(PostgresCare, ADumpThatFailsLeavesNoFileAndSaysWhy) {
    fleet_.feed(1);
    start({"w0"});
    ASSERT_TRUE(fleet_.settle(std::chrono::seconds(60)));
    must(server_.psql("CREATE ROLE reader LOGIN PASSWORD 'reads'; GRANT USAGE ON SCHEMA resolute TO reader; "
                      "GRANT SELECT ON resolute.meta, resolute.workers, resolute.schema_migrations TO reader", "resolute"));
    fleet_.connect_to(fmt::format("postgresql://reader:reads@127.0.0.1:{}/resolute", server_.port()));
    const Ended failed = fleet_.run("reader", {"backup", "save.sealed", "--json"});
    EXPECT_EQ(failed.exit_code, 3) << describe(failed);
    EXPECT_EQ(failed.json()["error"]["code"].as_string(), "store.client_program_failed");
    EXPECT_NE(failed.json()["error"]["detail"].as_string().find("permission denied"), std::string::npos) << describe(failed);
    for (const auto& entry : fs::directory_iterator(fleet_.company().path(".")))
        EXPECT_FALSE(entry.path().filename().string().starts_with("save.sealed")) << entry.path();
}

// Erasure -----------------------------------------------------------------------------------------------------------

constexpr const char* kAddress = "Zelda.Quimby@quimby.example";
constexpr std::size_t kTheirs = 24;
constexpr std::size_t kOthers = 60;
const std::vector<std::string> kCanaries{"zelda", "quimby", "xylophone-4711"};

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

std::string found_in(const std::string& bytes) {
    const std::string text = lower(bytes);
    std::string found;
    for (const std::string& canary : kCanaries)
        if (const std::size_t at = text.find(canary); at != std::string::npos)
            found += canary + ": " + text.substr(at < 60 ? 0 : at - 60, 160) + "\n";
    return found;
}

/// Bytes stand in a dump as "\\x48656c6c6f".
std::string with_bytes_in_plain(const std::string& dump) {
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    std::string plain;
    for (std::size_t at = 0; at < dump.size();) {
        if (dump.compare(at, 3, "\\\\x") != 0) {
            plain += dump[at++];
            continue;
        }
        for (at += 3; at + 1 < dump.size() && digit(dump[at]) >= 0 && digit(dump[at + 1]) >= 0; at += 2)
            plain += static_cast<char>(digit(dump[at]) * 16 + digit(dump[at + 1]));
    }
    return plain;
}

class PostgresErasure : public PostgresCare {
protected:
    /// Every text that the person is known by, and something to do for each part of the procedure.
    void put_theirs() {
        fleet_.company().add_customer("Zelda Quimby", kAddress, {{"1001", "620.00"}, {"1002", "20.00"}});
        const std::vector<std::string> bodies{
            "My xylophone-4711 printer is offline and does not print.",
            "What about my xylophone-4711 from last year? Please tell me who plays it.",
            "Please refund my order 1001, I no longer want it. It is a xylophone-4711. The amount is $620.00.",
            "How do I return an order like xylophone-4711 and get the purchase price back?"};
        for (std::size_t i = 0; i < kTheirs; ++i)
            fleet_.company().put({.name = fmt::format("theirs-{}", i), .from = "Zelda Quimby <Zelda.Quimby@quimby.example>",
                                  .subject = fmt::format("About xylophone-4711, number {}", i),
                                  .body = "Hello,\n\n" + bodies[i % bodies.size()] + "\n\nZelda Quimby", .in_reply_to = {}});
    }
    void start_talkative(const std::string& name, const std::string& role = "all") {
        fleet_.configure(name, {});
        programs_.push_back(fleet_.company().start({"serve", "--role", role, "--config", name + ".yaml", "--log", "debug"}));
    }
    std::string dump() {
        const std::string file = fleet_.company().path("dump.sql");
        const std::string command = fmt::format("/usr/lib/postgresql/15/bin/pg_dump '--dbname={}' > {}", url_, file);
        EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT(cert-env33-c, concurrency-mt-unsafe)
        return with_bytes_in_plain(read_file(file));
    }
    std::map<std::string, int> arrived_for_them() {
        std::map<std::string, int> arrived;
        const auto all = fleet_.arrivals().arrivals();
        for (const MailOut& mail : fleet_.company().mails_to(kAddress)) {
            const std::string name = mail.path.filename().string();
            arrived[name] = all.contains(name) ? all.at(name) : 0;
        }
        return arrived;
    }
    void expect_others_served() {
        std::map<std::string, int> acknowledged;
        for (const MailOut& mail : read_sent(fleet_.company().sent())) ++acknowledged[mail.to];
        for (const MailIn& mail : fleet_.mails()) {
            const std::string address = mail.from.substr(mail.from.find('<') + 1, mail.from.find('>') - mail.from.find('<') - 1);
            EXPECT_TRUE(std::ranges::any_of(acknowledged, [&](const auto& one) { return one.first.find(address) != std::string::npos; })) << address;
        }
        EXPECT_EQ(fleet_.number("SELECT count(*) FROM resolute.mails WHERE sender LIKE '%shop%' AND outcome = 'new_case'"),
                  static_cast<std::int64_t>(fleet_.mails().size()));
        for (const auto& [name, count] : fleet_.arrivals().arrivals()) EXPECT_EQ(count, 1) << name;
    }
    static bool serves(const Process& program) { return program.out().find("Ctrl-C stops it") != std::string::npos; }
    bool are_theirs_taken_in() {
        return fleet_.number("SELECT count(*) FROM resolute.mails WHERE sender ILIKE '%quimby%' AND outcome = 'new_case'") == kTheirs;
    }
};

TEST_F(PostgresErasure, WhoIsErasedWhileThreeProgramsWorkIsNowhereInTheDatabaseAndGetsNoMoreMail) {
    put_theirs();
    fleet_.feed(kOthers);
    for (const char* name : {"w0", "w1", "w2"}) start_talkative(name);
    ASSERT_TRUE(eventually([&] { return are_theirs_taken_in(); })) << programs_[0].err();
    write_file(fleet_.company().path("customers.json"), "[]");
    ASSERT_NE(found_in(dump()), "") << "the test looks for nothing otherwise";

    const Ended plan = fleet_.run("w1", {"erase", kAddress, "--dry-run", "--json"});
    ASSERT_EQ(plan.exit_code, 0) << describe(plan);
    EXPECT_EQ(plan.json()["cases"].as_array().size(), kTheirs);
    EXPECT_EQ(fleet_.number("SELECT count(*) FROM resolute.mails WHERE sender ILIKE '%quimby%'"), kTheirs) << "a look changes nothing";

    const Ended erased = fleet_.run("w0", {"erase", kAddress, "--yes", "--by", "dana", "--json"});
    ASSERT_EQ(erased.exit_code, 0) << describe(erased);
    EXPECT_EQ(erased.json()["cases"].as_int(), kTheirs);
    EXPECT_EQ(found_in(dump()), "");
    const auto sent_to_them = arrived_for_them();

    fleet_.feed(10);
    EXPECT_TRUE(fleet_.settle(std::chrono::seconds(120)));
    EXPECT_EQ(arrived_for_them(), sent_to_them) << "who was erased gets no more mail, and none twice";
    expect_others_served();
    EXPECT_EQ(found_in(dump()), "") << "what others held in hand when it happened comes back";
    for (Process& program : programs_) EXPECT_EQ(found_in(program.err()), "");
    for (const char* name : {"w0", "w1", "w2"})
        for (const auto& entry : fs::recursive_directory_iterator(fleet_.company().path(name)))
            EXPECT_EQ(entry.is_regular_file() ? found_in(read_file(entry.path())) : "", "") << entry.path();
    stop_all();
    expect_sound(fleet_, "w0");
}

TEST_F(PostgresErasure, WhatWaitsInOtherProgramsForAMailboxThatIsAwayIsNotSentAfterwards) {
    // The one that erases sends nothing: beside the others it might hold all the mails itself.
    start_talkative("w0", "console");
    for (const char* name : {"w1", "w2"}) start_talkative(name);
    for (const Process& program : programs_) ASSERT_TRUE(eventually([&] { return serves(program); })) << program.err();
    // Where mails are written before they are put into the folder; a file is in its place.
    const fs::path part = fleet_.company().sent() / "tmp";
    fs::remove_all(part);
    write_file(fleet_.company().path("in-the-way"), "no folder\n");
    fs::rename(fleet_.company().path("in-the-way"), part);
    put_theirs();
    ASSERT_TRUE(eventually([&] {
        // Due at once, so that the programs fail often enough to try no more, and then hold what they claim.
        static_cast<void>(fleet_.try_sql("UPDATE resolute.effects SET next_at = resolute.now_ms() WHERE class = 'mails' AND status = 'waiting'"));
        return are_theirs_taken_in() &&
               fleet_.number("SELECT count(*) FROM resolute.effects e JOIN resolute.workers w ON w.epoch = e.epoch "
                             "WHERE e.class = 'mails' AND e.status = 'intended' AND w.owner <> 'w0'") > 4;
    })) << "other programs hold mails that they cannot send";
    write_file(fleet_.company().path("customers.json"), "[]");
    const Ended erased = fleet_.run("w0", {"erase", kAddress, "--yes", "--by", "dana", "--json"});
    ASSERT_EQ(erased.exit_code, 0) << describe(erased);
    fs::remove(part);
    fs::create_directory(part);
    fleet_.feed(5);
    EXPECT_TRUE(fleet_.settle(std::chrono::seconds(120)));
    expect_others_served();
    EXPECT_EQ(fleet_.company().mails_to(kAddress).size(), 0U);
    EXPECT_EQ(found_in(dump()), "");
    stop_all();
    expect_sound(fleet_, "w0");
}

}  // namespace
}  // namespace resolute::e2e
