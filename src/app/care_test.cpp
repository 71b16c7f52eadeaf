// SPDX-License-Identifier: Apache-2.0
// Retention, erasure and backups from inside, in virtual time; tests/e2e/care_test.cpp has the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "app/backup.h"
#include "app/client.h"
#include "app/erasure_log.h"
#include "base/file.h"

namespace resolute::app {
namespace {

using testing::HasSubstr;

class CareTest : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("resolute-care-" + std::to_string(getpid()));
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_ / "inbox");
        auto config = read_config(std::filesystem::path(RESOLUTE_SOURCE_DIR) / "examples/resolute.yaml");
        ASSERT_TRUE(config) << config.error().detail;
        config_ = *std::move(config);
        config_.data = folder_ / "state";
        config_.outgoing = folder_ / "sent";
        config_.intake = {folder_ / "inbox"};
        config_.archive = folder_ / "archive";
        config_.customers.clear();
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    ApiClient open() {
        auto client = ApiClient::open(config_, clock_);
        EXPECT_TRUE(client) << client.error().detail;
        return *std::move(client);
    }
    static std::string mail(const std::string& id, const std::string& from, const std::string& words) {
        return "From: " + from + "\r\nTo: support@acme.example\r\nSubject: Printer " + id + "\r\nMessage-ID: <" + id + "@test.example>\r\n" +
               "Date: Sun, 22 Nov 2026 09:00:00 +0000\r\n\r\nHello,\r\n\r\nmy printer is offline and does not print. " + words + "\r\n";
    }
    /// Posts what changes nothing, once a day, so that timers go off.
    void live(ApiClient& client, int days) {
        for (int day = 0; day < days; ++day) {
            clock_.advance(std::chrono::hours(24));
            ASSERT_TRUE(client.post("/api/retention", R"({"dry_run":true})"));
        }
    }
    json::Value must_post(ApiClient& client, const std::string& target, const std::string& body) {
        auto answer = client.post(target, body);
        EXPECT_TRUE(answer) << answer.error().code << ": " << answer.error().detail;
        return answer ? *answer : json::Value();
    }
    json::Value must_get(ApiClient& client, const std::string& target) {
        auto answer = client.get(target);
        EXPECT_TRUE(answer) << answer.error().code << ": " << answer.error().detail;
        return answer ? *answer : json::Value();
    }

    std::filesystem::path folder_;
    Config config_;
    VirtualClock clock_{*parse_instant("2026-11-22T09:00:00Z")};
};

TEST_F(CareTest, WhatWasKeptLongEnoughGoesAndTheRestStays) {
    config_.keep_mail = std::chrono::days(5);
    config_.keep_closed_cases = std::chrono::days(60);
    ApiClient client = open();
    must_post(client, "/api/mails", mail("one", "ann@x.example", "xylophone"));
    live(client, 40);
    ASSERT_EQ(must_get(client, "/api/cases?status=closed").as_array().size(), 1U);
    must_post(client, "/api/mails", mail("two", "ann@x.example", "violin"));
    json::Value gone = must_post(client, "/api/retention", "{}");
    EXPECT_EQ(gone["raw_mails"].as_int(), 1);
    EXPECT_TRUE(gone["cases"].as_array().empty());
    EXPECT_EQ(must_post(client, "/api/retention", "{}")["raw_mails"].as_int(), 0) << "it is gone";

    clock_.advance(std::chrono::days(60));
    must_post(client, "/api/people/ann%40x.example/hold", R"({"by":"erik","why":"court"})");
    EXPECT_EQ(must_post(client, "/api/retention", R"({"dry_run":true})")["held"].as_int(), 2) << "the second raw mail, and the first case";
    must_post(client, "/api/people/ann%40x.example/release", R"({"by":"erik"})");
    gone = must_post(client, "/api/retention", "{}");
    ASSERT_EQ(gone["cases"].as_array().size(), 1U);
    const std::string id = gone["cases"].as_array().front().as_string();
    EXPECT_EQ(must_get(client, "/api/cases/" + id)["summary"]["from"].as_string(), "");
    const json::Value report = must_get(client, "/api/verify");
    EXPECT_TRUE(report["is_sound"].as_bool()) << json::dump(report);
    const std::string journal = json::dump(must_get(client, "/api/cases/" + id + "/journal"));
    EXPECT_EQ(journal.find("xylophone"), std::string::npos) << "the person's key lives on, so its rows were blanked";
    const std::string exported = json::dump(must_get(client, "/api/people/ann%40x.example/export"));
    EXPECT_THAT(exported, HasSubstr("Printer two"));
    EXPECT_EQ(exported.find("Printer one"), std::string::npos);
}

