// SPDX-License-Identifier: Apache-2.0
#include "console/server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <latch>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>
#include <httplib.h>

#include "base/clock.h"
#include "base/file.h"

namespace resolute::console {
namespace {

class ServeConsole : public testing::Test {
protected:
    ServeConsole() {
        char name[] = "/tmp/resolute-console-XXXXXX";
        folder_ = ::mkdtemp(name);
        router.add("GET", "/api/cases/{id}", [](const Request& request) -> Result<Response> {
            return json_response(json::Object{
                {"id", request.path_param("id")}, {"full", request.query_param("full")}, {"agent", request.header("x-agent")}});
        });
        router.add("POST", "/api/echo", [this](const Request& request) -> Result<Response> {
            ++calls;
            return json_response(json::Object{{"bytes", request.body.size()}, {"body", request.body.substr(0, 100)}});
        });
        router.add("GET", "/api/fails",
                   [](const Request&) -> Result<Response> { return fail("task.not_open", ErrorKind::conflict, "it is done"); });
        router.add("GET", "/api/throws", [](const Request&) -> Result<Response> { throw std::runtime_error("secret inside"); });
    }
    ~ServeConsole() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string socket() const { return folder_ / "run" / "api.sock"; }

    httplib::Client client() const {
        httplib::Client made(socket(), 80);
        made.set_address_family(AF_UNIX);
        made.set_default_headers({{"Host", "localhost"}});
        made.set_read_timeout(20, 0);
        return made;
    }

    [[nodiscard]] int connected() const {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = socket();
        std::memcpy(address.sun_path, path.data(), path.size());
        EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        return fd;
    }

    /// Bytes as they are, for what no decent client sends; the whole answer.
    std::string talk(std::string_view bytes) const {
        const int fd = connected();
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) break;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        std::string answer;
        char buffer[4096];
        for (ssize_t got = ::recv(fd, buffer, sizeof buffer, 0); got > 0; got = ::recv(fd, buffer, sizeof buffer, 0))
            answer.append(buffer, static_cast<std::size_t>(got));
        ::close(fd);
        return answer;
    }

