// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/runtime.h"
#include "app/signals.h"

namespace resolute::app {

inline constexpr Duration kDatabaseWaitMax = std::chrono::minutes(5);

/// Runtime::open for a program that is to keep serving: while PostgreSQL cannot be reached it waits, since machines start in any
/// order, and a server or a pooler may be restarted at this very moment. Null: a signal came first; it is seen between two attempts,
/// of which one takes some seconds at most where nothing answers. What only a person can mend, a refused login too, fails at once.
Result<std::unique_ptr<Runtime>> open_patiently(const Config& config, const Clock& clock, Role role, StopSignals& signals,
                                                Duration at_most = kDatabaseWaitMax);

}  // namespace resolute::app
