// SPDX-License-Identifier: Apache-2.0
#include "testkit/cutting_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <deque>
#include <future>
#include <list>
#include <thread>

#include <fmt/format.h>

#include "base/clock.h"
#include "testkit/postgres_messages.h"
#include "testkit/service.h"

namespace resolute::testkit {
namespace {

constexpr std::size_t kReadBytes = 65'536;
constexpr std::size_t kWaitingBytesMax = 4'194'304;  // A receiver that does not read holds up the sender, as without a proxy.

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void send_at_once(int fd) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void close_with_reset(int fd) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(fd);
}

/// The same number for the same seed and place on every machine (splitmix64).
std::uint64_t draw(std::uint64_t seed, std::uint64_t place) {
    std::uint64_t z = seed + (place + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

/// One of a connection's two ends, with what waits to be written to it.
struct End {
    struct Waiting {
        double due;
        std::string bytes;
    };
    int fd = -1;
    std::deque<Waiting> waiting;
    std::size_t waiting_bytes = 0;
    bool has_ended = false;  ///< it will send no more
    bool is_shut = false;    ///< it was told that we send no more

    void add(std::string bytes, double due) {
        waiting_bytes += bytes.size();
        waiting.push_back({due, std::move(bytes)});
    }
};

struct Connection {
    Connection(int client_fd, int server_fd, bool is_postgres) : streams(is_postgres) {
        client.fd = client_fd;
        server.fd = server_fd;
    }
    End client;
    End server;
    PostgresStreams streams;
    bool is_connecting = true;
    bool is_cut = false;           ///< nothing more is read; what came before the cut is still delivered
    bool is_client_reset = false;  ///< how it then ends for the client
    bool is_over = false;
    std::size_t polled = 0;  ///< its place among what was polled; 0: it was not

    [[nodiscard]] bool has_delivered_all() const { return client.waiting.empty() && server.waiting.empty(); }
};

}  // namespace

class CuttingProxy::Loop {
public:
    Loop(std::uint16_t own_port, std::uint16_t target_port, bool is_postgres)
        : port(own_port), server_port(target_port), is_postgres_(is_postgres) {}

    Status begin() {
        wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (wake_ < 0 || !listen())
            return fail("testkit.proxy_failed", ErrorKind::internal, fmt::format("cannot listen on {}", port));
        thread_ = std::thread([this] { run(); });
        return {};
    }

    ~Loop() {
        if (thread_.joinable()) {
            within([this] { is_ending_ = true; });
            thread_.join();
        }
        for (Connection& connection : connections_) close(connection, true);
        if (listener_ >= 0) ::close(listener_);
        if (wake_ >= 0) ::close(wake_);
    }

    /// Runs this on the loop's thread, to which everything below belongs, and waits for its end.
    template <class Work>
    std::invoke_result_t<Work&> within(Work work) {
        std::packaged_task<std::invoke_result_t<Work&>()> task(std::move(work));
        auto answer = task.get_future();
        {
            const std::scoped_lock lock(mutex_);
            jobs_.emplace_back([&task] { task(); });
        }
        ::eventfd_write(wake_, 1);
        return answer.get();
    }

    void set_cuts(const CommitCuts& cuts) {
        cuts_ = cuts;
        drawn_ = 0;
        cuts_made_ = 0;
    }

    std::uint64_t cut_all() {
        const std::uint64_t count = connections_.size();
        for (Connection& connection : connections_) close(connection, true);
        connections_.clear();
        counters.cut_by_hand += count;
        return count;
    }

    void refuse(bool is_refusing) {
        if (is_refusing && listener_ >= 0) ::close(std::exchange(listener_, -1));
        if (!is_refusing && listener_ < 0) listen();
    }

    [[nodiscard]] ProxyCounters count() const {
        ProxyCounters now = counters;
        now.open = connections_.size();
        return now;
    }

    const std::uint16_t port;
    std::uint16_t server_port;
    double delay_seconds = 0;
    bool is_paused = false;
    ProxyCounters counters;

private:
    bool listen() {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        const int on = 1;
        ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        const sockaddr_in address = loopback(port);
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && ::listen(listener_, 128) == 0)
            return true;
        ::close(std::exchange(listener_, -1));
        return false;
    }

    void run() {
        while (!is_ending_) {
            std::vector<pollfd> polled = what_to_poll();
            ::poll(polled.data(), polled.size(), poll_milliseconds());
            do_jobs();
            if (is_paused) continue;
            // A job may have closed the listener, or ended a pause, in which no connection was asked about.
            for (Connection& connection : connections_)
                if (connection.polled != 0) serve(connection, polled[connection.polled], polled[connection.polled + 1]);
            if (listener_ >= 0) accept();
            connections_.remove_if([](const Connection& connection) { return connection.is_over; });
        }
    }

    void do_jobs() {
        eventfd_t ignored = 0;
        ::eventfd_read(wake_, &ignored);
        std::vector<std::function<void()>> jobs;
        {
            const std::scoped_lock lock(mutex_);
            jobs.swap(jobs_);
        }
        for (const auto& job : jobs) job();
    }

    std::vector<pollfd> what_to_poll() {
        std::vector<pollfd> polled{{.fd = wake_, .events = POLLIN, .revents = 0}};
        for (Connection& connection : connections_) connection.polled = 0;
        if (is_paused) return polled;
        polled.push_back({.fd = listener_, .events = POLLIN, .revents = 0});  // -1 is passed over
        for (Connection& connection : connections_) {
            connection.polled = polled.size();
            polled.push_back(asked(connection, connection.client, connection.server));
            polled.push_back(asked(connection, connection.server, connection.client));
        }
        return polled;
    }

    static pollfd asked(const Connection& connection, const End& end, const End& other) {
        pollfd ask{.fd = end.fd, .events = 0, .revents = 0};
        const bool is_connecting_end = connection.is_connecting && &end == &connection.server;
        if (is_connecting_end) ask.events = POLLOUT;
        if (is_connecting_end) return ask;
        const bool may_read = !connection.is_cut && !end.has_ended && other.waiting_bytes < kWaitingBytesMax;
        if (may_read) ask.events = POLLIN;
        const bool has_due = !end.waiting.empty() && end.waiting.front().due <= monotonic_seconds();
        if (has_due) ask.events = static_cast<short>(ask.events | POLLOUT);
        // Asked about nothing, a closed one would still be reported again and again.
        if (ask.events == 0) ask.fd = -1;
        return ask;
    }

    [[nodiscard]] int poll_milliseconds() const {
        if (is_paused) return -1;
        double next = INFINITY;
        for (const Connection& connection : connections_)
            for (const End* end : {&connection.client, &connection.server})
                if (!end->waiting.empty()) next = std::min(next, end->waiting.front().due);
        const double wait = next - monotonic_seconds();
        // What is due already waits for the other side to read, of which poll tells.
        return std::isinf(next) || wait <= 0 ? -1 : static_cast<int>(std::ceil(wait * 1000));
    }

    void accept() {
        for (;;) {
            const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (client < 0) return;
            ++counters.accepted;
            const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            send_at_once(client);
            send_at_once(server);
            const sockaddr_in address = loopback(server_port);
            const int connected = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address);
            const bool is_refused = connected != 0 && errno != EINPROGRESS;  // Else poll tells how it ends.
            Connection& connection = connections_.emplace_back(client, server, is_postgres_);
            if (is_refused) give_up(connection);
        }
    }

