// SPDX-License-Identifier: Apache-2.0
#include "testkit/exim_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/descriptor.h"

namespace resolute::testkit {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "/usr/sbin/exim4";
constexpr const char* kConfig = "exim.conf";
constexpr const char* kPasswords = "passwords";
constexpr Duration kStopWithin = std::chrono::seconds(20);

/// Exim writes the envelope before a mail, each on a line of its own.
std::string take_line(std::string& bytes, std::string_view name) {
    if (!bytes.starts_with(name)) return {};
    const std::size_t end = bytes.find("\r\n");
    if (end == std::string::npos) return {};
    std::string value = bytes.substr(name.size(), end - name.size());
    bytes.erase(0, end + 2);
    std::erase_if(value, [](char c) { return c == '<' || c == '>' || c == ' '; });
    return value;
}

}  // namespace

std::string EximServer::config() const {
    const std::string folder = folder_.path().string();
    const std::string delivery =
        options_.lmtp_port == 0
            ? fmt::format(
                  "  driver = appendfile\n  directory = {}/arrived\n  maildir_format\n  create_directory\n"
                  "  return_path_add\n  envelope_to_add\n  use_crlf\n",
                  folder)
            : fmt::format(
                  "  driver = smtp\n  protocol = lmtp\n  port = {}\n  hosts = 127.0.0.1\n  hosts_override\n  allow_localhost\n",
                  options_.lmtp_port);
    const std::string router =
        options_.lmtp_port == 0 ? "  driver = accept\n" : "  driver = manualroute\n  route_list = * 127.0.0.1\n  self = send\n";
    const auto is_right = [&](std::string_view user, std::string_view given) {
        return fmt::format("${{if eq{{{}}}{{${{lookup{{{}}}lsearch{{{}/{}}}{{$value}}fail}}}}}}", given, user, folder,
                           kPasswords);
    };
    return fmt::format(
               "primary_hostname = exim.test\nspool_directory = {0}/queue\nlog_file_path = {0}/%slog.txt\npid_file_path = "
               "{0}/exim.pid\n"
               "tls_certificate = {0}/certificate.pem\ntls_privatekey = {0}/key.pem\n",
               folder) +
           fmt::format("daemon_smtp_ports = {}\nmessage_size_limit = {}\nqueue_only = {}\n", port_, options_.size_max,
                       options_.only_queues) +
           // No name is looked up anywhere, nobody is asked who he is, and no header is added: the bytes stay as they came.
           "never_users = root\nkeep_environment =\nlocal_interfaces = 127.0.0.1\ndisable_ipv6\ndomainlist ours = *.test : "
           "*.example\nhost_lookup =\n"
           "dns_dnssec_ok = 0\nrfc1413_query_timeout = 0s\nreceived_header_text =\nsyslog_duplication = false\n"
           "tls_advertise_hosts = *\nauth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}\ndsn_advertise_hosts = "
           "*\naccept_8bitmime\n"
           "acl_smtp_rcpt = recipient\nacl_smtp_data = accept\ndeliver_drop_privilege\nsmtp_accept_max = "
           "100\nsmtp_accept_queue_per_connection = 0\n"
           "begin acl\nrecipient:\n  deny message = sign in first\n    !authenticated = *\n"
           "  deny message = no such domain here\n    !domains = +ours\n"
           "  defer message = 4.2.1 this mailbox is not ready\n    local_parts = later\n"
           "  deny message = 5.1.1 nobody of this name\n    local_parts = nobody\n  accept\n"
           "begin routers\nours:\n  domains = +ours\n  transport = ours\n" +
           router + "begin transports\nours:\n" + delivery + "begin retry\n* * F,1h,1m\nbegin authenticators\n" +
           fmt::format(
               "plain:\n  driver = plaintext\n  public_name = PLAIN\n  server_prompts = :\n  server_set_id = $auth2\n  "
               "server_condition = {}\n",
               is_right("$auth2", "$auth3")) +
           fmt::format(
               "login:\n  driver = plaintext\n  public_name = LOGIN\n  server_prompts = Username:: : Password::\n"
               "  server_set_id = $auth1\n  server_condition = {}\n",
               is_right("$auth1", "$auth2"));
}

