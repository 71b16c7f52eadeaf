// SPDX-License-Identifier: Apache-2.0
#include "app/open_storage.h"

#include "storage/sqlite/sqlite_storage.h"

namespace resolute::app {

Result<std::unique_ptr<storage::Storage>> open_storage(const Config& config) {
    TRY(auto sqlite, storage::SqliteStorage::open(config.data / "resolute.db", storage::sqlite::Mode::owner));
    return std::unique_ptr<storage::Storage>(std::move(sqlite));
}

}  // namespace resolute::app
