// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/postgres/commit_queries.h"

/// Every statement that runs after the migrations, but for those of a commit (commit_queries.h).
namespace resolute::storage::postgres::sql {

inline constexpr const char* kServer = R"sql(
    SELECT pg_is_in_recovery(), current_setting('server_version_num')::bigint, current_setting('server_encoding'),
        concat_ws(', ', CASE WHEN current_setting('fsync') = 'off' THEN 'fsync' END,
            CASE WHEN current_setting('synchronous_commit') = 'off' THEN 'synchronous_commit' END,
            CASE WHEN current_setting('full_page_writes') = 'off' THEN 'full_page_writes' END),
        current_setting('default_transaction_isolation'))sql";

// A hint for other programs; with the commit, or not at all.
inline constexpr const char* kNotify = "SELECT pg_notify('resolute', $1)";

// meta, workers
inline constexpr const char* kStoreId = "SELECT store_id FROM resolute.meta";
inline constexpr const char* kJournalFormat = "SELECT journal_format FROM resolute.meta";
// Larger than any before, also than those of a history that was lost: whoever held a lease in it holds none of these.
inline constexpr const char* kAcquire = R"sql(
    WITH next AS (
        UPDATE resolute.meta SET epoch = greatest(epoch + 1, resolute.now_ms()),
            journal_format = greatest(journal_format, $3) WHERE journal_format <= $4
        RETURNING epoch)
    INSERT INTO resolute.workers (epoch, owner, lease_until) SELECT epoch, $1, resolute.now_ms() + $2 FROM next RETURNING epoch)sql";
inline constexpr const char* kRenew = R"sql(
    UPDATE resolute.workers SET lease_until = resolute.now_ms() + $2 WHERE epoch = $1 AND NOT fenced RETURNING lease_until - $2)sql";
inline constexpr const char* kWorkers = "SELECT owner, epoch, lease_until, fenced, writes FROM resolute.workers ORDER BY epoch";
inline constexpr const char* kIsFenced = "SELECT fenced FROM resolute.workers WHERE epoch = $1";
// The strong lock waits for claims that are under way, which hold the weak one.
inline constexpr const char* kFenceDead = R"sql(
    WITH dead AS (
        SELECT epoch FROM resolute.workers WHERE NOT fenced AND lease_until <= resolute.now_ms() AND epoch <> $1
        ORDER BY epoch FOR UPDATE)
    UPDATE resolute.workers w SET fenced = true FROM dead WHERE w.epoch = dead.epoch)sql";
inline constexpr const char* kFenceMine = R"sql(
    WITH mine AS (SELECT epoch FROM resolute.workers WHERE epoch = $1 AND NOT fenced FOR UPDATE)
    UPDATE resolute.workers w SET fenced = true FROM mine WHERE w.epoch = mine.epoch RETURNING w.epoch)sql";
// Whether somebody's lease ran out, and whether somebody was fenced but not relieved of what he held.
inline constexpr const char* kHasDead = R"sql(
    SELECT EXISTS (SELECT FROM resolute.workers WHERE NOT fenced AND lease_until <= resolute.now_ms() AND epoch <> $1),
        EXISTS (SELECT FROM resolute.workers WHERE fenced AND NOT is_freed))sql";
// In a transaction after the one that fenced: what a fenced worker wrote last is there, and nothing follows.
inline constexpr const char* kFreeEffects = R"sql(
    WITH dead AS MATERIALIZED (
        SELECT epoch FROM resolute.workers WHERE fenced AND NOT is_freed ORDER BY epoch FOR UPDATE SKIP LOCKED),
    freed AS (
        UPDATE resolute.effects SET crashes = crashes + 1, epoch = 0,
            next_at = $1::bigint + CASE WHEN status = 'intended' AND class IN ('guarded', 'mails') THEN 600000 ELSE 0 END,  -- kQuietAfterDeath
            status = CASE WHEN status = 'intended' AND class NOT IN ('guarded', 'mails') THEN 'waiting' ELSE 'unclear' END
        WHERE status IN ('intended', 'reconciling') AND epoch IN (SELECT epoch FROM dead) RETURNING 1),
    done AS (UPDATE resolute.workers SET is_freed = true WHERE epoch IN (SELECT epoch FROM dead))
    SELECT count(*) FROM freed)sql";
