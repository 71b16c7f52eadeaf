// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Every statement that runs after the migrations. A text's address is its name in the statement cache.
namespace resolute::storage::sqlite::sql {

// meta, owners
inline constexpr const char* kJournalFormat = "SELECT journal_format FROM meta";
inline constexpr const char* kRaiseJournalFormat = "UPDATE meta SET journal_format = ?1 WHERE journal_format < ?1";
inline constexpr const char* kStoreId = "SELECT store_id FROM meta";
inline constexpr const char* kFenceAll = "UPDATE workers SET fenced = 1 WHERE fenced = 0";
inline constexpr const char* kFence = "UPDATE workers SET fenced = 1 WHERE epoch = ?";
inline constexpr const char* kInsertWorker = "INSERT INTO workers (owner) VALUES (?) RETURNING epoch";
inline constexpr const char* kCountWrite = "UPDATE workers SET writes = writes + 1 WHERE epoch = ? AND fenced = 0 RETURNING writes";
inline constexpr const char* kHasLease = "SELECT 1 FROM workers WHERE epoch = ? AND fenced = 0";
inline constexpr const char* kWorkers = "SELECT owner, epoch, fenced, writes FROM workers ORDER BY epoch";

// freezes
inline constexpr const char* kLastFreeze =
    "SELECT since, why, by, released_at, released_by, look_first_until FROM freezes ORDER BY seq DESC LIMIT 1";
inline constexpr const char* kIsFrozen = "SELECT EXISTS (SELECT 1 FROM freezes WHERE released_at IS NULL)";
inline constexpr const char* kInsertFreeze = "INSERT INTO freezes (since, why, by) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
inline constexpr const char* kReleaseFreeze =
    "UPDATE freezes SET released_at = ?, released_by = ?, look_first_until = ? WHERE released_at IS NULL";
inline constexpr const char* kLookFirst = R"sql(
    UPDATE effects SET status = 'unclear' WHERE class = 'mails'
        AND (status = 'waiting' OR (status = 'intended' AND epoch NOT IN (SELECT epoch FROM workers WHERE fenced = 0))))sql";

// subjects
inline constexpr const char* kLivingSubject =
    "SELECT generation, wrapped_key FROM subjects INDEXED BY subjects_living WHERE blind_name = ? AND is_living = 1";
inline constexpr const char* kInsertSubject = R"sql(
    INSERT INTO subjects (blind_name, generation, wrapped_key, is_living)
    VALUES (?1, (SELECT coalesce(max(generation), 0) + 1 FROM subjects WHERE blind_name = ?1), ?2, 1) RETURNING generation)sql";
inline constexpr const char* kFindSubject = "SELECT wrapped_key FROM subjects WHERE blind_name = ? AND generation = ?";
inline constexpr const char* kEndSubject =
    "UPDATE subjects SET is_living = 0, wrapped_key = iif(?3, x'', wrapped_key) WHERE blind_name = ?1 AND generation = ?2";

// cases
inline constexpr const char* kOpenHead = "SELECT version, head_hash FROM cases WHERE id = ?";
inline constexpr const char* kClosedHead = "SELECT version, head_hash FROM closed_cases WHERE id = ?";
inline constexpr const char* kLoadOpen = R"sql(
    SELECT c.version, c.head_hash, c.lifecycle, c.data_subject, coalesce(s.version, 0), coalesce(s.sealed, s.state, '')
    FROM cases c LEFT JOIN snapshots s ON s.case_id = c.id WHERE c.id = ?)sql";
inline constexpr const char* kLoadClosed = R"sql(
    SELECT c.version, c.head_hash, c.lifecycle, c.data_subject, coalesce(s.version, 0), coalesce(s.sealed, s.state, '')
    FROM closed_cases c LEFT JOIN snapshots s ON s.case_id = c.id WHERE c.id = ?)sql";
#define RESOLUTE_HEAD_COLUMNS "(version, head_hash, lifecycle, wake_at, rank, procedure_hash, data_subject, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
#define RESOLUTE_HEAD_UPDATE \
    " SET version = ?, head_hash = ?, lifecycle = ?, wake_at = ?, rank = ?, procedure_hash = ?, data_subject = ? " \
    "WHERE id = ? AND version = ? AND head_hash = ?"
