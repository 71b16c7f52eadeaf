// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/store.h"
#include "storage/postgres/statement.h"

namespace resolute::storage::postgres {

/// A commit with what is made of it once, whatever the number of attempts.
struct EncodedCommit {
    const engine::CaseCommit* commit = nullptr;  ///< the caller's; outlives this
    std::string summary;
    std::vector<std::string> tasks;  ///< in the order of the commit's
};
EncodedCommit encode(const engine::CaseCommit& commit);

enum class CommitMode {
    whole,           ///< the transaction; its last statement counts the worker's write and answers the count
    one_of_several,  ///< a part of one; the case may be a closed one (else only one that something came in for)
};

/// What the batch writes, a statement for each table, of at most one commit for each case. A statement that does not find what it
/// needs (another version, an effect that is known) stops the transaction with kMismatch.
std::vector<Statement> statements_of(const engine::Lease& lease, std::span<const EncodedCommit> commits, CommitMode mode);

}  // namespace resolute::storage::postgres
