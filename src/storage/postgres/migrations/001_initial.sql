-- SPDX-License-Identifier: Apache-2.0
-- Moments are milliseconds since 1970, UTC. Hashes in hex are text, those of journals are bytes. JSON stands only where nothing is
-- searched by it. Text is compared byte by byte (COLLATE "C"): an order that follows the machine's locale breaks indexes when
-- the machine is upgraded. Statements are divided by lines that hold only ';;', because functions hold semicolons.

CREATE FUNCTION resolute.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS
    $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint $$
;;
-- Stops the transaction where a statement did not touch the rows that it had to.
CREATE FUNCTION resolute.expect(actual bigint, expected bigint, code text, message text) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF actual IS DISTINCT FROM expected THEN
        RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message;
    END IF;
    RETURN actual;
END $$
;;
CREATE TABLE resolute.meta (
    only_one boolean PRIMARY KEY CHECK (only_one),
    store_id text COLLATE "C" NOT NULL,
    epoch bigint NOT NULL CHECK (epoch >= 0),
    -- The highest that anybody wrote.
    journal_format bigint NOT NULL CHECK (journal_format > 0)
)
;;
INSERT INTO resolute.meta (only_one, store_id, epoch, journal_format)
    VALUES (true, replace(gen_random_uuid()::text, '-', ''), 0, 1)
;;
CREATE TABLE resolute.workers (
    epoch bigint PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    lease_until bigint NOT NULL,
    fenced boolean NOT NULL DEFAULT false,
    -- What it held was given to others.
    is_freed boolean NOT NULL DEFAULT false,
    -- Transactions of commits in this lease; a database with fewer than its worker remembers went back in time.
    writes bigint NOT NULL DEFAULT 0 CHECK (writes >= 0)
) WITH (fillfactor = 20)
;;
CREATE TABLE resolute.freezes (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    since bigint NOT NULL,
    why text NOT NULL,
    by text NOT NULL,
    released_at bigint,
    released_by text NOT NULL DEFAULT '',
    look_first_until bigint,
    CHECK ((released_at IS NULL) = (look_first_until IS NULL))
)
;;
-- One freeze at a time.
CREATE UNIQUE INDEX freezes_open ON resolute.freezes ((released_at IS NULL)) WHERE released_at IS NULL
;;
CREATE TABLE resolute.subjects (
    blind_name text COLLATE "C" NOT NULL CHECK (blind_name <> ''),
    generation bigint NOT NULL CHECK (generation > 0),
    -- Empty: destroyed.
    wrapped_key bytea NOT NULL,
    is_living boolean NOT NULL,
    PRIMARY KEY (blind_name, generation),
    CHECK (NOT is_living OR wrapped_key <> '')
)
;;
-- A person has one living key.
CREATE UNIQUE INDEX subjects_living ON resolute.subjects (blind_name) WHERE is_living
;;
-- Cases -------------------------------------------------------------------------------------------------------------
-- `cases` is written at every step: small, and with nothing indexed that every step changes, so that an update stays in its page
-- (HOT): more than half of each is left free, because cases that came together are often written by one transaction. What lists show is in `case_list`, which changes seldom. The closed wait in `closed_cases`, so that what is active stays
-- close together. No foreign keys among these: each would cost a lock and a look-up for every row of every step.

CREATE TABLE resolute.cases (
    id text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    version bigint NOT NULL CHECK (version > 0),
    rank bigint NOT NULL,
    wake_at bigint,
    head_hash bytea NOT NULL CHECK (length(head_hash) = 32),
    lifecycle text COLLATE "C" NOT NULL CHECK (lifecycle IN ('active', 'quarantined')),
    procedure_hash text COLLATE "C" NOT NULL,
    data_subject text COLLATE "C" NOT NULL
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0)
;;
CREATE INDEX cases_due ON resolute.cases (wake_at) WHERE lifecycle = 'active' AND wake_at IS NOT NULL
;;
CREATE TABLE resolute.closed_cases (
    id text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    version bigint NOT NULL CHECK (version > 0),
    rank bigint NOT NULL,
    wake_at bigint,
    head_hash bytea NOT NULL CHECK (length(head_hash) = 32),
    lifecycle text COLLATE "C" NOT NULL CHECK (lifecycle = 'closed'),
    procedure_hash text COLLATE "C" NOT NULL,
    data_subject text COLLATE "C" NOT NULL
)
;;
CREATE TABLE resolute.case_list (
    id text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    opened_at bigint NOT NULL,
    status text NOT NULL,
    category text NOT NULL,
    ticket text COLLATE "C" NOT NULL,
    sender text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    summary text NOT NULL
) WITH (fillfactor = 80)
;;
CREATE INDEX case_list_by_age ON resolute.case_list (opened_at, id)
;;
CREATE INDEX case_list_by_ticket ON resolute.case_list (lower(ticket)) WHERE ticket <> ''
;;
-- One row for each commit, appended and never changed.
CREATE TABLE resolute.journal (
    case_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    count bigint NOT NULL CHECK (count > 0),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    events text NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (case_id, number)
)
;;
-- What is encrypted does not compress.
ALTER TABLE resolute.journal ALTER COLUMN sealed SET STORAGE EXTERNAL
;;
CREATE TABLE resolute.snapshots (
    case_id text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL CHECK (version > 0),
    sealed bytea NOT NULL
)
;;
ALTER TABLE resolute.snapshots ALTER COLUMN sealed SET STORAGE EXTERNAL
;;
-- Effects -----------------------------------------------------------------------------------------------------------

