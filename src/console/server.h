// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "console/limits.h"
#include "console/router.h"

namespace resolute::console {

struct ServerOptions {
    std::size_t body_bytes_max = kBodyBytesMax;
    int threads = kThreads;
    Duration read_within = std::chrono::seconds(30);   ///< a whole request, from its first byte waited for to its last
    Duration write_within = std::chrono::seconds(60);  ///< a whole answer
};

/// Answers HTTP/1.1 at one address with a router's handlers; one request a connection. For TLS, and towards any other machine,
/// it stands behind a reverse proxy.
///
/// Handlers run on `threads` threads of its own, so several at once. What is refused here is refused with the JSON form of an
/// error: 400 (no HTTP), 411 (chunked body), 413, 414 (more than 8 KiB), 415 (compressed body).
/// Threads: start and stop from one; a second stop, and a stop before the start, do nothing; start again after a stop is fine.
class Server {
public:
    explicit Server(const Router& router, ServerOptions options = {});
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// On a Unix socket that only our own user may use (see Listener). `console.already_started` and Listener's errors.
    Status start_unix(const std::filesystem::path& path);
    /// On TCP, port 0: any that is free. The port that it is.
    Result<std::uint16_t> start_tcp(const std::string& host = "127.0.0.1", std::uint16_t port = 0);

    /// Takes no new connection, lets the handlers that run finish, closes the rest.
    void stop();
    [[nodiscard]] bool is_running() const;

private:
    class Machinery;  // Named in server.cpp, which alone sees the library.
    Status run(std::unique_ptr<Machinery> machinery);

    const Router& router_;
    const ServerOptions options_;
    std::unique_ptr<Machinery> machinery_;
};

}  // namespace resolute::console
