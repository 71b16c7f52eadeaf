// SPDX-License-Identifier: Apache-2.0
#include "transport/mail_stream.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "transport/curl.h"

namespace resolute::transport {
namespace {

constexpr std::size_t kBlock = 64u << 10;

int poll_time(Duration left) { return static_cast<int>(milliseconds_of(left)); }

std::string_view code_of(CURLcode outcome) {
    if (is_tls_failure(outcome)) return "mail.tls";
    if (outcome == CURLE_OPERATION_TIMEDOUT) return "mail.timed_out";
    if (outcome == CURLE_LOGIN_DENIED || outcome == CURLE_AUTH_ERROR) return "mail.login";
    return "mail.unreachable";
}

ErrorKind kind_of(std::string_view code) {
    if (code == "mail.timed_out") return ErrorKind::timed_out;
    if (code == "mail.login") return ErrorKind::refused;
    if (code == "mail.tls") return ErrorKind::refused;
    return ErrorKind::unavailable;
}

std::string advice_for(std::string_view code) {
    if (code == "mail.login") return "; check the user and the password or token";
    if (code == "mail.tls") return "; the server must offer TLS with a certificate for this name that this machine, or ca_file, trusts";
    if (code == "mail.unreachable") return "; check host and port";
    return "";
}

/// libcurl asks at least once a second.
int ends_connecting(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const Interrupt*>(stop)->wait(Duration::zero()) ? 1 : 0;
}

}  // namespace

struct MailStream::Handle {
    CURL* curl = nullptr;
    curl_socket_t socket = CURL_SOCKET_BAD;
    std::array<char, CURL_ERROR_SIZE> why{};