inline constexpr const char* kUnclaim = R"sql(
    UPDATE resolute.effects SET attempt = attempt - (status = 'intended')::int, epoch = 0,
        status = CASE status WHEN 'intended' THEN 'waiting' ELSE 'unclear' END
    WHERE id = ANY ($1::text[]) AND status IN ('intended', 'reconciling') AND epoch = $2)sql";

// claims of work
// The worker's row is locked, weakly, only where there is something to claim: an idle look writes nothing.
#define RESOLUTE_UNFENCED                                                                                              \
    "me AS MATERIALIZED (SELECT epoch FROM resolute.workers WHERE epoch = $1 AND NOT fenced "                           \
    "AND EXISTS (SELECT FROM picked) FOR KEY SHARE)"
inline constexpr const char* kClaimCases =
    "WITH picked AS MATERIALIZED (SELECT id, rank, wake_at FROM resolute.cases "
    "WHERE lifecycle = 'active' AND wake_at IS NOT NULL AND wake_at <= $2 ORDER BY rank, wake_at, id LIMIT $3 FOR UPDATE SKIP LOCKED), "
    RESOLUTE_UNFENCED ", "
    "moved AS (UPDATE resolute.cases c SET wake_at = $4 FROM picked WHERE c.id = picked.id AND EXISTS (SELECT FROM me) RETURNING c.id) "
    "SELECT picked.id FROM picked JOIN moved ON moved.id = picked.id ORDER BY picked.rank, picked.wake_at, picked.id";
#define RESOLUTE_EFFECT_COLUMNS                                                                                         \
    "e.id, e.case_id, e.tool, e.integration, e.class, e.purpose, e.step, e.payload_hash, e.timeout, e.attempts_max, "     \
    "e.first_delay, e.delay_max, e.planned_at, e.status, e.attempt, e.crashes, e.next_at, e.rank, e.last_error, e.payload, " \
    "e.epoch, e.resolves, e.data_subject "
// While frozen, what leaves the house stays.
#define RESOLUTE_MAY_LEAVE                                                                                              \
    "(class NOT IN ('guarded', 'mails') OR NOT EXISTS (SELECT FROM resolute.freezes WHERE released_at IS NULL)) "
#define RESOLUTE_CLAIM(condition)                                                                                       \
    "WITH picked AS MATERIALIZED (SELECT id FROM resolute.effects "                                                     \
    "WHERE status IN ('waiting', 'unclear') AND " condition " AND next_at <= $2 AND " RESOLUTE_MAY_LEAVE                \
    "ORDER BY rank, planned_at, id LIMIT $3 FOR UPDATE SKIP LOCKED), " RESOLUTE_UNFENCED ", "                           \
    "claimed AS (UPDATE resolute.effects e SET attempt = e.attempt + (e.status = 'waiting')::int, epoch = $1, "         \
    "status = CASE e.status WHEN 'waiting' THEN 'intended' ELSE 'reconciling' END "                                     \
    "FROM picked WHERE e.id = picked.id AND EXISTS (SELECT FROM me) RETURNING " RESOLUTE_EFFECT_COLUMNS ") "            \
    "SELECT * FROM claimed ORDER BY rank, planned_at, id"
