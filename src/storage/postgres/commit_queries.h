// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The statements of a commit. Each takes the rows of a whole batch as arrays, a column each. They are unnested side by side in a
/// list of columns: as `FROM unnest(a, b, …)` PostgreSQL would first write each array to a store of its own, at twice the cost.
namespace resolute::storage::postgres::sql {

// The batch's rows are looked up one by one in indexes. A plan that reads a whole table, chosen while it was small, would be
// the wrong one for as long as nobody analysed it; and a transaction that waits too long ends.
inline constexpr const char* kCarefully = R"sql(
    SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
        set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true),
        set_config('lock_timeout', '10s', true), set_config('statement_timeout', '20s', true),
        set_config('idle_in_transaction_session_timeout', '30s', true))sql";

// The last of a commit: the worker's row is locked only while the transaction goes to the disk. A worker that was fenced stops here.
inline constexpr const char* kCountWrite = R"sql(
    WITH mine AS (UPDATE resolute.workers SET writes = writes + 1 WHERE epoch = $1 AND NOT fenced RETURNING writes)
    SELECT resolute.expect(count(*), 1, 'RS002', 'store.fenced'), max(writes) FROM mine)sql";

// cases
// A closed case that goes on stands among the open ones first.
inline constexpr const char* kReopenCases = R"sql(
    WITH back AS (
        DELETE FROM resolute.closed_cases c USING (SELECT unnest($1::text[]) AS id, unnest($2::bigint[]) AS expected) AS n
        WHERE c.id = n.id AND c.version = n.expected RETURNING c.*)
    INSERT INTO resolute.cases (id, version, rank, wake_at, head_hash, lifecycle, procedure_hash, data_subject)
        SELECT id, version, rank, wake_at, head_hash, 'quarantined', procedure_hash, data_subject FROM back)sql";
#define RESOLUTE_HEAD_ARRAYS                                                                                              \
    "(SELECT unnest($1::text[]) AS id, unnest($2::bigint[]) AS expected, unnest($3::bytea[]) AS expected_head, "          \
    "unnest($4::bigint[]) AS version, unnest($5::bigint[]) AS rank, unnest($6::bigint[]) AS wake_at, "                    \
    "unnest($7::bytea[]) AS head_hash, unnest($8::text[]) AS lifecycle, unnest($9::text[]) AS procedure_hash, "           \
    "unnest($10::text[]) AS data_subject) AS n"
inline constexpr const char* kContinueCases =
    "WITH moved AS (UPDATE resolute.cases c SET version = n.version, rank = n.rank, wake_at = n.wake_at, "
    "head_hash = coalesce(n.head_hash, c.head_hash), lifecycle = n.lifecycle, procedure_hash = n.procedure_hash, "
    "data_subject = n.data_subject FROM " RESOLUTE_HEAD_ARRAYS
    " WHERE c.id = n.id AND c.version = n.expected AND c.head_hash = n.expected_head RETURNING 1) "
    "SELECT resolute.expect(count(*), $11, 'RS001', 'a case is at another version') FROM moved";
inline constexpr const char* kCloseCases =
    "WITH gone AS (DELETE FROM resolute.cases c USING " RESOLUTE_HEAD_ARRAYS
    " WHERE c.id = n.id AND c.version = n.expected AND c.head_hash = n.expected_head RETURNING n.id, n.version, n.rank, n.wake_at, "
    "coalesce(n.head_hash, c.head_hash) AS head_hash, n.lifecycle, n.procedure_hash, n.data_subject), "
    "kept AS (INSERT INTO resolute.closed_cases (id, version, rank, wake_at, head_hash, lifecycle, procedure_hash, data_subject) "
    "SELECT * FROM gone) "
    "SELECT resolute.expect(count(*), $11, 'RS001', 'a case is at another version') FROM gone";