    std::filesystem::path folder_;
    Router router;
    std::atomic<int> calls{0};
    Server server{router};
};

TEST_F(ServeConsole, ARequestGoesThereAndBack) {
    ASSERT_TRUE(server.start_unix(socket()));
    auto answer = client().Get("/api/cases/c%2F1?full=yes", {{"X-Agent", "ana"}});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->get_header_value("Content-Type"), "application/json");
    EXPECT_EQ(answer->get_header_value("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer->body, R"({"agent":"ana","full":"yes","id":"c/1"})");
}

TEST_F(ServeConsole, TheSocketIsForOurUserOnlyAndSoIsItsNewFolder) {
    ASSERT_TRUE(server.start_unix(socket()));
    struct stat info {};
    ASSERT_EQ(::stat(socket().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    ASSERT_EQ(::stat((folder_ / "run").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u);
    server.stop();
    EXPECT_FALSE(std::filesystem::exists(socket()));
}

TEST_F(ServeConsole, AStaleSocketIsReplacedAndALiveOneIsNot) {
    ASSERT_TRUE(file::make_directories(folder_ / "run"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = socket();
    std::memcpy(address.sun_path, path.data(), path.size());
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(dead);
    ASSERT_TRUE(std::filesystem::exists(path));
    ASSERT_TRUE(server.start_unix(path));

    Server second(router);
    const Status refused = second.start_unix(path);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "console.socket_in_use");
    EXPECT_TRUE(client().Get("/api/cases/c1"));
}

TEST_F(ServeConsole, AFileInTheSocketsPlaceIsLeftAlone) {
    ASSERT_TRUE(file::make_directories(folder_ / "run"));
    ASSERT_TRUE(file::write_durably(socket(), "precious"));
    const Status refused = server.start_unix(socket());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "console.socket_path_taken");
    EXPECT_EQ(*file::read(socket()), "precious");
}

TEST_F(ServeConsole, APathThatIsTooLongIsRefusedAtTheLimit) {
    const std::string base = folder_.string() + "/";
    const auto path_of = [&](std::size_t bytes) { return base + std::string(bytes - base.size(), 's'); };
    EXPECT_TRUE(server.start_unix(path_of(kUnixPathBytesMax)));
    server.stop();
    const Status refused = server.start_unix(path_of(kUnixPathBytesMax + 1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "console.socket_path_too_long");
}

TEST_F(ServeConsole, FiftyRequestsAtOnceAreAllAnswered) {
    ASSERT_TRUE(server.start_unix(socket()));
    std::atomic<int> good{0};
    std::latch ready(50);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 50; ++i)
            threads.emplace_back([&, i] {
                ready.arrive_and_wait();
                const std::string id = "c" + std::to_string(i);
                auto answer = client().Get("/api/cases/" + id);
                if (answer && answer->status == 200 && answer->body.find("\"" + id + "\"") != std::string::npos) ++good;
            });
    }
    EXPECT_EQ(good, 50);
}

TEST_F(ServeConsole, ABodyOfTwentyMegabytesIs413AndReachesNoHandler) {
    ASSERT_TRUE(server.start_unix(socket()));
    auto answer = client().Post("/api/echo", std::string(20'000'000, 'x'), "application/json");
    ASSERT_TRUE(answer) << httplib::to_string(answer.error());
    EXPECT_EQ(answer->status, 413);
    EXPECT_NE(answer->body.find("console.too_large"), std::string::npos);
    EXPECT_EQ(calls, 0);
}

TEST_F(ServeConsole, TheBodyLimitHoldsToTheByte) {
    Server small(router, {.body_bytes_max = 1000});
    ASSERT_TRUE(small.start_unix(socket()));
    EXPECT_EQ(client().Post("/api/echo", std::string(1000, 'x'), "application/json")->status, 200);
    EXPECT_EQ(client().Post("/api/echo", std::string(1001, 'x'), "application/json")->status, 413);
    EXPECT_EQ(calls, 1);
}

TEST_F(ServeConsole, AnAnnouncedTerabyteIsRefusedWithoutReadingIt) {
    ASSERT_TRUE(server.start_unix(socket()));
    const std::string answer = talk("POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1099511627776\r\n\r\nabc");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 413")) << answer;
}

TEST_F(ServeConsole, ChunksCompressionAndDoubtfulLengthsAreRefused) {
    ASSERT_TRUE(server.start_unix(socket()));
    EXPECT_TRUE(talk("POST /api/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
                    .starts_with("HTTP/1.1 411"));
    EXPECT_TRUE(talk("POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
                    .starts_with("HTTP/1.1 415"));
    EXPECT_TRUE(talk("POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd")
                    .starts_with("HTTP/1.1 400"));
    EXPECT_TRUE(talk("POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nabc").starts_with("HTTP/1.1 400"));
    EXPECT_EQ(calls, 0);
}

TEST_F(ServeConsole, WhatIsNoHttpIsAnsweredWith400OrClosed) {
    ASSERT_TRUE(server.start_unix(socket()));
    const std::string answer = talk("hello\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
    EXPECT_NE(answer.find("console.bad_request"), std::string::npos);
    talk(std::string_view("\x16\x03\x01\x02\x00\r\n\r\n", 9));
    EXPECT_TRUE(client().Get("/api/cases/c1"));
}

TEST_F(ServeConsole, HeadersWithoutEndUseUpTheirBudgetAndNotOurMemory) {
    Server small(router, {.body_bytes_max = 1000});
    ASSERT_TRUE(small.start_unix(socket()));
    std::string flood = "GET /api/cases/c1 HTTP/1.1\r\n";
    for (int i = 0; i < 100'000; ++i) flood += "X-" + std::to_string(i) + ": y\r\n";
    EXPECT_FALSE(talk(flood + "\r\n").starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(client().Get("/api/cases/c1"));
}

TEST_F(ServeConsole, APeerThatDripsCostsItsTimeAndNoMore) {
    Server impatient(router, {.threads = 1, .read_within = Duration(150)});
    ASSERT_TRUE(impatient.start_unix(socket()));
    const double start = monotonic_seconds();
    talk("GET /api/cases/c1 HTTP/1.1\r\nX-Slow: ");  // … and then nothing.
    EXPECT_LT(monotonic_seconds() - start, 10.0);
    EXPECT_TRUE(client().Get("/api/cases/c1"));
}

TEST_F(ServeConsole, UnknownPathsAndMethodsAreAnsweredAsJson) {
    ASSERT_TRUE(server.start_unix(socket()));
    auto missing = client().Get("/api/nothing");
    ASSERT_TRUE(missing);
    EXPECT_EQ(missing->status, 404);
    EXPECT_EQ(missing->body, R"({"error":{"code":"console.not_found","detail":"there is nothing at this path"}})");
    auto wrong = client().Delete("/api/echo");
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->status, 405);
    EXPECT_EQ(wrong->get_header_value("Allow"), "POST");
    auto options = client().Options("/api/echo");
    ASSERT_TRUE(options);
    EXPECT_EQ(options->status, 405);
}

TEST_F(ServeConsole, ALongPathIsRoutedAndATooLongOneIs414) {
    ASSERT_TRUE(server.start_unix(socket()));
    EXPECT_EQ(client().Get("/api/cases/" + std::string(8000, 'a'))->status, 200);
    EXPECT_TRUE(talk("GET /" + std::string(8185, 'a') + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 4"));
}

TEST_F(ServeConsole, AHandlersErrorHasItsStatusAndAFaultTellsNothing) {
    ASSERT_TRUE(server.start_unix(socket()));
    auto failed = client().Get("/api/fails");
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->status, 409);
    EXPECT_EQ(failed->body, R"({"error":{"code":"task.not_open","detail":"it is done"}})");
    auto thrown = client().Get("/api/throws");
    ASSERT_TRUE(thrown);
    EXPECT_EQ(thrown->status, 500);
    EXPECT_EQ(thrown->body.find("secret"), std::string::npos);
    for (const auto& [name, value] : thrown->headers) EXPECT_EQ(value.find("secret"), std::string::npos) << name;
}

TEST_F(ServeConsole, FormsReachTheHandlerAsTheyCame) {
    ASSERT_TRUE(server.start_unix(socket()));
    auto form = client().Post("/api/echo", "a=1&b=2", "application/x-www-form-urlencoded");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->body, R"({"body":"a=1&b=2","bytes":7})");
    auto parts = client().Post("/api/echo", "--x\r\n\r\n--x--", "multipart/form-data; boundary=x");
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->status, 200);
}

TEST_F(ServeConsole, HeadAndRangeGiveNoHalfAnswers) {
    ASSERT_TRUE(server.start_unix(socket()));
    auto head = client().Head("/api/cases/c1");
    ASSERT_TRUE(head);
    EXPECT_EQ(head->status, 200);
    EXPECT_TRUE(head->body.empty());
    auto ranged = client().Get("/api/cases/c1", {{"Range", "bytes=0-3"}});
    ASSERT_TRUE(ranged);
    EXPECT_EQ(ranged->status, 200);
    EXPECT_EQ(ranged->body, R"({"agent":"","full":"","id":"c1"})");
}

TEST_F(ServeConsole, StoppingWhileIdleTwiceAndBeforeTheStartIsFine) {
    server.stop();
    ASSERT_TRUE(server.start_unix(socket()));
    EXPECT_TRUE(server.is_running());
    const Status again = server.start_unix(socket());
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "console.already_started");
    server.stop();
    server.stop();
    EXPECT_FALSE(server.is_running());
    EXPECT_FALSE(client().Get("/api/cases/c1"));
    ASSERT_TRUE(server.start_unix(socket()));
    EXPECT_TRUE(client().Get("/api/cases/c1"));
}

TEST_F(ServeConsole, StoppingLetsARunningHandlerAnswerAndCutsSilentPeers) {
    std::latch is_inside(1);
    std::latch may_go_on(1);
    router.add("GET", "/api/slow", [&](const Request&) -> Result<Response> {
        is_inside.count_down();
        may_go_on.wait();
        return json_response(json::Object{{"done", true}});
    });
    ASSERT_TRUE(server.start_unix(socket()));
    std::atomic<int> status{0};
    std::jthread asking([&] {
        auto answer = client().Get("/api/slow");
        status = answer ? answer->status : -1;
    });
    is_inside.wait();
    const int silent = connected();
    std::jthread stopping([&] { server.stop(); });
    may_go_on.count_down();
    stopping.join();
    asking.join();
    EXPECT_EQ(status, 200);
    char byte = 0;
    EXPECT_LE(::recv(silent, &byte, 1, 0), 0) << "the silent connection was closed";
    ::close(silent);
}

TEST_F(ServeConsole, ItListensOnTcpToo) {
    const Result<std::uint16_t> port = server.start_tcp("127.0.0.1", 0);
    ASSERT_TRUE(port) << describe(port.error());
    httplib::Client tcp("127.0.0.1", *port);
    auto answer = tcp.Get("/api/cases/c7");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    Server second(router);
    const auto taken = second.start_tcp("127.0.0.1", *port);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, "console.cannot_listen");
    EXPECT_FALSE(second.start_tcp("no-such-host.invalid", 0));
}

TEST_F(ServeConsole, ARoundTripTakesMicroseconds) {
    ASSERT_TRUE(server.start_unix(socket()));
    constexpr int kRequests = 500;
    const double start = monotonic_seconds();
    for (int i = 0; i < kRequests; ++i) ASSERT_TRUE(client().Get("/api/cases/c1"));
    const double each = (monotonic_seconds() - start) / kRequests;
    std::printf("request round trip, new connection each: %.0f us\n", each * 1e6);
    EXPECT_LT(each, 0.1);
}

}  // namespace
}  // namespace resolute::console
