// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The statements of maintenance; lists are JSON arrays. As in queries.h a text's address is its name in the statement cache.
namespace resolute::storage::sqlite::sql {

// looks
inline constexpr const char* kOpenEffects = "SELECT status, count(*) FROM effects GROUP BY status";
inline constexpr const char* kDue =
    "SELECT count(*), min(next_at) FROM effects WHERE status IN ('waiting', 'unclear') AND next_at <= ?";
inline constexpr const char* kSchema = "SELECT coalesce(max(version), 0) FROM schema_migrations";
inline constexpr const char* kAddresses = R"sql(
    SELECT sender FROM case_list WHERE sender <> '' UNION SELECT sender FROM mails WHERE sender <> ''
    UNION SELECT address FROM customer_emails UNION SELECT requester FROM tickets WHERE requester <> '')sql";
inline constexpr const char* kCustomerById = "SELECT profile FROM customers WHERE id = ?";
inline constexpr const char* kCasesOf = R"sql(
    SELECT id FROM case_list WHERE sender IN (SELECT value FROM json_each(?1))
    UNION SELECT id FROM cases WHERE substr(data_subject, 1, instr(data_subject, ':') - 1) IN (SELECT value FROM json_each(?2))
    UNION SELECT id FROM closed_cases WHERE substr(data_subject, 1, instr(data_subject, ':') - 1) IN (SELECT value FROM json_each(?2))
    ORDER BY 1)sql";
inline constexpr const char* kTicketsOf = R"sql(
    SELECT json_object('number', t.number, 'case', t.case_id, 'customer', t.customer, 'requester', t.requester, 'subject', t.subject,
        'description', t.description, 'category', t.category, 'priority', t.priority, 'status', t.status,
        'comments', (SELECT json_group_array(json_object('author', c.author, 'is_public', c.is_public, 'text', c.text, 'at', c.at))
                     FROM (SELECT * FROM comments WHERE ticket = t.number ORDER BY seq) c))
    FROM tickets t WHERE t.case_id IN (SELECT value FROM json_each(?)) ORDER BY t.number)sql";
inline constexpr const char* kMailsOf = R"sql(
    SELECT id FROM mails WHERE (case_id <> '' AND case_id IN (SELECT value FROM json_each(?1)))
        OR (sender <> '' AND sender IN (SELECT value FROM json_each(?2)) AND case_id NOT IN (SELECT value FROM json_each(?3))) ORDER BY seq)sql";
inline constexpr const char* kSubjects =
    "SELECT generation, is_living, wrapped_key <> x'' FROM subjects WHERE blind_name = ? ORDER BY generation";
inline constexpr const char* kPeopleWithKeys = "SELECT DISTINCT blind_name FROM subjects WHERE wrapped_key <> x'' ORDER BY 1";
inline constexpr const char* kAllBlobs = "SELECT hash, bytes FROM blobs ORDER BY hash";
inline constexpr const char* kOldMails = R"sql(
    SELECT id FROM mails m WHERE received_at < ?1 AND blob <> ?2 AND outcome <> 'pending'
        AND (case_id = '' OR NOT EXISTS (SELECT 1 FROM cases WHERE id = m.case_id)) ORDER BY received_at, seq LIMIT ?3)sql";

// mails
inline constexpr const char* kBlobsOfMails =
    "SELECT DISTINCT blob FROM mails WHERE id IN (SELECT value FROM json_each(?1)) AND blob <> ?2";
inline constexpr const char* kKeepNoBlob = "INSERT INTO blobs (hash, bytes) VALUES (?, x'') ON CONFLICT DO NOTHING";
inline constexpr const char* kLetGoOfBlobs = "UPDATE mails SET blob = ?2 WHERE id IN (SELECT value FROM json_each(?1))";
inline constexpr const char* kDropUnusedBlob =
    "DELETE FROM blobs WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM mails WHERE blob = ?1)";
