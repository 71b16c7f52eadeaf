// SPDX-License-Identifier: Apache-2.0
#include "transport/http_client.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <future>
#include <set>
#include <thread>

namespace resolute::transport {
namespace {

class HttpClientTest : public testing::Test {
protected:
    HttpClientTest() {
        server_.Post("/echo", [](const httplib::Request& request, httplib::Response& response) {
            response.status = 201;
            response.set_content(request.get_header_value("X-Key") + "|" + request.get_header_value("Content-Type") + "|" + request.body, "text/plain");
        });
        server_.Get("/large", [](const httplib::Request&, httplib::Response& response) { response.set_content(std::string(2000, 'x'), "text/plain"); });
        server_.Get("/moved", [](const httplib::Request&, httplib::Response& response) { response.set_redirect("/large"); });
        server_.Get("/slow", [this](const httplib::Request&, httplib::Response&) { released_.wait(); });
        url_ = "http://127.0.0.1:" + std::to_string(server_.bind_to_any_port("127.0.0.1"));
        thread_ = std::jthread([this] { server_.listen_after_bind(); });
        while (!server_.is_running()) std::this_thread::yield();  // Stopped before, it would listen for ever.
    }
    ~HttpClientTest() override {
        release_.set_value();
        server_.stop();
    }

    Result<HttpAnswer> get(const std::string& path, Duration within = std::chrono::seconds(20)) {
        return HttpClient({.ca_file = {}, .answer_bytes_max = 1000}).send({.url = url_ + path}, Deadline::in(within));
    }

    std::string url_;
    httplib::Server server_;
    std::promise<void> release_;
    std::shared_future<void> released_ = release_.get_future().share();
    std::jthread thread_;
};

TEST_F(HttpClientTest, ARequestGoesAsItIsAndAnyAnswerIsAResult) {
    const auto answer = HttpClient().send(
        {.method = "POST", .url = url_ + "/echo", .headers = {{"X-Key", "k1"}, {"Content-Type", "text/x"}}, .body = std::string("a\0b", 3)},
        Deadline::in(std::chrono::seconds(20)));
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->content_type, "text/plain");
    EXPECT_EQ(answer->body, std::string("k1|text/x|a\0b", 13));
    EXPECT_EQ(get("/nothing")->status, 404);
}

TEST_F(HttpClientTest, ALargeAnswerIsCutWhereOnlyItsBeginningIsAskedFor) {
    const auto answer = HttpClient({.ca_file = {}, .answer_bytes_max = 1000}).send({.url = url_ + "/large", .cut_after = 1500}, Deadline::in(std::chrono::seconds(20)));
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, std::string(1500, 'x'));
    EXPECT_TRUE(answer->is_cut);
}

TEST_F(HttpClientTest, AStopEndsWhatIsUnderWay) {
    const Interrupt stop;
    const HttpClient client({.ca_file = {}, .stop = &stop});
    auto asked = std::async(std::launch::async, [&] { return client.send({.url = url_ + "/slow"}, Deadline::in(std::chrono::seconds(60))); });
    stop.raise();
    const double since = monotonic_seconds();
    EXPECT_FALSE(asked.get());
    EXPECT_LT(monotonic_seconds() - since, 10);
}

TEST_F(HttpClientTest, HeadersAreFoundInAnyCaseAndRetryAfterIsSecondsOrAMoment) {
    const auto answer = get("/nothing");
    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->header("content-LENGTH").empty());
    EXPECT_TRUE(answer->header("X-None").empty());
    const Instant now = from_unix_ms(1'000'000'000'000);
    const auto asked = [&](const std::string& value) { return retry_after({.headers = {{"retry-after", value}}}, now); };
    EXPECT_EQ(asked("120"), std::chrono::seconds(120));
    EXPECT_EQ(asked("Sun, 09 Sep 2001 01:47:10 GMT"), std::chrono::seconds(30));
    EXPECT_EQ(asked("Sun, 09 Sep 2001 01:46:10 GMT"), Duration::zero()) << "it is over";
    EXPECT_EQ(asked("99999999999"), std::chrono::hours(24));
    EXPECT_FALSE(asked("soon"));
    EXPECT_FALSE(asked("-1"));
    EXPECT_FALSE(retry_after({}, now));
}

TEST_F(HttpClientTest, OneConnectionServesManyReadsAndEachWriteHasItsOwn) {
    std::set<int> ports;
    server_.Get("/port", [&](const httplib::Request& request, httplib::Response&) { ports.insert(request.remote_port); });
    server_.Post("/port", [&](const httplib::Request& request, httplib::Response&) { ports.insert(request.remote_port); });
    const HttpClient client;
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.send({.url = url_ + "/port"}, Deadline::in(std::chrono::seconds(20))));
    EXPECT_EQ(ports.size(), 1U);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.send({.method = "POST", .url = url_ + "/port"}, Deadline::in(std::chrono::seconds(20))));
    EXPECT_EQ(ports.size(), 4U);
}

TEST_F(HttpClientTest, NoRedirectIsFollowed) {
    const auto answer = get("/moved");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 302);
}

TEST_F(HttpClientTest, AnAnswerAboveTheLimitIsCutOffAndItsEffectUnknown) {
    const auto answer = get("/large");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "http.answer_too_large");
    EXPECT_EQ(answer.error().effect, EffectState::unknown);
}

TEST_F(HttpClientTest, NoAnswerInTimeLeavesTheEffectUnknown) {
    const auto answer = get("/slow", std::chrono::milliseconds(100));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "http.timed_out");
    EXPECT_EQ(answer.error().effect, EffectState::unknown);
}

TEST_F(HttpClientTest, WhatCouldNotBeSentWasNotSent) {
    const auto late = get("/echo", Duration(0));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().effect, EffectState::not_sent);
    server_.stop();
    thread_.join();
    const auto down = get("/echo");
    ASSERT_FALSE(down);
    EXPECT_EQ(down.error().code, "http.unreachable");
    EXPECT_EQ(down.error().effect, EffectState::not_sent);
}

TEST(HttpClient, OtherMachinesAreAskedByHttpsOnlyAndHeadersHoldNoLines) {
    const auto refused = [](HttpRequest request) { return HttpClient().send(request, Deadline::in(std::chrono::seconds(5))).error().code; };
    for (const char* url : {"http://login.example/", "http://127.0.0.1.evil.example/", "http://127.0.0.1@evil.example/", "file:///etc/passwd", "ftp://127.0.0.1/", "", "https://"})
        EXPECT_EQ(refused({.url = url}), "http.not_allowed") << url;
    EXPECT_EQ(refused({.url = "https://a.example/", .headers = {{"X", "a\r\nB: c"}}}), "http.not_allowed");
}

TEST(Form, EncodesAllThatIsNotPlain) { EXPECT_EQ(form({{"a b", "c&d=e"}, {"f", "ü~"}}), "a%20b=c%26d%3De&f=%C3%BC~"); }

}  // namespace
}  // namespace resolute::transport
