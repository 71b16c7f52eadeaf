// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/e2e/money_scan.h"

namespace resolute::e2e {
namespace {

const std::string kSubject = "Refund for order A-2001";

/// A refund of $620 has come in: it needs a manager, and then an agent.
class Approval : public testing::Test {
protected:
    void SetUp() override { company_.add_customer("Cid Moor", "cid@moor.example", {{"A-2001", "620.00"}}); }
    void arrive() const {
        company_.put({.name = "refund",
                      .from = "Cid Moor <cid@moor.example>",
                      .subject = kSubject,
                      .body = "Hello,\n\nplease refund my order A-2001, I no longer want it. The amount is $620.00.\n\nCid",
                      .in_reply_to = {}});
    }
    [[nodiscard]] json::Value only_task(std::string_view kind) const {
        const auto tasks = tasks_of(company_.find_case(kSubject), kind);
        EXPECT_EQ(tasks.size(), 1U);
        return tasks.empty() ? json::Value() : tasks.front();
    }
    /// The mail arrives while it serves, and its approval task appears.
    [[nodiscard]] std::string arrive_and_wait() const {
        arrive();
        EXPECT_TRUE(eventually([&] {
            const json::Value all = company_.ask({"task", "list"});
            for (const json::Value& task : all.as_array())
                if (task["kind"].as_string() == "approve") return true;
            return false;
        })) << "no approval task";
        return only_task("approve")["id"].as_string();
    }
    [[nodiscard]] Ended resolve(const std::string& reply) const {
        return company_.run({"task", "resolve", only_task("resolve")["id"].as_string(), "--by", "ben", "--reply", reply});
    }
    [[nodiscard]] std::vector<json::Value> journal() const {
        return company_.journal(company_.find_case(kSubject)["id"].as_string());
    }
    [[nodiscard]] bool has_gone_out(std::string_view words) const {
        for (const MailOut& mail : company_.mails_to("cid@moor.example"))
            if (mail.text.find(words) != std::string::npos) return true;
        return false;
    }
    /// The reply was tried and refused by the rules: nothing of it has gone out, and a person has the case.
    void expect_refused(const std::string& reply, std::string_view words) const {
        const Ended ended = resolve(reply);
        EXPECT_TRUE(ended.exit_code == 0 || ended.exit_code == 1) << describe(ended);
        EXPECT_TRUE(eventually([&] {
            const auto events = journal();
            const bool is_refused =
                ended.exit_code == 1 || !events_of(events, "EffectRefused").empty() ||
                json::dump(json::Value(json::Array(events))).find("gate.promise_without_grant") != std::string::npos;
            return is_refused && !tasks_of(company_.find_case(kSubject), "resolve").empty();
        })) << describe(ended);
        EXPECT_FALSE(has_gone_out(words));
        bool has_open_task = false;
        for (const json::Value& task : tasks_of(company_.find_case(kSubject), "resolve"))
            has_open_task = has_open_task || task["state"].as_string() == "open";
        EXPECT_TRUE(has_open_task) << "nobody has the case any more: " << json::dump(company_.find_case(kSubject));
    }

