// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/store.h"
#include "storage/sqlite/connection.h"

namespace resolute::storage::sqlite {

/// A commit with its JSON written out and its hashes checked, so that the one writer's thread has less to do.
struct EncodedCommit {
    const engine::CaseCommit* commit = nullptr;
    std::string summary;
    std::vector<std::string> tasks;
};
EncodedCommit encode(const engine::CaseCommit& commit);

/// All of them, inside the transaction that is open: each whole, or refused without a trace. `store.fenced` refuses the whole.
///
/// Nearly always none is refused after it began to write. So they are written one after the other, without a look ahead and without
/// a savepoint, for which SQLite would copy every page that they touch. `is_halfway`: one was refused halfway after all; the
/// transaction must be taken back, and what is in it written one by one.
Result<engine::Committed> write_at_once(Connection& connection, const engine::Lease& lease, const std::vector<EncodedCommit>& commits,
                                        bool& is_halfway);
/// The same with a savepoint around each.
Result<engine::Committed> write_one_by_one(Connection& connection, const engine::Lease& lease, const std::vector<EncodedCommit>& commits);

}  // namespace resolute::storage::sqlite
