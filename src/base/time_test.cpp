// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace resolute {
namespace {

TEST(InstantText, ReadsBackToTheMillisecond) {
    for (const char* text : {"2026-11-22T18:05:00Z", "2026-11-22T18:05:00.001Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z",
                             "2024-02-29T23:59:59.250Z", "9999-12-31T23:59:59Z"}) {
        const auto at = parse_instant(text);
        ASSERT_TRUE(at) << text;
        EXPECT_EQ(format_instant(*at), text);
    }
}

TEST(InstantText, WithAnOffsetIsTheSameMoment) {
    const Instant at = *parse_instant("2026-11-22T18:05:00Z");
    EXPECT_EQ(parse_instant("2026-11-22T19:05:00+01:00"), at);
    EXPECT_EQ(parse_instant("2026-11-22T12:35:00-05:30"), at);
    EXPECT_EQ(parse_instant("2026-11-22t18:05:00z"), at);
    EXPECT_EQ(parse_instant("2026-11-22T18:05:00.123456Z"), at + Duration(123));
}

TEST(InstantText, RefusesWhatIsNoMoment) {
    for (const char* text : {"", "2026-11-22", "2026-11-22T18:05Z", "2026-11-22T18:05:00", "2026-13-01T00:00:00Z", "2025-02-29T00:00:00Z",
                             "2026-11-22T24:00:00Z", "2026-11-22T18:60:00Z", "2026-11-22T18:05:00.Z", "2026-11-22T18:05:00Zx", "2026-11-22T18:05:00+25:00",
                             " 2026-11-22T18:05:00Z", "2026-1-22T18:05:00Z", "-026-11-22T18:05:00Z", "soon"})
        EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(DurationText, IsLargestUnitFirstAndReadsBack) {
    using namespace std::chrono;
    EXPECT_EQ(format_duration(hours(49) + minutes(30)), "2d1h30m");
    EXPECT_EQ(format_duration(milliseconds(1'500)), "1s500ms");
    EXPECT_EQ(format_duration(Duration::zero()), "0s");
    EXPECT_EQ(format_duration(-minutes(5)), "-5m");
    for (const std::int64_t ms : {1LL, 999LL, 60'000LL, 86'400'000LL, 90'061'001LL}) EXPECT_EQ(parse_duration(format_duration(Duration(ms))), Duration(ms));
}

TEST(DurationText, IsReadInWordsToo) {
    using namespace std::chrono;
    EXPECT_EQ(parse_duration("7 days"), days(7));
    EXPECT_EQ(parse_duration("24 hours"), hours(24));
    EXPECT_EQ(parse_duration("1h30m"), minutes(90));
    EXPECT_EQ(parse_duration(" 72h "), hours(72));
    EXPECT_EQ(parse_duration("0s"), Duration::zero());
}

TEST(DurationText, RefusesWhatIsNoneAndWhatOverflows) {
    for (const char* text : {"", "7", "h", "1 fortnight", "-1h", "1.5h", "1h x", "9223372036854775807d", "99999999999999999999s", "1e3s"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(VirtualClocks, StandStillAndNeverGoBack) {
    const Instant start = *parse_instant("2026-11-22T18:05:00Z");
    VirtualClock clock(start);
    EXPECT_TRUE(clock.is_virtual());
    EXPECT_EQ(clock.now(), start);
    clock.advance(std::chrono::hours(1));
    clock.advance_to(start);
    EXPECT_EQ(clock.now(), start + std::chrono::hours(1));
    EXPECT_FALSE(SystemClock().is_virtual());
}

TEST(Deadlines, CountDownAndMayBeEndless) {
    EXPECT_TRUE(Deadline::in(Duration::zero()).has_passed());
    EXPECT_TRUE(Deadline::in(-std::chrono::hours(1)).has_passed());
    EXPECT_EQ(Deadline::in(-std::chrono::hours(1)).remaining(), Duration::zero());
    EXPECT_FALSE(Deadline::in(std::chrono::hours(1)).has_passed());
    EXPECT_LE(Deadline::in(std::chrono::hours(1)).remaining(), std::chrono::hours(1));
    EXPECT_FALSE(Deadline::never().has_passed());
    EXPECT_GT(Deadline::never().remaining(), std::chrono::hours(24 * 365));
}

}  // namespace
}  // namespace resolute
