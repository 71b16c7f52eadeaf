// SPDX-License-Identifier: Apache-2.0
#include "testkit/dovecot_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"

namespace resolute::testkit {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "/usr/sbin/dovecot";
constexpr const char* kAdmin = "/usr/bin/doveadm";
constexpr const char* kConfig = "dovecot.conf";
constexpr const char* kUsers = "users";
constexpr const char* kOauth = "oauth2.conf";
/// <azp or "default">/<algorithm>/<kid or "default">: where Dovecot looks for the key of a token.
constexpr const char* kTokenKey = "keys/default/HS256/default";
constexpr int kGreetingWithinMs = 2000;

enum class Alphabet { standard, url };

std::string base64(std::string_view bytes, Alphabet alphabet) {
    const bool is_url = alphabet == Alphabet::url;
    const std::string digits =
        std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") + (is_url ? "-_" : "+/");
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = bits << 8 | (i + j < bytes.size() ? static_cast<std::uint8_t>(bytes[i + j]) : 0u);
        const std::size_t count = std::min<std::size_t>(bytes.size() - i, 3) + 1;
        for (std::size_t j = 0; j < count; ++j) text += digits[bits >> (18 - 6 * j) & 0x3F];
        if (!is_url) text.append(4 - count, '=');
    }
    return text;
}

/// HMAC-SHA256, RFC 2104; the key is shorter than a block.
std::string sign(const std::string& key, std::string_view text) {
    std::string inner(64, '\x36');
    std::string outer(64, '\x5c');
    for (std::size_t i = 0; i < key.size(); ++i) {
        inner[i] = static_cast<char>(inner[i] ^ key[i]);
        outer[i] = static_cast<char>(outer[i] ^ key[i]);
    }
    const auto bytes_of = [](const Sha256& digest) { return std::string(digest.begin(), digest.end()); };
    return bytes_of(sha256(outer + bytes_of(sha256(inner.append(text)))));
}

/// Whether it takes a connection and greets: a connection alone is taken before logins are.
bool greets(std::uint16_t port, std::string_view greeting) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::array<char, 64> bytes{};
    ssize_t got = -1;
    pollfd input{.fd = fd, .events = POLLIN, .revents = 0};
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::poll(&input, 1, kGreetingWithinMs) > 0)
        got = ::recv(fd, bytes.data(), bytes.size(), 0);
    ::close(fd);
    return got > 0 && std::string_view(bytes.data(), static_cast<std::size_t>(got)).starts_with(greeting);
}

}  // namespace

Result<DovecotServer> DovecotServer::start(DovecotOptions options) {
    for (const char* program : {kProgram, kAdmin, "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp"})
        if (!fs::exists(program))
            return fail("testkit.no_dovecot", ErrorKind::not_found,
                        fmt::format("{} is not there, and this test needs a real Dovecot: install the packages dovecot-imapd and "
                                    "dovecot-lmtpd (./scripts/test does), then run it again",
                                    program));
    TRY(ServiceFolder folder, ServiceFolder::make());
    DovecotServer server(std::move(folder), std::move(options));
    TRY(server.imap_port_, free_port());
    TRY(server.imaps_port_, free_port());
    TRY(server.lmtp_port_, free_port());
    TRY_STATUS(server.write_files());
    TRY_STATUS(server.launch());
    return server;
}

// --- Its files ---------------------------------------------------------------------------------------------------------------

Status DovecotServer::write_files() {
    const fs::path& root = folder_.path();
    TRY(const std::string user, run_as_server({"/usr/bin/id", "-un"}, root));
    TRY(const std::string group, run_as_server({"/usr/bin/id", "-gn"}, root));
    Command folders{"/bin/mkdir", "-p", (root / "run").string(), (root / kTokenKey).parent_path().string()};
    std::string users;
    for (const auto& [name, password] : options_.users) {
        for (const char* part : {"tmp", "new", "cur"}) folders.push_back((maildir(name) / part).string());
        users += fmt::format("{}:{{PLAIN}}{}::::::\n", name, password);
    }
    TRY(const std::string made, run_as_server(std::move(folders), root));
    token_key_ = sha256_hex(root.string());
    TRY_STATUS(folder_.write(kUsers, users));
    TRY_STATUS(folder_.write(kTokenKey, base64(token_key_, Alphabet::standard)));
    TRY_STATUS(
        folder_.write(kOauth, fmt::format("introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={}/keys/\n"
                                          "username_attribute = sub\n",
                                          root.string())));
    TRY_STATUS(folder_.write(kConfig, config(user, group)));
    const std::string& host = options_.certificate_name;
    return make_certificate(folder_, host, fmt::format("DNS:{}{}", host, host == "localhost" ? ",IP:127.0.0.1" : ""));
}

