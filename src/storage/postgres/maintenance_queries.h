// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The statements of maintenance.
namespace resolute::storage::postgres::sql {

// looks
inline constexpr const char* kOpenEffects = "SELECT status, count(*) FROM resolute.effects GROUP BY status";
inline constexpr const char* kDue =
    "SELECT count(*), min(next_at) FROM resolute.effects WHERE status IN ('waiting', 'unclear') AND next_at <= $1";
inline constexpr const char* kSchema = "SELECT coalesce(max(version), 0)::bigint FROM resolute.schema_migrations";
inline constexpr const char* kAddresses = R"sql(
    SELECT sender FROM resolute.case_list WHERE sender <> '' UNION SELECT sender FROM resolute.mails WHERE sender <> ''
    UNION SELECT address FROM resolute.customer_emails UNION SELECT requester FROM resolute.tickets WHERE requester <> '')sql";
inline constexpr const char* kCustomerById = "SELECT profile FROM resolute.customers WHERE id = $1";
inline constexpr const char* kCasesOf = R"sql(
    SELECT id FROM resolute.case_list WHERE sender = ANY ($1)
    UNION SELECT id FROM resolute.cases WHERE split_part(data_subject, ':', 1) = ANY ($2)
    UNION SELECT id FROM resolute.closed_cases WHERE split_part(data_subject, ':', 1) = ANY ($2)
    ORDER BY 1)sql";
inline constexpr const char* kTicketsOf = R"sql(
    SELECT json_build_object('number', t.number, 'case', t.case_id, 'customer', t.customer, 'requester', t.requester, 'subject', t.subject,
        'description', t.description, 'category', t.category, 'priority', t.priority, 'status', t.status,
        'comments', coalesce((SELECT json_agg(json_build_object('author', c.author, 'is_public', c.is_public, 'text', c.text, 'at', c.at) ORDER BY c.seq)
                              FROM resolute.comments c WHERE c.ticket = t.number), '[]'::json))::text
    FROM resolute.tickets t WHERE t.case_id = ANY ($1) ORDER BY t.number)sql";
#define RESOLUTE_THEIR_MAILS "(case_id <> '' AND case_id = ANY ($1)) OR (sender <> '' AND sender = ANY ($2) AND case_id <> ALL ($3))"
inline constexpr const char* kMailsOf = "SELECT id FROM resolute.mails WHERE " RESOLUTE_THEIR_MAILS " ORDER BY seq";
inline constexpr const char* kSubjects =
    "SELECT generation, is_living, wrapped_key <> '' FROM resolute.subjects WHERE blind_name = $1 ORDER BY generation";
inline constexpr const char* kPeopleWithKeys = "SELECT DISTINCT blind_name FROM resolute.subjects WHERE wrapped_key <> '' ORDER BY 1";
inline constexpr const char* kBrokenBlobs = "SELECT hash FROM resolute.blobs WHERE encode(sha256(bytes), 'hex') <> hash ORDER BY hash";
inline constexpr const char* kOldMails = R"sql(
    SELECT id FROM resolute.mails m WHERE received_at < $1 AND blob <> $2 AND outcome <> 'pending'
        AND (case_id = '' OR NOT EXISTS (SELECT FROM resolute.cases WHERE id = m.case_id)) ORDER BY received_at, seq LIMIT $3)sql";

// mails
// Nobody keeps a blob between the look whether a mail names it and its end.
inline constexpr const char* kLockBlobs = "LOCK TABLE resolute.blobs IN SHARE ROW EXCLUSIVE MODE";
inline constexpr const char* kBlobsOfMails =
    "SELECT DISTINCT blob FROM resolute.mails WHERE (" RESOLUTE_THEIR_MAILS ") AND blob <> $4";
inline constexpr const char* kBlobsOfMailIds = "SELECT DISTINCT blob FROM resolute.mails WHERE id = ANY ($1) AND blob <> $2";
inline constexpr const char* kKeepNoBlob = "INSERT INTO resolute.blobs (hash, bytes) VALUES ($1, '') ON CONFLICT DO NOTHING";
inline constexpr const char* kLetGoOfBlobs = "UPDATE resolute.mails SET blob = $2 WHERE id = ANY ($1)";
inline constexpr const char* kDropUnusedBlobs =
    "DELETE FROM resolute.blobs b WHERE hash = ANY ($1) AND NOT EXISTS (SELECT FROM resolute.mails WHERE blob = b.hash)";
