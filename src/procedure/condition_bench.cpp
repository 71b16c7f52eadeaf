// SPDX-License-Identifier: Apache-2.0
// How long the shipped refund guard takes; a program of its own.
#include <fmt/format.h>

#include "base/clock.h"
#include "procedure/condition.h"

int main() {
    using namespace resolute;
    const auto usd = [](std::int64_t cents) { return json::from_money(Money{cents, "USD"}); };
    const json::Value context =
        json::Object{{"refund", json::Object{{"requested", true}, {"amount", usd(50001)}, {"order", "A-17"}}},
                     {"policy", json::Object{{"refund_approval_above", usd(50000)}}},
                     {"issue", json::Object{{"category", "refund_request"}}}};
    const auto guard = procedure::Condition::parse("refund.requested && refund.amount > policy.refund_approval_above");
    if (!guard) return 1;
    constexpr int kRounds = 1'000'000;
    int taken = 0;
    const double start = monotonic_seconds();
    for (int i = 0; i < kRounds; ++i) taken += guard->evaluate(context).verdict == procedure::Verdict::yes ? 1 : 0;
    const double seconds = monotonic_seconds() - start;
    fmt::print("{:.3f} µs per evaluation ({} of {} yes)\n", seconds * 1e6 / kRounds, taken, kRounds);
    return taken == kRounds ? 0 : 1;
}
