// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"

namespace resolute::storage::sqlite {

class Connection;

struct Migration {
    const char* name;  ///< "001_initial": the number is its place in the list
    const char* sql;
};

/// All that this program knows, in order; made of migrations/*.sql by CMake.
const std::vector<Migration>& migrations();

/// Brings the schema up to date, each step whole or not at all. `store.schema_newer` where a later program wrote it.
Status migrate(Connection& connection);
/// The same check without changing anything; `store.schema_older` where a migration is missing.
Status check_schema(Connection& connection);

}  // namespace resolute::storage::sqlite