Result<EximServer> EximServer::start(EximOptions options) {
    if (!fs::exists(kProgram))
        return fail("testkit.no_exim", ErrorKind::not_found,
                    fmt::format("{} is not there, and this test needs a real Exim: install the package exim4-daemon-light "
                                "(./scripts/test does), then run it again",
                                kProgram));
    TRY(ServiceFolder folder, ServiceFolder::make());
    EximServer server(std::move(folder), std::move(options));
    TRY(server.port_, free_port());
    TRY_STATUS(server.prepare());
    TRY_STATUS(server.launch());
    return server;
}

EximServer::~EximServer() {
    if (folder_.path().empty()) return;
    ignore_error(stop(), "the object ends anyway");
    // Its deliveries are no children of ours, and would make the folder anew to write into their log.
    wait_until([this] { return !has_processes(); }, kStopWithin);
}

bool EximServer::has_processes() const {
    const std::string config = (folder_.path() / kConfig).string();
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error); !error && entry != fs::directory_iterator(); entry.increment(error)) {
        std::ifstream file(entry->path() / "cmdline", std::ios::binary);
        const std::string command{std::istreambuf_iterator<char>(file), {}};
        if (command.find(config) != std::string::npos) return true;
    }
    return false;
}

Status EximServer::prepare() {
    // It refuses a configuration that does not say whom it runs as.
    TRY(const std::string user, run_as_server({"/usr/bin/id", "-un"}, folder_.path()));
    TRY(const std::string group, run_as_server({"/usr/bin/id", "-gn"}, folder_.path()));
    TRY_STATUS(folder_.write(kConfig, fmt::format("exim_user = {}\nexim_group = {}\n", user, group) + config()));
    std::string passwords;
    for (const auto& [name, password] : options_.users) passwords += fmt::format("{}: {}\n", name, password);
    TRY_STATUS(folder_.write(kPasswords, passwords));
    return make_certificate(folder_, "exim.test", options_.certificate_names);
}

Status EximServer::launch() {
    // In the foreground, and it looks at the queue only when told to: nothing happens behind a test's back.
    TRY(Command command, as_server_user({kProgram, "-C", (folder_.path() / kConfig).string(), "-bdf"}));
    TRY(Service service,
        Service::start({.command = std::move(command), .folder = folder_.path(), .log = log(), .end_signal = SIGTERM}));
    service_.emplace(std::move(service));
    const auto why = service_->why_not_up([this] { return is_up(); });
    if (!why) return {};
    service_.reset();
    return fail("testkit.exim_failed", ErrorKind::internal,
                fmt::format("Exim {}; the end of its logs:\n{}{}{}",
                            *why, tail(log()),
                            tail(folder_.path() / "mainlog.txt"), tail(folder_.path() / "paniclog.txt")));
}

bool EximServer::is_up() const {
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Status EximServer::stop() {
    if (!service_) return {};
    service_->signal(SIGTERM);
    if (!service_->has_ended(kStopWithin)) TRY_STATUS(service_->kill_9());
    service_.reset();
    return {};
}

Status EximServer::kill_9() {
    if (!service_) return {};
    TRY_STATUS(service_->kill_9());
    service_.reset();
    return {};
}

Status EximServer::restart() {
    TRY_STATUS(stop());
    return launch();
}

Status EximServer::deliver_queue() {
    TRY_STATUS(run_as_server({kProgram, "-C", (folder_.path() / kConfig).string(), "-qff"}, folder_.path()));
    return {};
}

std::vector<DeliveredMail> EximServer::delivered() const {
    std::vector<DeliveredMail> mails;
    std::error_code error;
    for (fs::directory_iterator entry(folder_.path() / "arrived/new", error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        std::ifstream file(entry->path(), std::ios::binary);
        DeliveredMail mail{.bytes = std::string(std::istreambuf_iterator<char>(file), {})};
        mail.from = take_line(mail.bytes, "Return-path: ");
        mail.to = take_line(mail.bytes, "Envelope-to: ");
        mails.push_back(std::move(mail));
    }
    return mails;
}

std::vector<DeliveredMail> EximServer::wait_for_delivered(std::size_t count, Duration at_most) const {
    const auto has_arrived = [&] {
        std::error_code error;
        const fs::directory_iterator entries(folder_.path() / "arrived/new", error);
        return static_cast<std::size_t>(std::distance(entries, fs::directory_iterator())) >= count;
    };
    wait_until(has_arrived, at_most);
    return delivered();
}

}  // namespace resolute::testkit
