// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/bench_load.h"

/// What nothing on the same database can beat by much: the rows that the engine writes, written by plain SQL.
namespace resolute::app {

/// One case that advances with others; its ids are made before, for making them is not the database's work.
struct FloorCase {
    std::string id;
    std::vector<std::string> effects;  ///< by commit
};

/// Writes one commit of many cases in one durable transaction, in the schema of the store, by the simplest good SQL.
class PlainSql {
public:
    virtual ~PlainSql() = default;
    virtual Status write(const engine::CaseCommit& recorded, std::size_t number, const std::vector<FloorCase>& cases) = 0;
};
/// Prepared statements, row by row.
Result<std::unique_ptr<PlainSql>> plain_sqlite(const BenchDatabase& database);
/// Prepared statements that unnest an array for each column, all of a transaction sent in one go (libpq's pipeline).
Result<std::unique_ptr<PlainSql>> plain_postgres(const BenchDatabase& database);

/// So many cases advance together, one commit after the other, in turn with those that follow.
Result<Measured> measure_floor(const BenchDatabase& database, const std::vector<engine::CaseCommit>& recorded, std::size_t in_flight,
                               const std::string& run, double warm_up, double seconds);

/// 4 KiB appended, fdatasync, again.
struct FsyncRate { double per_s = 0; double p50_ms = 0; };
Result<FsyncRate> measure_fsync(const std::filesystem::path& folder, double seconds);

}  // namespace resolute::app
