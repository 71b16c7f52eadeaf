// SPDX-License-Identifier: Apache-2.0
#include "base/invariant.h"
#include "storage/memory/memory_storage.h"
#include "storage/sqlite/sqlite_storage.h"
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

class InMemory final : public StorageUnderTest {
public:
    storage::Storage& storage() override { return storage_; }
    void let_lease_run_out(const engine::Lease& lease) override { storage_.let_lease_run_out(lease); }

private:
    storage::MemoryStorage storage_;
};

/// The simulator's way of being SQLite.
class InMemoryAlone final : public StorageUnderTest {
public:
    storage::Storage& storage() override { return storage_; }
    void let_lease_run_out(const engine::Lease&) override {}

private:
    storage::MemoryStorage storage_{{.shared = false}};
};

class InSqlite final : public StorageUnderTest {
public:
    InSqlite() {
        auto opened = storage::SqliteStorage::open(folder_ / "resolute.db", storage::sqlite::Mode::owner);
        INVARIANT(opened.has_value(), "a new database opens");
        storage_ = *std::move(opened);
    }
    storage::Storage& storage() override { return *storage_; }
    void let_lease_run_out(const engine::Lease&) override {}

private:
    TempFolder folder_;
    std::unique_ptr<storage::SqliteStorage> storage_;
};

template <class S>
std::unique_ptr<StorageUnderTest> make() {
    return std::make_unique<S>();
}

const auto kEach = ::testing::Values(StorageKind{"Memory", make<InMemory>}, StorageKind{"MemoryAlone", make<InMemoryAlone>},
                                     StorageKind{"Sqlite", make<InSqlite>});

}  // namespace

INSTANTIATE_TEST_SUITE_P(Each, EngineStoreSuite, kEach, name_of);
INSTANTIATE_TEST_SUITE_P(Each, AutomaticMailLedgerSuite, kEach, name_of);
INSTANTIATE_TEST_SUITE_P(Each, MaintenanceSuite, kEach, name_of);
INSTANTIATE_TEST_SUITE_P(Each, OwnersSuite, kEach, name_of);
INSTANTIATE_TEST_SUITE_P(Each, RefundGateSuite, kEach, name_of);
INSTANTIATE_TEST_SUITE_P(Each, CaseQueriesSuite, kEach, name_of);
INSTANTIATE_TEST_SUITE_P(Each, IntakeStoreSuite, kEach, name_of);
INSTANTIATE_TEST_SUITE_P(Each, MailLedgerSuite, kEach, name_of);
INSTANTIATE_TEST_SUITE_P(Each, DeskStoreSuite, kEach, name_of);

}  // namespace resolute::conformance