    Company company_;
};

TEST_F(Approval, ApprovedFromAnotherShellTheAgentsReplyMayPromiseThatAmount) {
    Process server = company_.serve();
    const std::string task = arrive_and_wait();
    EXPECT_TRUE(events_of(journal(), "RefundGranted").empty());
    const Ended approved = company_.run({"task", "approve", task, "--by", "mara"});
    ASSERT_EQ(approved.exit_code, 0) << describe(approved);
    const auto grants = events_of(journal(), "RefundGranted");
    ASSERT_EQ(grants.size(), 1U);
    EXPECT_EQ(grants[0]["grant"]["by"].as_string(), "mara");
    EXPECT_EQ(grants[0]["grant"]["amount"]["amount"].as_string(), "620.00");
    EXPECT_EQ(grants[0]["grant"]["order"].as_string(), "A-2001");
    EXPECT_TRUE(effects_of(journal(), "mail.send_resolution").empty()) << "automatic sending must not resume";
    const Ended resolved = resolve("We will refund $620.00 for order A-2001 to your card.");
    ASSERT_EQ(resolved.exit_code, 0) << describe(resolved);
    EXPECT_TRUE(eventually([&] { return has_gone_out("$620.00"); }));
    EXPECT_TRUE(eventually([&] { return company_.find_case(kSubject)["resolution"].as_string() == "human"; }));
    expect_no_promise_beyond_a_grant(read_sent(company_.sent()), company_.journals());
    EXPECT_EQ(server.stop().exit_code, 0);
    company_.expect_sound();
}

TEST_F(Approval, PromisingMoreThanWasApprovedIsRefused) {
    const Process server = company_.serve();
    const std::string task = arrive_and_wait();
    ASSERT_EQ(company_.run({"task", "approve", task, "--by", "mara", "--amount", "300.00 USD"}).exit_code, 0);
    EXPECT_EQ(events_of(journal(), "RefundGranted").at(0)["grant"]["amount"]["amount"].as_string(), "300.00");
    expect_refused("We will refund $620.00 for order A-2001 to your card.", "620.00");
    const auto tasks = tasks_of(company_.find_case(kSubject), "resolve");
    const Ended resolved = company_.run(
        {"task", "resolve", tasks.back()["id"].as_string(), "--by", "ben", "--reply", "We will refund $300.00 to your card."});
    ASSERT_EQ(resolved.exit_code, 0) << describe(resolved);
    EXPECT_TRUE(eventually([&] { return has_gone_out("$300.00"); }));
}

TEST_F(Approval, OnlyAManagerApproves) {
    const Process server = company_.serve();
    const std::string task = arrive_and_wait();
    const Ended by_agent = company_.run({"task", "approve", task, "--by", "ben"});
    EXPECT_EQ(by_agent.exit_code, 1) << describe(by_agent);
    const Ended by_nobody = company_.run({"task", "approve", task, "--by", "nobody"});
    EXPECT_EQ(by_nobody.exit_code, 2) << describe(by_nobody);
    EXPECT_TRUE(events_of(journal(), "RefundGranted").empty());
    EXPECT_EQ(only_task("approve")["state"].as_string(), "open");
}

TEST_F(Approval, DeniedNoMoneyMayBePromised) {
    const Process server = company_.serve();
    const std::string task = arrive_and_wait();
    ASSERT_EQ(company_.run({"task", "deny", task, "--by", "mara", "--note", "outside the return window"}).exit_code, 0);
    EXPECT_EQ(events_of(journal(), "RefundDenied").size(), 1U);
    EXPECT_EQ(only_task("approve")["state"].as_string(), "denied");
    expect_refused("We will refund $620.00 for order A-2001 to your card.", "620.00");
    const auto tasks = tasks_of(company_.find_case(kSubject), "resolve");
    const Ended resolved = company_.run(
        {"task", "resolve", tasks.back()["id"].as_string(), "--by", "ben", "--reply", "The order is outside its return window."});
    ASSERT_EQ(resolved.exit_code, 0) << describe(resolved);
    EXPECT_TRUE(eventually([&] { return has_gone_out("outside its return window"); }));
    EXPECT_TRUE(events_of(journal(), "RefundGranted").empty());
}

TEST_F(Approval, UndecidedItExpiresAndNoMoneyMayBePromised) {
    arrive();
    ASSERT_EQ(company_.run({"run", "--clock", "virtual", "--until", "80h", "--json"}).exit_code, 0);
    EXPECT_EQ(only_task("approve")["state"].as_string(), "expired");
    const Process server = company_.serve();
    const auto denied = events_of(journal(), "RefundDenied");
    ASSERT_EQ(denied.size(), 1U);
    EXPECT_EQ(denied[0]["by"].as_string(), "clock");
    const Ended late = company_.run({"task", "approve", only_task("approve")["id"].as_string(), "--by", "mara"});
    EXPECT_EQ(late.exit_code, 1) << describe(late);
    expect_refused("We will refund $620.00 for order A-2001 to your card.", "620.00");
    EXPECT_TRUE(events_of(journal(), "RefundGranted").empty());
}

}  // namespace
}  // namespace resolute::e2e
