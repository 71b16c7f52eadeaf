// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "app/runtime.h"
#include "app/screen.h"
#include "json/json.h"

namespace resolute::app {

/// Where everything stands: all mails and cases of the data folder, not only those of one run.
struct RunSummary {
    std::size_t mails = 0;
    std::map<std::string, std::size_t> outcomes;  ///< by name, each of the four and "pending"
    std::size_t cases = 0;
    std::size_t resolved_automatically = 0;
    std::size_t resolved_by_people = 0;
    std::size_t escalated = 0;  ///< went to people at some time
    std::size_t held = 0;
    std::map<std::string, std::size_t> by_status;
    std::map<std::string, std::map<std::string, std::int64_t>> effects;  ///< tool, state, how many
    std::size_t open_tasks = 0;
    std::size_t policy_stops = 0;  ///< cases that a guard of the procedure, or autonomy `off`, sent to people
    std::string frozen;            ///< why nothing leaves; empty: it does
    double duration_s = 0;

    /// Resolved automatically ÷ all cases; 0 where there is none.
    [[nodiscard]] double automation_rate() const;
    /// The same without the policy stops.
    [[nodiscard]] double eligible_rate() const;
    [[nodiscard]] std::size_t eligible_cases() const { return cases - policy_stops; }
};

Result<RunSummary> collect_summary(Runtime& runtime, double duration_s);
/// The form of `resolute run --json`.
json::Value to_json(const RunSummary& summary);
std::string render(const RunSummary& summary, const Screen& screen);

}  // namespace resolute::app
