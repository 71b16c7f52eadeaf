// SPDX-License-Identifier: Apache-2.0
#include "app/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "app/local_server.h"
#include "app/narrate.h"
#include "app/summary.h"
#include "app/verification.h"
#include "engine/rows.h"
#include "base/file.h"

namespace resolute::app {
namespace {

using testing::HasSubstr;

/// The example company with a data folder and an inbox of its own.
class Commands : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("resolute-client-" + std::to_string(getpid()));
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_ / "inbox");
        auto config = read_config(std::filesystem::path(RESOLUTE_SOURCE_DIR) / "examples/resolute.yaml");
        ASSERT_TRUE(config) << config.error().detail;
        config_ = *std::move(config);
        config_.data = folder_ / "state";
        config_.outgoing = folder_ / "sent";
        config_.intake = {folder_ / "inbox"};
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    ApiClient open() {
        auto client = ApiClient::open(config_, clock_);
        EXPECT_TRUE(client) << client.error().detail;
        return *std::move(client);
    }
    static std::string mail(const std::string& name) {
        return file::read(std::filesystem::path(RESOLUTE_SOURCE_DIR) / "examples/inbox" / name).value_or("");
    }
    [[nodiscard]] std::size_t sent() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_ / "sent/new"), {}));
    }

    std::filesystem::path folder_;
    Config config_;
    VirtualClock clock_{*parse_instant("2026-11-22T09:00:00Z")};
};

TEST_F(Commands, AMailHandedInIsWorkedOffBeforeTheCommandEnds) {
    std::string id;
    {
        ApiClient client = open();
        EXPECT_FALSE(client.is_remote());
        const auto answer = client.post("/api/mails", mail("065-printer-offline.eml"));
        ASSERT_TRUE(answer) << answer.error().detail;
        EXPECT_EQ((*answer)["outcome"].as_string(), "new_case");
        id = (*answer)["case"].as_string();
    }
    EXPECT_GE(sent(), 1u) << "the acknowledgment went out";
    ApiClient later = open();
    const auto status = later.get("/api/status");
    ASSERT_TRUE(status) << status.error().detail;
    const auto summary = later.get("/api/summary");
    ASSERT_TRUE(summary) << summary.error().detail;
    for (const auto& [tool, states] : (*summary)["effects"].as_object())
        for (const auto& [state, count] : states.as_object()) EXPECT_TRUE(state == "confirmed" || state == "refused") << tool << " is " << state;
    const auto shown = later.get("/api/cases/" + id.substr(0, 8));
    ASSERT_TRUE(shown) << shown.error().detail;
    EXPECT_EQ((*shown)["summary"]["id"].as_string(), id) << "the beginning of an id names the case";
}

TEST_F(Commands, TheSameMailTwiceIsOneMail) {
    ApiClient client = open();
    const auto first = client.post("/api/mails", mail("001-router-setup.eml"));
    const auto second = client.post("/api/mails", mail("001-router-setup.eml"));
    ASSERT_TRUE(first && second);
    EXPECT_EQ((*first)["id"], (*second)["id"]);
    const auto mails = client.get("/api/mails");
    ASSERT_TRUE(mails);
    EXPECT_EQ(mails->as_array().size(), 1u);
}

TEST_F(Commands, ListsHaveTheFieldsThatOthersRelyOn) {
    ApiClient client = open();
    ASSERT_TRUE(client.post("/api/mails", mail("029-refund-500-01.eml")));
    const auto cases = client.get("/api/cases");
    ASSERT_TRUE(cases) << cases.error().detail;
    ASSERT_EQ(cases->as_array().size(), 1u);
    for (const char* field : {"id", "ticket", "from", "subject", "category", "priority", "tier", "status", "resolution", "articles", "tasks", "opened_at", "closed_at"})
        EXPECT_TRUE(cases->as_array().front().contains(field)) << field;
    const auto mails = client.get("/api/mails");
    ASSERT_TRUE(mails);
    for (const char* field : {"id", "from", "subject", "outcome", "reason", "case", "received_at", "position"})
        EXPECT_TRUE(mails->as_array().front().contains(field)) << field;
    const auto none = client.get("/api/cases?text=nobody-wrote-this");
    ASSERT_TRUE(none);
    EXPECT_TRUE(none->is_array() && none->as_array().empty()) << "no case is an empty array, not null";
}

TEST_F(Commands, ARefundOverTheLimitWaitsForAManagerAndNobodyElse) {
    ApiClient client = open();
    ASSERT_TRUE(client.post("/api/mails", mail("029-refund-500-01.eml")));
    const auto tasks = client.get("/api/tasks?open=1");
    ASSERT_TRUE(tasks);
    std::string task;
    for (const json::Value& one : tasks->as_array())
        if (one["kind"].as_string() == "approve") task = one["id"].as_string();
    ASSERT_FALSE(task.empty()) << json::dump(*tasks);
    const auto agents = client.get("/api/agents");
    ASSERT_TRUE(agents);
    std::string manager;
    std::string agent;
    for (const json::Value& one : agents->as_array()) (one["manager"].as_bool() ? manager : agent) = one["id"].as_string();

    const auto decide = [&](const std::string& by, const std::string& verb) {
        const json::Value body = json::Object{{"verb", verb}, {"by", by}};
        return client.post("/api/tasks/" + task, json::dump(body));
    };
    EXPECT_EQ(decide("a-stranger", "approve").error().code, "task.unknown_person");
    EXPECT_EQ(decide(agent, "approve").error().code, "task.no_right");
    EXPECT_EQ(decide(manager, "wave").error().code, "api.bad_value");
    const auto approved = decide(manager, "approve");
    ASSERT_TRUE(approved) << approved.error().detail;
    EXPECT_EQ((*approved)["state"].as_string(), "approved");
    EXPECT_EQ(decide(manager, "deny").error().code, "task.not_open") << "what is decided stays decided";
}