inline constexpr const char* kClaimEffects = RESOLUTE_CLAIM("crashes = 0");
#define RESOLUTE_NO_SUSPECT_RUNS "NOT EXISTS (SELECT FROM resolute.effects WHERE status IN ('intended', 'reconciling') AND crashes > 0)"
// One at a time, also of several workers.
inline constexpr const char* kLockSuspects = "SELECT pg_advisory_xact_lock(7309937406441583)";
inline constexpr const char* kClaimSuspects = RESOLUTE_CLAIM("crashes > 0 AND " RESOLUTE_NO_SUSPECT_RUNS);
inline constexpr const char* kNextWake =
    "SELECT least((SELECT min(wake_at) FROM resolute.cases WHERE lifecycle = 'active' AND wake_at IS NOT NULL), "
    "(SELECT next_at FROM resolute.effects WHERE status IN ('waiting', 'unclear') AND crashes = 0 AND " RESOLUTE_MAY_LEAVE
    "ORDER BY next_at LIMIT 1), "
    "(SELECT min(next_at) FROM resolute.effects WHERE status IN ('waiting', 'unclear') AND crashes > 0 AND " RESOLUTE_MAY_LEAVE
    "AND " RESOLUTE_NO_SUSPECT_RUNS "))";
inline constexpr const char* kFindEffect = "SELECT " RESOLUTE_EFFECT_COLUMNS "FROM resolute.effects e WHERE e.id = $1";
inline constexpr const char* kClaimedEffects =
    "SELECT " RESOLUTE_EFFECT_COLUMNS
    "FROM resolute.effects e WHERE e.epoch = $1 AND e.status IN ('intended', 'reconciling') ORDER BY e.rank, e.planned_at, e.id";
#undef RESOLUTE_CLAIM
#undef RESOLUTE_NO_SUSPECT_RUNS
#undef RESOLUTE_MAY_LEAVE
#undef RESOLUTE_EFFECT_COLUMNS
#undef RESOLUTE_UNFENCED
inline constexpr const char* kFindSent =
    "SELECT case_id, tool, class, status, attempts, payload_hash, ended_at FROM resolute.sent WHERE effect_id = $1";
inline constexpr const char* kCountEffects = R"sql(
    SELECT tool, status, sum(n)::bigint FROM (
        SELECT tool, status, count(*) AS n FROM resolute.effects GROUP BY tool, status
        UNION ALL SELECT tool, status, count(*) FROM resolute.sent GROUP BY tool, status) AS counted
    GROUP BY tool, status ORDER BY tool, status)sql";

// cases
inline constexpr const char* kLoadCase = R"sql(
    SELECT c.version, c.head_hash, c.lifecycle, c.data_subject, coalesce(s.version, 0), coalesce(s.sealed, '')
    FROM (SELECT * FROM resolute.cases WHERE id = $1 UNION ALL SELECT * FROM resolute.closed_cases WHERE id = $1) AS c
        LEFT JOIN resolute.snapshots s ON s.case_id = c.id)sql";
inline constexpr const char* kLoadTail = R"sql(
    SELECT number, count, events, sealed, hash FROM resolute.journal
    WHERE case_id = $1 AND number > coalesce((SELECT version FROM resolute.snapshots WHERE case_id = $1), 0) ORDER BY number)sql";
inline constexpr const char* kJournal =
    "SELECT number, count, events, sealed, hash FROM resolute.journal WHERE case_id = $1 ORDER BY number";
inline constexpr const char* kAllCaseIds = R"sql(
    SELECT id FROM resolute.cases UNION ALL SELECT id FROM resolute.closed_cases ORDER BY id)sql";
inline constexpr const char* kListCases = R"sql(
    SELECT summary FROM resolute.case_list
    WHERE ($1 = '' OR status = $1) AND ($2 = '' OR category = $2)
        AND ($3 = '' OR strpos(lower(sender), lower($3 COLLATE "C")) > 0 OR strpos(lower(subject), lower($3 COLLATE "C")) > 0
            OR strpos(lower(ticket), lower($3 COLLATE "C")) > 0)
    ORDER BY opened_at, id LIMIT $4)sql";