inline constexpr const char* kInsertOpen = "INSERT INTO cases " RESOLUTE_HEAD_COLUMNS;
inline constexpr const char* kInsertClosed = "INSERT INTO closed_cases " RESOLUTE_HEAD_COLUMNS;
inline constexpr const char* kUpdateOpen = "UPDATE cases" RESOLUTE_HEAD_UPDATE;
inline constexpr const char* kUpdateClosed = "UPDATE closed_cases" RESOLUTE_HEAD_UPDATE;
#undef RESOLUTE_HEAD_COLUMNS
#undef RESOLUTE_HEAD_UPDATE
inline constexpr const char* kDeleteOpen = "DELETE FROM cases WHERE id = ? AND version = ? AND head_hash = ?";
inline constexpr const char* kDeleteClosed = "DELETE FROM closed_cases WHERE id = ? AND version = ? AND head_hash = ?";
inline constexpr const char* kPutListed = R"sql(
    INSERT INTO case_list (id, opened_at, status, category, ticket, sender, subject, summary) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at, status = excluded.status, category = excluded.category,
        ticket = excluded.ticket, sender = excluded.sender, subject = excluded.subject, summary = excluded.summary)sql";
inline constexpr const char* kPutSnapshot = R"sql(
    INSERT INTO snapshots (case_id, version, state, sealed) VALUES (?, ?, '', ?)
    ON CONFLICT (case_id) DO UPDATE SET version = excluded.version, state = '', sealed = excluded.sealed)sql";
inline constexpr const char* kDueCases = R"sql(
    SELECT id FROM cases INDEXED BY cases_due
    WHERE lifecycle = 'active' AND wake_at IS NOT NULL AND wake_at <= ? ORDER BY rank, wake_at, id LIMIT ?)sql";
inline constexpr const char* kMoveWake = "UPDATE cases SET wake_at = ? WHERE id = ?";
inline constexpr const char* kNextCaseWake =
    "SELECT min(wake_at) FROM cases INDEXED BY cases_due WHERE lifecycle = 'active' AND wake_at IS NOT NULL";
inline constexpr const char* kAllCaseIds = "SELECT id FROM case_list ORDER BY id";
inline constexpr const char* kListCases = R"sql(
    SELECT summary FROM case_list
    WHERE (?1 = '' OR status = ?1) AND (?2 = '' OR category = ?2)
        AND (?3 = '' OR instr(lower(sender), lower(?3)) > 0 OR instr(lower(subject), lower(?3)) > 0 OR instr(lower(ticket), lower(?3)) > 0)
    ORDER BY opened_at, id LIMIT ?4)sql";
inline constexpr const char* kFindSummary = "SELECT summary FROM case_list WHERE id = ?";
inline constexpr const char* kCaseByTicket =
    "SELECT id FROM case_list WHERE ticket = ? COLLATE NOCASE AND ticket <> '' ORDER BY id LIMIT 1";
// Ids are lower-case base32: '{' follows the last of their letters.
inline constexpr const char* kCasesByPrefix = "SELECT id FROM case_list WHERE id >= ?1 AND id < ?1 || '{' ORDER BY id LIMIT 2";

// journals: what the version before wrote, then ours
inline constexpr const char* kInsertJournal =
    "INSERT INTO journal (case_id, number, count, events, sealed, hash) VALUES (?, ?, ?, ?, ?, ?)";
inline constexpr const char* kJournalAfter = R"sql(
    SELECT number, 1, event, x'', hash FROM events WHERE case_id = ?1 AND number > ?2
    UNION ALL SELECT number, count, events, sealed, hash FROM journal WHERE case_id = ?1 AND number > ?2 ORDER BY 1)sql";

// effects
#define RESOLUTE_EFFECT_COLUMNS                                                                                        \
    "id, case_id, tool, integration, class, purpose, step, payload_hash, timeout, attempts_max, first_delay, delay_max, " \
    "planned_at, status, attempt, crashes, next_at, rank, last_error, payload, epoch, resolves, data_subject"
inline constexpr const char* kInsertEffect = "INSERT INTO effects (" RESOLUTE_EFFECT_COLUMNS
                                             ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                                             "ON CONFLICT (id) DO NOTHING";
// A person answered for what was held: its crashes are forgiven.
inline constexpr const char* kUpdateEffect = R"sql(
    UPDATE effects SET crashes = iif(status = 'held', 0, crashes), status = ?, next_at = ?, last_error = ?, epoch = ?
    WHERE id = ? AND case_id = ?)sql";
