// SPDX-License-Identifier: Apache-2.0
#include "console/server.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <exception>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <httplib.h>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "console/listener.h"
#include "console/socket_stream.h"

namespace resolute::console {
namespace {

/// A body that is a little too large is read to its end, or the client would see a broken connection and not our 413.
constexpr std::size_t kDrainFactor = 2;
/// After the answer: for what the peer still sends, so that its end of the connection is not reset before it has read.
constexpr Duration kLinger{500};
constexpr std::size_t kLingerBytesMax = 1u << 20;

Request to_request(const httplib::Request& from) {
    Request request{.method = from.method, .path = {}, .path_params = {}, .query = {}, .headers = {}, .body = from.body};
    for (const auto& [name, value] : from.headers) request.headers.emplace(text::to_lower(name), value);
    return request;
}

void fill(httplib::Response& to, Response from) {
    to.status = from.status;
    for (const auto& [name, value] : from.headers) to.set_header(name, value);
    to.set_content(from.body, from.content_type);
}

/// What the library itself refuses, in our form.
void fill_refusal(httplib::Response& to, std::size_t body_bytes_max) {
    switch (to.status) {
        case 413:
            return fill(
                to, error_response(413, "console.too_large", fmt::format("the body is larger than {} bytes", body_bytes_max)));
        case 414:
            return fill(to, error_response(414, "console.too_large", "the path is longer than 8192 bytes"));
        case 404:
            return fill(to, error_response(404, "console.not_found", "there is nothing at this path"));
        case 500:
            return fill(to, error_response(500, "console.handler_failed", "a fault inside the server; its log says more"));
        default:
            return fill(to, error_response(to.status, "console.bad_request", "this is not a request that the server can read"));
    }
}

void close_gracefully(int socket, const std::atomic<bool>& is_stopping) {
    ::shutdown(socket, SHUT_WR);
    const Deadline deadline = Deadline::in(kLinger);
    std::size_t drained = 0;
    char buffer[16384];
    while (drained < kLingerBytesMax && !deadline.has_passed() && !is_stopping) {
        pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, static_cast<int>(deadline.remaining().count())) <= 0) break;
        const ssize_t got = ::recv(socket, buffer, sizeof buffer, MSG_DONTWAIT);
        if (got <= 0) break;
        drained += static_cast<std::size_t>(got);
    }
    ::close(socket);
}

/// The library as the reader of requests and the writer of answers. Accepting, threads and limits are ours: its own loop keeps
/// idle connections on its threads, takes headers and chunks without end, and inflates what is compressed without a limit.
class Protocol final : public httplib::Server {
public:
    Protocol(const Router& router, const ServerOptions& options, const std::atomic<bool>& is_stopping)
        : router_(router), options_(options), is_stopping_(is_stopping) {
        set_payload_max_length(options.body_bytes_max);
        set_default_headers({{"X-Content-Type-Options", "nosniff"}});
        set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
            return refuse(request, response) ? HandlerResponse::Handled : HandlerResponse::Unhandled;
        });
        set_error_handler([this](const httplib::Request&, httplib::Response& response) {
            if (response.body.empty()) fill_refusal(response, options_.body_bytes_max);
        });
        // Ours throw nothing; what a library in a handler throws must not end in the answer, as this library would have it.
        set_exception_handler([](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
            LOG(error, "console handler threw");
            response.status = 500;
        });
        const auto answer = [this](const httplib::Request& request, httplib::Response& response) {
            fill(response, router_.handle(to_request(request), request.target));
        };
        // The path is "/" for the library (see `serve`): the router goes by the target, without its regular expressions.
        Get("/", answer);
        Post("/", answer);
        Put("/", answer);
        Patch("/", answer);
        Delete("/", answer);
        Options("/", answer);
    }

    void serve(int socket) {
        const SocketStream::Limits limits{.bytes_max = kHeaderBytesMax + options_.body_bytes_max * kDrainFactor,
                                          .read_within = options_.read_within,
                                          .write_within = options_.write_within};
        SocketStream stream(socket, limits, is_stopping_);
        bool is_closed = false;
        process_request(stream, true, is_closed, [](httplib::Request& request) {
            request.path = "/";
            request.ranges.clear();                    // RFC 9110 §14.2: a server may ignore Range.
            request.headers.erase("Accept-Encoding");  // Compressing is the reverse proxy's work.
            // Forms it would take apart itself; handlers get every body as it came.
            const std::string type = request.get_header_value("Content-Type");
            if (type.find("multipart/form-data") != std::string::npos ||
                type.find("x-www-form-urlencoded") != std::string::npos) {
                request.headers.erase("Content-Type");
                request.set_header("Content-Type", "application/octet-stream");
            }
        });
        close_gracefully(socket, is_stopping_);
    }

