// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "app/runtime.h"
#include "base/sealed_file.h"
#include "json/json.h"

namespace resolute::app {

seal::Key backup_key_of(const seal::Key& master);

/// A sealed copy of the database as it is at one moment, while the work goes on; it opens with the master key alone, which is not in
/// it. Its manifest: {"store","epoch","writes","schema","sha256","bytes","made_at"}. `store.no_backup` on PostgreSQL, `file.exists`.
Result<json::Value> make_backup(Runtime& runtime, const std::filesystem::path& file, const seal::Progress& progress);

/// Puts the backup's database into the data folder and freezes it: nothing leaves until a person releases it. One that is there is
/// moved aside where `force` is, else `restore.data_exists`. The manifest.
Result<json::Value> restore_backup(const Config& config, const Clock& clock, const std::filesystem::path& file, bool force, const seal::Progress& progress);

}  // namespace resolute::app