inline constexpr const char* kForgetEffect = "DELETE FROM effects WHERE id = ? AND case_id = ? AND class NOT IN ('guarded', 'mails')";
inline constexpr const char* kEndEffect =
    "DELETE FROM effects WHERE id = ? AND case_id = ? RETURNING tool, class, attempt, payload_hash";
inline constexpr const char* kInsertSent = R"sql(
    INSERT INTO sent (effect_id, case_id, tool, class, status, attempts, payload_hash, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?))sql";
inline constexpr const char* kFindSent =
    "SELECT case_id, tool, class, status, attempts, payload_hash, ended_at FROM sent WHERE effect_id = ?";
inline constexpr const char* kFindEffect = "SELECT " RESOLUTE_EFFECT_COLUMNS " FROM effects WHERE id = ?";
inline constexpr const char* kClaimed =
    "SELECT " RESOLUTE_EFFECT_COLUMNS " FROM effects WHERE epoch = ? AND status IN ('intended', 'reconciling') ORDER BY id";
inline constexpr const char* kClaimable = R"sql(
    SELECT id FROM effects INDEXED BY effects_claimable
    WHERE status IN ('waiting', 'unclear') AND crashes = 0 AND next_at <= ?1 AND (NOT ?2 OR class NOT IN ('mails', 'guarded'))
    ORDER BY rank, planned_at, id LIMIT ?3)sql";
inline constexpr const char* kSuspects = R"sql(
    SELECT id FROM effects INDEXED BY effects_suspect
    WHERE status IN ('waiting', 'unclear') AND crashes > 0 AND next_at <= ?1 AND (NOT ?2 OR class NOT IN ('mails', 'guarded'))
    ORDER BY rank, planned_at, id LIMIT ?3)sql";
inline constexpr const char* kHandOut = R"sql(
    UPDATE effects SET attempt = attempt + (status = 'waiting'), epoch = ?,
        status = CASE status WHEN 'waiting' THEN 'intended' ELSE 'reconciling' END
    WHERE id = ? RETURNING )sql" RESOLUTE_EFFECT_COLUMNS;
#undef RESOLUTE_EFFECT_COLUMNS
inline constexpr const char* kHasRunningSuspect = R"sql(
    SELECT EXISTS (SELECT 1 FROM effects INDEXED BY effects_running_suspect
                   WHERE status IN ('intended', 'reconciling') AND crashes > 0))sql";
inline constexpr const char* kNextEffectWake = R"sql(
    SELECT min(next_at) FROM effects INDEXED BY effects_wake
    WHERE status IN ('waiting', 'unclear') AND crashes = 0 AND (NOT ? OR class NOT IN ('mails', 'guarded')))sql";
inline constexpr const char* kNextSuspectWake = R"sql(
    SELECT min(next_at) FROM effects INDEXED BY effects_suspect
    WHERE status IN ('waiting', 'unclear') AND crashes > 0 AND (NOT ? OR class NOT IN ('mails', 'guarded')))sql";
inline constexpr const char* kRecoverEffects = R"sql(
    UPDATE effects SET crashes = crashes + 1, epoch = 0,
        next_at = ? + CASE WHEN status = 'intended' AND class IN ('guarded', 'mails') THEN 600000 ELSE 0 END,  -- kQuietAfterDeath
        status = CASE WHEN status = 'intended' AND class NOT IN ('guarded', 'mails') THEN 'waiting' ELSE 'unclear' END
    WHERE status IN ('intended', 'reconciling'))sql";
inline constexpr const char* kGiveBack = R"sql(
    UPDATE effects SET attempt = attempt - (status = 'intended'), epoch = 0,
        status = CASE status WHEN 'intended' THEN 'waiting' ELSE 'unclear' END
    WHERE id = ? AND epoch = ? AND status IN ('intended', 'reconciling'))sql";
inline constexpr const char* kCountEffects = R"sql(
    SELECT tool, status, sum(number) FROM (
        SELECT tool, status, count(*) AS number FROM effects GROUP BY tool, status
        UNION ALL SELECT tool, status, count(*) FROM sent GROUP BY tool, status)
    GROUP BY tool, status ORDER BY tool, status)sql";

