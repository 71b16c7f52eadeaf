// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The statements of a commit: procedures of the database (migrations/003_commits.sql), whose plans the server's session keeps.
namespace resolute::storage::postgres::sql {

// For what is read and locked one by one: rows are looked up in indexes, and a transaction that waits too long ends.
inline constexpr const char* kCarefully = R"sql(
    SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
        set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true),
        set_config('lock_timeout', '10s', true), set_config('statement_timeout', '20s', true),
        set_config('idle_in_transaction_session_timeout', '30s', true))sql";

inline constexpr const char* kReopenCases = "CALL resolute.reopen_cases($1, $2)";
inline constexpr const char* kContinueCases = "CALL resolute.continue_cases($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
inline constexpr const char* kCloseCases = "CALL resolute.close_cases($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
inline constexpr const char* kOpenCases = "CALL resolute.open_cases($1, $2, $3, $4, $5, $6, $7, $8)";
inline constexpr const char* kPutListed = "CALL resolute.put_listed($1, $2, $3, $4, $5, $6, $7, $8)";
inline constexpr const char* kInsertJournal = "CALL resolute.insert_journal($1, $2, $3, $4, $5, $6)";
inline constexpr const char* kPutSnapshots = "CALL resolute.put_snapshots($1, $2, $3)";
inline constexpr const char* kInsertInputs = "CALL resolute.insert_inputs($1, $2, $3)";
inline constexpr const char* kInsertMessageIds = "CALL resolute.insert_message_ids($1, $2)";
inline constexpr const char* kPutTasks = "CALL resolute.put_tasks($1, $2, $3, $4, $5, $6, $7)";
inline constexpr const char* kPutClaims = "CALL resolute.put_claims($1, $2, $3, $4, $5, $6, $7)";
inline constexpr const char* kDeleteClaims = "CALL resolute.delete_claims($1)";
// With the count of the worker's writes, the last of a commit; a worker that was fenced stops there.
inline constexpr const char* kWriteEffects =
    "CALL resolute.write_effects($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, "
    "$24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)";
// A commit that stands alone and is a step like most.
inline constexpr const char* kCommitStep =
    "CALL resolute.commit_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, "
    "$24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38)";

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
