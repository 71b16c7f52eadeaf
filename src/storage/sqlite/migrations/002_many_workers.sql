-- SPDX-License-Identifier: Apache-2.0
-- Journals in rows of one commit each, sealed; workers with leases; effects only while they are open; a gate for refunds.
-- Databases of the version before keep their rows: what they hold is read on for ever.

CREATE TABLE workers (
    epoch INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    fenced INTEGER NOT NULL DEFAULT 0 CHECK (fenced IN (0, 1)),
    -- Transactions of commits in this lease; a database with fewer than its worker remembers went back in time.
    writes INTEGER NOT NULL DEFAULT 0 CHECK (writes >= 0)
) STRICT;
INSERT INTO workers (epoch, owner, fenced) SELECT epoch, owner, 1 FROM meta WHERE epoch > 0;

DROP TABLE meta;
CREATE TABLE meta (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    store_id TEXT NOT NULL,
    -- The highest that anybody wrote.
    journal_format INTEGER NOT NULL CHECK (journal_format > 0)
) STRICT;
INSERT INTO meta (only, store_id, journal_format) VALUES (1, lower(hex(randomblob(16))), 1);

CREATE TABLE freezes (
    seq INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    why TEXT NOT NULL,
    by TEXT NOT NULL,
    released_at INTEGER,
    released_by TEXT NOT NULL DEFAULT '',
    look_first_until INTEGER,
    CHECK ((released_at IS NULL) = (look_first_until IS NULL))
) STRICT;
-- One freeze at a time.
CREATE UNIQUE INDEX freezes_open ON freezes (released_at IS NULL) WHERE released_at IS NULL;

CREATE TABLE subjects (
    blind_name TEXT NOT NULL CHECK (blind_name <> ''),
    generation INTEGER NOT NULL CHECK (generation > 0),
    -- Empty: destroyed.
    wrapped_key BLOB NOT NULL,
    is_living INTEGER NOT NULL CHECK (is_living IN (0, 1)),
    PRIMARY KEY (blind_name, generation),
    CHECK (is_living = 0 OR wrapped_key <> x'')
) STRICT, WITHOUT ROWID;
-- A person has one living key.
CREATE UNIQUE INDEX subjects_living ON subjects (blind_name) WHERE is_living = 1;

-- Cases -------------------------------------------------------------------------------------------------------------
-- `case_list` is what people see of every case and changes seldom; `cases` is written at every step and small; the closed
-- wait in `closed_cases`, so that what is active stays close together.

DROP INDEX cases_due;
ALTER TABLE cases RENAME TO case_list;

