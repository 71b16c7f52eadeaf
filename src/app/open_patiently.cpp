// SPDX-License-Identifier: Apache-2.0
#include "app/open_patiently.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/screen.h"
#include "base/log.h"

namespace resolute::app {
namespace {

constexpr Duration kPauseMin = std::chrono::milliseconds(100);
constexpr Duration kPauseMax = std::chrono::seconds(3);

/// A file that cannot be opened is no server that is still starting.
bool may_pass(const Config& config, const Error& error) {
    // Opening repeats what it wrote without harm, so that one write's answer was lost is no other case.
    return !config.postgres.empty() && (error.code == "store.unavailable" || error.code == "store.commit_unknown");
}

void say_that_it_waits(const Error& error, Duration at_most) {
    LOG(warning, "waits for the database", kv("error", error.code), kv("at_most", format_duration(at_most)));
    fmt::print(stderr, "resolute: {}; waits for the database, {} at most\n", without_controls(describe(error)), format_duration(at_most));
}

void say_that_it_goes_on() {
    LOG(warning, "the database is there");
    fmt::print(stderr, "resolute: the database is there; goes on\n");
}

}  // namespace

Result<std::unique_ptr<Runtime>> open_patiently(const Config& config, const Clock& clock, Role role, StopSignals& signals, Duration at_most) {
    const Deadline deadline = Deadline::in(at_most);
    Duration pause = kPauseMin;
    bool has_waited = false;
    while (true) {
        Result<std::unique_ptr<Runtime>> opened = Runtime::open(config, clock, role);
        if (opened && has_waited) say_that_it_goes_on();
        if (opened || !may_pass(config, opened.error()) || deadline.has_passed()) return opened;
        if (!has_waited) say_that_it_waits(opened.error(), at_most);
        has_waited = true;
        if (signals.wait(pause)) return nullptr;
        pause = std::min(pause * 2, kPauseMax);
    }
}

}  // namespace resolute::app