// inputs, message ids, procedures
inline constexpr const char* kFindInput = "SELECT case_id, version FROM inputs WHERE id = ?";
inline constexpr const char* kInsertInput = "INSERT INTO inputs (id, case_id, version) VALUES (?, ?, ?)";
// A sender chooses the Message-ID: whoever used it first keeps it, so that nobody can draw a conversation to another case.
inline constexpr const char* kInsertMessageId = "INSERT INTO message_ids (message_id, case_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
inline constexpr const char* kFindMessageId = "SELECT case_id FROM message_ids WHERE message_id = ?";
// A document never changes; one that the version before kept gets its limit when it is kept again.
inline constexpr const char* kInsertProcedure = R"sql(
    INSERT INTO procedures (content_hash, document, refund_minor, refund_currency) VALUES (?, ?, ?, ?)
    ON CONFLICT (content_hash) DO UPDATE SET refund_minor = excluded.refund_minor, refund_currency = excluded.refund_currency
    WHERE refund_minor IS NULL AND excluded.refund_minor IS NOT NULL)sql";
inline constexpr const char* kFindProcedure = "SELECT document FROM procedures WHERE content_hash = ?";

// tasks
inline constexpr const char* kPutTask = R"sql(
    INSERT INTO tasks (id, case_id, kind, state, assignee, opened_at, task) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, state = excluded.state, assignee = excluded.assignee, task = excluded.task
    WHERE task <> excluded.task)sql";
inline constexpr const char* kListTasks = R"sql(
    SELECT t.task, t.case_id, c.ticket, c.subject FROM tasks t JOIN case_list c ON c.id = t.case_id ORDER BY t.opened_at, t.id)sql";
inline constexpr const char* kListOpenTasks = R"sql(
    SELECT t.task, t.case_id, c.ticket, c.subject FROM tasks t JOIN case_list c ON c.id = t.case_id
    WHERE t.state = 'open' ORDER BY t.opened_at, t.id)sql";
inline constexpr const char* kFindTask = R"sql(
    SELECT t.task, t.case_id, c.ticket, c.subject FROM tasks t JOIN case_list c ON c.id = t.case_id WHERE t.id = ?)sql";
inline constexpr const char* kOpenTasksByAssignee =
    "SELECT assignee, count(*) FROM tasks WHERE state = 'open' AND assignee <> '' GROUP BY assignee";

// the refund ledger
inline constexpr const char* kPutClaim = R"sql(
    INSERT INTO claims (case_id, customer, order_id, minor, currency, state, at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (case_id) DO UPDATE SET customer = excluded.customer, order_id = excluded.order_id, minor = excluded.minor,
        currency = excluded.currency, state = excluded.state, at = excluded.at)sql";
inline constexpr const char* kDeleteClaim = "DELETE FROM claims WHERE case_id = ?";
// A claim that names no order may mean any of them, and so may the question.
inline constexpr const char* kClaims = R"sql(
    SELECT case_id, customer, order_id, minor, currency, state, at FROM claims
    WHERE customer = ?1 AND at >= ?2 AND state IN ('pending', 'granted') AND (?3 = '' OR order_id = '' OR order_id = ?3)
        AND case_id <> ?4
    ORDER BY at, case_id)sql";

// mails and blobs
inline constexpr const char* kInsertBlob = "INSERT INTO blobs (hash, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING";
inline constexpr const char* kHasBlob = "SELECT 1 FROM blobs WHERE hash = ?";
inline constexpr const char* kFindBlob = "SELECT bytes FROM blobs WHERE hash = ?";
inline constexpr const char* kHasMail = "SELECT 1 FROM mails WHERE id = ?";
inline constexpr const char* kInsertMail = R"sql(
    INSERT INTO mails (id, account, folder, uid, received_at, size, blob, is_truncated, outcome)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending'))sql";
inline constexpr const char* kIsKept = "SELECT 1 FROM mails WHERE account = ? AND folder = ? AND uid = ? LIMIT 1";
inline constexpr const char* kCountAttempt = "UPDATE mails SET attempts = attempts + 1 WHERE id = ? RETURNING attempts";
inline constexpr const char* kHoldContent = "UPDATE mails SET content_key = ? WHERE id = ? AND outcome = 'pending'";
inline constexpr const char* kConclude = R"sql(
    UPDATE mails SET outcome = ?, reason = ?, case_id = ?, sender = ?, subject = ?, message_id = ?, content_key = ?,
        is_to_put_away = ?, held_until = 0
    WHERE id = ?)sql";
#define RESOLUTE_MAIL_COLUMNS                                                                                   \
    "SELECT id, account, folder, uid, received_at, size, blob, is_truncated, outcome, reason, case_id, sender, " \
    "subject, message_id, content_key, attempts FROM mails "
