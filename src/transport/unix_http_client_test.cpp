// SPDX-License-Identifier: Apache-2.0
#include "transport/unix_http_client.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace resolute::transport {
namespace {

/// A peer that reads one request and does with the connection what the test says.
class Peer {
public:
    explicit Peer(const std::string& path) : listening_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.data(), path.size());
        EXPECT_EQ(::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(listening_, 16), 0);
    }
    ~Peer() {
        thread_ = {};
        ::close(listening_);
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// Answers one request with these bytes, then closes.
    void answer_once(std::string bytes) {
        thread_ = std::jthread([this, bytes] {
            const int connection = ::accept(listening_, nullptr, nullptr);
            char buffer[65536];
            const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
            if (got > 0) request.assign(buffer, static_cast<std::size_t>(got));
            for (std::string_view left = bytes; !left.empty();) {
                const ssize_t sent = ::send(connection, left.data(), left.size(), MSG_NOSIGNAL);
                if (sent <= 0) break;
                left.remove_prefix(static_cast<std::size_t>(sent));
            }
            ::close(connection);
        });
    }
    void join() { thread_ = {}; }

    std::string request;

private:
    int listening_;
    std::jthread thread_;
};

class CallLocal : public testing::Test {
protected:
    CallLocal() {
        char name[] = "/tmp/resolute-client-XXXXXX";
        folder_ = ::mkdtemp(name);
        socket_ = folder_ / "api.sock";
    }
    ~CallLocal() override { std::filesystem::remove_all(folder_); }

    Result<LocalAnswer> get(Duration within = std::chrono::seconds(20)) const {
        return call_local(socket_, "GET", "/api/cases?limit=2", "", Deadline::in(within));
    }

    std::filesystem::path folder_;
    std::filesystem::path socket_;
};

TEST_F(CallLocal, AnAnswerComesBackWhateverItsStatus) {
    Peer peer(socket_);
    peer.answer_once(
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    const auto answer = get();
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(answer->status, 404);
    EXPECT_EQ(answer->content_type, "application/json");
    EXPECT_EQ(answer->body, "{}");
    peer.join();
    EXPECT_TRUE(peer.request.starts_with("GET /api/cases?limit=2 HTTP/1.1\r\n")) << peer.request;
    EXPECT_NE(peer.request.find("Host: localhost\r\n"), std::string::npos);
}

TEST_F(CallLocal, ABodyGoesAsJsonWithItsLength) {
    Peer peer(socket_);
    peer.answer_once("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    ASSERT_TRUE(call_local(socket_, "POST", "/api/tasks", R"({"a":1})", Deadline::in(std::chrono::seconds(20))));
    peer.join();
    EXPECT_NE(peer.request.find("Content-Type: application/json\r\n"), std::string::npos);
    EXPECT_NE(peer.request.find("Content-Length: 7\r\n"), std::string::npos);
    EXPECT_TRUE(peer.request.ends_with("\r\n\r\n{\"a\":1}"));
}

TEST_F(CallLocal, NoSocketMeansNotRunningAndNothingSent) {
    const auto answer = get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "transport.not_running");
    EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(answer.error().effect, EffectState::not_sent);
}

TEST_F(CallLocal, ASocketThatACrashLeftMeansNotRunning) {
    { const Peer gone(socket_); }
    ASSERT_TRUE(std::filesystem::exists(socket_));
    const auto answer = get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "transport.not_running");
}

TEST_F(CallLocal, AConnectionThatEndsAfterTheRequestLeavesItsEffectUnknown) {
    Peer peer(socket_);
    peer.answer_once("");
    const auto answer = get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "transport.broken");
    EXPECT_EQ(answer.error().effect, EffectState::unknown);
}

TEST_F(CallLocal, AHalfAnswerIsNoAnswer) {
    Peer peer(socket_);
    peer.answer_once("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    const auto answer = get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "transport.broken");
}

TEST_F(CallLocal, APeerThatNeverAnswersTimesOutWithUnknownEffect) {
    const Peer silent(socket_);
    const auto answer = get(Duration(100));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "transport.timed_out");
    EXPECT_EQ(answer.error().effect, EffectState::unknown);
}

TEST_F(CallLocal, WithNoTimeLeftNothingIsSent) {
    const Peer silent(socket_);
    const auto answer = get(Duration(0));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "transport.timed_out");
    EXPECT_EQ(answer.error().effect, EffectState::not_sent);
}

TEST_F(CallLocal, AnAnswerWithoutEndIsCutOff) {
    Peer peer(socket_);
    peer.answer_once("HTTP/1.1 200 OK\r\nContent-Length: 80000000\r\n\r\n" + std::string(80'000'000, 'x'));
    const auto answer = get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "transport.answer_too_large");
}

TEST_F(CallLocal, APathThatIsTooLongIsRefused) {
    const auto answer = call_local(folder_ / std::string(200, 's'), "GET", "/", "", Deadline::never());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "transport.socket_path_too_long");
}

}  // namespace
}  // namespace resolute::transport