inline constexpr const char* kFindSummary = "SELECT summary FROM resolute.case_list WHERE id = $1";
inline constexpr const char* kCaseByTicket =
    "SELECT id FROM resolute.case_list WHERE lower(ticket) = lower($1 COLLATE \"C\") AND ticket <> '' ORDER BY id LIMIT 1";
// Ids are lower-case base32: '{' follows the last of their letters.
inline constexpr const char* kCasesByPrefix = "SELECT id FROM resolute.case_list WHERE id >= $1 AND id < $1 || '{' ORDER BY id LIMIT 2";

// inputs, message ids, procedures
inline constexpr const char* kFindInput = "SELECT case_id, version FROM resolute.inputs WHERE id = $1";
inline constexpr const char* kFindMessageId = "SELECT case_id FROM resolute.message_ids WHERE key = $1";
// The document never changes; a limit that was not known when it was kept is added.
inline constexpr const char* kInsertProcedure = R"sql(
    INSERT INTO resolute.procedures (content_hash, document, refund_minor, refund_currency) VALUES ($1, $2, $3, $4)
    ON CONFLICT (content_hash) DO UPDATE SET refund_minor = excluded.refund_minor, refund_currency = excluded.refund_currency
        WHERE procedures.refund_minor IS NULL AND excluded.refund_minor IS NOT NULL)sql";
inline constexpr const char* kFindProcedure = "SELECT document FROM resolute.procedures WHERE content_hash = $1";

// subjects, freezes
inline constexpr const char* kLivingSubject =
    "SELECT generation, wrapped_key FROM resolute.subjects WHERE blind_name = $1 AND is_living";
inline constexpr const char* kNextSubject = R"sql(
    INSERT INTO resolute.subjects (blind_name, generation, wrapped_key, is_living)
        SELECT $1, coalesce(max(generation), 0) + 1, $2, true FROM resolute.subjects WHERE blind_name = $1
    ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kFindSubject = "SELECT wrapped_key FROM resolute.subjects WHERE blind_name = $1 AND generation = $2";
inline constexpr const char* kEndSubject = R"sql(
    UPDATE resolute.subjects SET is_living = false, wrapped_key = CASE WHEN $3 THEN ''::bytea ELSE wrapped_key END
    WHERE blind_name = $1 AND generation = $2)sql";
inline constexpr const char* kLastFreeze = R"sql(
    SELECT since, why, by, released_at, released_by, look_first_until FROM resolute.freezes ORDER BY seq DESC LIMIT 1)sql";
inline constexpr const char* kFreeze = "INSERT INTO resolute.freezes (since, why, by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
inline constexpr const char* kReleaseFreeze = R"sql(
    UPDATE resolute.freezes SET released_at = $1, released_by = $2, look_first_until = $3 WHERE released_at IS NULL)sql";
inline constexpr const char* kLookFirst = R"sql(
    UPDATE resolute.effects SET status = 'unclear', epoch = 0
    WHERE class = 'mails' AND (status = 'waiting'
        OR (status = 'intended' AND epoch NOT IN (SELECT epoch FROM resolute.workers WHERE NOT fenced))))sql";

// tasks
#define RESOLUTE_TASKS \
    "SELECT t.task, t.case_id, c.ticket, c.subject FROM resolute.tasks t JOIN resolute.case_list c ON c.id = t.case_id "
inline constexpr const char* kListTasks = RESOLUTE_TASKS "ORDER BY t.opened_at, t.id";
inline constexpr const char* kListOpenTasks = RESOLUTE_TASKS "WHERE t.state = 'open' ORDER BY t.opened_at, t.id";
inline constexpr const char* kFindTask = RESOLUTE_TASKS "WHERE t.id = $1";
#undef RESOLUTE_TASKS
inline constexpr const char* kOpenTasksByAssignee =
    "SELECT assignee, count(*) FROM resolute.tasks WHERE state = 'open' AND assignee <> '' GROUP BY assignee";

