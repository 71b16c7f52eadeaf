// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/pool.h"

#include <algorithm>

#include "base/clock.h"

namespace resolute::storage::postgres {

namespace {

constexpr Duration kPauseMin{50};
constexpr Duration kPauseMax{5'000};

double seconds(Duration duration) { return static_cast<double>(duration.count()) / 1000; }

}  // namespace

Pool::Pool(std::string url, std::size_t connections_max, Duration connect_timeout)
    : url_(std::move(url)), connections_max_(connections_max), connect_timeout_(connect_timeout) {}

void Pool::Borrowed::give_back() {
    if (connection_ != nullptr) pool_->put(std::move(connection_));
}

void Pool::put(std::unique_ptr<Connection> connection) {
    const bool is_usable = connection->is_idle();
    if (!is_usable) connection.reset();  // Closing takes time; not under the lock.
    const std::lock_guard lock(mutex_);
    if (is_usable) idle_.push_back(std::move(connection));
    else --made_;
    returned_.notify_one();
}

Answer<Pool::Borrowed> Pool::borrow(Deadline deadline, bool fresh) {
    while (true) {
        auto idle = wait_for_idle(deadline, fresh);
        if (!idle) return std::unexpected(std::move(idle).error());
        if (*idle != nullptr && (*idle)->is_idle() && !fresh) return Borrowed(*this, *std::move(idle));
        idle->reset();  // It broke while nobody looked; its place is ours.
        auto made = connect(deadline);
        if (!made) return std::unexpected(std::move(made).error());
        return Borrowed(*this, *std::move(made));
    }
}

/// A connection, or null with the right to make one.
Answer<std::unique_ptr<Connection>> Pool::wait_for_idle(Deadline deadline, bool fresh) {
    std::unique_lock lock(mutex_);
    while (idle_.empty() && made_ >= connections_max_) {
        const auto remaining = std::min<Duration>(deadline.remaining(), std::chrono::hours(1));
        if (remaining <= Duration::zero() || returned_.wait_for(lock, remaining) == std::cv_status::timeout)
            return std::unexpected(loss("all connections to PostgreSQL are busy", false));
    }
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    if (!fresh && pause_ > Duration::zero() && monotonic_seconds() < next_attempt_) {
        Failure failure{.error = last_error_};
        failure.error.retry_after = Duration(static_cast<std::int64_t>((next_attempt_ - monotonic_seconds()) * 1000) + 1);
        return std::unexpected(std::move(failure));
    }
    // Others wait for this attempt's end rather than try beside it.
    next_attempt_ = monotonic_seconds() + seconds(connect_timeout_);
    ++made_;
    return nullptr;
}

Answer<std::unique_ptr<Connection>> Pool::connect(Deadline deadline) {
    const auto patience = std::min(deadline.remaining(), connect_timeout_);
    auto connection = Connection::open(url_, Deadline::in(patience));
    const std::lock_guard lock(mutex_);
    if (connection) {
        pause_ = Duration::zero();
        return connection;
    }
    --made_;
    note_failure(connection.error().error);
    returned_.notify_one();
    return connection;
}

void Pool::note_failure(const Error& error) {
    last_error_ = error;
    pause_ = std::clamp(pause_ * 2, kPauseMin, kPauseMax);
    next_attempt_ = monotonic_seconds() + seconds(pause_);
}

}  // namespace resolute::storage::postgres
