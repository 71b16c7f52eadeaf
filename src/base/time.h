// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace resolute {

using Duration = std::chrono::milliseconds;
/// A moment in UTC, to the millisecond. Time is an argument: only base/clock.cpp asks the machine for it.
using Instant = std::chrono::sys_time<Duration>;

/// RFC 3339, UTC: "2026-11-22T18:05:00.000Z"; the milliseconds are left out where they are zero.
std::string format_instant(Instant at);
/// RFC 3339 with any offset; nothing where the text is no such moment.
std::optional<Instant> parse_instant(std::string_view text);

/// "500ms", "30s", "1h30m", "2d". Whole units only, largest first.
std::string format_duration(Duration duration);
/// The same format back; also "7 days", "24 hours". Nothing where it is no duration or overflows.
std::optional<Duration> parse_duration(std::string_view text);

inline std::int64_t to_unix_ms(Instant at) { return at.time_since_epoch().count(); }
inline Instant from_unix_ms(std::int64_t ms) { return Instant{Duration{ms}}; }

}  // namespace resolute
