// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/failure.h"

#include <fmt/format.h>

namespace resolute::storage::postgres {

namespace {

constexpr std::string_view kRefundRule = "gate.refund_unapproved";

Error disk_full(std::string detail) {
    return {.code = "store.disk_full",
            .kind = ErrorKind::exhausted,
            .detail = std::move(detail) + ": nothing of it was written; make room on the database's disk, the program goes on by itself"};
}

Error refund_unapproved() {
    return {.code = "gate.refund_unapproved",
            .kind = ErrorKind::refused,
            .detail = "the database refused an automatic answer: the refund claimed is over the procedure's limit, and nobody approved it"};
}

/// Classes and single states (appendix A of PostgreSQL's manual) after which the same may work later.
bool is_passing(std::string_view sqlstate) {
    const std::string_view state_class = sqlstate.substr(0, 2);
    if (state_class == "08" || state_class == "40" || state_class == "53" || state_class == "57" || state_class == "58") return true;
    return sqlstate == "55P03" || sqlstate == "25006" || sqlstate == "25P03";
}

}  // namespace

Failure refusal(std::string_view sqlstate, std::string_view message) {
    std::string detail = fmt::format("PostgreSQL: {} ({})", message, sqlstate);
    const auto with = [&](std::string code, ErrorKind kind) {
        return Failure{.error = {.code = std::move(code), .kind = kind, .detail = std::move(detail)}, .sqlstate = std::string(sqlstate)};
    };
    if (sqlstate == "53100") return {.error = disk_full(std::move(detail)), .sqlstate = std::string(sqlstate)};
    if (sqlstate == "23514" && message == kRefundRule) return {.error = refund_unapproved(), .sqlstate = std::string(sqlstate)};
    if (sqlstate.starts_with("XX00") && sqlstate != "XX000") return with("store.corrupt", ErrorKind::corrupt);
    if (is_passing(sqlstate)) return with("store.unavailable", ErrorKind::unavailable);
    return with("store.failed", ErrorKind::internal);
}

Failure loss(std::string detail, bool may_have_happened) {
    if (!may_have_happened)
        return {.error = {.code = "store.unavailable", .kind = ErrorKind::unavailable, .detail = std::move(detail)}};
    return {.error = {.code = "store.commit_unknown",
                      .kind = ErrorKind::unavailable,
                      .effect = EffectState::unknown,
                      .detail = std::move(detail) + ": the transaction was on its way; it is there whole or not at all"}};
}

Failure no_connection(std::string detail, std::string_view sqlstate) {
    const bool is_refused = sqlstate.starts_with("28") || sqlstate == "3D000" || sqlstate == "42501";
    if (!is_refused) return loss(std::move(detail), false);
    return {.error = {.code = "store.login_refused", .kind = ErrorKind::unavailable, .detail = std::move(detail)},
            .sqlstate = std::string(sqlstate)};
}

bool is_transient(const Failure& failure) { return failure.sqlstate == "40001" || failure.sqlstate == "40P01"; }

bool is_about_data(const Failure& failure) {
    const std::string_view state_class = std::string_view(failure.sqlstate).substr(0, 2);
    return failure.sqlstate == kMismatch || state_class == "22" || state_class == "23" || state_class == "54";
}

}  // namespace resolute::storage::postgres
