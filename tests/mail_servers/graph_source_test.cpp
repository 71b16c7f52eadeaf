// SPDX-License-Identifier: Apache-2.0
// Mails come in from a (fake) Microsoft Graph, whatever it does.
#include <random>
#include <set>

#include "mail/limits.h"
#include "storage/memory/memory_storage.h"
#include "tests/mail_servers/graph_test_support.h"

namespace resolute::graph_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using GraphSourceTest = GraphTest;

TEST_F(GraphSourceTest, MailsOfTheFoldersComeOldestFirstAndNothingIsChangedThere) {
    const json::Value support = order("folder", json::Object{{"name", "Support"}});
    const json::Value orders = order("folder", json::Object{{"name", "Orders"}, {"parent", support["id"]}});
    deliver(1);
    deliver(2, "junkemail");
    const json::Value before = state()["messages"];
    const auto mailbox = source({"Inbox", "support/orders"});
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(1)));
    EXPECT_EQ(state()["messages"], before);
    EXPECT_THAT(take_all(*mailbox), IsEmpty());
    deliver(3, orders["id"].as_string());
    deliver(4);
    EXPECT_THAT(take_all(*mailbox), testing::UnorderedElementsAre(mail_text(3), mail_text(4)));
}

TEST_F(GraphSourceTest, ALongFolderComesInPagesAndInTheOrderOfItsAge) {
    for (int i = 1; i <= 250; ++i) deliver(i);
    const auto mailbox = source();
    const auto listed = mailbox->list(100'000);
    ASSERT_EQ(error_of(listed), "");
    ASSERT_THAT(*listed, SizeIs(250));
    EXPECT_EQ(mailbox->fetch(listed->front())->bytes, mail_text(1)) << "the service lists the newest first";
    EXPECT_EQ(mailbox->fetch(listed->back())->bytes, mail_text(250));
    EXPECT_EQ(mailbox->fetch(listed->front())->received_at, from_unix_ms(1'700'000'001'000));
}

TEST_F(GraphSourceTest, AMailThatIsMovedKeepsItsIdAndIsTakenOnce) {
    const json::Value other = order("folder", json::Object{{"name", "Other"}});
    const std::string id = deliver(1);
    const auto mailbox = source({"inbox", "Other"});
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(1)));
    order("move", json::Object{{"id", id}, {"folder", other["id"]}});
    EXPECT_THAT(take_all(*mailbox), IsEmpty());
    const std::string gone = deliver(2);
    const auto listed = mailbox->list(10);
    ASSERT_TRUE(listed);
    ASSERT_THAT(*listed, SizeIs(1));
    order("remove", json::Object{{"id", gone}});
    EXPECT_EQ(error_of(mailbox->fetch(listed->front())).substr(0, 13), "mail.vanished");
    EXPECT_THAT(take_all(*mailbox), IsEmpty());
}

TEST_F(GraphSourceTest, ALinkThatTheServiceForgotBeginsANewRoundAndMissesNothing) {
    deliver(1);
    const auto mailbox = source();
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(1)));
    order("settings", json::Object{{"forgets", true}});
    deliver(2);
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(2)));
}