std::string DovecotServer::config(const std::string& user, const std::string& group) const {
    const std::string root = folder_.path().string();
    std::map<std::string, std::string> settings{
        {"protocols", "imap lmtp"},
        {"listen", "127.0.0.1"},
        {"base_dir", root + "/run"},
        {"state_dir", root + "/run"},
        {"log_path", "/dev/stderr"},
        {"auth_verbose", "yes"},
        {"auth_failure_delay", "0"},
        {"auth_mechanisms", options_.mechanisms},
        // All of it is one user, who is not root: no changes of user, and below no chroot.
        {"default_internal_user", user},
        {"default_internal_group", group},
        {"default_login_user", user},
        {"first_valid_uid", "1"},
        {"mail_location", "maildir:~/Maildir"},
        {"ssl", options_.has_tls ? "required" : "no"},
        {"ssl_cert", "<" + root + "/certificate.pem"},
        {"ssl_key", "<" + root + "/key.pem"},
    };
    for (const auto& [name, value] : options_.settings) settings[name] = value;
    std::string text;
    for (const auto& [name, value] : settings) text += fmt::format("{} = {}\n", name, value);
    const std::string imaps =
        options_.has_tls ? fmt::format("inet_listener imaps {{\n port = {}\n ssl = yes\n }}", imaps_port_) : "";
    text += fmt::format("service anvil {{\n chroot =\n}}\nservice stats {{\n chroot =\n}}\n");
    text += fmt::format(
        "service imap-login {{\n chroot =\n inet_listener imap {{\n port = {}\n }}\n inet_listener imaps {{\n port = 0\n }}\n "
        "{}\n}}\n",
        imap_port_, imaps);
    text += fmt::format("service lmtp {{\n user = {}\n inet_listener lmtp {{\n port = {}\n }}\n}}\n", user, lmtp_port_);
    text += fmt::format("passdb {{\n driver = passwd-file\n mechanisms = plain login\n args = {}/{}\n}}\n", root, kUsers);
    text += fmt::format("passdb {{\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = {}/{}\n}}\n", root, kOauth);
    text += fmt::format("userdb {{\n driver = passwd-file\n args = {}/{}\n default_fields = uid={} gid={} home={}/mail/%n\n}}\n",
                        root, kUsers, user, group, root);
    text += "namespace inbox {\n inbox = yes\n separator = .\n}\n";
    return text;
}

// --- Its life ----------------------------------------------------------------------------------------------------------------

DovecotServer::~DovecotServer() {
    // Asked to end, it takes a second for it; its mail goes anyway.
    if (service_) ignore_error(service_->kill_9(), "its own end ends it too");
}

Status DovecotServer::launch() {
    // In the foreground, so that it is a child of ours.
    TRY(Command command, as_server_user({kProgram, "-F", "-c", (folder_.path() / kConfig).string()}));
    TRY(Service service,
        Service::start({.command = std::move(command), .folder = folder_.path(), .log = log(), .end_signal = SIGTERM}));
    service_.emplace(std::move(service));
    const auto why = service_->why_not_up([this] { return is_up(); });
    if (!why) return {};
    service_.reset();
    return fail("testkit.dovecot_failed", ErrorKind::internal,
                fmt::format("Dovecot {}; the end of its log:\n{}",
                            *why, tail(log())));
}

bool DovecotServer::is_up() const {
    return greets(imap_port_, "* OK") && greets(lmtp_port_, "220");
}

Status DovecotServer::kill_9() {
    if (!service_) return {};
    TRY_STATUS(service_->kill_9());
    service_.reset();
    return {};
}

Status DovecotServer::restart() {
    // Asked to end, it would leave the sessions that are open to themselves, and they would answer on.
    TRY_STATUS(kill_9());
    // A killed one leaves it, and a number in it may be anybody's by now.
    std::error_code ignored;
    fs::remove(folder_.path() / "run/master.pid", ignored);
    return launch();
}

// --- Its mail ----------------------------------------------------------------------------------------------------------------

fs::path DovecotServer::maildir(const std::string& user) const {
    return folder_.path() / "mail" / user.substr(0, user.find('@')) / "Maildir";
}

Status DovecotServer::deliver(const std::string& user, std::string_view bytes, const std::string& folder) const {
    static std::atomic<int> count = 0;
    // As every delivery to a Maildir: whole before it is seen. The size spares Dovecot reading it.
    const std::string name = fmt::format("1700000000.M{}P{}.test,S={}", count++, ::getpid(), bytes.size());
    const fs::path place = folder == "INBOX" ? maildir(user) : maildir(user) / ("." + folder);
    TRY_STATUS(folder_.write(fs::relative(place / "tmp" / name, folder_.path()).string(), bytes));
    std::error_code error;
    fs::rename(place / "tmp" / name, place / "new" / name, error);
    if (error)
        return fail("testkit.system", ErrorKind::internal,
                    fmt::format("cannot deliver to {}: {}", place.string(), error.message()));
    return {};
}

Result<std::string> DovecotServer::doveadm(Command arguments) const {
    arguments.insert(arguments.begin(), {kAdmin, "-c", (folder_.path() / kConfig).string()});
    return run_as_server(std::move(arguments), folder_.path());
}

Status DovecotServer::make_folder(const std::string& user, const std::string& name) const {
    TRY(const std::string printed, doveadm({"mailbox", "create", "-u", user, name}));
    return {};
}

Status DovecotServer::set_uid_validity(const std::string& user, const std::string& folder, std::uint32_t validity) const {
    TRY(const std::string printed,
        doveadm({"mailbox", "update", "-u", user, "--uid-validity", fmt::format("{}", validity), folder}));
    return {};
}

std::string DovecotServer::token(std::string_view user, Instant expires_at) const {
    const std::string header = base64(R"({"alg":"HS256","typ":"JWT"})", Alphabet::url);
    const std::string claims =
        base64(fmt::format(R"({{"sub":"{}","exp":{}}})", user, to_unix_ms(expires_at) / 1000), Alphabet::url);
    const std::string text = header + "." + claims;
    return text + "." + base64(sign(token_key_, text), Alphabet::url);
}

}  // namespace resolute::testkit
