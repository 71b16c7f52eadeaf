// SPDX-License-Identifier: Apache-2.0
#include "testkit/breaking_smtp_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <list>
#include <mutex>
#include <thread>
#include <unordered_map>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "base/interrupt.h"

namespace resolute::testkit {
namespace {

using At = SmtpFault::At;
using Act = SmtpFault::Act;

/// "…NAME=value …"
std::string parameter(std::string_view command, std::string_view name) {
    const std::size_t at = command.find(name);
    if (at == std::string_view::npos) return {};
    const std::string_view value = command.substr(at + name.size());
    return std::string(value.substr(0, value.find(' ')));
}

/// What all connections share.
struct Ledger {
    std::mutex mutex;
    std::vector<StoredMail> mails;
    std::unordered_map<std::string, std::size_t> times;
    std::atomic<std::size_t> left_without_end = 0;

    void store(StoredMail mail) {
        const std::lock_guard lock(mutex);
        ++times[mail.envelope_id];
        mails.push_back(std::move(mail));
    }
};

/// One connection's conversation. Each function is true while it goes on.
class Session {
public:
    Session(int socket, const BreakingSmtpServer::Options& options, Ledger& ledger, const Interrupt& stop)
        : socket_(socket), options_(options), ledger_(ledger), stop_(stop) {}

    void run(std::size_t number) {
        if (options_.on_connection) fault_ = options_.on_connection(number);
        if (!reply(At::greeting, "220 breaking.test ESMTP")) return;
        std::string line;
        while (read_line(line) && obey(line)) {
        }
    }

private:
    bool obey(const std::string& line) {
        const std::string_view verb = std::string_view(line).substr(0, 4);
        if (verb == "EHLO" || verb == "HELO") return greet();
        if (verb == "MAIL") return begin_mail(line);
        if (verb == "RCPT") return name_recipient(line);
        if (verb == "DATA") return take_mail();
        if (verb == "QUIT") return say("221 bye") && false;
        if (verb == "RSET") mail_ = {};
        return say(verb == "RSET" || verb == "NOOP" ? "250 ok" : "500 what?");
    }

    bool greet() {
        const At at = ++greetings_ == 1 ? At::ehlo : At::ehlo_again;
        std::string text = "250-breaking.test";
        for (const std::string& offer : options_.offers) text += "\r\n250-" + offer;
        text[text.rfind("250") + 3] = ' ';
        return reply(at, text);
    }

    bool begin_mail(const std::string& line) {
        mail_ = {.envelope_id = parameter(line, " ENVID="), .sender_command = line};
        has_recipient_ = false;
        const std::string size = parameter(line, " SIZE=");
        size_told_ = 0;
        std::from_chars(size.data(), size.data() + size.size(), size_told_);
        fault_ = options_.on_mail ? options_.on_mail(mail_.envelope_id) : SmtpFault{};
        const bool goes_on = reply(At::sender, "250 2.1.0 ok");
        if (!is_positive_) mail_ = {};
        return goes_on;
    }

    bool name_recipient(const std::string& line) {
        if (mail_.sender_command.empty()) return say("503 5.5.1 first MAIL");
        mail_.recipient_command = line;
        const bool goes_on = reply(At::recipient, "250 2.1.5 ok");
        has_recipient_ = is_positive_;
        return goes_on;
    }

    bool take_mail() {
        if (!has_recipient_) return say("503 5.5.1 first RCPT");
        if (!reply(At::data, "354 go on")) return false;
        if (!is_positive_) return true;
        std::string line;
        while (true) {
            if (mail_.bytes.size() >= size_told_ / 2 && !happen(At::in_body)) return false;
            const bool is_whole = size_told_ > 0 && mail_.bytes.size() >= size_told_;
            if (is_whole && !happen(At::before_end)) return false;
            if (!read_line(line)) {
                if (is_whole) ++ledger_.left_without_end;
                return false;
            }
            if (line == ".") break;
            mail_.bytes += line.starts_with('.') ? line.substr(1) : line;
            mail_.bytes += "\r\n";
        }
        return keep_mail();
    }

    bool keep_mail() {
        if (fault_.at == At::after_end && fault_.act == Act::answer) return reply(At::after_end, "");
        if (!happen(At::after_end)) return false;
        ledger_.store(std::exchange(mail_, {}));
        has_recipient_ = false;
        if (!reply(At::stored, "250 2.0.0 stored")) return false;
        return happen(At::idle);
    }

    /// The usual reply, or what the fault wants instead.
    bool reply(At at, const std::string& usual) {
        is_positive_ = true;
        if (fault_.at != at) return say(usual);
        if (fault_.act != Act::answer) return happen(at) && say(usual);
        const std::string text = std::exchange(fault_, {}).text;
        is_positive_ = text.starts_with('2') || text.starts_with('3');
        if (!text.starts_with("421")) return say(text);
        return end_after(text);
    }

    /// A fault where nothing is answered, or something between.
    bool happen(At at) {
        if (fault_.at != at) return true;
        const SmtpFault fault = std::exchange(fault_, {});
        switch (fault.act) {
            case Act::drop:
                return false;
            case Act::answer:
                return end_after(fault.text);
            case Act::stay_silent:
                return drain();
            case Act::delay:
                return !stop_.wait(fault.time);
        }
        return false;
    }

