// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "app/runtime.h"
#include "base/sealed_file.h"
#include "json/json.h"

namespace resolute::app {

seal::Key backup_key_of(const seal::Key& master);

/// A sealed copy of the database as it is at one moment, while the work goes on; it opens with the master key alone, which is not in
/// it. Its manifest: {"database","store","epoch","writes","schema","bytes","made_at"}, of SQLite also "sha256". `file.exists`.
Result<json::Value> make_backup(Runtime& runtime, const std::filesystem::path& file, const seal::Progress& progress);
/// The same of the PostgreSQL database that the configuration names: pg_dump's stream, sealed as it comes. No program need run here.
/// `store.no_client_programs`, `store.client_program_failed`.
Result<json::Value> back_up_postgres(const Config& config, const Clock& clock, const std::filesystem::path& file);

/// Puts the backup's database in place and freezes it: nothing leaves until a person releases it. SQLite: into the data folder; one
/// that is there is moved aside where `force` is, else `restore.data_exists`. PostgreSQL: see storage/postgres/dump.h. The manifest,
/// with "moved_aside" where something was. `restore.other_database`: a backup of the other kind.
Result<json::Value> restore_backup(const Config& config, const Clock& clock, const std::filesystem::path& file, bool force, const seal::Progress& progress);

}  // namespace resolute::app
