// SPDX-License-Identifier: Apache-2.0
#include "app/local_server.h"

#include <charconv>

#include <fmt/format.h>

#include "app/api.h"
#include "app/api_parts.h"

namespace resolute::app {
namespace {

/// A mail may be larger than the server's own limit; what is too large for the procedure is said by the mailroom, with an outcome.
constexpr std::size_t kBodyBytesMax = 64u << 20;

struct Address {
    std::string host;
    std::uint16_t port = 0;
};

Result<Address> read_address(const std::string& listen) {
    const std::size_t colon = listen.rfind(':');
    const std::string_view digits = colon == std::string::npos ? std::string_view() : std::string_view(listen).substr(colon + 1);
    Address address;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
        return fail("config.bad_value", ErrorKind::invalid, fmt::format("console.listen is \"host:port\", not \"{}\"", listen));
    address.host = listen.substr(0, colon);
    return address;
}

}  // namespace

std::filesystem::path socket_of(const Config& config) { return config.data / "resolute.sock"; }

LocalServer::LocalServer(Runtime& runtime) : on_socket_(local_router_, {.body_bytes_max = kBodyBytesMax}), on_tcp_(router_, {.body_bytes_max = kBodyBytesMax}) {
    add_api(router_, runtime);
    add_api(local_router_, runtime);
    add_care_routes(local_router_, runtime);
}

LocalServer::~LocalServer() {
    on_tcp_.stop();
    on_socket_.stop();
}

Result<std::unique_ptr<LocalServer>> LocalServer::start(Runtime& runtime) {
    std::unique_ptr<LocalServer> server(new LocalServer(runtime));
    TRY_STATUS(server->on_socket_.start_unix(socket_of(runtime.config())));
    if (const std::string& listen = runtime.config().listen; !listen.empty()) {
        TRY(const Address address, read_address(listen));
        TRY(const std::uint16_t port, server->on_tcp_.start_tcp(address.host, address.port));
        server->address_ = fmt::format("http://{}:{}", address.host, port);
    }
    return server;
}

}  // namespace resolute::app
