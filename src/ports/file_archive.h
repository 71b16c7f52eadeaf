// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace resolute::ports {

/// Where finished cases are put away. Threads: any.
class FileArchive {
public:
    virtual ~FileArchive() = default;
    /// Stores the bytes under the name (relative, of [a-z0-9._/-]); the same name with the same bytes again is fine, with others
    /// `files.conflict`.
    virtual Status put(const std::string& name, const std::string& bytes, Deadline deadline) = 0;
};

}  // namespace resolute::ports
