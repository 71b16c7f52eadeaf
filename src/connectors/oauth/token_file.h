// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/result.h"

namespace resolute::connectors {

/// The right to use a refresh token, against another program: a lock on the file "<token file>.lock" beside it. Held while a token is asked for
/// and the new one written, so that whoever comes next reads the new one. The file stays; the lock goes with the object or the process.
/// Where nobody may write beside the token (a folder mounted read-only), nobody can renew the token either, and none is held.
class TokenFileLock {
public:
    /// `oauth.locked` where another has it until the deadline.
    static Result<std::unique_ptr<TokenFileLock>> take(const std::filesystem::path& token_file, Deadline deadline);

private:
    explicit TokenFileLock(int file) : file_(file) {}
    Descriptor file_;
};

}  // namespace resolute::connectors
