// SPDX-License-Identifier: Apache-2.0
#include "app/retention.h"

#include <algorithm>
#include <set>

#include "app/erasure.h"
#include "base/log.h"

namespace resolute::app {
namespace {

constexpr std::size_t kMailsMax = 10'000;

Result<std::set<std::string>> held_names(Runtime& runtime) {
    TRY(const auto holds, runtime.storage().maintenance().holds());
    std::set<std::string> names;
    for (const storage::Hold& hold : holds)
        if (!hold.released_at) names.insert(hold.blind_name);
    return names;
}

}  // namespace

Result<Overdue> find_overdue(Runtime& runtime) {
    const Config& config = runtime.config();
    const Instant now = runtime.clock().now();
    Overdue overdue;
    TRY(const auto held, held_names(runtime));
    const auto is_held = [&](const std::string& address) { return !held.empty() && held.contains(runtime.vault().blind_name(address)); };
    if (config.keep_mail) {
        TRY(const auto old, runtime.storage().maintenance().old_mails(now - *config.keep_mail, kMailsMax));
        for (const MailId& id : old) {
            if (!held.empty()) {
                TRY(const auto record, runtime.storage().intake().find(id));
                if (record && is_held(record->from)) {
                    ++overdue.held;
                    continue;
                }
            }
            overdue.mails.push_back(id);
        }
    }
    if (config.keep_closed_cases) {
        TRY(const auto closed, runtime.cases().list_cases({.status = "closed", .category = {}, .text = {}}));
        for (const casework::CaseSummary& one : closed) {
            if (one.from.empty() || !one.closed_at || *one.closed_at >= now - *config.keep_closed_cases) continue;
            if (is_held(one.from))
                ++overdue.held;
            else
                overdue.cases.push_back(one.id);
        }
    }
    return overdue;
}

Status drop_overdue(Runtime& runtime, const Overdue& overdue, std::size_t limit) {
    const std::size_t mails = std::min(limit, overdue.mails.size());
    if (mails > 0)
        TRY_STATUS(runtime.storage().maintenance().drop_raw({overdue.mails.begin(), overdue.mails.begin() + static_cast<std::ptrdiff_t>(mails)}));
    const std::size_t cases = std::min(limit, overdue.cases.size());
    for (std::size_t i = 0; i < cases; ++i) TRY_STATUS(erase_case(runtime, overdue.cases[i], "retention"));
    if (mails + cases > 0)
        LOG(info, "kept long enough", kv("raw_mails", static_cast<std::int64_t>(mails)), kv("cases", static_cast<std::int64_t>(cases)));
    return {};
}

}  // namespace resolute::app
