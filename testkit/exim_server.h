// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "testkit/service.h"

namespace resolute::testkit {

struct EximOptions {
    std::map<std::string, std::string> users = {{"agent", "secret"}};  ///< name, password
    std::string certificate_names = "DNS:localhost,IP:127.0.0.1";      ///< as in a certificate's subjectAltName
    bool only_queues = false;                                          ///< accepted mail waits for `deliver_queue`
    std::uint16_t lmtp_port = 0;  ///< of 127.0.0.1: mail goes there; 0: into a folder of our own
    std::size_t size_max = 30u << 20;
};

struct DeliveredMail {
    std::string from;  ///< envelope sender
    std::string to;
    std::string bytes;  ///< with CRLF, exactly as it was handed over
};

/// A real Exim on a port of 127.0.0.1: STARTTLS with a certificate of its own, then AUTH PLAIN or LOGIN. Mail to *.test and
/// *.example is delivered here; any other recipient is refused, so nothing leaves this machine. Threads: one at a time.
class EximServer {
public:
    /// `testkit.no_exim` where it is not installed; `testkit.exim_failed` with the end of its log.
    static Result<EximServer> start(EximOptions options = {});

    EximServer(EximServer&&) noexcept = default;
    EximServer& operator=(EximServer&&) = delete;
    /// Waits for the deliveries that it has begun, too.
    ~EximServer();

    /// It and all its children at once, as a power cut; mail it has accepted stays in its queue.
    Status kill_9();
    /// Started again on the same port, with the same queue; what runs is stopped first.
    Status restart();
    /// Tries each mail of the queue now, and returns when that is done.
    Status deliver_queue();
    /// What arrived in the folder of our own, in no order. Accepted mail is delivered by a process that it starts: see
    /// `wait_for_delivered`.
    [[nodiscard]] std::vector<DeliveredMail> delivered() const;
    /// The same once there are so many, or the time is over.
    [[nodiscard]] std::vector<DeliveredMail> wait_for_delivered(std::size_t count,
                                                                Duration at_most = std::chrono::seconds(30)) const;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::filesystem::path certificate() const { return folder_.path() / "certificate.pem"; }
    [[nodiscard]] std::filesystem::path log() const { return folder_.path() / "log.txt"; }

private:
    EximServer(ServiceFolder folder, EximOptions options) : folder_(std::move(folder)), options_(std::move(options)) {}
    Status prepare();
    Status launch();
    Status stop();
    [[nodiscard]] std::string config() const;
    [[nodiscard]] bool is_up() const;
    [[nodiscard]] bool has_processes() const;

    ServiceFolder folder_;
    EximOptions options_;
    std::uint16_t port_ = 0;
    std::optional<Service> service_;  // After the folder, so that it ends first.
};

}  // namespace resolute::testkit