TEST_F(GraphSourceTest, ALinkThatLeadsElsewhereIsNotFollowed) {
    ASSERT_TRUE(graph_->faults(
        R"([{"method":"GET","path":"/delta","times":1,"do":{"status":200,"body":{"value":[],"@odata.nextLink":"http://127.0.0.1:1/v1.0/users/x/steal"}}}])"));
    const auto listed = source()->list(10);
    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().code, "graph.malformed");
}

TEST_F(GraphSourceTest, AFolderOrAMailboxThatIsNotThereIsTold) {
    EXPECT_EQ(source({"Nowhere"})->list(1).error().code, "graph.folder_missing");
    EXPECT_EQ(source({"inbox"})->list(1).has_value(), true);
    auto other = connectors::GraphSource({.account = "graph:other", .folders = {"inbox"}},
                                         connectors::GraphClient({.base_url = graph_->url(),
                                                                  .user = "other@acme.example",
                                                                  .token = [this](Deadline deadline) { return tokens().token(deadline); },
                                                                  .gate = std::make_shared<connectors::GraphGate>(clock_)},
                                                                 clock_),
                                         clock_);
    EXPECT_EQ(other.list(1).error().code, "graph.not_found");
}

TEST_F(GraphSourceTest, OfAMailThatIsTooLargeTheBeginningIsTaken) {
    ASSERT_TRUE(graph_->deliver(mail_text(1, mail::limits::raw_bytes_max + (2u << 20))));
    const auto mailbox = source();
    const auto listed = mailbox->list(1);
    ASSERT_EQ(error_of(listed), "");
    EXPECT_EQ(mailbox->fetch(listed->front()).error().code, "mail.too_large");
    const auto head = mailbox->fetch_head(listed->front(), 1000);
    ASSERT_EQ(error_of(head), "");
    EXPECT_EQ(head->bytes, mail_text(1, 2000).substr(0, 1000));
}

TEST_F(GraphSourceTest, APauseIsKeptByAllAndNothingIsAskedMeanwhile) {
    deliver(1);
    ASSERT_TRUE(graph_->faults(R"([{"method":"GET","path":"/delta","times":1,"do":{"status":503,"headers":{"Retry-After":"120"}}}])"));
    const auto mailbox = source();
    EXPECT_EQ(mailbox->list(1).error().code, "graph.unavailable");
    const auto asked = state()["calls"]["all"];
    const auto paced = mailbox->list(1);
    ASSERT_FALSE(paced);
    EXPECT_EQ(paced.error().code, "graph.paced");
    EXPECT_EQ(paced.error().retry_after, std::chrono::seconds(120));
    EXPECT_EQ(state()["calls"]["all"], asked);
    clock_.advance(std::chrono::seconds(120));
    EXPECT_THAT(take_all(*mailbox), ElementsAre(mail_text(1)));
}

TEST_F(GraphSourceTest, FiveHundredMailsThroughFaultsAndRestartsAreEachKeptOnce) {
    constexpr int kMails = 500;
    for (int i = 1; i <= kMails; ++i) deliver(i);
    ASSERT_TRUE(graph_->faults(R"([
        {"method":"GET","path":"/delta","chance":0.1,"do":"reset"}, {"method":"GET","path":"/delta","chance":0.05,"do":{"status":410}},
        {"method":"GET","path":"/$value","chance":0.03,"do":{"status":500}}, {"method":"GET","path":"/$value","chance":0.03,"do":"reset_after"},
        {"chance":0.01,"do":{"status":429,"headers":{"Retry-After":"7"}}}, {"chance":0.01,"do":{"status":401}}, {"path":"/token","chance":0.1,"do":"reset"}])",
                               9));
    storage::MemoryStorage store;
    std::mt19937_64 random(4);
    auto mailbox = source();
    std::size_t kept = 0;
    int restarts = 0;
    for (int round = 0; kept < kMails && round < 2000; ++round) {
        if (random() % 20 == 0) {
            mailbox = source();
            ++restarts;
        }
        const auto listed = mailbox->list(16);
        if (!listed) {
            wait_for(listed.error());
            continue;
        }
        const auto known = store.intake().are_kept(*listed);
        ASSERT_TRUE(known);
        for (std::size_t i = 0; i < listed->size(); ++i) {
            if ((*known)[i]) {
                EXPECT_TRUE(mailbox->done((*listed)[i]));
                continue;
            }
            auto mail = mailbox->fetch((*listed)[i]);
            if (!mail) {
                ASSERT_NE(mail.error().code, "mail.vanished") << describe(mail.error());
                wait_for(mail.error());
                continue;
            }
            const auto is_new = store.intake().keep({*mail}, {mail->bytes.size()});
            ASSERT_TRUE(is_new);
            EXPECT_TRUE(is_new->front());
            ++kept;
            if (random() % 50 == 0) continue;  // The program died here.
            EXPECT_TRUE(mailbox->done((*listed)[i]));
        }
    }
    EXPECT_EQ(kept, static_cast<std::size_t>(kMails));
    EXPECT_GT(restarts, 1);
    std::set<std::string> blobs;
    const auto records = store.intake().list({.outcome = std::nullopt, .case_id = std::nullopt, .limit = 10'000});
    ASSERT_TRUE(records);
    for (const auto& record : *records) blobs.insert(record.blob);
    EXPECT_THAT(blobs, SizeIs(kMails));
    EXPECT_GT(state()["faults"].as_int(), 20);
}

}  // namespace
}  // namespace resolute::graph_test