CREATE TABLE resolute.effects (
    id text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    case_id text COLLATE "C" NOT NULL,
    planned_at bigint NOT NULL,
    next_at bigint NOT NULL,
    rank bigint NOT NULL,
    epoch bigint NOT NULL,
    timeout bigint NOT NULL,
    first_delay bigint NOT NULL,
    delay_max bigint NOT NULL,
    attempts_max integer NOT NULL,
    step integer NOT NULL,
    attempt integer NOT NULL CHECK (attempt >= 0),
    crashes integer NOT NULL CHECK (crashes >= 0),
    resolves boolean NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('intended', 'waiting', 'unclear', 'reconciling', 'held')),
    class text COLLATE "C" NOT NULL CHECK (class IN ('computes', 'reads', 'idempotent', 'guarded', 'mails', 'waits')),
    purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('step', 'action', 'beside')),
    tool text COLLATE "C" NOT NULL,
    integration text COLLATE "C" NOT NULL,
    payload_hash text COLLATE "C" NOT NULL,
    last_error text NOT NULL,
    data_subject text COLLATE "C" NOT NULL,
    payload bytea NOT NULL,
    -- An attempt is counted before it runs.
    CHECK (status <> 'intended' OR attempt > 0)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0)
;;
ALTER TABLE resolute.effects ALTER COLUMN payload SET STORAGE EXTERNAL
;;
-- An effect that a commit plans and its owner runs at once is in none of these.
CREATE INDEX effects_claimable ON resolute.effects (rank, planned_at, id) WHERE status IN ('waiting', 'unclear') AND crashes = 0
;;
CREATE INDEX effects_suspect ON resolute.effects (rank, planned_at, id) WHERE status IN ('waiting', 'unclear') AND crashes > 0
;;
CREATE INDEX effects_wake ON resolute.effects (next_at) WHERE status IN ('waiting', 'unclear') AND crashes = 0
;;
CREATE INDEX effects_running_suspect ON resolute.effects (id) WHERE status IN ('intended', 'reconciling') AND crashes > 0
;;
-- What must not happen twice is known for ever.
CREATE TABLE resolute.sent (
    effect_id text COLLATE "C" PRIMARY KEY CHECK (effect_id <> ''),
    case_id text COLLATE "C" NOT NULL,
    ended_at bigint NOT NULL,
    attempts integer NOT NULL CHECK (attempts >= 0),
    tool text COLLATE "C" NOT NULL,
    class text COLLATE "C" NOT NULL CHECK (class IN ('guarded', 'mails')),
    status text COLLATE "C" NOT NULL CHECK (status IN ('confirmed', 'refused', 'failed')),
    payload_hash text COLLATE "C" NOT NULL
)
;;
CREATE TABLE resolute.inputs (
    id text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    case_id text COLLATE "C" NOT NULL,
    version bigint NOT NULL
)
;;
-- By its hash: a sender chooses the Message-ID, and an index refuses what is very long.
CREATE TABLE resolute.message_ids (
    key bytea PRIMARY KEY,
    case_id text COLLATE "C" NOT NULL
)
;;
CREATE TABLE resolute.tasks (
    id text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    case_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'approved', 'denied', 'done', 'expired', 'cancelled')),
    assignee text COLLATE "C" NOT NULL,
    opened_at bigint NOT NULL,
    task text NOT NULL
)
;;
CREATE INDEX tasks_by_age ON resolute.tasks (opened_at, id)
;;
CREATE INDEX tasks_open ON resolute.tasks (opened_at, id) WHERE state = 'open'
;;
CREATE INDEX tasks_approved ON resolute.tasks (case_id) WHERE kind = 'approve' AND state = 'approved'
;;
CREATE TABLE resolute.claims (
    case_id text COLLATE "C" PRIMARY KEY,
    customer text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    minor bigint,
    currency text COLLATE "C",
    state text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'granted', 'denied')),
    at bigint NOT NULL,
    CHECK ((minor IS NULL) = (currency IS NULL))
)
;;
CREATE INDEX claims_by_customer ON resolute.claims (customer, at)
;;
CREATE TABLE resolute.procedures (
    content_hash text COLLATE "C" PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    document text NOT NULL,
    refund_minor bigint,
    refund_currency text COLLATE "C",
    CHECK ((refund_minor IS NULL) = (refund_currency IS NULL))
)
;;
-- The refund rule -----------------------------------------------------------------------------------------------------
-- No mail that answers a case by itself leaves while what its customer claims for the order within 30 days, this case's claim
-- included, is more than the procedure lets pass without a person, or not known. A case whose procedure or whose procedure's
-- limit is not known goes by the newest that is.

