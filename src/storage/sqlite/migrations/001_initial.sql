-- SPDX-License-Identifier: Apache-2.0
-- Moments are milliseconds since 1970, UTC. Hashes are SHA-256 in hex. JSON stands only where nothing is searched by it.

CREATE TABLE meta (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    epoch INTEGER NOT NULL CHECK (epoch >= 0),
    owner TEXT NOT NULL
) STRICT;
INSERT INTO meta (only, epoch, owner) VALUES (1, 0, '');

-- Cases -------------------------------------------------------------------------------------------------------------

CREATE TABLE cases (
    id TEXT PRIMARY KEY CHECK (id <> ''),
    version INTEGER NOT NULL CHECK (version > 0),
    head_hash TEXT NOT NULL CHECK (length(head_hash) = 64),
    lifecycle TEXT NOT NULL CHECK (lifecycle IN ('active', 'closed', 'quarantined')),
    wake_at INTEGER,
    rank INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    category TEXT NOT NULL,
    ticket TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    summary TEXT NOT NULL
) STRICT;
-- Sleeping and finished cases cost nothing here: the scan begins at the earliest and ends at now. The columns of the
-- condition stand in the index too, or SQLite would read each row to check them again.
CREATE INDEX cases_due ON cases (wake_at, rank, id, lifecycle) WHERE lifecycle = 'active' AND wake_at IS NOT NULL;
CREATE INDEX cases_by_age ON cases (opened_at, id);
CREATE INDEX cases_by_ticket ON cases (ticket COLLATE NOCASE) WHERE ticket <> '';

CREATE TABLE events (
    case_id TEXT NOT NULL REFERENCES cases (id),
    number INTEGER NOT NULL CHECK (number > 0),
    event TEXT NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (case_id, number)
) STRICT, WITHOUT ROWID;

-- Apart from the case, because a snapshot is written seldom and the case's row at every step.
CREATE TABLE snapshots (
    case_id TEXT PRIMARY KEY REFERENCES cases (id),
    version INTEGER NOT NULL CHECK (version > 0),
    state TEXT NOT NULL
) STRICT;

CREATE TABLE effects (
    id TEXT PRIMARY KEY CHECK (id <> ''),
    case_id TEXT NOT NULL REFERENCES cases (id),
    tool TEXT NOT NULL,
    integration TEXT NOT NULL,
    class TEXT NOT NULL CHECK (class IN ('computes', 'reads', 'idempotent', 'guarded', 'mails', 'waits')),
    purpose TEXT NOT NULL CHECK (purpose IN ('step', 'action', 'beside')),
    step INTEGER NOT NULL,
    payload_hash TEXT NOT NULL,
    timeout INTEGER NOT NULL,
    attempts_max INTEGER NOT NULL,
    first_delay INTEGER NOT NULL,
    delay_max INTEGER NOT NULL,
    planned_at INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('intended', 'waiting', 'unclear', 'reconciling', 'held', 'confirmed', 'refused', 'failed')),
    attempt INTEGER NOT NULL CHECK (attempt >= 0),
    crashes INTEGER NOT NULL CHECK (crashes >= 0),
    next_at INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    last_error TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- An attempt is counted before it runs.
    CHECK (status <> 'intended' OR attempt > 0)
) STRICT;
CREATE INDEX effects_claimable ON effects (rank, planned_at, id, next_at, status, crashes)
    WHERE status IN ('waiting', 'unclear') AND crashes = 0;
CREATE INDEX effects_suspect ON effects (rank, planned_at, id, next_at, status, crashes)
    WHERE status IN ('waiting', 'unclear') AND crashes > 0;
CREATE INDEX effects_wake ON effects (next_at, status, crashes) WHERE status IN ('waiting', 'unclear') AND crashes = 0;
CREATE INDEX effects_running ON effects (crashes, status) WHERE status IN ('intended', 'reconciling');

CREATE TABLE inputs (
    id TEXT PRIMARY KEY CHECK (id <> ''),
    case_id TEXT NOT NULL REFERENCES cases (id),
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE message_ids (
    message_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
    id TEXT PRIMARY KEY CHECK (id <> ''),
    case_id TEXT NOT NULL REFERENCES cases (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'denied', 'done', 'expired', 'cancelled')),
    assignee TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    task TEXT NOT NULL
) STRICT;
CREATE INDEX tasks_by_age ON tasks (opened_at, id);
CREATE INDEX tasks_open ON tasks (opened_at, id, assignee) WHERE state = 'open';