inline constexpr const char* kScrubMails = R"sql(
    UPDATE mails SET sender = '', subject = '', message_id = '', content_key = '', reason = substr(reason, 1, instr(reason || ':', ':') - 1)
    WHERE id IN (SELECT value FROM json_each(?1)) AND (sender <> '' OR subject <> '' OR message_id <> '' OR content_key <> ''))sql";

// the desk
#define RESOLUTE_THEIR_TICKETS                                                                                                          \
    "case_id IN (SELECT value FROM json_each(?1)) OR (case_id NOT IN (SELECT value FROM json_each(?4)) AND " \
    "((requester <> '' AND requester IN (SELECT value FROM json_each(?2))) OR (customer <> '' AND customer IN (SELECT value FROM json_each(?3)))))"
inline constexpr const char* kScrubComments =
    "UPDATE comments SET text = '' WHERE text <> '' AND ticket IN (SELECT number FROM tickets WHERE " RESOLUTE_THEIR_TICKETS ")";
inline constexpr const char* kScrubTickets = R"sql(
    UPDATE tickets SET customer = '', requester = '', subject = '', description = '', status = 'closed'
    WHERE ()sql" RESOLUTE_THEIR_TICKETS ") AND (customer <> '' OR requester <> '' OR subject <> '' OR description <> '')";
#undef RESOLUTE_THEIR_TICKETS
inline constexpr const char* kDropInteractions = R"sql(
    DELETE FROM interactions WHERE customer_id IN (SELECT value FROM json_each(?2))
        OR (case_id <> '' AND case_id IN (SELECT value FROM json_each(?1))))sql";
inline constexpr const char* kDropEmails = "DELETE FROM customer_emails WHERE customer_id IN (SELECT value FROM json_each(?))";
inline constexpr const char* kDropCustomers = "DELETE FROM customers WHERE id IN (SELECT value FROM json_each(?))";
inline constexpr const char* kScrubDeals = R"sql(
    UPDATE deals SET customer = '', contact = '', title = '' WHERE (case_id <> '' AND case_id IN (SELECT value FROM json_each(?1)))
        OR (contact <> '' AND contact IN (SELECT value FROM json_each(?2)))
        OR (customer <> '' AND customer IN (SELECT value FROM json_each(?3))))sql";
inline constexpr const char* kScrubNotifications =
    "UPDATE notifications SET text = '' WHERE text <> '' AND case_id IN (SELECT value FROM json_each(?))";

// cases
inline constexpr const char* kDropSnapshots = "DELETE FROM snapshots WHERE case_id IN (SELECT value FROM json_each(?))";
inline constexpr const char* kDropEffects = "DELETE FROM effects WHERE case_id IN (SELECT value FROM json_each(?))";
inline constexpr const char* kDropMessageIds = "DELETE FROM message_ids WHERE case_id IN (SELECT value FROM json_each(?))";
inline constexpr const char* kScrubClaims =
    "UPDATE claims SET customer = ?2, order_id = '' WHERE case_id IN (SELECT value FROM json_each(?1))";
// What was never sealed: rows of format 1. Their hashes stand for them, and the last word stays readable.
inline constexpr const char* kBlankEvents = R"sql(
    UPDATE events SET event = '' WHERE case_id IN (SELECT value FROM json_each(?)) AND event <> ''
        AND instr(event, '"kind":"CaseErased"') = 0)sql";
inline constexpr const char* kBlankJournal = R"sql(
    UPDATE journal SET events = '', sealed = x'' WHERE case_id IN (SELECT value FROM json_each(?1)) AND events <> ''
        AND (?2 OR substr(events, 1, 1) = '{') AND instr(events, '"kind":"CaseErased"') = 0)sql";

// holds
inline constexpr const char* kInsertHold = "INSERT INTO holds (blind_name, why, by, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
inline constexpr const char* kReleaseHold = "UPDATE holds SET released_at = ?, released_by = ? WHERE blind_name = ? AND released_at IS NULL";
inline constexpr const char* kHolds = "SELECT blind_name, why, by, since, released_at, released_by FROM holds ORDER BY seq";

}  // namespace resolute::storage::sqlite::sql
