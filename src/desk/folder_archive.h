// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <mutex>

#include "ports/file_archive.h"

namespace resolute::desk {

/// Finished cases as files in a folder, for a company without Dropbox or SFTP. Threads: any.
class FolderArchive final : public ports::FileArchive {
public:
    /// The folder is made when the first file is put there.
    explicit FolderArchive(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Durable when it returns, and read back. `files.bad_name`, `files.conflict`, `files.not_as_written`, and those of
    /// base/file.h.
    Status put(const std::string& name, const std::string& bytes, Deadline deadline) override;

private:
    const std::filesystem::path folder_;
    std::mutex mutex_;  ///< between looking whether the name is taken and taking it
};

}  // namespace resolute::desk
