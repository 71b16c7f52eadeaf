// SPDX-License-Identifier: Apache-2.0
#include <libpq-fe.h>

#include <set>

#include <fmt/format.h>

#include "app/bench_floor.h"
#include "base/hash.h"
#include "storage/encoding.h"

namespace resolute::app {
namespace {

using engine::CaseCommit;

constexpr const char* kOpen = R"sql(
    INSERT INTO resolute.cases (id, version, rank, wake_at, head_hash, lifecycle, procedure_hash, data_subject)
    SELECT unnest($1::text[]), $2::bigint, $3::bigint, $4::bigint, $5::bytea, $6::text, $7::text, $8::text)sql";
constexpr const char* kContinue = R"sql(
    UPDATE resolute.cases c SET version = n.version, rank = n.rank, wake_at = n.wake_at, head_hash = n.head_hash
    FROM (SELECT unnest($1::text[]) AS id, unnest($2::bigint[]) AS expected, unnest($3::bigint[]) AS version, unnest($4::bigint[]) AS rank,
              unnest($5::bigint[]) AS wake_at, unnest($6::bytea[]) AS head_hash) AS n
    WHERE c.id = n.id AND c.version = n.expected)sql";
constexpr const char* kClose = R"sql(
    WITH gone AS (DELETE FROM resolute.cases WHERE id = ANY ($1::text[]) RETURNING *)
    INSERT INTO resolute.closed_cases (id, version, rank, wake_at, head_hash, lifecycle, procedure_hash, data_subject)
    SELECT id, $2::bigint, rank, wake_at, $3::bytea, 'closed', procedure_hash, data_subject FROM gone)sql";
constexpr const char* kList = R"sql(
    INSERT INTO resolute.case_list (id, opened_at, status, category, ticket, sender, subject, summary)
    SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]), unnest($5::text[]), unnest($6::text[]),
        unnest($7::text[]), unnest($8::text[])
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, summary = excluded.summary)sql";
constexpr const char* kJournal = R"sql(
    INSERT INTO resolute.journal (case_id, number, count, hash, events, sealed)
    SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bytea[]), unnest($5::text[]), unnest($6::bytea[]))sql";
constexpr const char* kSnapshot = R"sql(
    INSERT INTO resolute.snapshots (case_id, version, sealed) SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::bytea[]))sql";
constexpr const char* kEnd = "DELETE FROM resolute.effects WHERE id = ANY ($1::text[])";
constexpr const char* kPlan = R"sql(
    INSERT INTO resolute.effects (id, case_id, planned_at, next_at, rank, epoch, timeout, first_delay, delay_max, attempts_max, step, attempt,
        crashes, resolves, status, class, purpose, tool, integration, payload_hash, last_error, data_subject, payload)
    SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::bigint[]), unnest($4::bigint[]), unnest($5::bigint[]), 1, unnest($6::bigint[]),
        unnest($7::bigint[]), unnest($8::bigint[]), unnest($9::int[]), unnest($10::int[]), 1, 0, false, unnest($11::text[]),
        unnest($12::text[]), unnest($13::text[]), unnest($14::text[]), unnest($15::text[]), unnest($16::text[]), '', unnest($17::text[]),
        unnest($18::bytea[]))sql";

std::string in_hex(std::string_view bytes) { return "\\x" + hex(bytes); }

std::string bytes_of_hex(std::string_view digits) { return "\\x" + std::string(digits); }

/// The text form of an array, with quotes where they may be needed.
class Array {
public:
    void add(std::string_view value) {
        text_ += text_.size() > 1 ? ",\"" : "\"";
        for (const char c : value) {
            if (c == '"' || c == '\\') text_ += '\\';
            text_ += c;
        }
        text_ += '"';
    }
    void add(const std::optional<Instant>& at) {
        if (at) return add(number(*at));
        text_ += text_.size() > 1 ? ",NULL" : "NULL";
    }
    void add(std::uint64_t value) { add(std::string_view(std::to_string(value))); }
    void add(std::int64_t value) { add(std::string_view(std::to_string(value))); }
    void add(int value) { add(static_cast<std::int64_t>(value)); }
    void add(Instant at) { add(std::string_view(number(at))); }
    void add(Duration duration) { add(static_cast<std::int64_t>(duration.count())); }
    [[nodiscard]] std::string text() const { return text_ + "}"; }

private:
    static std::string number(Instant at) { return std::to_string(to_unix_ms(at)); }
    std::string text_ = "{";
};

class PlainPipeline final : public PlainSql {
public:
    explicit PlainPipeline(PlainPostgres connection) : connection_(std::move(connection)) {}

    Status write(const CaseCommit& recorded, std::size_t number, const std::vector<FloorCase>& cases) override {
        if (PQenterPipelineMode(connection_.raw()) != 1) return connection_.failure();
        sent_ = 0;
        TRY_STATUS(send("BEGIN", {}));
        TRY_STATUS(send_heads(recorded, cases));
        TRY_STATUS(send_rest(recorded, cases));
        if (!recorded.effect_updates.empty()) {
            Array ended;
            for (const FloorCase& one : cases) ended.add(std::string_view(one.effects[number - 1]));
            TRY_STATUS(send(kEnd, {ended.text()}));
        }
        for (const auto& record : recorded.new_effects) TRY_STATUS(send_effects(record, number, cases));
        TRY_STATUS(send("COMMIT", {}));
        if (PQpipelineSync(connection_.raw()) != 1) return connection_.failure();
        TRY_STATUS(read_answers());
        if (PQexitPipelineMode(connection_.raw()) != 1) return connection_.failure();
        return {};
    }

private:
    template <class... Values>
    static std::vector<std::string> repeated(std::size_t count, const Values&... values) {
        const auto column = [count](const auto& value) {
            Array array;
            for (std::size_t i = 0; i < count; ++i) array.add(value);
            return array.text();
        };
        return {column(values)...};
    }