CREATE FUNCTION resolute.check_refund() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    own resolute.claims%ROWTYPE;
    most record;
    is_within boolean;
BEGIN
    SELECT * INTO own FROM resolute.claims c WHERE c.case_id = NEW.case_id AND c.state IN ('pending', 'granted');
    IF NOT FOUND THEN RETURN NEW; END IF;
    -- Two workers that answer two cases of one customer at once: the second waits for the first, and then sees its claim.
    PERFORM pg_advisory_xact_lock(hashtextextended('resolute.claims/' || own.customer, 0));
    SELECT p.refund_minor AS minor, p.refund_currency AS currency INTO most
        FROM resolute.procedures p
        WHERE p.refund_minor IS NOT NULL
        ORDER BY p.content_hash = coalesce((SELECT procedure_hash FROM resolute.cases WHERE id = NEW.case_id),
                                           (SELECT procedure_hash FROM resolute.closed_cases WHERE id = NEW.case_id), '') DESC,
            p.seq DESC
        LIMIT 1;
    IF NOT FOUND THEN RETURN NEW; END IF;
    IF EXISTS (SELECT FROM resolute.tasks WHERE case_id = NEW.case_id AND kind = 'approve' AND state = 'approved') THEN RETURN NEW; END IF;
    SELECT count(*) = count(*) FILTER (WHERE c.minor IS NOT NULL AND c.currency = most.currency) AND sum(c.minor) <= most.minor
        INTO is_within
        FROM resolute.claims c
        WHERE c.case_id = own.case_id
            OR (c.customer = own.customer AND c.at >= NEW.planned_at - 2592000000 AND c.state IN ('pending', 'granted')
                AND (own.order_id = '' OR c.order_id = '' OR c.order_id = own.order_id));
    IF is_within IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = 'gate.refund_unapproved';
    END IF;
    RETURN NEW;
END $$
;;
CREATE TRIGGER effects_refund_gate BEFORE INSERT ON resolute.effects FOR EACH ROW WHEN (NEW.resolves)
    EXECUTE FUNCTION resolute.check_refund()
;;
-- Mail --------------------------------------------------------------------------------------------------------------

CREATE TABLE resolute.blobs (
    hash text COLLATE "C" PRIMARY KEY CHECK (length(hash) = 64),
    bytes bytea NOT NULL
)
;;
CREATE TABLE resolute.mails (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    account text COLLATE "C" NOT NULL,
    folder text COLLATE "C" NOT NULL,
    uid text COLLATE "C" NOT NULL,
    received_at bigint NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    blob text COLLATE "C" NOT NULL,
    is_truncated boolean NOT NULL,
    outcome text COLLATE "C" NOT NULL DEFAULT 'pending'
        CHECK (outcome IN ('pending', 'new_case', 'appended', 'quarantined', 'ignored')),
    reason text NOT NULL DEFAULT '',
    case_id text COLLATE "C" NOT NULL DEFAULT '',
    sender text NOT NULL DEFAULT '',
    subject text NOT NULL DEFAULT '',
    message_id text NOT NULL DEFAULT '',
    content_key text COLLATE "C" NOT NULL DEFAULT '',
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- Until then another intake leaves it alone.
    held_until bigint NOT NULL DEFAULT 0,
    CHECK (outcome NOT IN ('new_case', 'appended') OR case_id <> '')
) WITH (fillfactor = 80)
;;
CREATE INDEX mails_by_position ON resolute.mails (account, folder, uid)
;;
CREATE INDEX mails_by_age ON resolute.mails (received_at, seq)
;;
CREATE INDEX mails_pending ON resolute.mails (received_at, seq) WHERE outcome = 'pending'
;;
CREATE INDEX mails_by_content ON resolute.mails (content_key, seq) WHERE content_key <> ''
;;
CREATE INDEX mails_by_case ON resolute.mails (case_id, received_at, seq) WHERE case_id <> ''
;;
-- Desk --------------------------------------------------------------------------------------------------------------