    void close(Connection& connection, bool is_client_reset) {
        if (connection.is_over) return;
        connection.is_over = true;
        is_client_reset ? close_with_reset(connection.client.fd) : static_cast<void>(::close(connection.client.fd));
        ::close(connection.server.fd);
    }

    void serve(Connection& connection, const pollfd& client, const pollfd& server) {
        if (connection.is_connecting && server.revents != 0 && !has_connected(connection)) return;
        if (connection.is_connecting && (client.revents & POLLIN) == 0) return;
        bool is_sound = true;
        if ((client.revents & (POLLIN | POLLERR | POLLHUP)) != 0) is_sound = read(connection, connection.client) && is_sound;
        if (!connection.is_connecting && (server.revents & (POLLIN | POLLERR | POLLHUP)) != 0)
            is_sound = read(connection, connection.server) && is_sound;
        forward(connection);
        if (!connection.is_connecting) is_sound = write(connection.server, counters.bytes_to_server) && is_sound;
        is_sound = write(connection.client, counters.bytes_to_client) && is_sound;
        if (!is_sound) return close(connection, true);
        if (connection.is_cut && connection.has_delivered_all()) return close(connection, connection.is_client_reset);
        if (connection.is_connecting) return;
        pass_end_on(connection.client, connection.server);
        pass_end_on(connection.server, connection.client);
        if (connection.client.is_shut && connection.server.is_shut) close(connection, false);
    }

    bool has_connected(Connection& connection) {
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(connection.server.fd, SOL_SOCKET, SO_ERROR, &error, &size);
        connection.is_connecting = false;
        if (error == 0) return true;
        give_up(connection);
        return false;
    }

    void give_up(Connection& connection) {
        ++counters.unreachable;
        close(connection, true);
    }