TEST_F(CareTest, AnErasureThatTheDatabaseForgotIsDoneAgainAtTheNextStart) {
    {
        ApiClient client = open();
        must_post(client, "/api/mails", mail("one", "ann@x.example", "xylophone"));
    }
    std::filesystem::copy_file(config_.data / "resolute.db", folder_ / "old.db");
    {
        ApiClient client = open();
        EXPECT_EQ(must_post(client, "/api/people/ann%40x.example/erase", R"({"by":"dana"})")["cases"].as_int(), 1);
        EXPECT_EQ(must_post(client, "/api/people/ann%40x.example/erase", R"({"by":"dana"})")["keys"].as_int(), 0) << "again there is nothing left";
        const auto unknown = client.get("/api/people/nobody%40x.example");
        ASSERT_FALSE(unknown);
        EXPECT_EQ(unknown.error().code, "care.unknown_person");
    }
    const auto log = read_erasure_log(config_.erasure_log_file());
    ASSERT_TRUE(log);
    ASSERT_EQ(log->size(), 1U);
    EXPECT_EQ(file::read(config_.erasure_log_file())->find("ann"), std::string::npos) << "blind";
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(config_.data.string() + "/resolute.db" + end);
    std::filesystem::copy_file(folder_ / "old.db", config_.data / "resolute.db");
    {
        ApiClient client = open();
        EXPECT_TRUE(must_get(client, "/api/status")["is_frozen"].as_bool()) << "it is behind its anchor, too";
        EXPECT_EQ(must_get(client, "/api/cases").as_array().front()["from"].as_string(), "");
        EXPECT_TRUE(must_get(client, "/api/verify")["is_sound"].as_bool());
    }
    const std::string bytes = *file::read(config_.data / "resolute.db");
    EXPECT_EQ(bytes.find("ann@x"), std::string::npos);
    EXPECT_EQ(bytes.find("xylophone"), std::string::npos);
}

TEST_F(CareTest, ALineThatACrashCutOffDoesNotCountAndSpoilsNoOther) {
    std::filesystem::create_directories(folder_);
    const auto file = folder_ / "erasures.jsonl";
    ASSERT_TRUE(append_erasure(file, {.at = clock_.now(), .by = "dana", .subjects = {"beef:1"}}));
    ASSERT_TRUE(file::write_durably(file, *file::read(file) + R"({"at":"2026-1)"));
    EXPECT_EQ(read_erasure_log(file)->size(), 1U);
    ASSERT_TRUE(append_erasure(file, {.at = clock_.now(), .by = "dana", .subjects = {"beef:2"}}));
    const auto entries = read_erasure_log(file);
    ASSERT_TRUE(entries) << "or a crash would keep the program from starting";
    ASSERT_EQ(entries->size(), 2U);
    EXPECT_EQ(entries->back().subjects.front(), "beef:2");
    ASSERT_TRUE(file::write_durably(file, "something\n" + *file::read(file)));
    EXPECT_EQ(read_erasure_log(file).error().code, "care.erasure_log_malformed");
}

TEST_F(CareTest, ASealedFileOpensWholeWithItsKeyOrNotAtAll) {
    const seal::Key key = seal::random_key();
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65'536}, std::size_t{200'000}}) {
        const std::string plain(size, 'p');
        const auto path = folder_ / ("plain" + std::to_string(size));
        const auto sealed = folder_ / ("sealed" + std::to_string(size));
        const auto opened = folder_ / ("opened" + std::to_string(size));
        ASSERT_TRUE(file::write_durably(path, plain));
        ASSERT_TRUE(seal::seal_file(key, "head", path, sealed, {}));
        EXPECT_EQ(seal::seal_file(key, "head", path, sealed, {}).error().code, "file.exists");
        const auto head = seal::open_file(key, sealed, opened, {});
        ASSERT_TRUE(head) << head.error().detail;
        EXPECT_EQ(*head, "head");
        EXPECT_EQ(*file::read(opened), plain);
        const std::string bytes = *file::read(sealed);
        for (const std::size_t cut : {std::size_t{1}, std::size_t{30}, bytes.size() / 2}) {
            ASSERT_TRUE(file::write_durably(folder_ / "cut", bytes.substr(0, bytes.size() - cut)));
            EXPECT_FALSE(seal::open_file(key, folder_ / "cut", folder_ / "never", {})) << cut;
        }
        EXPECT_FALSE(seal::open_file(seal::random_key(), sealed, folder_ / "never", {}));
        EXPECT_FALSE(std::filesystem::exists(folder_ / "never"));
    }
}

}  // namespace
}  // namespace resolute::app
