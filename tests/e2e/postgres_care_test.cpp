// SPDX-License-Identifier: Apache-2.0
// Care of a database that several programs share: backup, restore and erasure, while they work.
#include <set>

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

}  // namespace
}  // namespace resolute::e2e
