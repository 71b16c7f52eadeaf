// SPDX-License-Identifier: Apache-2.0
#include "transport/unix_http_client.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include <fmt/format.h>
#include <httplib.h>

namespace resolute::transport {
namespace {

constexpr std::size_t kPathBytesMax = sizeof(sockaddr_un::sun_path) - 1;
constexpr std::size_t kAnswerBytesMax = 64u << 20;
/// "Never" must still be a number for the library.
constexpr Duration kLongest = std::chrono::hours(24);
constexpr Duration kBusyPause{5};

enum class Presence { answers, is_busy, is_absent };

/// The library does not tell why it could not connect. A Unix socket whose queue is full refuses for the moment (EAGAIN), where
/// TCP would wait: that is a busy program and not an absent one.
Presence probe(const std::string& path) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return Presence::is_absent;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const bool is_connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const int cause = errno;
    ::close(socket);
    if (is_connected) return Presence::answers;
    return cause == EAGAIN ? Presence::is_busy : Presence::is_absent;
}

void limit_waiting(httplib::Client& client, Duration left) {
    const Duration bounded = std::clamp(left, Duration(1), kLongest);
    client.set_connection_timeout(bounded);
    client.set_read_timeout(bounded);
    client.set_write_timeout(bounded);
}

/// One attempt, within the deadline as a whole: the library's own limits hold for each read.
struct Attempt {
    httplib::Response response;
    httplib::Error error = httplib::Error::Success;
    bool is_too_large = false;
    bool is_late = false;
};

void send(const std::string& socket, const httplib::Request& like, const Deadline& deadline, Attempt& attempt) {
    httplib::Client client(socket, 80);  // The port is not used for a path.
    client.set_address_family(AF_UNIX);
    client.set_keep_alive(false);
    client.set_follow_location(false);
    limit_waiting(client, deadline.remaining());
    httplib::Request request = like;
    std::string body;
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
        attempt.is_late = deadline.has_passed();
        attempt.is_too_large = body.size() + size > kAnswerBytesMax;
        if (attempt.is_late || attempt.is_too_large) return false;
        body.append(data, size);
        return true;
    };
    if (client.send(request, attempt.response, attempt.error)) {
        attempt.error = httplib::Error::Success;
        attempt.response.body = std::move(body);
    } else if (attempt.error == httplib::Error::Success) {
        attempt.error = httplib::Error::Unknown;
    }
}

Result<LocalAnswer> result_of(Attempt attempt, const std::string& socket, const Deadline& deadline) {
    switch (attempt.error) {
        case httplib::Error::Success:
            return LocalAnswer{.status = attempt.response.status,
                               .content_type = attempt.response.get_header_value("Content-Type"),
                               .body = std::move(attempt.response.body)};
        case httplib::Error::Connection:
            return fail("transport.not_running", ErrorKind::unavailable,
                        fmt::format("nobody answers at {}; start the program with `resolute serve`", socket));
        case httplib::Error::ConnectionTimeout:
            return fail("transport.timed_out", ErrorKind::timed_out, "the running program is too busy to take the request");
        default:
            break;
    }
    if (attempt.is_too_large)
        return fail("transport.answer_too_large", ErrorKind::exhausted,
                    fmt::format("the answer is larger than {} bytes", kAnswerBytesMax), EffectState::unknown);
    if (attempt.is_late || deadline.has_passed())
        return fail("transport.timed_out", ErrorKind::timed_out, "no whole answer within the time given", EffectState::unknown);
    return fail("transport.broken", ErrorKind::unavailable,
                fmt::format("the connection ended before the answer was whole ({})", httplib::to_string(attempt.error)),
                EffectState::unknown);
}

}  // namespace

Result<LocalAnswer> call_local(const std::filesystem::path& socket, std::string_view method, std::string_view path_and_query,
                               std::string_view body, Deadline deadline) {
    const std::string path = socket.string();
    if (path.empty() || path.size() > kPathBytesMax)
        return fail("transport.socket_path_too_long", ErrorKind::invalid,
                    fmt::format("{}: {} bytes, 1 to {} are allowed", path, path.size(), kPathBytesMax));
    httplib::Request request;
    request.method = method;
    request.path = path_and_query;
    request.set_header("Host", "localhost");  // Else it would be the socket's path.
    request.body = body;
    if (!body.empty()) request.set_header("Content-Type", "application/json");

    while (true) {
        if (deadline.has_passed())
            return fail("transport.timed_out", ErrorKind::timed_out, "no time was left to send the request");
        Attempt attempt;
        try {
            send(path, request, deadline, attempt);
        } catch (const std::exception& fault) {
            return fail("transport.broken", ErrorKind::internal, fault.what(), EffectState::unknown);
        }
        // Nothing was sent if there was no connection: trying again is safe while somebody is there.
        if (attempt.error != httplib::Error::Connection || probe(path) == Presence::is_absent)
            return result_of(std::move(attempt), path, deadline);
        std::this_thread::sleep_for(std::min(kBusyPause, deadline.remaining()));
    }
}

}  // namespace resolute::transport
