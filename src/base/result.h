// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"

namespace resolute {

/// What went wrong, as far as the caller's next move depends on it.
enum class ErrorKind {
    invalid,       ///< The input is wrong; the same input will fail again.
    not_found,     ///< The thing asked for is not there.
    refused,       ///< The other side understood and said no (rights, rules).
    conflict,      ///< Somebody else changed it first; look again.
    rate_limited,  ///< Too much at once; see `retry_after`.
    unavailable,   ///< Not reachable or temporarily broken; may work later.
    timed_out,     ///< No answer within the deadline.
    exhausted,     ///< A resource of ours is used up (disk, memory, a named limit).
    corrupt,       ///< Stored data contradicts itself.
    internal,      ///< A fault of ours that is no invariant (a library misbehaved).
};

/// What happened to the outside world although (or because) the call failed.
enum class EffectState {
    not_sent,  ///< Nothing left this program: safe to repeat.
    refused,   ///< The other side answered no: nothing happened there.
    unknown,   ///< It may have happened. Never repeat blindly.
};

/// An error is a value. `code` is stable ("procedure.unknown_tool") and has a page under docs/errors/;
/// `detail` is one sentence for a person: what happened, where, and what to do. It never holds secrets or mail text.
struct Error {
    std::string code;
    ErrorKind kind = ErrorKind::internal;
    EffectState effect = EffectState::not_sent;
    std::optional<Duration> retry_after = {};
    std::string detail = {};

    friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

/// Shorthand for the common failing return: `return fail("mail.empty", ErrorKind::invalid, "the file is empty");`
[[nodiscard]] inline std::unexpected<Error> fail(std::string code, ErrorKind kind, std::string detail = {},
                                                 EffectState effect = EffectState::not_sent) {
    return std::unexpected(Error{.code = std::move(code), .kind = kind, .effect = effect, .detail = std::move(detail)});
}

std::string_view to_string(ErrorKind kind);
std::string_view to_string(EffectState state);
std::optional<ErrorKind> parse_error_kind(std::string_view text);
std::optional<EffectState> parse_effect_state(std::string_view text);

/// "code: detail", for a terminal or a log line.
std::string describe(const Error& error);

/// A deliberate drop of a result, with the reason beside it.
template <class T>
void ignore_error(const Result<T>&, std::string_view /*why*/) {}

}  // namespace resolute

#define RESOLUTE_CONCAT_(a, b) a##b
#define RESOLUTE_CONCAT(a, b) RESOLUTE_CONCAT_(a, b)

/// `TRY(auto order, decode_order(bytes));` returns the error to the caller, or names the value.
#define TRY(declaration, ...)                                                                   \
    auto RESOLUTE_CONCAT(try_result_, __LINE__) = (__VA_ARGS__);                                \
    if (!RESOLUTE_CONCAT(try_result_, __LINE__)) [[unlikely]]                                   \
        return std::unexpected(std::move(RESOLUTE_CONCAT(try_result_, __LINE__)).error());      \
    declaration = *std::move(RESOLUTE_CONCAT(try_result_, __LINE__))

/// The same where the call yields no value.
#define TRY_STATUS(...)                                                                          \
    if (auto RESOLUTE_CONCAT(try_status_, __LINE__) = (__VA_ARGS__);                             \
        !RESOLUTE_CONCAT(try_status_, __LINE__)) [[unlikely]]                                    \
        return std::unexpected(std::move(RESOLUTE_CONCAT(try_status_, __LINE__)).error())
