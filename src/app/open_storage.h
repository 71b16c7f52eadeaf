// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/config.h"
#include "storage/postgres/settings.h"
#include "storage/storage.h"

namespace resolute::app {

/// The database that the configuration names: SQLite in the data folder, or PostgreSQL.
Result<std::unique_ptr<storage::Storage>> open_storage(const Config& config);

/// How the PostgreSQL that the configuration names is reached, its password included.
Result<storage::postgres::Settings> postgres_settings(const Config& config);

}  // namespace resolute::app