CREATE SEQUENCE resolute.ticket_numbers START WITH 1001
;;
CREATE TABLE resolute.tickets (
    number bigint PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE,
    case_id text COLLATE "C" NOT NULL,
    customer text COLLATE "C" NOT NULL,
    requester text NOT NULL,
    subject text NOT NULL,
    description text NOT NULL,
    category text NOT NULL,
    priority text NOT NULL,
    tier text NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('open', 'escalated', 'waiting_customer', 'resolved', 'closed')),
    assignee text COLLATE "C" NOT NULL DEFAULT '',
    resolution_category text NOT NULL DEFAULT '',
    created_at bigint NOT NULL,
    resolved_at bigint,
    CHECK (status <> 'resolved' OR resolved_at IS NOT NULL)
) WITH (fillfactor = 80)
;;
CREATE TABLE resolute.comments (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE,
    ticket bigint NOT NULL REFERENCES resolute.tickets (number),
    author text NOT NULL,
    is_public boolean NOT NULL,
    text text NOT NULL,
    at bigint NOT NULL
)
;;
CREATE INDEX comments_by_ticket ON resolute.comments (ticket, seq)
;;
CREATE TABLE resolute.ticket_changes (
    key text COLLATE "C" PRIMARY KEY,
    ticket bigint NOT NULL REFERENCES resolute.tickets (number)
)
;;
CREATE TABLE resolute.customers (
    id text COLLATE "C" PRIMARY KEY,
    profile text NOT NULL
)
;;
CREATE TABLE resolute.customer_emails (
    address text COLLATE "C" NOT NULL,
    customer_id text COLLATE "C" NOT NULL REFERENCES resolute.customers (id),
    PRIMARY KEY (address, customer_id)
)
;;
CREATE INDEX customer_emails_by_customer ON resolute.customer_emails (customer_id)
;;
CREATE TABLE resolute.interactions (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE,
    customer_id text COLLATE "C" NOT NULL REFERENCES resolute.customers (id),
    at bigint NOT NULL,
    kind text NOT NULL,
    summary text NOT NULL,
    case_id text COLLATE "C" NOT NULL
)
;;
CREATE INDEX interactions_by_customer ON resolute.interactions (customer_id, seq)
;;
CREATE SEQUENCE resolute.deal_numbers
;;
CREATE TABLE resolute.deals (
    number bigint PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE,
    customer text COLLATE "C" NOT NULL,
    contact text NOT NULL,
    title text NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    at bigint NOT NULL
)
;;
CREATE TABLE resolute.agents (
    id text COLLATE "C" PRIMARY KEY,
    profile text NOT NULL
)
;;
CREATE TABLE resolute.notifications (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE,
    role text NOT NULL,
    person text NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    text text NOT NULL,
    at bigint NOT NULL
)
;;
CREATE INDEX notifications_by_age ON resolute.notifications (at, seq)
;;
CREATE TABLE resolute.outages (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integration text COLLATE "C" NOT NULL,
    began_at bigint NOT NULL,
    ended_at bigint,
    error text NOT NULL
)
;;
-- One outage at a time for each integration: people are told once.
CREATE UNIQUE INDEX outages_open ON resolute.outages (integration) WHERE ended_at IS NULL
;;
-- Knowledge ---------------------------------------------------------------------------------------------------------

CREATE TABLE resolute.articles (
    id text COLLATE "C" PRIMARY KEY,
    article text NOT NULL
)
;;
CREATE TABLE resolute.article_questions (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id text COLLATE "C" NOT NULL REFERENCES resolute.articles (id),
    question text NOT NULL
)
;;
-- By its hash: an index refuses what is very long.
CREATE UNIQUE INDEX article_questions_once ON resolute.article_questions (article_id, md5(question))