// the refund ledger
// A claim that names no order may mean any of them, and so may the question.
inline constexpr const char* kClaims = R"sql(
    SELECT case_id, customer, order_id, minor, currency, state, at FROM resolute.claims
    WHERE customer = $1 AND at >= $2 AND state IN ('pending', 'granted') AND ($3 = '' OR order_id = '' OR order_id = $3)
        AND case_id <> $4
    ORDER BY at, case_id)sql";

// mails and blobs
inline constexpr const char* kInsertBlobs = R"sql(
    INSERT INTO resolute.blobs (hash, bytes) SELECT * FROM unnest($1::text[], $2::bytea[]) AS n (hash, bytes) ORDER BY hash
    ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kHasBlob = "SELECT 1 FROM resolute.blobs WHERE hash = $1";
inline constexpr const char* kFindBlob = "SELECT bytes FROM resolute.blobs WHERE hash = $1";
inline constexpr const char* kKnownMails = "SELECT id FROM resolute.mails WHERE id = ANY ($1::text[])";
inline constexpr const char* kInsertMails = R"sql(
    INSERT INTO resolute.mails (id, account, folder, uid, received_at, size, blob, is_truncated)
        SELECT id, account, folder, uid, received_at, size, blob, is_truncated <> 0
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::bigint[]) WITH ORDINALITY
            AS n (id, account, folder, uid, received_at, size, blob, is_truncated, place)
        ORDER BY place
    ON CONFLICT DO NOTHING RETURNING id)sql";
inline constexpr const char* kKeptPositions = R"sql(
    SELECT p.place FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS p (account, folder, uid, place)
    WHERE EXISTS (SELECT FROM resolute.mails m WHERE m.account = p.account AND m.folder = p.folder AND m.uid = p.uid))sql";
inline constexpr const char* kCountAttempt = "UPDATE resolute.mails SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts";
inline constexpr const char* kConclude = R"sql(
    UPDATE resolute.mails SET outcome = $2, reason = $3, case_id = $4, sender = $5, subject = $6, message_id = $7, content_key = $8,
        is_to_put_away = $9
    WHERE id = $1 AND outcome = 'pending')sql";
#define RESOLUTE_MAIL_COLUMNS                                                                                     \
    "m.id, m.account, m.folder, m.uid, m.received_at, m.size, m.blob, m.is_truncated, m.outcome, m.reason, m.case_id, " \
    "m.sender, m.subject, m.message_id, m.content_key, m.attempts "
#define RESOLUTE_CLAIM_MAILS(condition)                                                                                        \
    "WITH picked AS MATERIALIZED (SELECT id FROM resolute.mails WHERE outcome = 'pending' AND held_until <= $1 " condition     \
    "FOR UPDATE SKIP LOCKED), "                                                                                                \
    "held AS (UPDATE resolute.mails m SET held_until = $3 FROM picked WHERE m.id = picked.id RETURNING " RESOLUTE_MAIL_COLUMNS \
    ", m.seq) SELECT * FROM held ORDER BY received_at, seq"
inline constexpr const char* kClaimMails = RESOLUTE_CLAIM_MAILS("ORDER BY received_at, seq LIMIT $2 ");
inline constexpr const char* kClaimTheseMails = RESOLUTE_CLAIM_MAILS("AND id = ANY ($2::text[]) ORDER BY received_at, seq ");
#undef RESOLUTE_CLAIM_MAILS
inline constexpr const char* kFindMail = "SELECT " RESOLUTE_MAIL_COLUMNS "FROM resolute.mails m WHERE m.id = $1";
// The lock comes first, so that what follows sees who had it before.
inline constexpr const char* kLockContent = "SELECT pg_advisory_xact_lock(hashtextextended('resolute.mails/' || $1, 0))";
inline constexpr const char* kHoldContent = R"sql(
    UPDATE resolute.mails SET content_key = $2 WHERE id = $1 AND outcome = 'pending'
        AND NOT EXISTS (SELECT FROM resolute.mails o WHERE o.content_key = $2 AND o.content_key <> '' AND o.id <> $1 AND o.outcome = 'pending'))sql";