CREATE TABLE claims (
    case_id TEXT PRIMARY KEY REFERENCES cases (id),
    customer TEXT NOT NULL,
    order_id TEXT NOT NULL,
    minor INTEGER,
    currency TEXT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'granted', 'denied')),
    at INTEGER NOT NULL,
    CHECK ((minor IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_by_customer ON claims (customer, at);

CREATE TABLE procedures (
    content_hash TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT;

-- Mail --------------------------------------------------------------------------------------------------------------

CREATE TABLE blobs (
    hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE mails (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    folder TEXT NOT NULL,
    uid TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    blob TEXT NOT NULL REFERENCES blobs (hash),
    is_truncated INTEGER NOT NULL CHECK (is_truncated IN (0, 1)),
    outcome TEXT NOT NULL CHECK (outcome IN ('pending', 'new_case', 'appended', 'quarantined', 'ignored')),
    reason TEXT NOT NULL DEFAULT '',
    case_id TEXT NOT NULL DEFAULT '',
    sender TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL DEFAULT '',
    message_id TEXT NOT NULL DEFAULT '',
    content_key TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    CHECK (outcome NOT IN ('new_case', 'appended') OR case_id <> '')
) STRICT;
CREATE INDEX mails_by_position ON mails (account, folder, uid);
CREATE INDEX mails_by_age ON mails (received_at, seq);
CREATE INDEX mails_pending ON mails (received_at, seq) WHERE outcome = 'pending';
CREATE INDEX mails_by_content ON mails (content_key, seq) WHERE content_key <> '';
CREATE INDEX mails_by_case ON mails (case_id, received_at, seq) WHERE case_id <> '';

-- Desk --------------------------------------------------------------------------------------------------------------

CREATE TABLE tickets (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL,
    customer TEXT NOT NULL,
    requester TEXT NOT NULL,
    subject TEXT NOT NULL,
    description TEXT NOT NULL,
    category TEXT NOT NULL,
    priority TEXT NOT NULL,
    tier TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'escalated', 'waiting_customer', 'resolved', 'closed')),
    assignee TEXT NOT NULL DEFAULT '',
    resolution_category TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    resolved_at INTEGER,
    CHECK (status <> 'resolved' OR resolved_at IS NOT NULL)
) STRICT;

CREATE TABLE comments (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    ticket INTEGER NOT NULL REFERENCES tickets (number),
    author TEXT NOT NULL,
    is_public INTEGER NOT NULL CHECK (is_public IN (0, 1)),
    text TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX comments_by_ticket ON comments (ticket, seq);

CREATE TABLE ticket_changes (
    key TEXT PRIMARY KEY,
    ticket INTEGER NOT NULL REFERENCES tickets (number)
) STRICT, WITHOUT ROWID;

CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    profile TEXT NOT NULL
) STRICT;

CREATE TABLE customer_emails (
    address TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    PRIMARY KEY (address, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_emails_by_customer ON customer_emails (customer_id);

CREATE TABLE interactions (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    summary TEXT NOT NULL,
    case_id TEXT NOT NULL
) STRICT;
CREATE INDEX interactions_by_customer ON interactions (customer_id, seq);

CREATE TABLE deals (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    customer TEXT NOT NULL,
    contact TEXT NOT NULL,
    title TEXT NOT NULL,
    case_id TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    profile TEXT NOT NULL
) STRICT;

CREATE TABLE notifications (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    person TEXT NOT NULL,
    case_id TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX notifications_by_age ON notifications (at, seq);

CREATE TABLE outages (
    seq INTEGER PRIMARY KEY,
    integration TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    error TEXT NOT NULL
) STRICT;
-- One outage at a time for each integration: people are told once.
CREATE UNIQUE INDEX outages_open ON outages (integration) WHERE ended_at IS NULL;

-- Knowledge ---------------------------------------------------------------------------------------------------------

CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    article TEXT NOT NULL
) STRICT;

CREATE TABLE article_questions (
    seq INTEGER PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id),
    question TEXT NOT NULL,
    UNIQUE (article_id, question)
) STRICT;