    /// So that the client gets the words, and not a reset, which bytes that nobody read would cause.
    bool end_after(const std::string& text) {
        say(text);
        ::shutdown(socket_, SHUT_WR);
        return drain();
    }

    bool drain() {
        std::array<char, 4096> block;
        while (::recv(socket_, block.data(), block.size(), 0) > 0) {
        }
        return false;
    }

    bool say(std::string text) {
        text += "\r\n";
        std::string_view left = text;
        while (!left.empty()) {
            const ssize_t sent = ::send(socket_, left.data(), left.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            left.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    bool read_line(std::string& line) {
        std::array<char, 16384> block;
        std::size_t end = 0;
        while ((end = received_.find("\r\n")) == std::string::npos) {
            const ssize_t got = ::recv(socket_, block.data(), block.size(), 0);
            if (got <= 0) return false;
            received_.append(block.data(), static_cast<std::size_t>(got));
        }
        line = received_.substr(0, end);
        received_.erase(0, end + 2);
        return true;
    }

    const int socket_;
    const BreakingSmtpServer::Options& options_;
    Ledger& ledger_;
    const Interrupt& stop_;
    SmtpFault fault_;
    StoredMail mail_;
    std::string received_;
    std::size_t size_told_ = 0;
    int greetings_ = 0;
    bool has_recipient_ = false;
    bool is_positive_ = true;  // The reply that was given last.
};

}  // namespace

class BreakingSmtpServer::Impl {
public:
    explicit Impl(Options options) : options_(std::move(options)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
    ~Impl() {
        stop_.raise();
        if (accepting_.joinable()) accepting_.join();
        for (Connection& connection : connections_) connection.end();  // Of their recv; each closes its own socket.
        connections_.clear();
    }

    Status listen() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const where = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_.get(), where, size) != 0 || ::listen(listener_.get(), 128) != 0 ||
            ::getsockname(listener_.get(), where, &size) != 0)
            return fail("testkit.smtp_failed", ErrorKind::internal,
                        fmt::format("cannot listen on 127.0.0.1: {}", std::strerror(errno)));
        port = ntohs(address.sin_port);
        accepting_ = std::thread([this] { accept_all(); });
        return {};
    }

    Ledger ledger;
    std::uint16_t port = 0;
    std::atomic<std::size_t> accepted = 0;

private:
    struct Connection {
        explicit Connection(int fd) : socket(fd) {}
        std::mutex mutex;
        int socket;  // Guarded by the mutex once the thread runs; negative: closed.
        std::atomic<bool> is_over = false;
        std::jthread thread;

        void end() {
            const std::lock_guard lock(mutex);
            if (socket >= 0) ::shutdown(socket, SHUT_RDWR);
        }
        void close() {
            const std::lock_guard lock(mutex);
            ::close(std::exchange(socket, -1));
            is_over = true;
        }
    };

    void accept_all() {
        std::array<pollfd, 2> watched{pollfd{.fd = listener_.get(), .events = POLLIN, .revents = 0},
                                      pollfd{.fd = stop_.descriptor(), .events = POLLIN, .revents = 0}};
        while (::poll(watched.data(), watched.size(), -1) >= 0 && watched[1].revents == 0) {
            const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) continue;
            std::erase_if(connections_, [](const Connection& connection) { return connection.is_over.load(); });
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            Connection& connection = connections_.emplace_back(fd);
            connection.thread = std::jthread([this, &connection, fd, number = accepted++] {
                Session(fd, options_, ledger, stop_).run(number);
                connection.close();
            });
        }
    }

    const Options options_;
    Interrupt stop_;
    Descriptor listener_;
    std::list<Connection> connections_;  // The accepting thread's, and after its end the destructor's.
    std::thread accepting_;
};

BreakingSmtpServer::BreakingSmtpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BreakingSmtpServer::~BreakingSmtpServer() = default;

Result<std::unique_ptr<BreakingSmtpServer>> BreakingSmtpServer::start(Options options) {
    auto impl = std::make_unique<Impl>(std::move(options));
    TRY_STATUS(impl->listen());
    return std::unique_ptr<BreakingSmtpServer>(new BreakingSmtpServer(std::move(impl)));
}

std::uint16_t BreakingSmtpServer::port() const {
    return impl_->port;
}
std::size_t BreakingSmtpServer::connections() const {
    return impl_->accepted;
}
std::size_t BreakingSmtpServer::left_without_end() const {
    return impl_->ledger.left_without_end;
}

std::vector<StoredMail> BreakingSmtpServer::stored() const {
    const std::lock_guard lock(impl_->ledger.mutex);
    return impl_->ledger.mails;
}

std::size_t BreakingSmtpServer::times_stored(const std::string& envelope_id) const {
    const std::lock_guard lock(impl_->ledger.mutex);
    const auto found = impl_->ledger.times.find(envelope_id);
    return found == impl_->ledger.times.end() ? 0 : found->second;
}

}  // namespace resolute::testkit