inline constexpr const char* kOtherByContent =
    "SELECT " RESOLUTE_MAIL_COLUMNS "FROM resolute.mails m WHERE m.content_key = $2 AND m.content_key <> '' AND m.id <> $1 "
    "ORDER BY m.outcome = 'pending' DESC, m.seq LIMIT 1";
inline constexpr const char* kListMails =
    "SELECT " RESOLUTE_MAIL_COLUMNS "FROM resolute.mails m WHERE ($1 = '' OR m.outcome = $1) ORDER BY m.received_at, m.seq LIMIT $2";
inline constexpr const char* kListMailsOfCase =
    "SELECT " RESOLUTE_MAIL_COLUMNS
    "FROM resolute.mails m WHERE m.case_id = $1 AND m.case_id <> '' AND ($2 = '' OR m.outcome = $2) "
    "ORDER BY m.received_at, m.seq LIMIT $3";
inline constexpr const char* kToPutAway =
    "SELECT " RESOLUTE_MAIL_COLUMNS
    "FROM resolute.mails m WHERE m.account = $1 AND m.folder = $2 AND m.is_to_put_away AND m.outcome <> 'pending' ORDER BY m.seq LIMIT $3";
#undef RESOLUTE_MAIL_COLUMNS
inline constexpr const char* kPutAway = "UPDATE resolute.mails SET is_to_put_away = false WHERE id = ANY ($1::text[])";
// What it was is written by the statement that changes it: of two persons one reopens it.
inline constexpr const char* kReopen = R"sql(
    WITH old AS (SELECT id, outcome, reason FROM resolute.mails WHERE id = $1 AND outcome IN ('quarantined', 'ignored') FOR UPDATE),
        made AS (INSERT INTO resolute.reopened_mails (mail_id, at, by, was, reason_code)
            SELECT id, $3, $2, outcome, split_part(reason, ':', 1) FROM old)
    UPDATE resolute.mails m SET outcome = 'pending', reason = '', case_id = '', content_key = '', attempts = 0, is_to_put_away = false,
        held_until = $4
    FROM old WHERE m.id = old.id)sql";
inline constexpr const char* kReopenings =
    "SELECT at, by, was, reason_code FROM resolute.reopened_mails WHERE mail_id = $1 ORDER BY seq";
inline constexpr const char* kArrivals = R"sql(
    SELECT DISTINCT received_at / 60000 * 60000 FROM resolute.mails
    WHERE received_at >= $1 AND account = $2 ORDER BY 1)sql";
inline constexpr const char* kPutNote =
    "INSERT INTO resolute.notes (topic, text) VALUES ($1, $2) ON CONFLICT (topic) DO UPDATE SET text = excluded.text";
inline constexpr const char* kNotes = "SELECT topic, text FROM resolute.notes WHERE starts_with(topic, $1) ORDER BY topic";

// tickets
// A number is taken only by a ticket that is new.
inline constexpr const char* kInsertTicket = R"sql(
    WITH known AS (SELECT number FROM resolute.tickets WHERE key = $1),
    made AS (
        INSERT INTO resolute.tickets (number, key, case_id, customer, requester, subject, description, category, priority, tier, status,
            created_at)
        SELECT nextval('resolute.ticket_numbers'), $1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10 WHERE NOT EXISTS (SELECT FROM known)
        ON CONFLICT (key) DO NOTHING RETURNING number)
    SELECT number FROM known UNION ALL SELECT number FROM made)sql";
inline constexpr const char* kTicketByKey = "SELECT number FROM resolute.tickets WHERE key = $1";
#define RESOLUTE_TICKET                                                                                                   \
    "SELECT case_id, customer, requester, subject, description, category, priority, tier, status, assignee, "             \
    "resolution_category, created_at, resolved_at FROM resolute.tickets WHERE number = $1"
