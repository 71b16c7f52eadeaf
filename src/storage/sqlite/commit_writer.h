// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/store.h"
#include "storage/sqlite/connection.h"

namespace resolute::storage::sqlite {

/// A commit with its JSON written out, so that the one writer's thread has less to do.
struct EncodedCommit {
    const engine::CaseCommit* commit = nullptr;
    std::string summary;
    std::vector<std::string> tasks;
};
EncodedCommit encode(const engine::CaseCommit& commit);

/// Checks everything first and writes then: the inner Status refuses this commit alone and has written nothing, the outer
/// error is the store's own trouble.
Result<Status> write_commit(Connection& connection, const engine::Lease& lease, const EncodedCommit& encoded);

/// The epoch that counts now.
Result<std::uint64_t> current_epoch(Connection& connection);

}  // namespace resolute::storage::sqlite