inline constexpr const char* kPendingMails =
    RESOLUTE_MAIL_COLUMNS "WHERE outcome = 'pending' AND held_until <= ? ORDER BY received_at, seq LIMIT ?";
inline constexpr const char* kPendingMail = RESOLUTE_MAIL_COLUMNS "WHERE outcome = 'pending' AND held_until <= ? AND id = ?";
inline constexpr const char* kHoldMail = "UPDATE mails SET held_until = ? WHERE id = ?";
inline constexpr const char* kFindMail = RESOLUTE_MAIL_COLUMNS "WHERE id = ?";
inline constexpr const char* kOtherByContent =
    RESOLUTE_MAIL_COLUMNS "WHERE content_key = ? AND content_key <> '' AND id <> ? ORDER BY outcome = 'pending' DESC, seq LIMIT 1";
inline constexpr const char* kListMails = RESOLUTE_MAIL_COLUMNS "WHERE ?1 = '' OR outcome = ?1 ORDER BY received_at, seq LIMIT ?2";
inline constexpr const char* kListMailsOfCase =
    RESOLUTE_MAIL_COLUMNS "WHERE case_id = ?1 AND case_id <> '' AND (?2 = '' OR outcome = ?2) ORDER BY received_at, seq LIMIT ?3";
inline constexpr const char* kToPutAway =
    RESOLUTE_MAIL_COLUMNS "WHERE account = ? AND folder = ? AND is_to_put_away = 1 AND outcome <> 'pending' ORDER BY seq LIMIT ?";
#undef RESOLUTE_MAIL_COLUMNS
inline constexpr const char* kPutAway = "UPDATE mails SET is_to_put_away = 0 WHERE id = ?";
inline constexpr const char* kReopen = R"sql(
    UPDATE mails SET outcome = 'pending', reason = '', case_id = '', content_key = '', attempts = 0, is_to_put_away = 0, held_until = ?
    WHERE id = ?)sql";
inline constexpr const char* kInsertReopening = "INSERT INTO reopened_mails (mail_id, at, by, was, reason_code) VALUES (?, ?, ?, ?, ?)";
inline constexpr const char* kReopenings = "SELECT at, by, was, reason_code FROM reopened_mails WHERE mail_id = ? ORDER BY seq";
inline constexpr const char* kArrivals = R"sql(
    SELECT DISTINCT received_at / 60000 * 60000 FROM mails
    WHERE received_at >= ?1 AND account = ?2 ORDER BY 1)sql";
inline constexpr const char* kPutNote =
    "INSERT INTO notes (topic, text) VALUES (?, ?) ON CONFLICT (topic) DO UPDATE SET text = excluded.text";
inline constexpr const char* kNotes = "SELECT topic, text FROM notes WHERE substr(topic, 1, length(?1)) = ?1 ORDER BY topic";

// tickets
inline constexpr const char* kTicketByKey = "SELECT number FROM tickets WHERE key = ?";
inline constexpr const char* kInsertTicket = R"sql(
    INSERT INTO tickets (number, key, case_id, customer, requester, subject, description, category, priority, tier, status, created_at)
    VALUES ((SELECT coalesce(max(number) + 1, ?) FROM tickets), ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?) RETURNING number)sql";
inline constexpr const char* kFindTicket = R"sql(
    SELECT case_id, customer, requester, subject, description, category, priority, tier, status, assignee, resolution_category,
        created_at, resolved_at
    FROM tickets WHERE number = ?)sql";
inline constexpr const char* kUpdateTicket =
    "UPDATE tickets SET status = ?, assignee = ?, resolution_category = ?, resolved_at = ? WHERE number = ?";
inline constexpr const char* kInsertComment = R"sql(
    INSERT INTO comments (key, ticket, author, is_public, text, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kComments = "SELECT key, author, is_public, text, at FROM comments WHERE ticket = ? ORDER BY seq";
inline constexpr const char* kInsertChange = "INSERT INTO ticket_changes (key, ticket) VALUES (?, ?) ON CONFLICT DO NOTHING";

// customers
inline constexpr const char* kPutCustomer =
    "INSERT INTO customers (id, profile) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET profile = excluded.profile";
inline constexpr const char* kHasCustomer = "SELECT 1 FROM customers WHERE id = ?";
inline constexpr const char* kDeleteEmails = "DELETE FROM customer_emails WHERE customer_id = ?";
inline constexpr const char* kInsertEmail = "INSERT INTO customer_emails (address, customer_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
inline constexpr const char* kCustomersByEmail = R"sql(
    SELECT c.profile FROM customer_emails e JOIN customers c ON c.id = e.customer_id WHERE e.address = ? ORDER BY c.id)sql";