TEST_F(Commands, ACaseIsToldWithItsStepsItsBranchesAndItsEvidence) {
    ApiClient client = open();
    const auto answer = client.post("/api/mails", mail("065-printer-offline.eml"));
    ASSERT_TRUE(answer);
    const std::string id = (*answer)["case"].as_string();
    const auto shown = client.get("/api/cases/" + id);
    const auto journal = client.get("/api/cases/" + id + "/journal");
    ASSERT_TRUE(shown && journal);
    const std::string told = narrate_case(*shown, *journal, {});
    EXPECT_THAT(told, HasSubstr("Step 1: "));
    EXPECT_THAT(told, HasSubstr("branch `parsed` → Step 2"));
    EXPECT_THAT(told, HasSubstr("09:00:00"));
    EXPECT_THAT(told, HasSubstr("\"acknowledgment\" rests on"));
    const auto exported = client.get("/api/cases/" + id + "/export");
    ASSERT_TRUE(exported) << exported.error().detail;
    EXPECT_EQ((*exported)["mails"].as_array().size(), 1u);
    EXPECT_FALSE((*exported)["procedure_document"].as_string().empty());
}

TEST_F(Commands, WhileSomebodyOwnsTheFolderTheSocketIsTheWay) {
    auto runtime = Runtime::open(config_, clock_);
    ASSERT_TRUE(runtime) << runtime.error().detail;
    auto server = LocalServer::start(**runtime);
    ASSERT_TRUE(server) << server.error().detail;
    ApiClient client = open();
    EXPECT_TRUE(client.is_remote());
    const auto answer = client.post("/api/mails", mail("065-printer-offline.eml"));
    ASSERT_TRUE(answer) << answer.error().detail;
    const auto missing = client.get("/api/cases/nothing");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, "case.not_found");
    EXPECT_EQ(missing.error().kind, ErrorKind::not_found) << "an error over the socket is the error that it was";
    ASSERT_TRUE((*runtime)->run_until_idle());
    const auto report = client.get("/api/verify");
    ASSERT_TRUE(report);
    EXPECT_TRUE((*report)["is_sound"].as_bool()) << json::dump(*report);
    EXPECT_EQ((*report)["cases"].as_int(), 1);
}

TEST_F(Commands, AnOwnerThatDoesNotAnswerIsNamed) {
    auto runtime = Runtime::open(config_, clock_);
    ASSERT_TRUE(runtime);
    const auto client = ApiClient::open(config_, clock_);
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().code, "store.locked");
    EXPECT_THAT(client.error().detail, HasSubstr("process " + std::to_string(getpid())));
    EXPECT_THAT(client.error().detail, HasSubstr("resolute.sock"));
}

TEST_F(Commands, AStateThatIsNotItsJournalsFoldIsFound) {
    auto runtime = Runtime::open(config_, clock_);
    ASSERT_TRUE(runtime);
    const auto record = (*runtime)->submit({.position = {}, .received_at = clock_.now(), .bytes = mail("065-printer-offline.eml")});
    ASSERT_TRUE(record);
    ASSERT_TRUE((*runtime)->run_until_idle());
    const auto state = (*runtime)->engine().find_state(record->case_id);
    const auto journal = engine::read_journal((*runtime)->storage().engine_store(), (*runtime)->vault(), record->case_id);
    ASSERT_TRUE(state && *state && journal);
    EXPECT_EQ(differs_from_fold(**state, *journal), "");
    casework::CaseState changed = **state;
    changed.automatic_answers += 1;
    EXPECT_THAT(differs_from_fold(changed, *journal), HasSubstr("automatic_answers"));
    auto shorter = *journal;
    shorter.pop_back();
    EXPECT_NE(differs_from_fold(**state, shorter), "");
}

TEST(RunSummary, ACaseThatPolicySentToPeopleIsNotHeldAgainstTheProgram) {
    RunSummary summary;
    summary.cases = 10;
    summary.resolved_automatically = 6;
    summary.policy_stops = 2;
    EXPECT_DOUBLE_EQ(summary.automation_rate(), 0.6);
    EXPECT_DOUBLE_EQ(summary.eligible_rate(), 0.75);
    EXPECT_DOUBLE_EQ(RunSummary{}.automation_rate(), 0.0) << "no case, no rate";
    const json::Value value = to_json(summary);
    for (const char* field : {"mails", "outcomes", "cases", "resolved_automatically", "escalated", "held", "effects", "automation_rate", "eligible_rate", "eligible",
                              "duration_s"})
        EXPECT_TRUE(value.contains(field)) << field;
}

}  // namespace
}  // namespace resolute::app
