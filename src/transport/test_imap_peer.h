// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/text.h"
#include "transport/mail_stream.h"

/// A server that says what a test tells it to, well or badly behaved.
namespace resolute::transport::test {

/// One connection, from the server's side. Where the client is gone, lines are empty and what is sent goes nowhere.
class Wire {
public:
    Wire(int fd, std::function<void(const std::string&)> on_line) : fd_(fd), on_line_(std::move(on_line)) {}

    /// The next line, without CRLF.
    std::string line() {
        std::size_t end = 0;
        while ((end = received_.find("\r\n")) == std::string::npos)
            if (!fill()) return {};
        std::string text = received_.substr(0, end);
        received_.erase(0, end + 2);
        on_line_(text);
        return text;
    }
    std::string bytes(std::size_t count) {
        while (received_.size() < count)
            if (!fill()) return {};
        std::string text = received_.substr(0, count);
        received_.erase(0, count);
        on_line_(text);
        return text;
    }
    void send(std::string_view text) const { static_cast<void>(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL)); }
    /// In pieces of so many bytes, each in a packet of its own as far as the system allows.
    void send_in_pieces(std::string_view text, std::size_t size) const {
        for (; !text.empty(); text.remove_prefix(std::min(size, text.size()))) {
            send(text.substr(0, size));
            std::this_thread::yield();
        }
    }
    /// Reads one command, and answers: "{}" in the answer stands for its tag. Returns the command without the tag.
    std::string answer(std::string_view reply = "{} OK done\r\n") {
        const std::string text = line();
        const std::size_t space = text.find(' ');
        send(text::replace_all(std::string(reply), "{}", text.substr(0, space)));
        return space == std::string::npos ? "" : text.substr(space + 1);
    }
    /// libcurl asks what the server can, and after it we do.
    void greet(std::string_view capabilities = "") {
        const std::string can = "* CAPABILITY IMAP4rev1 " + std::string(capabilities) + "\r\n{} OK done\r\n";
        send("* OK ready\r\n");
        answer(can);
        answer(can);
    }
    void open_folder(int exists = 0, std::string_view uid_validity = "7") {
        answer("* " + std::to_string(exists) + " EXISTS\r\n* OK [UIDVALIDITY " + std::string(uid_validity) +
               "] valid\r\n* OK [UIDNEXT 9] next\r\n" + "{} OK [READ-ONLY] open\r\n");
    }
    /// Answers each command with what the handler says, until the client or the handler ("") ends it.
    void serve(const std::function<std::string(const std::string& command)>& handler) {
        while (true) {
            const std::string text = line();
            const std::size_t space = text.find(' ');
            if (space == std::string::npos) return;
            const std::string reply = handler(text.substr(space + 1));
            if (reply.empty()) return;
            send(text::replace_all(reply, "{}", text.substr(0, space)));
        }
    }

private:
    bool fill() {
        pollfd input{.fd = fd_, .events = POLLIN, .revents = 0};
        char block[4096];
        const ssize_t got = ::poll(&input, 1, 10'000) > 0 ? ::recv(fd_, block, sizeof block, 0) : -1;
        if (got > 0) received_.append(block, static_cast<std::size_t>(got));
        return got > 0;
    }
    int fd_;
    std::function<void(const std::string&)> on_line_;
    std::string received_;
};

/// Listens on a port of 127.0.0.1; the first connection gets the first talk, and so on; the connection ends with its talk.
class ImapPeer {
public:
    using Talk = std::function<void(Wire&)>;
    explicit ImapPeer(std::vector<Talk> talks) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, plain, size) == 0 && ::listen(listener_, 16) == 0 && ::getsockname(listener_, plain, &size) == 0)
            port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, talks = std::move(talks)] {
            for (const Talk& talk : talks) {
                const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
                if (fd < 0) return;
                Wire wire(fd, [this](const std::string& line) {
                    const std::lock_guard lock(mutex_);
                    lines_.push_back(line);
                });
                talk(wire);
                ::close(fd);
            }
        });
    }
    ~ImapPeer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    ImapPeer(const ImapPeer&) = delete;
    ImapPeer& operator=(const ImapPeer&) = delete;

    [[nodiscard]] MailServer server() const {
        return {.host = "127.0.0.1", .port = port_, .protection = Protection::none, .ca_file = {}};
    }
    /// All that came in so far, line by line.
    [[nodiscard]] std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

private:
    int listener_;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    std::thread thread_;
};

}  // namespace resolute::transport::test
