// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

#include <fmt/format.h>

#include "app/bench_floor.h"
#include "storage/encoding.h"

namespace resolute::app {
namespace {

using engine::CaseCommit;

constexpr const char* kHeadColumns = "(version, head_hash, lifecycle, wake_at, rank, procedure_hash, data_subject, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

class PlainSqlite final : public PlainSql {
public:
    PlainSqlite() = default;
    PlainSqlite(const PlainSqlite&) = delete;
    PlainSqlite& operator=(const PlainSqlite&) = delete;
    ~PlainSqlite() override {
        for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
        sqlite3_close(database_);
    }

    Status open(const std::filesystem::path& file) {
        if (sqlite3_open_v2(file.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) return failure();
        return all({"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = OFF"});
    }

    Status write(const CaseCommit& recorded, std::size_t number, const std::vector<FloorCase>& cases) override {
        TRY_STATUS(run("BEGIN IMMEDIATE"));
        for (const FloorCase& one : cases) TRY_STATUS(write_one(recorded, number, one));
        return run("COMMIT");
    }

private:
    struct Blob { std::string_view bytes; };

    Status write_one(const CaseCommit& recorded, std::size_t number, const FloorCase& one) {
        const bool closes = recorded.lifecycle == engine::Lifecycle::closed;
        if (recorded.expected_version == 0) {
            TRY_STATUS(write_head("INSERT INTO cases ", recorded, one));
        } else if (closes) {
            TRY_STATUS(run("DELETE FROM cases WHERE id = ?", one.id));
            TRY_STATUS(write_head("INSERT INTO closed_cases ", recorded, one));
        } else {
            TRY_STATUS(run("UPDATE cases SET version = ?, head_hash = ?, wake_at = ?, rank = ? WHERE id = ? AND version = ?", recorded.version,
                           recorded.rows.back().hash, recorded.wake_at, recorded.rank, one.id, recorded.expected_version));
        }
        if (recorded.summary) {
            const auto& summary = *recorded.summary;
            TRY_STATUS(run("INSERT INTO case_list (id, opened_at, status, category, ticket, sender, subject, summary) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                           "ON CONFLICT (id) DO UPDATE SET status = excluded.status, summary = excluded.summary",
                           one.id, summary.opened_at, summary.status, summary.category, summary.ticket, summary.from, summary.subject,
                           json::dump(casework::to_json(summary))));
        }
        for (const auto& row : recorded.rows)
            TRY_STATUS(run("INSERT INTO journal (case_id, number, count, events, sealed, hash) VALUES (?, ?, ?, ?, ?, ?)", one.id, row.number,
                           row.count, row.events, Blob{row.sealed}, row.hash));
        if (recorded.snapshot)
            TRY_STATUS(run("INSERT INTO snapshots (case_id, version, state, sealed) VALUES (?, ?, '', ?)", one.id, recorded.version,
                           Blob{*recorded.snapshot}));
        for (std::size_t i = 0; i < recorded.effect_updates.size(); ++i) TRY_STATUS(run("DELETE FROM effects WHERE id = ?", one.effects[number - 1]));
        for (const auto& record : recorded.new_effects) TRY_STATUS(write_effect(record, one, number));
        return {};
    }

    Status write_head(const std::string& into, const CaseCommit& recorded, const FloorCase& one) {
        return run(into + kHeadColumns, recorded.version, recorded.rows.back().hash, storage::name_of(recorded.lifecycle), recorded.wake_at,
                   recorded.rank, recorded.procedure_hash, recorded.data_subject, one.id);
    }

    Status write_effect(const engine::EffectRecord& record, const FloorCase& one, std::size_t number) {
        const casework::Effect& effect = record.effect;
        return run("INSERT INTO effects (id, case_id, tool, integration, class, purpose, step, payload_hash, timeout, attempts_max, first_delay, "
                   "delay_max, planned_at, status, attempt, crashes, next_at, rank, last_error, payload, epoch, resolves, data_subject) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   one.effects[number], one.id, effect.tool, effect.integration, storage::name_of(effect.effect_class),
                   storage::name_of(effect.purpose), effect.step, effect.payload_hash, effect.timeout, effect.retry.attempts_max,
                   effect.retry.first_delay, effect.retry.delay_max, effect.planned_at, engine::to_string(record.status), record.attempt,
                   record.crashes, record.next_at, record.rank, record.last_error, Blob{effect.payload}, 1, record.resolves ? 1 : 0,
                   record.data_subject);
    }

    Status all(std::initializer_list<const char*> commands) {
        for (const char* command : commands)
            if (sqlite3_exec(database_, command, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
        return {};
    }

    template <class... Values>
    Status run(const std::string& sql, const Values&... values) {
        sqlite3_stmt*& statement = statements_[sql];
        if (statement == nullptr && sqlite3_prepare_v3(database_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
            return failure();
        int place = 0;
        (bind(statement, ++place, values), ...);
        const int stepped = sqlite3_step(statement);
        sqlite3_reset(statement);
        if (stepped != SQLITE_DONE && stepped != SQLITE_ROW) return failure();
        return {};
    }
    static void bind(sqlite3_stmt* statement, int place, std::string_view text) {
        sqlite3_bind_text64(statement, place, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    static void bind(sqlite3_stmt* statement, int place, const std::string& text) { bind(statement, place, std::string_view(text)); }
    static void bind(sqlite3_stmt* statement, int place, Blob blob) {
        sqlite3_bind_blob64(statement, place, blob.bytes.data(), blob.bytes.size(), SQLITE_STATIC);
    }
    static void bind(sqlite3_stmt* statement, int place, std::int64_t value) { sqlite3_bind_int64(statement, place, value); }
    static void bind(sqlite3_stmt* statement, int place, int value) { sqlite3_bind_int64(statement, place, value); }
    static void bind(sqlite3_stmt* statement, int place, std::uint64_t value) { sqlite3_bind_int64(statement, place, static_cast<std::int64_t>(value)); }
    static void bind(sqlite3_stmt* statement, int place, Instant at) { sqlite3_bind_int64(statement, place, to_unix_ms(at)); }
    static void bind(sqlite3_stmt* statement, int place, Duration duration) { sqlite3_bind_int64(statement, place, duration.count()); }
    static void bind(sqlite3_stmt* statement, int place, const std::optional<Instant>& at) {
        if (at) bind(statement, place, *at);
        else sqlite3_bind_null(statement, place);
    }

    [[nodiscard]] std::unexpected<Error> failure() const { return fail("store.failed", ErrorKind::unavailable, sqlite3_errmsg(database_)); }

    sqlite3* database_ = nullptr;
    std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

}  // namespace

Result<std::unique_ptr<PlainSql>> plain_sqlite(const BenchDatabase& database) {
    auto sql = std::make_unique<PlainSqlite>();
    TRY_STATUS(sql->open(database.file()));
    return std::unique_ptr<PlainSql>(std::move(sql));
}

}  // namespace resolute::app