    /// `first`: the column that differs from case to case; the others are the same in each.
    Status send(const char* sql, std::string first, std::vector<std::string> rest) {
        rest.insert(rest.begin(), std::move(first));
        return send(sql, rest);
    }

    Status send_heads(const CaseCommit& recorded, const std::vector<FloorCase>& cases) {
        const std::string hash = bytes_of_hex(recorded.rows.back().hash);
        if (recorded.expected_version == 0)
            return send(kOpen, {ids_of(cases), std::to_string(recorded.version), std::to_string(recorded.rank),
                                recorded.wake_at ? std::to_string(to_unix_ms(*recorded.wake_at)) : "0", hash,
                                std::string(storage::name_of(recorded.lifecycle)), recorded.procedure_hash, recorded.data_subject});
        if (recorded.lifecycle == engine::Lifecycle::closed) return send(kClose, {ids_of(cases), std::to_string(recorded.version), hash});
        return send(kContinue, ids_of(cases),
                    repeated(cases.size(), recorded.expected_version, recorded.version, recorded.rank, recorded.wake_at, std::string_view(hash)));
    }

    Status send_rest(const CaseCommit& recorded, const std::vector<FloorCase>& cases) {
        if (recorded.summary) {
            const auto& summary = *recorded.summary;
            const std::string text = json::dump(casework::to_json(summary));
            TRY_STATUS(send(kList, ids_of(cases),
                            repeated(cases.size(), summary.opened_at, std::string_view(summary.status), std::string_view(summary.category),
                                     std::string_view(summary.ticket), std::string_view(summary.from), std::string_view(summary.subject),
                                     std::string_view(text))));
        }
        for (const auto& row : recorded.rows)
            TRY_STATUS(send(kJournal, ids_of(cases),
                            repeated(cases.size(), row.number, row.count, std::string_view(bytes_of_hex(row.hash)), std::string_view(row.events),
                                     std::string_view(in_hex(row.sealed)))));
        if (recorded.snapshot)
            TRY_STATUS(send(kSnapshot, ids_of(cases), repeated(cases.size(), recorded.version, std::string_view(in_hex(*recorded.snapshot)))));
        return {};
    }

    Status send_effects(const engine::EffectRecord& record, std::size_t number, const std::vector<FloorCase>& cases) {
        const casework::Effect& effect = record.effect;
        Array ids;
        for (const FloorCase& one : cases) ids.add(std::string_view(one.effects[number]));
        std::vector<std::string> columns = repeated(
            cases.size(), effect.planned_at, record.next_at, record.rank, effect.timeout, effect.retry.first_delay, effect.retry.delay_max,
            effect.retry.attempts_max, effect.step, engine::to_string(record.status), storage::name_of(effect.effect_class),
            storage::name_of(effect.purpose), std::string_view(effect.tool), std::string_view(effect.integration),
            std::string_view(effect.payload_hash), std::string_view(record.data_subject), std::string_view(in_hex(effect.payload)));
        columns.insert(columns.begin(), ids_of(cases));
        return send(kPlan, ids.text(), std::move(columns));
    }

    static std::string ids_of(const std::vector<FloorCase>& cases) {
        Array ids;
        for (const FloorCase& one : cases) ids.add(std::string_view(one.id));
        return ids.text();
    }

    Status send(const char* sql, const std::vector<std::string>& values) {
        const std::string name = fmt::format("s{}", reinterpret_cast<std::uintptr_t>(sql));
        if (prepared_.insert(name).second) {
            if (PQsendPrepare(connection_.raw(), name.c_str(), sql, 0, nullptr) != 1) return connection_.failure();
            ++sent_;
        }
        std::vector<const char*> texts;
        for (const std::string& value : values) texts.push_back(value.c_str());
        if (PQsendQueryPrepared(connection_.raw(), name.c_str(), static_cast<int>(texts.size()), texts.data(), nullptr, nullptr, 0) != 1)
            return connection_.failure();
        ++sent_;
        return {};
    }

    /// An answer for each statement, each followed by an end; then that of the synchronisation.
    Status read_answers() {
        for (int i = 0; i < sent_; ++i) {
            const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(connection_.raw()), &PQclear);
            const ExecStatusType status = PQresultStatus(result.get());
            if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return connection_.failure();
            PQclear(PQgetResult(connection_.raw()));
        }
        PQclear(PQgetResult(connection_.raw()));
        return {};
    }

    PlainPostgres connection_;
    std::set<std::string> prepared_;
    int sent_ = 0;
};

}  // namespace

Result<std::unique_ptr<PlainSql>> plain_postgres(const BenchDatabase& database) {
    TRY(auto connection, PlainPostgres::connect(database.url()));
    return std::unique_ptr<PlainSql>(std::make_unique<PlainPipeline>(std::move(connection)));
}

}  // namespace resolute::app