    Handle() : curl(curl_easy_init()) {}
    ~Handle() { curl_easy_cleanup(curl); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    template <class Value>
    void set(CURLoption option, Value value) { curl_easy_setopt(curl, option, value); }
};

MailStream::MailStream(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
MailStream::~MailStream() = default;

Result<std::unique_ptr<MailStream>> MailStream::open(Protocol protocol, const MailServer& server, const MailLogin& login, Deadline deadline) {
    prepare_curl();
    const std::string where = fmt::format("{}:{}", server.host, server.port);
    if (deadline.has_passed()) return fail("mail.timed_out", ErrorKind::timed_out, fmt::format("no time was left to connect to {}", where));
    auto handle = std::make_unique<Handle>();
    if (handle->curl == nullptr) return fail("mail.unreachable", ErrorKind::internal, "the library of network connections does not start");
    const bool is_ip6 = server.host.find(':') != std::string::npos;
    const std::string url = fmt::format("{}{}://{}:{}/", protocol == Protocol::imap ? "imap" : "smtp",
                                        server.protection == Protection::tls ? "s" : "", is_ip6 ? "[" + server.host + "]" : server.host, server.port);
    handle->set(CURLOPT_URL, url.c_str());
    handle->set(CURLOPT_PROTOCOLS_STR, "imap,imaps,smtp,smtps");
    handle->set(CURLOPT_CONNECT_ONLY, 1L);
    handle->set(CURLOPT_NOSIGNAL, 1L);
    handle->set(CURLOPT_PROXY, "");  // What the environment says of proxies is meant for HTTP.
    handle->set(CURLOPT_ERRORBUFFER, handle->why.data());
    handle->set(CURLOPT_TIMEOUT_MS, milliseconds_of(deadline.remaining()));
    handle->set(CURLOPT_USE_SSL, static_cast<long>(server.protection == Protection::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    handle->set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    handle->set(CURLOPT_SSL_VERIFYPEER, 1L);
    handle->set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!server.ca_file.empty()) handle->set(CURLOPT_CAINFO, server.ca_file.c_str());
    if (!login.user.empty()) handle->set(CURLOPT_USERNAME, login.user.c_str());
    if (!login.bearer.empty()) handle->set(CURLOPT_XOAUTH2_BEARER, login.bearer.c_str());
    else if (!login.password.empty()) handle->set(CURLOPT_PASSWORD, login.password.c_str());
    if (server.stop != nullptr) {
        handle->set(CURLOPT_NOPROGRESS, 0L);
        handle->set(CURLOPT_XFERINFOFUNCTION, &ends_connecting);
        handle->set(CURLOPT_XFERINFODATA, server.stop);
    }
    const CURLcode outcome = curl_easy_perform(handle->curl);
    if (outcome == CURLE_OK) curl_easy_getinfo(handle->curl, CURLINFO_ACTIVESOCKET, &handle->socket);
    if (outcome != CURLE_OK || handle->socket == CURL_SOCKET_BAD) {
        const std::string code(outcome == CURLE_OK ? "mail.unreachable" : code_of(outcome));
        const char* why = handle->why.front() != '\0' ? handle->why.data() : curl_easy_strerror(outcome);
        return fail(code, kind_of(code), fmt::format("{}: {}{}", where, why, advice_for(code)));
    }
    std::unique_ptr<MailStream> stream(new MailStream(std::move(handle)));
    stream->where_ = where;
    stream->stop_ = server.stop;
    return stream;
}

std::unexpected<Error> MailStream::broken(std::string_view what) const {
    return fail("mail.unreachable", ErrorKind::unavailable, fmt::format("{}: {}", where_, what));
}

bool MailStream::wait_for_input(Duration at_most, const Interrupt& stop) {
    if (!received_.empty()) return true;
    std::array<char, kBlock> block;
    std::size_t got = 0;
    // What TLS has decrypted already makes no socket readable.
    if (curl_easy_recv(handle_->curl, block.data(), block.size(), &got) != CURLE_AGAIN) {
        received_.append(block.data(), got);
        return true;  // Also where it ended: the next read says so.
    }
    std::array<pollfd, 2> watched{pollfd{.fd = handle_->socket, .events = POLLIN, .revents = 0}, pollfd{.fd = stop.descriptor(), .events = POLLIN, .revents = 0}};
    return ::poll(watched.data(), watched.size(), poll_time(at_most)) > 0 && watched[0].revents != 0;
}

Status MailStream::fill(Deadline deadline) {
    std::array<char, kBlock> block;
    while (true) {
        std::size_t got = 0;
        const CURLcode outcome = curl_easy_recv(handle_->curl, block.data(), block.size(), &got);
        if (outcome == CURLE_OK && got > 0) {
            received_.append(block.data(), got);
            return {};
        }
        if (outcome == CURLE_OK) return broken("the server ended the connection");
        if (outcome != CURLE_AGAIN) return broken(curl_easy_strerror(outcome));
        if (deadline.has_passed()) return fail("mail.timed_out", ErrorKind::timed_out, fmt::format("{}: no answer within the time given", where_));
        if (!wait_for(POLLIN, deadline)) return broken("the program is being stopped");
    }
}

/// False: stopped.
bool MailStream::wait_for(short events, Deadline deadline) const {
    std::array<pollfd, 2> watched{pollfd{.fd = handle_->socket, .events = events, .revents = 0},
                                  pollfd{.fd = stop_ != nullptr ? stop_->descriptor() : -1, .events = POLLIN, .revents = 0}};
    ::poll(watched.data(), watched.size(), poll_time(deadline.remaining()));
    return watched[1].revents == 0;
}

Result<std::string> MailStream::read_line(std::size_t bytes_max, Deadline deadline) {
    std::size_t searched = 0;
    while (true) {
        const std::size_t end = received_.find('\n', searched);
        if (end == std::string::npos) {
            searched = received_.size();
            if (searched > bytes_max)
                return fail("mail.line_too_long", ErrorKind::corrupt, fmt::format("{}: a line of more than {} bytes", where_, bytes_max));
            TRY_STATUS(fill(deadline));
            continue;
        }
        if (end > bytes_max)
            return fail("mail.line_too_long", ErrorKind::corrupt, fmt::format("{}: a line of more than {} bytes", where_, bytes_max));
        std::string line = received_.substr(0, end);
        received_.erase(0, end + 1);
        if (line.ends_with('\r')) line.pop_back();
        return line;
    }
}

Result<std::string> MailStream::read_bytes(std::size_t count, Deadline deadline) {
    while (received_.size() < count) TRY_STATUS(fill(deadline));
    std::string bytes = received_.substr(0, count);
    received_.erase(0, count);
    return bytes;
}

Status MailStream::write(std::string_view bytes, Deadline deadline) {
    while (!bytes.empty()) {
        std::size_t sent = 0;
        const CURLcode outcome = curl_easy_send(handle_->curl, bytes.data(), bytes.size(), &sent);
        if (outcome == CURLE_OK) {
            bytes.remove_prefix(sent);
            continue;
        }
        if (outcome != CURLE_AGAIN) return broken(curl_easy_strerror(outcome));
        if (deadline.has_passed()) return fail("mail.timed_out", ErrorKind::timed_out, fmt::format("{}: it takes nothing more within the time given", where_));
        if (!wait_for(POLLOUT, deadline)) return broken("the program is being stopped");
    }
    return {};
}

}  // namespace resolute::transport