inline constexpr const char* kScrubMails =
    "UPDATE resolute.mails SET sender = '', subject = '', message_id = '', content_key = '', reason = split_part(reason, ':', 1), blob = $4 "
    "WHERE (" RESOLUTE_THEIR_MAILS ") AND (sender <> '' OR subject <> '' OR message_id <> '' OR content_key <> '' OR blob <> $4)";
#undef RESOLUTE_THEIR_MAILS

// the desk
#define RESOLUTE_THEIR_TICKETS \
    "case_id = ANY ($1) OR (case_id <> ALL ($4) AND ((requester <> '' AND requester = ANY ($2)) OR (customer <> '' AND customer = ANY ($3))))"
inline constexpr const char* kScrubComments =
    "UPDATE resolute.comments SET text = '' WHERE text <> '' AND ticket IN (SELECT number FROM resolute.tickets WHERE " RESOLUTE_THEIR_TICKETS ")";
inline constexpr const char* kScrubTickets =
    "UPDATE resolute.tickets SET customer = '', requester = '', subject = '', description = '', status = 'closed' "
    "WHERE (" RESOLUTE_THEIR_TICKETS ") AND (customer <> '' OR requester <> '' OR subject <> '' OR description <> '')";
#undef RESOLUTE_THEIR_TICKETS
inline constexpr const char* kDropInteractions =
    "DELETE FROM resolute.interactions WHERE customer_id = ANY ($2) OR (case_id <> '' AND case_id = ANY ($1))";
inline constexpr const char* kDropEmails = "DELETE FROM resolute.customer_emails WHERE customer_id = ANY ($1)";
inline constexpr const char* kDropCustomers = "DELETE FROM resolute.customers WHERE id = ANY ($1)";
inline constexpr const char* kScrubDeals = R"sql(
    UPDATE resolute.deals SET customer = '', contact = '', title = '' WHERE (case_id <> '' AND case_id = ANY ($1))
        OR (contact <> '' AND contact = ANY ($2)) OR (customer <> '' AND customer = ANY ($3)))sql";
inline constexpr const char* kScrubNotifications = "UPDATE resolute.notifications SET text = '' WHERE text <> '' AND case_id = ANY ($1)";

// cases
inline constexpr const char* kDropSnapshots = "DELETE FROM resolute.snapshots WHERE case_id = ANY ($1)";
inline constexpr const char* kDropEffects = "DELETE FROM resolute.effects WHERE case_id = ANY ($1)";
inline constexpr const char* kDropMessageIds = "DELETE FROM resolute.message_ids WHERE case_id = ANY ($1)";
inline constexpr const char* kScrubClaims = "UPDATE resolute.claims SET customer = $2, order_id = '' WHERE case_id = ANY ($1)";
inline constexpr const char* kBlankJournal = R"sql(
    UPDATE resolute.journal SET events = '', sealed = '' WHERE case_id = ANY ($1) AND events <> ''
        AND ($2 OR left(events, 1) = '{') AND strpos(events, '"kind":"CaseErased"') = 0)sql";
// Rewritten, not only marked as free. The journal's personal part is sealed; its rows are only marked.
inline constexpr const char* kCompact =
    "VACUUM (FULL) resolute.mails, resolute.blobs, resolute.case_list, resolute.tasks, resolute.claims, resolute.snapshots, resolute.effects, "
    "resolute.message_ids, resolute.tickets, resolute.comments, resolute.customers, resolute.customer_emails, resolute.interactions, "
    "resolute.deals, resolute.notifications, resolute.subjects";
inline constexpr const char* kCompactJournal = "VACUUM resolute.journal";

// holds
inline constexpr const char* kInsertHold =
    "INSERT INTO resolute.holds (blind_name, why, by, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
inline constexpr const char* kReleaseHold =
    "UPDATE resolute.holds SET released_at = $1, released_by = $2 WHERE blind_name = $3 AND released_at IS NULL";
inline constexpr const char* kHolds = "SELECT blind_name, why, by, since, released_at, released_by FROM resolute.holds ORDER BY seq";

}  // namespace resolute::storage::postgres::sql