private:
    bool refuse(const httplib::Request& request, httplib::Response& response) const {
        if (request.has_header("Transfer-Encoding")) {
            fill(response, error_response(411, "console.length_required", "send the body with a Content-Length"));
            return true;
        }
        if (request.has_header("Content-Encoding")) {
            fill(response, error_response(415, "console.encoding_unsupported", "send the body uncompressed"));
            return true;
        }
        const std::string length = request.get_header_value("Content-Length");
        if (length.empty()) return false;
        std::uint64_t bytes = 0;
        const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bytes);
        if (error != std::errc() || end != length.data() + length.size() ||
            request.get_header_value_count("Content-Length") > 1) {
            response.status = error == std::errc::result_out_of_range ? 413 : 400;
            fill_refusal(response, options_.body_bytes_max);
            return true;
        }
        if (bytes <= options_.body_bytes_max * kDrainFactor) return false;
        response.status = 413;
        fill_refusal(response, options_.body_bytes_max);
        return true;
    }

    const Router& router_;
    const ServerOptions& options_;
    const std::atomic<bool>& is_stopping_;
};

}  // namespace

/// One running server: an acceptor, a bounded queue of connections, the threads that answer them.
class Server::Machinery {
public:
    Machinery(Listener listener, const Router& router, const ServerOptions& options)
        : listener_(std::move(listener)), protocol_(router, options, is_stopping_), waiting_(kConnectionsWaitingMax) {}
    Machinery(const Machinery&) = delete;
    Machinery& operator=(const Machinery&) = delete;
    ~Machinery() { stop(); }

    Status start(int threads) {
        wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (wake_ < 0)
            return fail("console.cannot_listen", ErrorKind::exhausted, fmt::format("no eventfd: {}", std::strerror(errno)));
        for (int i = 0; i < std::max(threads, 1); ++i) threads_.emplace_back([this] { answer(); });
        threads_.emplace_back([this] { accept(); });
        return {};
    }

    void stop() {
        is_stopping_ = true;
        if (wake_ >= 0) ::eventfd_write(wake_, 1);
        waiting_.close();  // Also lets an acceptor go on that waits for room.
        threads_.clear();  // Joins.
        listener_.close();
        if (wake_ >= 0) ::close(std::exchange(wake_, -1));
    }

    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

private:
    void accept() {
        ::pthread_setname_np(::pthread_self(), "console-accept");
        while (!is_stopping_) {
            pollfd both[] = {{.fd = wake_, .events = POLLIN, .revents = 0},
                             {.fd = listener_.socket(), .events = POLLIN, .revents = 0}};
            if (::poll(both, 2, -1) < 0 && errno != EINTR) return;
            const int connection = ::accept4(listener_.socket(), nullptr, nullptr, SOCK_CLOEXEC);
            if (connection >= 0) {
                if (!waiting_.push(connection)) ::close(connection);
                continue;
            }
            // Out of descriptors: the connection stays readable, so wait a little for one to be closed rather than spin.
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) ::poll(both, 1, 50);
        }
    }

    void answer() {
        ::pthread_setname_np(::pthread_self(), "console");
        while (const std::optional<int> connection = waiting_.pop()) protocol_.serve(*connection);
    }

    Listener listener_;
    std::atomic<bool> is_stopping_{false};
    Protocol protocol_;
    BoundedQueue<int> waiting_;
    int wake_ = -1;
    std::vector<std::jthread> threads_;
};

Server::Server(const Router& router, ServerOptions options) : router_(router), options_(options) {}

Server::~Server() {
    stop();
}

Status Server::start_unix(const std::filesystem::path& path) {
    if (is_running()) return fail("console.already_started", ErrorKind::conflict, "the server runs already");
    TRY(Listener listener, Listener::listen_unix(path));
    return run(std::make_unique<Machinery>(std::move(listener), router_, options_));
}

Result<std::uint16_t> Server::start_tcp(const std::string& host, std::uint16_t port) {
    if (is_running()) return fail("console.already_started", ErrorKind::conflict, "the server runs already");
    TRY(Listener listener, Listener::listen_tcp(host, port));
    TRY_STATUS(run(std::make_unique<Machinery>(std::move(listener), router_, options_)));
    return machinery_->port();
}

Status Server::run(std::unique_ptr<Machinery> machinery) {
    TRY_STATUS(machinery->start(options_.threads));
    machinery_ = std::move(machinery);
    return {};
}

void Server::stop() {
    machinery_.reset();
}

bool Server::is_running() const {
    return machinery_ != nullptr;
}

}  // namespace resolute::console