    /// False where the connection is broken.
    static bool read(Connection& connection, End& end) {
        if (end.has_ended || connection.is_cut) return true;
        std::array<char, kReadBytes> buffer;
        const ssize_t count = ::recv(end.fd, buffer.data(), buffer.size(), 0);
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        end.has_ended = count == 0;
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
        if (&end == &connection.client)
            connection.streams.add_from_client(bytes);
        else
            connection.streams.add_from_server(bytes);
        return true;
    }

    void forward(Connection& connection) {
        const double due = monotonic_seconds() + delay_seconds;
        // The server's answers first: what a connection is (encrypted or not) is said there.
        while (!connection.is_cut) {
            auto piece = connection.streams.next_from_server();
            if (!piece) break;
            if (piece->says_committed) {
                ++counters.commits_replied;
                if (cut_here(connection, cuts_.after, counters.cut_after)) return;
            }
            connection.client.add(std::move(piece->bytes), due);
        }
        while (!connection.is_cut) {
            auto piece = connection.streams.next_from_client();
            if (!piece) break;
            if (piece->asks_for_commit) {
                ++counters.commits_asked;
                if (cut_here(connection, cuts_.before, counters.cut_before)) return;
            }
            connection.server.add(std::move(piece->bytes), due);
        }
    }

    bool cut_here(Connection& connection, double probability, std::uint64_t& counter) {
        if (probability <= 0) return false;
        const std::uint64_t number = draw(cuts_.seed, drawn_++);
        if (static_cast<double>(number >> 11) * 0x1p-53 >= probability || cuts_made_ == cuts_.cuts_max) return false;
        ++cuts_made_;
        ++counter;
        connection.is_cut = true;
        connection.is_client_reset = (number & 1) != 0;  // Both happen in the world.
        return true;
    }

    /// False where the connection is broken.
    static bool write(End& end, std::uint64_t& counter) {
        while (!end.waiting.empty() && end.waiting.front().due <= monotonic_seconds()) {
            std::string& bytes = end.waiting.front().bytes;
            const ssize_t count = ::send(end.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count < 0) return errno == EAGAIN || errno == EINTR;
            counter += static_cast<std::uint64_t>(count);
            end.waiting_bytes -= static_cast<std::size_t>(count);
            if (static_cast<std::size_t>(count) < bytes.size()) {
                bytes.erase(0, static_cast<std::size_t>(count));
                return true;
            }
            end.waiting.pop_front();
        }
        return true;
    }

    static void pass_end_on(const End& from, End& to) {
        if (!from.has_ended || to.is_shut || !to.waiting.empty()) return;
        ::shutdown(to.fd, SHUT_WR);
        to.is_shut = true;
    }

    const bool is_postgres_;
    int wake_ = -1;
    int listener_ = -1;
    bool is_ending_ = false;
    CommitCuts cuts_;
    std::uint64_t drawn_ = 0;
    std::uint64_t cuts_made_ = 0;
    std::list<Connection> connections_;
    std::mutex mutex_;
    std::vector<std::function<void()>> jobs_;
    std::thread thread_;
};

Result<std::unique_ptr<CuttingProxy>> CuttingProxy::start(std::uint16_t server_port, bool is_postgres) {
    TRY(const std::uint16_t port, free_port());
    auto loop = std::make_unique<Loop>(port, server_port, is_postgres);
    TRY_STATUS(loop->begin());
    return std::unique_ptr<CuttingProxy>(new CuttingProxy(std::move(loop)));
}

CuttingProxy::CuttingProxy(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
CuttingProxy::~CuttingProxy() = default;

std::uint16_t CuttingProxy::port() const {
    return loop_->port;
}
void CuttingProxy::cut_at_commits(const CommitCuts& cuts) {
    loop_->within([&] { loop_->set_cuts(cuts); });
}
std::uint64_t CuttingProxy::cut_all() {
    return loop_->within([&] { return loop_->cut_all(); });
}
void CuttingProxy::refuse(bool is_refusing) {
    loop_->within([&] { loop_->refuse(is_refusing); });
}
void CuttingProxy::delay(Duration by) {
    loop_->within([&] { loop_->delay_seconds = std::chrono::duration<double>(by).count(); });
}
void CuttingProxy::pause() {
    loop_->within([&] { loop_->is_paused = true; });
}
void CuttingProxy::resume() {
    loop_->within([&] { loop_->is_paused = false; });
}
void CuttingProxy::retarget(std::uint16_t server_port) {
    loop_->within([&] { loop_->server_port = server_port; });
}
ProxyCounters CuttingProxy::counters() const {
    return loop_->within([&] { return loop_->count(); });
}

}  // namespace resolute::testkit