inline constexpr const char* kFindTicket = RESOLUTE_TICKET;
inline constexpr const char* kLockTicket = RESOLUTE_TICKET " FOR UPDATE";
#undef RESOLUTE_TICKET
inline constexpr const char* kUpdateTicket = R"sql(
    UPDATE resolute.tickets SET status = $2, assignee = $3, resolution_category = $4, resolved_at = $5 WHERE number = $1)sql";
inline constexpr const char* kInsertComment = R"sql(
    INSERT INTO resolute.comments (key, ticket, author, is_public, text, at)
        SELECT $1, number, $3, $4, $5, $6 FROM resolute.tickets WHERE number = $2
    ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kHasTicket = "SELECT 1 FROM resolute.tickets WHERE number = $1";
inline constexpr const char* kComments =
    "SELECT key, author, is_public, text, at FROM resolute.comments WHERE ticket = $1 ORDER BY seq";
inline constexpr const char* kInsertChange = R"sql(
    INSERT INTO resolute.ticket_changes (key, ticket) SELECT $1, number FROM resolute.tickets WHERE number = $2
    ON CONFLICT DO NOTHING)sql";

// customers
inline constexpr const char* kPutCustomers = R"sql(
    INSERT INTO resolute.customers (id, profile) SELECT * FROM unnest($1::text[], $2::text[]) AS n (id, profile) ORDER BY id
    ON CONFLICT (id) DO UPDATE SET profile = excluded.profile)sql";
inline constexpr const char* kDeleteEmails = "DELETE FROM resolute.customer_emails WHERE customer_id = ANY ($1::text[])";
inline constexpr const char* kInsertEmails = R"sql(
    INSERT INTO resolute.customer_emails (address, customer_id) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kHasCustomer = "SELECT 1 FROM resolute.customers WHERE id = $1";
inline constexpr const char* kCustomersByEmail = R"sql(
    SELECT c.id, c.profile FROM resolute.customer_emails e JOIN resolute.customers c ON c.id = e.customer_id
    WHERE e.address = $1 ORDER BY c.id)sql";
inline constexpr const char* kInteractionsByEmail = R"sql(
    SELECT i.customer_id, i.at, i.kind, i.summary, i.case_id
    FROM resolute.customer_emails e JOIN resolute.interactions i ON i.customer_id = e.customer_id
    WHERE e.address = $1 ORDER BY i.seq)sql";
inline constexpr const char* kInsertInteraction = R"sql(
    INSERT INTO resolute.interactions (key, customer_id, at, kind, summary, case_id)
        SELECT $1, id, $3, $4, $5, $6 FROM resolute.customers WHERE id = $2
    ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kInsertDeal = R"sql(
    WITH known AS (SELECT number FROM resolute.deals WHERE key = $1),
    made AS (
        INSERT INTO resolute.deals (number, key, customer, contact, title, case_id, at)
        SELECT nextval('resolute.deal_numbers'), $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (SELECT FROM known)
        ON CONFLICT (key) DO NOTHING RETURNING number)
    SELECT number FROM known UNION ALL SELECT number FROM made)sql";
inline constexpr const char* kDealByKey = "SELECT number FROM resolute.deals WHERE key = $1";