CREATE TABLE cases (
    id TEXT PRIMARY KEY CHECK (id <> ''),
    version INTEGER NOT NULL CHECK (version > 0),
    head_hash TEXT NOT NULL CHECK (length(head_hash) = 64),
    lifecycle TEXT NOT NULL CHECK (lifecycle IN ('active', 'quarantined')),
    wake_at INTEGER,
    rank INTEGER NOT NULL,
    -- Empty: not written since the database of the version before.
    procedure_hash TEXT NOT NULL,
    data_subject TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO cases (id, version, head_hash, lifecycle, wake_at, rank, procedure_hash, data_subject)
    SELECT id, version, head_hash, lifecycle, wake_at, rank, '', '' FROM case_list WHERE lifecycle <> 'closed';
-- Sleeping cases cost nothing here: the scan begins at the earliest and ends at now. The columns of the condition stand in
-- the index too, or SQLite would read each row to check them again.
CREATE INDEX cases_due ON cases (wake_at, rank, id, lifecycle) WHERE lifecycle = 'active' AND wake_at IS NOT NULL;

CREATE TABLE closed_cases (
    id TEXT PRIMARY KEY CHECK (id <> ''),
    version INTEGER NOT NULL CHECK (version > 0),
    head_hash TEXT NOT NULL CHECK (length(head_hash) = 64),
    lifecycle TEXT NOT NULL CHECK (lifecycle = 'closed'),
    wake_at INTEGER,
    rank INTEGER NOT NULL,
    procedure_hash TEXT NOT NULL,
    data_subject TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO closed_cases (id, version, head_hash, lifecycle, wake_at, rank, procedure_hash, data_subject)
    SELECT id, version, head_hash, lifecycle, wake_at, rank, '', '' FROM case_list WHERE lifecycle = 'closed';

ALTER TABLE case_list DROP COLUMN version;
ALTER TABLE case_list DROP COLUMN head_hash;
ALTER TABLE case_list DROP COLUMN lifecycle;
ALTER TABLE case_list DROP COLUMN wake_at;
ALTER TABLE case_list DROP COLUMN rank;

-- One row for each commit, appended. `events`, one row for each event, is where the version before wrote: read, never written.
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    count INTEGER NOT NULL CHECK (count > 0),
    events TEXT NOT NULL,
    sealed BLOB NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
CREATE UNIQUE INDEX journal_by_case ON journal (case_id, number);

-- The version before wrote `state`, in plain text; the first snapshot after it empties that.
ALTER TABLE snapshots ADD COLUMN sealed BLOB;

-- Effects -----------------------------------------------------------------------------------------------------------

-- What must not happen twice is known for ever.
CREATE TABLE sent (
    effect_id TEXT PRIMARY KEY CHECK (effect_id <> ''),
    case_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    class TEXT NOT NULL CHECK (class IN ('guarded', 'mails')),
    status TEXT NOT NULL CHECK (status IN ('confirmed', 'refused', 'failed')),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    payload_hash TEXT NOT NULL,
    ended_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sent (effect_id, case_id, tool, class, status, attempts, payload_hash, ended_at)
    SELECT id, case_id, tool, class, status, attempt, payload_hash, max(planned_at, next_at) FROM effects
    WHERE status IN ('confirmed', 'refused', 'failed') AND class IN ('guarded', 'mails');

ALTER TABLE effects RENAME TO effects_before;
DROP INDEX effects_claimable;
DROP INDEX effects_suspect;
DROP INDEX effects_wake;
DROP INDEX effects_running;
CREATE TABLE effects (
    id TEXT PRIMARY KEY CHECK (id <> ''),
    case_id TEXT NOT NULL,
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
    resolves INTEGER NOT NULL CHECK (resolves IN (0, 1)),
    status TEXT NOT NULL CHECK (status IN ('intended', 'waiting', 'unclear', 'reconciling', 'held')),
    attempt INTEGER NOT NULL CHECK (attempt >= 0),
    crashes INTEGER NOT NULL CHECK (crashes >= 0),
    next_at INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    last_error TEXT NOT NULL,
    data_subject TEXT NOT NULL,
    payload BLOB NOT NULL,
    -- An attempt is counted before it runs.
    CHECK (status <> 'intended' OR attempt > 0)
) STRICT;
INSERT INTO effects (id, case_id, tool, integration, class, purpose, step, payload_hash, timeout, attempts_max, first_delay, delay_max,
        planned_at, resolves, status, attempt, crashes, next_at, rank, epoch, last_error, data_subject, payload)
    SELECT id, case_id, tool, integration, class, purpose, step, payload_hash, timeout, attempts_max, first_delay, delay_max,
        planned_at, 0, status, attempt, crashes, next_at, rank, epoch, last_error, '', CAST(payload AS BLOB)
    FROM effects_before WHERE status NOT IN ('confirmed', 'refused', 'failed');
DROP TABLE effects_before;
-- An effect that a commit plans and its owner runs at once is in none of these.
CREATE INDEX effects_claimable ON effects (rank, planned_at, id, next_at, status, crashes, class)
    WHERE status IN ('waiting', 'unclear') AND crashes = 0;
CREATE INDEX effects_suspect ON effects (rank, planned_at, id, next_at, status, crashes, class)
    WHERE status IN ('waiting', 'unclear') AND crashes > 0;
CREATE INDEX effects_wake ON effects (next_at, status, crashes, class) WHERE status IN ('waiting', 'unclear') AND crashes = 0;
CREATE INDEX effects_running_suspect ON effects (crashes, status) WHERE status IN ('intended', 'reconciling') AND crashes > 0;

-- The refund rule -----------------------------------------------------------------------------------------------------

ALTER TABLE procedures ADD COLUMN refund_minor INTEGER;
ALTER TABLE procedures ADD COLUMN refund_currency TEXT CHECK ((refund_minor IS NULL) = (refund_currency IS NULL));

ALTER TABLE tasks ADD COLUMN kind TEXT NOT NULL DEFAULT '';
UPDATE tasks SET kind = coalesce(task ->> '$.kind', '');
CREATE INDEX tasks_approved ON tasks (case_id, kind, state) WHERE kind = 'approve' AND state = 'approved';

-- No mail that answers a case by itself leaves while what its customer claims for the order within 30 days, this case's claim
-- included, is more than the procedure lets pass without a person, or not known. A case whose procedure or whose procedure's
-- limit is not known goes by the newest that is.
CREATE TRIGGER effects_refund_gate BEFORE INSERT ON effects WHEN NEW.resolves = 1
BEGIN
    SELECT RAISE(ABORT, 'gate.refund_unapproved')
    FROM claims own, (
        SELECT coalesce(its.refund_minor, newest.refund_minor) AS minor, coalesce(its.refund_currency, newest.refund_currency) AS currency
        FROM (SELECT 1) LEFT JOIN procedures its
                ON its.refund_minor IS NOT NULL
                    AND its.content_hash = coalesce((SELECT procedure_hash FROM cases WHERE id = NEW.case_id),
                                                    (SELECT procedure_hash FROM closed_cases WHERE id = NEW.case_id))
            LEFT JOIN procedures newest
                ON newest.rowid = (SELECT max(rowid) FROM procedures WHERE refund_minor IS NOT NULL)) AS most
    WHERE own.case_id = NEW.case_id AND own.state IN ('pending', 'granted') AND most.minor IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM tasks WHERE case_id = NEW.case_id AND kind = 'approve' AND state = 'approved')
        AND coalesce(
            (SELECT count(*) = count(CASE WHEN c.currency = most.currency THEN c.minor END) AND sum(c.minor) <= most.minor FROM claims c
             WHERE c.case_id = own.case_id
                OR (c.customer = own.customer AND c.at >= NEW.planned_at - 2592000000 AND c.state IN ('pending', 'granted')
                    AND (own.order_id = '' OR c.order_id = '' OR c.order_id = own.order_id))), 0) = 0;
END;

-- Mail --------------------------------------------------------------------------------------------------------------

-- Until then another intake leaves it alone.
ALTER TABLE mails ADD COLUMN held_until INTEGER NOT NULL DEFAULT 0;
