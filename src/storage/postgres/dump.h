// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/sealed_file.h"
#include "storage/postgres/settings.h"

/// The schema `resolute` as one stream, by PostgreSQL's own programs: pg_dump's custom format.
namespace resolute::storage::postgres {

/// What a dump is of: the store, and the newest lease it knows.
struct Origin {
    std::string store_id;
    std::uint64_t epoch = 0;
    std::uint64_t writes = 0;
    std::int64_t schema = 0;
    std::int64_t server_version = 0;
};
/// Changes nothing: a schema that is older is not brought up to date. `store.empty` where there is none.
Result<Origin> find_origin(const Settings& settings);

/// The bytes as they come, of one moment, while the work goes on. Whoever reads them all hears at the end whether they are all:
/// `store.client_program_failed`. `store.no_client_programs`.
Result<seal::Source> begin_dump(const Settings& settings, const Origin& origin);

struct RestoreOrder {
    std::int64_t schema = 0;  ///< of what comes
    std::string why;          ///< of the freeze
    Instant now;
    bool force = false;       ///< also where cases or mails are
};
/// Gives what it reads to the sink, to the end; an error undoes the whole.
using Feed = std::function<Status(const seal::Sink&)>;
/// In one transaction: a schema that is there gets another name, what `feed` reads takes its place, and nothing leaves from then on
/// until a person releases it. The other name, or nothing where the database was empty. `restore.data_exists`, `restore.in_use`
/// (workers hold a lease), `store.schema_newer`, `store.no_client_programs`, `store.client_program_failed`, and the feed's errors.
Result<std::string> restore_dump(const Settings& settings, const RestoreOrder& order, const Feed& feed);

}  // namespace resolute::storage::postgres