// people, notifications, outages
inline constexpr const char* kLockAgents = "SELECT pg_advisory_xact_lock(7309937406441584)";
inline constexpr const char* kDeleteAgents = "DELETE FROM resolute.agents";
inline constexpr const char* kPutAgents = R"sql(
    INSERT INTO resolute.agents (id, profile) SELECT DISTINCT ON (id) id, profile
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS n (id, profile, place) ORDER BY id, place DESC)sql";
inline constexpr const char* kAgents = "SELECT profile FROM resolute.agents ORDER BY id";
inline constexpr const char* kInsertNotification = R"sql(
    INSERT INTO resolute.notifications (key, role, person, case_id, text, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kNotifications =
    "SELECT key, role, person, case_id, text, at FROM resolute.notifications ORDER BY at DESC, seq DESC LIMIT $1";
inline constexpr const char* kInsertOutage =
    "INSERT INTO resolute.outages (integration, began_at, error) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
inline constexpr const char* kOpenOutage =
    "SELECT integration, began_at, ended_at, error FROM resolute.outages WHERE integration = $1 AND ended_at IS NULL";
inline constexpr const char* kEndOutage = "UPDATE resolute.outages SET ended_at = $2 WHERE integration = $1 AND ended_at IS NULL";
inline constexpr const char* kOutages = "SELECT integration, began_at, ended_at, error FROM resolute.outages ORDER BY seq";

// articles
inline constexpr const char* kPutArticle = R"sql(
    INSERT INTO resolute.articles (id, article) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET article = excluded.article)sql";
inline constexpr const char* kHasArticle = "SELECT 1 FROM resolute.articles WHERE id = $1";
inline constexpr const char* kArticles = "SELECT id, article FROM resolute.articles ORDER BY id";
inline constexpr const char* kInsertQuestion = R"sql(
    INSERT INTO resolute.article_questions (article_id, question) SELECT id, $2 FROM resolute.articles WHERE id = $1
    ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kQuestions = "SELECT article_id, question FROM resolute.article_questions ORDER BY article_id, seq";

// the ledger of automatic mail
inline constexpr const char* kLockMails = "SELECT pg_advisory_xact_lock(hashtextextended('resolute.automatic_mail_ledger/' || $1, 0))";
inline constexpr const char* kCountMails = R"sql(
    SELECT EXISTS (SELECT FROM resolute.automatic_mail_ledger WHERE effect_id = $1),
        EXISTS (SELECT FROM resolute.automatic_mail_ledger WHERE address = $2 AND at > $5 AND case_id <> $3),
        (SELECT count(*) FROM resolute.automatic_mail_ledger WHERE address = $2 AND at > $5),
        (SELECT count(*) FROM resolute.automatic_mail_ledger WHERE case_id = $3 AND at > $5),
        (SELECT count(*) FROM resolute.automatic_mail_ledger WHERE domain = $4 AND NOT is_verified AND at > $6),
        (SELECT count(*) FROM resolute.automatic_mail_ledger WHERE NOT is_verified AND at > $6),
        coalesce((SELECT sum(mails) FROM resolute.mail_hours WHERE hour = $7), 0)::bigint,
        coalesce((SELECT sum(mails) FROM resolute.mail_hours WHERE hour < $7 AND hour >= $8), 0)::bigint)sql";
inline constexpr const char* kForgetMails = R"sql(
    DELETE FROM resolute.automatic_mail_ledger WHERE effect_id IN (
        SELECT effect_id FROM resolute.automatic_mail_ledger WHERE at <= $1 ORDER BY at LIMIT 100 FOR UPDATE SKIP LOCKED))sql";
inline constexpr const char* kForgetMailHours = R"sql(
    DELETE FROM resolute.mail_hours WHERE (hour, share) IN (
        SELECT hour, share FROM resolute.mail_hours WHERE hour <= $1 ORDER BY hour LIMIT 100 FOR UPDATE SKIP LOCKED))sql";
inline constexpr const char* kInsertAllowedMail = R"sql(
    INSERT INTO resolute.automatic_mail_ledger (effect_id, case_id, address, domain, is_verified, at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kCountMailHour = R"sql(
    INSERT INTO resolute.mail_hours AS h (hour, share, mails) VALUES ($1, (hashtext($2) & 15)::smallint, 1)
        ON CONFLICT (hour, share) DO UPDATE SET mails = h.mails + 1)sql";

}  // namespace resolute::storage::postgres::sql
