// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace resolute::storage {

/// The one owner of a data folder: a lock that the system lets go of by itself when the process ends, however it ends.
class OwnerLock {
public:
    /// `store.locked` (ErrorKind::conflict) names the process that has it; `store.unavailable` where the folder cannot be written.
    static Result<OwnerLock> acquire(const std::filesystem::path& data_directory);
    ~OwnerLock();
    OwnerLock(OwnerLock&& other) noexcept;
    OwnerLock& operator=(OwnerLock&&) = delete;
    /// "host, process 1234": who we are, as others are told.
    [[nodiscard]] const std::string& owner() const { return owner_; }

private:
    OwnerLock(int file, std::string owner) : file_(file), owner_(std::move(owner)) {}
    int file_;
    std::string owner_;
};

}  // namespace resolute::storage
