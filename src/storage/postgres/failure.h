// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/postgres/rows.h"

namespace resolute::storage::postgres {

/// SQLSTATEs that the schema's own functions raise.
inline constexpr std::string_view kMismatch = "RS001";  ///< a statement touched other rows than it must: look closer
inline constexpr std::string_view kFenced = "RS002";

/// Why a question had no answer: what callers are told, and what the server said.
struct Failure {
    Error error;
    std::string sqlstate = {};  ///< empty: the server said nothing
};
template <class T>
using Answer = std::expected<T, Failure>;
using Answers = Answer<std::vector<Rows>>;

/// What the server refused; `message` is its first line, which holds no row's data.
Failure refusal(std::string_view sqlstate, std::string_view message);
/// The connection broke, or the time was over. `may_have_happened`: the end of a transaction was on its way.
Failure loss(std::string detail, bool may_have_happened);
/// No connection came about. `store.login_refused` where a person must mend it (password, user, database), else it may pass.
Failure no_connection(std::string detail, std::string_view sqlstate);

/// Another transaction was in the way: the same again can do.
bool is_transient(const Failure& failure);
/// The data or a rule is at fault, not the server: it is worth finding which of several commits it was.
bool is_about_data(const Failure& failure);

}  // namespace resolute::storage::postgres
