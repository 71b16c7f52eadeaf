// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/store.h"
#include "storage/postgres/database.h"

namespace resolute::storage::postgres {

/// engine::Store::commit. The usual way is one round trip: each statement says what it expects to find, and the first that finds
/// something else undoes the whole. Then the careful way finds out which commits are refused and why, one by one, with savepoints.
/// With `tells`, other programs hear with the commit that something is left for them.
Result<engine::Committed> write_commits(Database& database, const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits, bool tells);

}  // namespace resolute::storage::postgres
