// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/listener.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace resolute::storage::postgres {
namespace {

constexpr Duration kAnswerWithin = std::chrono::seconds(5);  ///< a stop of the program waits so long at most
constexpr Duration kLookAgainAfter = kTellEvery + std::chrono::milliseconds(50);  ///< the last one unsaid is committed by then
constexpr Duration kPauseMin = std::chrono::seconds(1);
constexpr Duration kPauseMax = std::chrono::minutes(1);
constexpr Duration kForLong = std::chrono::hours(1);
constexpr std::string_view kWork = "work/";
constexpr std::string_view kFreeze = "freeze/";

std::optional<Hint> parse_payload(std::string_view payload) {
    const bool is_work = payload.starts_with(kWork);
    if (!is_work && !payload.starts_with(kFreeze)) return std::nullopt;
    payload.remove_prefix(is_work ? kWork.size() : kFreeze.size());
    Hint hint{.kind = is_work ? Hint::Kind::work : Hint::Kind::freeze};
    std::from_chars(payload.data(), payload.data() + payload.size(), hint.from_epoch);
    return hint;
}

}  // namespace

std::string to_payload(const Hint& hint) { return fmt::format("{}{}", hint.kind == Hint::Kind::work ? kWork : kFreeze, hint.from_epoch); }

Listener::Listener(std::string url, Duration connect_timeout, OnHint on_hint)
    : url_(std::move(url)),
      connect_timeout_(connect_timeout),
      on_hint_(std::move(on_hint)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Listener::~Listener() {
    thread_.request_stop();
    stopped_.raise();
    thread_.join();
}

/// Whether the socket has something to read; -1 waits for the end alone.
bool Listener::wait(int socket, Duration at_most) const {
    std::array<pollfd, 2> watched{pollfd{.fd = stopped_.descriptor(), .events = POLLIN, .revents = 0}, pollfd{.fd = socket, .events = POLLIN, .revents = 0}};
    return ::poll(watched.data(), watched.size(), static_cast<int>(at_most.count())) > 0 && watched[1].revents != 0;
}

void Listener::run(const std::stop_token& stop) {
    Duration pause = kPauseMin;
    while (!stop.stop_requested()) {
        if (hear(stop) != End::lost) return;
        if (was_connected_) pause = kPauseMin;
        was_connected_ = false;
        wait(-1, pause);
        pause = std::min(pause * 2, kPauseMax);
    }
}

Listener::End Listener::hear(const std::stop_token& stop) {
    auto connection = Connection::open(url_, Deadline::in(connect_timeout_));
    if (!connection) return End::lost;
    const std::vector<Statement> who{Statement("SELECT pg_backend_pid()::bigint")};
    const auto server = (*connection)->run(who, Ending::reads, Deadline::in(kAnswerWithin));
    if (!server) return End::lost;
    // A pooler answers the login itself and lends us whichever session is free: it would listen for somebody else, for ever.
    if (server->front().front().integer(0) != (*connection)->server_process()) return End::impossible;
    const std::vector<Statement> listen{Statement("LISTEN resolute")};
    const auto listens = (*connection)->run(listen, Ending::commits, Deadline::in(kAnswerWithin));
    if (!listens) return listens.error().sqlstate.empty() ? End::lost : End::impossible;
    was_connected_ = true;
    return pass_on(**connection, stop);
}

Listener::End Listener::pass_on(Connection& connection, const std::stop_token& stop) {
    std::optional<Hint> again;
    while (!stop.stop_requested()) {
        const bool has_news = wait(connection.socket(), again ? kLookAgainAfter : kForLong);
        if (stop.stop_requested()) break;
        if (!has_news) {
            if (again) on_hint_(*again);
            again.reset();
            continue;
        }
        const auto notifications = connection.take_notifications();
        if (!notifications) return End::lost;
        for (const std::string& payload : *notifications) {
            const auto hint = parse_payload(payload);
            if (!hint) continue;
            on_hint_(*hint);
            if (hint->kind == Hint::Kind::work) again = hint;
        }
    }
    return End::stopped;
}

}  // namespace resolute::storage::postgres
