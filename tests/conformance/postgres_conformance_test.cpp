// SPDX-License-Identifier: Apache-2.0
// The suite on PostgreSQL, directly and through PgBouncer in transaction mode.
#include <fmt/format.h>

#include "base/invariant.h"
#include "storage/postgres/postgres_storage.h"
#include "testkit/pgbouncer.h"
#include "testkit/postgres_server.h"
#include "tests/conformance/case_queries_suite.h"
#include "tests/conformance/desk_store_suite.h"
#include "tests/conformance/engine_store_suite.h"
#include "tests/conformance/intake_store_suite.h"
#include "tests/conformance/mail_ledger_suite.h"
#include "tests/conformance/automatic_mail_ledger_suite.h"
#include "tests/conformance/maintenance_suite.h"
#include "tests/conformance/owners_suite.h"
#include "tests/conformance/refund_gate_suite.h"

namespace resolute::conformance {

namespace {

/// "…/test_7" → "test_7"
std::string database_of(const std::string& url) { return url.substr(url.rfind('/') + 1); }

class InPostgres : public StorageUnderTest {
public:
    InPostgres() : InPostgres(*testkit::fresh_database(), {}) {}
    storage::Storage& storage() override { return *storage_; }
    void let_lease_run_out(const engine::Lease& lease) override {
        const auto done = (*testkit::shared_postgres())->psql(
            fmt::format("UPDATE resolute.workers SET lease_until = 0 WHERE epoch = {}", lease.epoch), database_);
        INVARIANT(done.has_value(), "the test may write behind the store's back");
    }

protected:
    InPostgres(const std::string& direct_url, const std::string& pooled_url) : database_(database_of(direct_url)) {
        storage::postgres::Settings settings{.url = pooled_url.empty() ? direct_url : pooled_url};
        settings.accept_volatile = true;
        auto opened = storage::PostgresStorage::open(std::move(settings));
        INVARIANT(opened.has_value(), opened ? "" : describe(opened.error()).c_str());
        storage_ = *std::move(opened);
    }

private:
    std::string database_;
    std::unique_ptr<storage::PostgresStorage> storage_;
};

class InPostgresPooled final : public InPostgres {
public:
    InPostgresPooled() : InPostgresPooled(*testkit::fresh_database()) {}

private:
    explicit InPostgresPooled(const std::string& url) : InPostgres(url, pooler().url(database_of(url))) {}
    static testkit::PgBouncer& pooler() {
        // Each test has a database of its own, and a pool for it that nobody needs after.
        static auto started =
            testkit::PgBouncer::start(**testkit::shared_postgres(), {.pool_size = 3, .settings = {{"server_idle_timeout", "1"}}});
        INVARIANT(started.has_value(), "PgBouncer starts");
        return *started;
    }
};

template <class S>
std::unique_ptr<StorageUnderTest> make() {
    return std::make_unique<S>();
}

std::vector<StorageKind> find_kinds() {
    if (!testkit::shared_postgres()) return {};
    std::vector<StorageKind> kinds{{"Postgres", make<InPostgres>}};
    if (testkit::PgBouncer::start(**testkit::shared_postgres())) kinds.push_back({"PostgresBehindPgBouncer", make<InPostgresPooled>});
    return kinds;
}

const std::vector<StorageKind>& kinds() {
    static const std::vector<StorageKind> found = find_kinds();
    return found;
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Each, EngineStoreSuite, ::testing::ValuesIn(kinds()), name_of);
INSTANTIATE_TEST_SUITE_P(Each, AutomaticMailLedgerSuite, ::testing::ValuesIn(kinds()), name_of);
INSTANTIATE_TEST_SUITE_P(Each, MaintenanceSuite, ::testing::ValuesIn(kinds()), name_of);
INSTANTIATE_TEST_SUITE_P(Each, OwnersSuite, ::testing::ValuesIn(kinds()), name_of);
INSTANTIATE_TEST_SUITE_P(Each, RefundGateSuite, ::testing::ValuesIn(kinds()), name_of);
INSTANTIATE_TEST_SUITE_P(Each, CaseQueriesSuite, ::testing::ValuesIn(kinds()), name_of);
INSTANTIATE_TEST_SUITE_P(Each, IntakeStoreSuite, ::testing::ValuesIn(kinds()), name_of);
INSTANTIATE_TEST_SUITE_P(Each, MailLedgerSuite, ::testing::ValuesIn(kinds()), name_of);
INSTANTIATE_TEST_SUITE_P(Each, DeskStoreSuite, ::testing::ValuesIn(kinds()), name_of);

}  // namespace resolute::conformance
