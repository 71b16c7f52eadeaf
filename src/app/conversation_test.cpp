// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "app/client.h"
#include "base/file.h"
#include "mail/thread_token.h"

/// Marks, merging, splitting and parties in the whole program.
namespace resolute::app {
namespace {

class Conversations : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("resolute-conversation-" + std::to_string(getpid()));
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_ / "inbox");
        auto config = read_config(std::filesystem::path(RESOLUTE_SOURCE_DIR) / "examples/resolute.yaml");
        ASSERT_TRUE(config) << config.error().detail;
        config->data = folder_ / "state";
        config->outgoing = folder_ / "sent";
        config->intake = {folder_ / "inbox"};
        config->reply_tokens = true;
        auto client = ApiClient::open(*config, clock_);
        ASSERT_TRUE(client) << client.error().detail;
        client_.emplace(*std::move(client));
        support_ = config->voice.support_address;
        const auto agents = client_->get("/api/agents");
        ASSERT_TRUE(agents) << agents.error().detail;
        for (const json::Value& agent : agents->as_array()) agent_ = agent["id"].as_string();
    }
    void TearDown() override {
        client_.reset();
        std::filesystem::remove_all(folder_);
    }

    json::Value write(const std::string& from, const std::string& text, const std::string& in_reply_to = {}, const std::string& to = {}) {
        std::string bytes = fmt::format("From: {}\r\nTo: {}\r\nSubject: A question\r\nMessage-ID: <w{}@letters.example>\r\n", from, to.empty() ? support_ : to, ++letters_);
        if (!in_reply_to.empty()) bytes += "In-Reply-To: <" + in_reply_to + ">\r\n";
        const auto answer = client_->post("/api/mails", bytes + "\r\n" + text + "\r\n");
        EXPECT_TRUE(answer) << answer.error().detail;
        return answer.value_or(json::Value());
    }
    /// The first mail that went to the customer of a case.
    mail::ParsedEmail answer_in(const std::string& id) {
        for (const auto& entry : std::filesystem::directory_iterator(folder_ / "sent/new")) {
            const mail::ParsedEmail email = mail::parse(file::read(entry.path()).value_or(""));
            if (header(email, "X-Resolute-Case") == id) return email;
        }
        return {};
    }
    Result<json::Value> say(const std::string& id, const char* what, const char* member, const std::string& value, std::string by = {}) {
        const json::Value body = json::Object{{"by", by.empty() ? agent_ : by}, {member, value}};
        return client_->post("/api/cases/" + id + what, json::dump(body));
    }

    std::filesystem::path folder_;
    VirtualClock clock_{*parse_instant("2026-11-22T09:00:00Z")};
    std::optional<ApiClient> client_;
    std::string support_;
    std::string agent_;
    int letters_ = 0;
};

TEST_F(Conversations, WhatGoesOutIsMarkedAndAnAnswerComesBackByEitherMark) {
    const std::string id = write("ann@home.example", "My router has no light, what now?")["case"].as_string();
    const mail::ParsedEmail sent = answer_in(id);
    const auto claim = mail::read_thread_claim(sent.message_id);
    ASSERT_TRUE(claim) << sent.message_id;
    EXPECT_EQ(claim->case_id.value(), id);
    EXPECT_EQ(header(sent, "X-Resolute-Token"), claim->mac);
    ASSERT_TRUE(sent.reply_to);
    EXPECT_EQ(write("ann@home.example", "And the cable?", sent.message_id)["case"].as_string(), id);
    const json::Value by_address = write("ann@home.example", "Hello?", "replaced@relay.example", sent.reply_to->address);
    EXPECT_EQ(by_address["case"].as_string(), id);
    EXPECT_EQ(by_address["outcome"].as_string(), "appended");
    EXPECT_EQ(write("eve@home.example", "Let me in.", sent.message_id, sent.reply_to->address)["outcome"].as_string(), "new_case");
}

TEST_F(Conversations, ACustomersOtherAddressIsMergedInAndAMailIsSplitOff) {
    const std::string id = write("ann@home.example", "My router has no light, what now?")["case"].as_string();
    const std::string mark = answer_in(id).message_id;
    const json::Value other = write("ann@work.example", "It is me, from work.", mark);
    ASSERT_EQ(other["outcome"].as_string(), "new_case");
    const std::string second = other["case"].as_string();
    EXPECT_EQ(say(second, "/merge", "into", id, "a-stranger").error().code, "task.unknown_person");
    EXPECT_EQ(say(id, "/merge", "into", id).error().code, "case.cannot_merge");
    const auto merged = say(second, "/merge", "into", id);
    ASSERT_TRUE(merged) << merged.error().detail;
    ASSERT_TRUE(say(second, "/merge", "into", id)) << "said again after an interruption";
    const json::Value joined = write("ann@work.example", "By the way, where is my other parcel?", mark);
    EXPECT_EQ(joined["case"].as_string(), id);

    const auto split = say(id, "/split", "mail", joined["id"].as_string());
    ASSERT_TRUE(split) << split.error().detail;
    const auto shown = client_->get("/api/cases/" + (*split)["into"].as_string());
    ASSERT_TRUE(shown) << shown.error().detail;
    EXPECT_EQ((*shown)["summary"]["from"].as_string(), "ann@work.example");
    EXPECT_EQ((*shown)["conversation"].as_array().front()["mail"], joined["id"]);
    EXPECT_EQ(say(id, "/split", "mail", "m-nothing").error().code, "case.cannot_split");
}

TEST_F(Conversations, APersonHereMayLetSomebodyIn) {
    const std::string id = write("ann@home.example", "My router has no light, what now?")["case"].as_string();
    const std::string mark = answer_in(id).message_id;
    EXPECT_EQ(say(id, "/parties", "address", "no address").error().code, "case.bad_party");
    const auto named = say(id, "/parties", "address", "bob@home.example");
    ASSERT_TRUE(named) << named.error().detail;
    EXPECT_EQ(json::to_strings((*named)["parties"]), std::vector<std::string>{"bob@home.example"});
    EXPECT_EQ(write("bob@home.example", "Ann asked me to add: it is the blue one.", mark)["case"].as_string(), id);
}

}  // namespace
}  // namespace resolute::app
