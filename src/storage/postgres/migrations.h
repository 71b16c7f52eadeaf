// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"

namespace resolute::storage::postgres {

class Database;

struct Migration {
    const char* name;  ///< "001_initial": the number is its place in the list
    const char* sql;   ///< statements with a line ";;" between two
};

/// All that this program knows, in order; made of migrations/*.sql by CMake.
const std::vector<Migration>& migrations();

/// Brings the schema up to date, each step whole or not at all; of several workers that start at once one does it, the others
/// wait. `store.schema_newer` where a later program wrote it.
Status migrate(Database& database);

}  // namespace resolute::storage::postgres