inline constexpr const char* kInsertInteraction = R"sql(
    INSERT INTO interactions (key, customer_id, at, kind, summary, case_id) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kInteractions =
    "SELECT at, kind, summary, case_id FROM interactions WHERE customer_id = ? ORDER BY seq";
inline constexpr const char* kDealByKey = "SELECT number FROM deals WHERE key = ?";
inline constexpr const char* kInsertDeal = R"sql(
    INSERT INTO deals (key, customer, contact, title, case_id, at) VALUES (?, ?, ?, ?, ?, ?) RETURNING number)sql";

// people, notifications, outages
inline constexpr const char* kDeleteAgents = "DELETE FROM agents";
inline constexpr const char* kPutAgent =
    "INSERT INTO agents (id, profile) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET profile = excluded.profile";
inline constexpr const char* kAgents = "SELECT profile FROM agents ORDER BY id";
inline constexpr const char* kInsertNotification = R"sql(
    INSERT INTO notifications (key, role, person, case_id, text, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING)sql";
inline constexpr const char* kNotifications =
    "SELECT key, role, person, case_id, text, at FROM notifications ORDER BY at DESC, seq DESC LIMIT ?";
inline constexpr const char* kOpenOutage = "SELECT integration, began_at, ended_at, error FROM outages WHERE integration = ? AND ended_at IS NULL";
inline constexpr const char* kInsertOutage = "INSERT INTO outages (integration, began_at, error) VALUES (?, ?, ?)";
inline constexpr const char* kEndOutage = "UPDATE outages SET ended_at = ? WHERE integration = ? AND ended_at IS NULL";
inline constexpr const char* kOutages = "SELECT integration, began_at, ended_at, error FROM outages ORDER BY seq";

// articles
inline constexpr const char* kPutArticle =
    "INSERT INTO articles (id, article) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET article = excluded.article";
inline constexpr const char* kHasArticle = "SELECT 1 FROM articles WHERE id = ?";
inline constexpr const char* kArticles = "SELECT id, article FROM articles ORDER BY id";
inline constexpr const char* kInsertQuestion =
    "INSERT INTO article_questions (article_id, question) VALUES (?, ?) ON CONFLICT DO NOTHING";
inline constexpr const char* kQuestions = "SELECT question FROM article_questions WHERE article_id = ? ORDER BY seq";

// the ledger of automatic mail
inline constexpr const char* kCountMails = R"sql(
    SELECT EXISTS (SELECT 1 FROM automatic_mail_ledger WHERE effect_id = ?1),
        EXISTS (SELECT 1 FROM automatic_mail_ledger WHERE address = ?2 AND at > ?5 AND case_id <> ?3),
        (SELECT count(*) FROM automatic_mail_ledger WHERE address = ?2 AND at > ?5),
        (SELECT count(*) FROM automatic_mail_ledger WHERE case_id = ?3 AND at > ?5),
        (SELECT count(*) FROM automatic_mail_ledger WHERE domain = ?4 AND is_verified = 0 AND at > ?6),
        (SELECT count(*) FROM automatic_mail_ledger WHERE is_verified = 0 AND at > ?6),
        coalesce((SELECT mails FROM mail_hours WHERE hour = ?7), 0),
        coalesce((SELECT sum(mails) FROM mail_hours WHERE hour < ?7 AND hour >= ?8), 0))sql";
inline constexpr const char* kForgetMails = "DELETE FROM automatic_mail_ledger WHERE at <= ?";
inline constexpr const char* kForgetMailHours = "DELETE FROM mail_hours WHERE hour <= ?";
inline constexpr const char* kInsertAllowedMail =
    "INSERT INTO automatic_mail_ledger (effect_id, case_id, address, domain, is_verified, at) VALUES (?, ?, ?, ?, ?, ?)";
inline constexpr const char* kCountMailHour = "INSERT INTO mail_hours (hour, mails) VALUES (?, 1) ON CONFLICT (hour) DO UPDATE SET mails = mails + 1";

}  // namespace resolute::storage::sqlite::sql
