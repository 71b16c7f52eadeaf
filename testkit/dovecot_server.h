// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "testkit/service.h"

namespace resolute::testkit {

struct DovecotOptions {
    std::map<std::string, std::string> users = {{"support", "secret"}};  ///< and their passwords
    std::string certificate_name = "localhost";  ///< the one name in it, but for "localhost", which brings 127.0.0.1 along
    bool has_tls = true;                         ///< without, no STARTTLS is offered, and there is no IMAPS
    std::string mechanisms = "plain login xoauth2 oauthbearer";
    std::map<std::string, std::string> settings = {};  ///< as in dovecot.conf
};

/// A real Dovecot in a temporary folder, on ports of 127.0.0.1: IMAP with STARTTLS, IMAPS, LMTP; mail in Maildirs. Runs as the
/// user "postgres" where we are root. Gone, with its folder, with the object, and when this program dies.
///
/// Wrong logins make it slow to answer the next ones, the right ones too: a test of them takes a server of its own. It takes
/// passwords from this machine without TLS whatever it is told: that none is sent must be seen in its log.
/// Threads: one, but for `deliver`.
class DovecotServer {
public:
    /// `testkit.no_dovecot` where it is not installed; `testkit.dovecot_failed` with the end of its log.
    static Result<DovecotServer> start(DovecotOptions options = {});
    DovecotServer(DovecotServer&&) = default;
    DovecotServer& operator=(DovecotServer&&) = delete;
    ~DovecotServer();

    /// SIGKILL for it and all its children. The mail stays.
    Status kill_9();
    /// Killed where it runs, then started with the same ports and mail; returns when it greets.
    Status restart();
    [[nodiscard]] bool is_up() const;

    /// Into the user's inbox, or another folder of his with an ASCII name, byte for byte: an IDLE there wakes. The bytes have
    /// CRLF. Threads: any.
    [[nodiscard]] Status deliver(const std::string& user, std::string_view bytes, const std::string& folder = "INBOX") const;
    /// Makes a folder; the name is UTF-8, levels parted by ".".
    [[nodiscard]] Status make_folder(const std::string& user, const std::string& name) const;
    /// The folder is as if made anew: the UIDs of before are void.
    [[nodiscard]] Status set_uid_validity(const std::string& user, const std::string& folder, std::uint32_t validity) const;
    /// The folder of the inbox: new/, cur/, tmp/.
    [[nodiscard]] std::filesystem::path maildir(const std::string& user) const;

    /// An OAuth 2.0 access token (JWT, HS256) that this server takes for the user.
    [[nodiscard]] std::string token(std::string_view user, Instant expires_at) const;

    [[nodiscard]] std::uint16_t imap_port() const { return imap_port_; }
    [[nodiscard]] std::uint16_t imaps_port() const { return imaps_port_; }
    [[nodiscard]] std::uint16_t lmtp_port() const { return lmtp_port_; }
    /// The certificate, which is its own authority: PEM.
    [[nodiscard]] std::filesystem::path ca_file() const { return folder_.path() / "certificate.pem"; }
    [[nodiscard]] std::filesystem::path log() const { return folder_.path() / "log.txt"; }

private:
    DovecotServer(ServiceFolder folder, DovecotOptions options) : folder_(std::move(folder)), options_(std::move(options)) {}
    Status write_files();
    [[nodiscard]] std::string config(const std::string& user, const std::string& group) const;
    Status launch();
    [[nodiscard]] Result<std::string> doveadm(Command arguments) const;

    ServiceFolder folder_;
    DovecotOptions options_;
    std::string token_key_;
    std::uint16_t imap_port_ = 0;
    std::uint16_t imaps_port_ = 0;
    std::uint16_t lmtp_port_ = 0;
    std::optional<Service> service_;  // After the folder, so that it ends first.
};

}  // namespace resolute::testkit