#define RESOLUTE_NEW_CASES(table, other)                                                                                    \
    "WITH made AS (INSERT INTO resolute." table                                                                             \
    " (id, version, rank, wake_at, head_hash, lifecycle, procedure_hash, data_subject) "                                    \
    "SELECT id, version, rank, wake_at, head_hash, lifecycle, procedure_hash, data_subject FROM " RESOLUTE_HEAD_ARRAYS      \
    " WHERE n.expected = 0 AND NOT EXISTS (SELECT FROM resolute." other " x WHERE x.id = n.id) RETURNING 1) "               \
    "SELECT resolute.expect(count(*), $11, 'RS001', 'a case is there already') FROM made"
inline constexpr const char* kOpenCases = RESOLUTE_NEW_CASES("cases", "closed_cases");
inline constexpr const char* kOpenClosedCases = RESOLUTE_NEW_CASES("closed_cases", "cases");
#undef RESOLUTE_NEW_CASES
#undef RESOLUTE_HEAD_ARRAYS
inline constexpr const char* kPutListed = R"sql(
    INSERT INTO resolute.case_list (id, opened_at, status, category, ticket, sender, subject, summary)
        SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]), unnest($5::text[]),
            unnest($6::text[]), unnest($7::text[]), unnest($8::text[])
    ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at, status = excluded.status, category = excluded.category,
        ticket = excluded.ticket, sender = excluded.sender, subject = excluded.subject, summary = excluded.summary)sql";
inline constexpr const char* kInsertJournal = R"sql(
    INSERT INTO resolute.journal (case_id, number, count, hash, events, sealed)
        SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bytea[]), unnest($5::text[]),
            unnest($6::bytea[]))sql";
inline constexpr const char* kPutSnapshots = R"sql(
    INSERT INTO resolute.snapshots (case_id, version, sealed) SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::bytea[])
    ON CONFLICT (case_id) DO UPDATE SET version = excluded.version, sealed = excluded.sealed)sql";
inline constexpr const char* kInsertInputs = R"sql(
    INSERT INTO resolute.inputs (id, case_id, version) SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::bigint[]))sql";
// A sender chooses the Message-ID: whoever used it first keeps it, so that nobody can draw a conversation to another case.
// In one order everywhere, or two transactions could wait for one another.
inline constexpr const char* kInsertMessageIds = R"sql(
    INSERT INTO resolute.message_ids (key, case_id)
        SELECT * FROM (SELECT unnest($1::bytea[]) AS key, unnest($2::text[]) AS case_id) AS n ORDER BY key
    ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kPutTasks = R"sql(
    INSERT INTO resolute.tasks (id, case_id, kind, state, assignee, opened_at, task)
        SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), unnest($5::text[]),
            unnest($6::bigint[]), unnest($7::text[])
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, state = excluded.state, assignee = excluded.assignee, task = excluded.task)sql";
inline constexpr const char* kPutClaims = R"sql(
    INSERT INTO resolute.claims (case_id, customer, order_id, minor, currency, state, at)
        SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::bigint[]), unnest($5::text[]),
            unnest($6::text[]), unnest($7::bigint[])
    ON CONFLICT (case_id) DO UPDATE SET customer = excluded.customer, order_id = excluded.order_id, minor = excluded.minor,
        currency = excluded.currency, state = excluded.state, at = excluded.at)sql";
inline constexpr const char* kDeleteClaims = "DELETE FROM resolute.claims WHERE case_id = ANY ($1::text[])";

// effects
inline constexpr const char* kEndEffects = R"sql(
    WITH gone AS (
        DELETE FROM resolute.effects e USING (
            SELECT unnest($1::text[]) AS id, unnest($2::text[]) AS case_id, unnest($3::text[]) AS status,
                   unnest($4::bigint[]) AS ended_at) AS n
        WHERE e.id = n.id AND e.case_id = n.case_id
        RETURNING e.id, e.case_id, n.ended_at, e.attempt, e.tool, e.class, n.status, e.payload_hash),
    kept AS (
        INSERT INTO resolute.sent (effect_id, case_id, ended_at, attempts, tool, class, status, payload_hash)
        SELECT * FROM gone WHERE class IN ('guarded', 'mails'))
    SELECT resolute.expect(count(*), $5, 'RS001', 'an effect is not open') FROM gone)sql";
