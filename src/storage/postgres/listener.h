// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <thread>

#include "base/clock.h"
#include "base/interrupt.h"
#include "storage/postgres/connection.h"
#include "storage/storage.h"

namespace resolute::storage::postgres {

/// `NOTIFY` of a transaction takes a lock that all such transactions of the server wait for. So a program tells at most so often, and
/// who hears something looks again a little later, for what was left unsaid meanwhile.
inline constexpr Duration kTellEvery = std::chrono::milliseconds(100);

/// What stands in a notification: a kind and a lease's number, nothing of anybody.
std::string to_payload(const Hint& hint);

/// A connection of its own that hears what other programs left, and says so to `on_hint`, on a thread of its own. It comes back
/// quietly, more and more seldom, where the server goes; it gives up where LISTEN would be another's (a pooler).
class Listener {
public:
    Listener(std::string url, Duration connect_timeout, OnHint on_hint);
    ~Listener();  ///< `on_hint` is not running any more when it returns
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

private:
    enum class End { stopped, lost, impossible };
    void run(const std::stop_token& stop);
    End hear(const std::stop_token& stop);
    End pass_on(Connection& connection, const std::stop_token& stop);
    bool wait(int socket, Duration at_most) const;

    const std::string url_;
    const Duration connect_timeout_;
    const OnHint on_hint_;
    const Interrupt stopped_;
    bool was_connected_ = false;
    std::jthread thread_;  // Last: it uses all the others.
};

}  // namespace resolute::storage::postgres
