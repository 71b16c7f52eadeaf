// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace resolute::transport {

struct LocalAnswer {
    int status = 0;
    std::string content_type;
    std::string body;
};

/// Asks the program that runs beside us, over its Unix socket. Any answer is a result, also a 404. The body goes as JSON.
///
/// `transport.not_running` (nobody answers: not sent), `transport.socket_path_too_long`, `transport.timed_out` (not sent, or
/// unknown once the request was on its way), `transport.broken` (the connection ended: unknown), `transport.answer_too_large`.
/// Threads: any.
Result<LocalAnswer> call_local(const std::filesystem::path& socket, std::string_view method, std::string_view path_and_query,
                               std::string_view body, Deadline deadline);

}  // namespace resolute::transport