// A person answered for what was held: its crashes are forgiven.
inline constexpr const char* kMoveEffects = R"sql(
    WITH moved AS (
        UPDATE resolute.effects e SET crashes = CASE WHEN e.status = 'held' AND n.status <> 'held' THEN 0 ELSE e.crashes END,
            status = n.status, next_at = n.next_at, last_error = n.last_error, epoch = n.epoch
        FROM (
            SELECT unnest($1::text[]) AS id, unnest($2::text[]) AS case_id, unnest($3::text[]) AS status,
                   unnest($4::bigint[]) AS next_at, unnest($5::text[]) AS last_error, unnest($6::bigint[]) AS epoch) AS n
        WHERE e.id = n.id AND e.case_id = n.case_id RETURNING 1)
    SELECT resolute.expect(count(*), $7, 'RS001', 'an effect is not open') FROM moved)sql";
// The case's row is locked by now, so nobody ends or plans an effect of the case beside us.
inline constexpr const char* kPlanEffects = R"sql(
    WITH made AS (
        INSERT INTO resolute.effects (id, case_id, planned_at, next_at, rank, epoch, timeout, first_delay, delay_max, attempts_max, step,
            attempt, crashes, resolves, status, class, purpose, tool, integration, payload_hash, last_error, data_subject, payload)
        SELECT id, case_id, planned_at, next_at, rank, epoch, timeout, first_delay, delay_max, attempts_max, step, attempt, crashes,
            resolves <> 0, status, class, purpose, tool, integration, payload_hash, last_error, data_subject, payload
        FROM (
            SELECT unnest($1::text[]) AS id, unnest($2::text[]) AS case_id, unnest($3::bigint[]) AS planned_at,
                   unnest($4::bigint[]) AS next_at, unnest($5::bigint[]) AS rank, unnest($6::bigint[]) AS epoch,
                   unnest($7::bigint[]) AS timeout, unnest($8::bigint[]) AS first_delay,
                   unnest($9::bigint[]) AS delay_max, unnest($10::bigint[]) AS attempts_max,
                   unnest($11::bigint[]) AS step, unnest($12::bigint[]) AS attempt, unnest($13::bigint[]) AS crashes,
                   unnest($14::bigint[]) AS resolves, unnest($15::text[]) AS status, unnest($16::text[]) AS class,
                   unnest($17::text[]) AS purpose, unnest($18::text[]) AS tool, unnest($19::text[]) AS integration,
                   unnest($20::text[]) AS payload_hash, unnest($21::text[]) AS last_error,
                   unnest($22::text[]) AS data_subject, unnest($23::bytea[]) AS payload) AS n
        WHERE n.class NOT IN ('guarded', 'mails') OR NOT EXISTS (SELECT FROM resolute.sent s WHERE s.effect_id = n.id)
        RETURNING 1)
    SELECT resolute.expect(count(*), $24, 'RS001', 'an effect was planned before') FROM made)sql";

// One by one
inline constexpr const char* kLockCases = "SELECT id FROM resolute.cases WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE";
inline constexpr const char* kLockClosedCases = "SELECT id FROM resolute.closed_cases WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE";
inline constexpr const char* kHead = R"sql(
    SELECT version, head_hash FROM resolute.cases WHERE id = $1
    UNION ALL SELECT version, head_hash FROM resolute.closed_cases WHERE id = $1)sql";
inline constexpr const char* kEffectStates = R"sql(
    SELECT id, case_id, status FROM resolute.effects WHERE id = ANY ($1::text[])
    UNION ALL SELECT effect_id, case_id, status FROM resolute.sent WHERE effect_id = ANY ($1::text[]))sql";

}  // namespace resolute::storage::postgres::sql
