-- SPDX-License-Identifier: Apache-2.0
-- What a commit writes, as procedures: the server's session keeps their plans, also behind a pooler in transaction mode, where a
-- statement would be parsed and planned again each time.
--
-- Each takes the rows of a whole batch as arrays, a column each. They are unnested side by side in a list of columns: as
-- `FROM unnest(a, b, …)` PostgreSQL would first write each array to a store of its own, at twice the cost. Plans are generic, whatever
-- the size of the batch, and look the batch's rows up one by one in indexes: a plan that reads a whole table, chosen while it was
-- small, would be the wrong one for as long as nobody analysed it.
--
-- RS001: something is not as the commit expects; RS002: the worker is fenced.

-- A closed case that goes on stands among the open ones first.
CREATE PROCEDURE resolute.reopen_cases(these text[], expected_versions bigint[]) LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off SET lock_timeout = '10s' AS $$
BEGIN
    WITH back AS (
        DELETE FROM resolute.closed_cases c USING (SELECT unnest(these) AS id, unnest(expected_versions) AS expected) AS n
        WHERE c.id = n.id AND c.version = n.expected RETURNING c.*)
    INSERT INTO resolute.cases (id, version, rank, wake_at, head_hash, lifecycle, procedure_hash, data_subject)
        SELECT id, version, rank, wake_at, head_hash, 'quarantined', procedure_hash, data_subject FROM back;
END $$
;;
CREATE PROCEDURE resolute.close_cases(these text[], expected_versions bigint[], expected_heads bytea[], versions bigint[], ranks bigint[],
    wakes bigint[], heads bytea[], lifecycles text[], procedure_hashes text[], data_subjects text[]) LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off SET lock_timeout = '10s' AS $$
DECLARE
    found_rows bigint;
BEGIN
    WITH gone AS (
        DELETE FROM resolute.cases c USING (
            SELECT unnest(these) AS id, unnest(expected_versions) AS expected, unnest(expected_heads) AS expected_head,
                unnest(versions) AS version, unnest(ranks) AS rank, unnest(wakes) AS wake_at, unnest(heads) AS head_hash,
                unnest(lifecycles) AS lifecycle, unnest(procedure_hashes) AS procedure_hash, unnest(data_subjects) AS data_subject) AS n
        WHERE c.id = n.id AND c.version = n.expected AND c.head_hash = n.expected_head
        RETURNING n.id, n.version, n.rank, n.wake_at, coalesce(n.head_hash, c.head_hash), n.lifecycle, n.procedure_hash, n.data_subject)
    INSERT INTO resolute.closed_cases (id, version, rank, wake_at, head_hash, lifecycle, procedure_hash, data_subject) SELECT * FROM gone;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows <> cardinality(these) THEN
        RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'a case is at another version';
    END IF;
END $$
;;
-- Also those that are closed from their beginning.
CREATE PROCEDURE resolute.open_cases(these text[], versions bigint[], ranks bigint[], wakes bigint[], heads bytea[], lifecycles text[],
    procedure_hashes text[], data_subjects text[]) LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off SET lock_timeout = '10s' AS $$
DECLARE
    made bigint;
    made_closed bigint := 0;
BEGIN
    INSERT INTO resolute.cases (id, version, rank, wake_at, head_hash, lifecycle, procedure_hash, data_subject)
        SELECT n.* FROM (
            SELECT unnest(these) AS id, unnest(versions), unnest(ranks), unnest(wakes), unnest(heads), unnest(lifecycles) AS lifecycle,
                unnest(procedure_hashes), unnest(data_subjects)) AS n
        WHERE n.lifecycle <> 'closed' AND NOT EXISTS (SELECT FROM resolute.closed_cases x WHERE x.id = n.id);
    GET DIAGNOSTICS made = ROW_COUNT;
    IF 'closed' = ANY (lifecycles) THEN
        INSERT INTO resolute.closed_cases (id, version, rank, wake_at, head_hash, lifecycle, procedure_hash, data_subject)
            SELECT n.* FROM (
                SELECT unnest(these) AS id, unnest(versions), unnest(ranks), unnest(wakes), unnest(heads), unnest(lifecycles) AS lifecycle,
                    unnest(procedure_hashes), unnest(data_subjects)) AS n
            WHERE n.lifecycle = 'closed' AND NOT EXISTS (SELECT FROM resolute.cases x WHERE x.id = n.id);
        GET DIAGNOSTICS made_closed = ROW_COUNT;
    END IF;
    IF made + made_closed <> cardinality(these) THEN
        RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'a case is there already';
    END IF;
END $$
;;
CREATE PROCEDURE resolute.put_listed(these text[], opened bigint[], statuses text[], categories text[], tickets text[], senders text[],
    subjects text[], summaries text[]) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET lock_timeout = '10s' AS $$
BEGIN
    INSERT INTO resolute.case_list (id, opened_at, status, category, ticket, sender, subject, summary)
        SELECT unnest(these), unnest(opened), unnest(statuses), unnest(categories), unnest(tickets), unnest(senders), unnest(subjects),
            unnest(summaries)
    ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at, status = excluded.status, category = excluded.category,
        ticket = excluded.ticket, sender = excluded.sender, subject = excluded.subject, summary = excluded.summary;
END $$
;;
CREATE PROCEDURE resolute.insert_journal(these text[], numbers bigint[], counts bigint[], hashes bytea[], texts text[], secrets bytea[]) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET lock_timeout = '10s' AS $$
BEGIN
    INSERT INTO resolute.journal (case_id, number, count, hash, events, sealed)
        SELECT unnest(these), unnest(numbers), unnest(counts), unnest(hashes), unnest(texts), unnest(secrets);
END $$
;;
CREATE PROCEDURE resolute.put_snapshots(these text[], versions bigint[], secrets bytea[]) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET lock_timeout = '10s' AS $$
BEGIN
    INSERT INTO resolute.snapshots (case_id, version, sealed) SELECT unnest(these), unnest(versions), unnest(secrets)
    ON CONFLICT (case_id) DO UPDATE SET version = excluded.version, sealed = excluded.sealed;
END $$
;;
CREATE PROCEDURE resolute.insert_inputs(these text[], cases text[], versions bigint[]) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET lock_timeout = '10s' AS $$
BEGIN
    INSERT INTO resolute.inputs (id, case_id, version) SELECT unnest(these), unnest(cases), unnest(versions);
END $$
;;
-- A sender chooses the Message-ID: whoever used it first keeps it, so that nobody can draw a conversation to another case.
-- In one order everywhere, or two transactions could wait for one another.
CREATE PROCEDURE resolute.insert_message_ids(keys bytea[], cases text[]) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET lock_timeout = '10s' AS $$
BEGIN
    INSERT INTO resolute.message_ids (key, case_id)
        SELECT * FROM (SELECT unnest(keys) AS key, unnest(cases)) AS n ORDER BY n.key
    ON CONFLICT DO NOTHING;
END $$
;;
CREATE PROCEDURE resolute.put_tasks(these text[], cases text[], kinds text[], states text[], assignees text[], opened bigint[], texts text[]) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET lock_timeout = '10s' AS $$
BEGIN
    INSERT INTO resolute.tasks (id, case_id, kind, state, assignee, opened_at, task)
        SELECT unnest(these), unnest(cases), unnest(kinds), unnest(states), unnest(assignees), unnest(opened), unnest(texts)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, state = excluded.state, assignee = excluded.assignee, task = excluded.task;
END $$
;;
CREATE PROCEDURE resolute.put_claims(these text[], customers text[], orders text[], minors bigint[], currencies text[], states text[],
    moments bigint[]) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET lock_timeout = '10s' AS $$
BEGIN
    INSERT INTO resolute.claims (case_id, customer, order_id, minor, currency, state, at)
        SELECT unnest(these), unnest(customers), unnest(orders), unnest(minors), unnest(currencies), unnest(states), unnest(moments)
    ON CONFLICT (case_id) DO UPDATE SET customer = excluded.customer, order_id = excluded.order_id, minor = excluded.minor,
        currency = excluded.currency, state = excluded.state, at = excluded.at;
END $$
;;
CREATE PROCEDURE resolute.delete_claims(these text[]) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET lock_timeout = '10s' AS $$
BEGIN
    DELETE FROM resolute.claims WHERE case_id = ANY (these);
END $$
;;
-- Heads of cases that go on, with the row of the journal of each that has exactly one (`texts`; NULL where it has none or many).
CREATE PROCEDURE resolute.continue_cases(these text[], expected_versions bigint[], expected_heads bytea[], new_versions bigint[],
    ranks bigint[], wakes bigint[], heads bytea[], lifecycles text[], procedure_hashes text[], data_subjects text[], texts text[],
    secrets bytea[]) LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off SET lock_timeout = '10s' AS $$
DECLARE
    touched bigint;
BEGIN
    UPDATE resolute.cases c SET version = n.version, rank = n.rank, wake_at = n.wake_at, head_hash = coalesce(n.head_hash, c.head_hash),
            lifecycle = n.lifecycle, procedure_hash = n.procedure_hash, data_subject = n.data_subject
        FROM (SELECT unnest(these) AS id, unnest(expected_versions) AS expected, unnest(expected_heads) AS expected_head,
                unnest(new_versions) AS version, unnest(ranks) AS rank, unnest(wakes) AS wake_at, unnest(heads) AS head_hash,
                unnest(lifecycles) AS lifecycle, unnest(procedure_hashes) AS procedure_hash, unnest(data_subjects) AS data_subject) AS n
        WHERE c.id = n.id AND c.version = n.expected AND c.head_hash = n.expected_head;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> cardinality(these) THEN
        RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'a case is at another version';
    END IF;
    INSERT INTO resolute.journal (case_id, number, count, hash, events, sealed)
        SELECT n.id, n.expected + 1, n.version - n.expected, n.head_hash, n.events, n.sealed
        FROM (SELECT unnest(these) AS id, unnest(expected_versions) AS expected, unnest(new_versions) AS version,
                unnest(heads) AS head_hash, unnest(texts) AS events, unnest(secrets) AS sealed) AS n
        WHERE n.events IS NOT NULL;
END $$
;;
-- Ends, changes and plans of effects, and the worker's write. Their cases' rows are locked by now, so nobody ends or plans an effect
-- of these cases beside us. The worker's row comes last: it is locked only while the transaction goes to the disk.
-- `counter`: the worker's epoch, and then its writes; NULL: somebody else counts.
CREATE PROCEDURE resolute.write_effects(
    INOUT counter bigint,
    ended_ids text[], ended_cases text[], ended_statuses text[], ended_moments bigint[],
    moved_ids text[], moved_cases text[], moved_statuses text[], moved_next bigint[], moved_errors text[], moved_epochs bigint[],
    new_ids text[], new_cases text[], new_planned bigint[], new_next bigint[], new_ranks bigint[], new_epochs bigint[],
    new_timeouts bigint[], new_first_delays bigint[], new_delays_max bigint[], new_attempts_max bigint[], new_steps bigint[],
    new_attempts bigint[], new_crashes bigint[], new_resolves bigint[], new_statuses text[], new_classes text[], new_purposes text[],
    new_tools text[], new_integrations text[], new_payload_hashes text[], new_errors text[], new_data_subjects text[], new_payloads bytea[])
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off SET lock_timeout = '10s' AS $$
DECLARE
    touched bigint;
BEGIN
    IF cardinality(ended_ids) > 0 THEN
        WITH gone AS (
            DELETE FROM resolute.effects e USING (
                SELECT unnest(ended_ids) AS id, unnest(ended_cases) AS case_id, unnest(ended_statuses) AS status,
                    unnest(ended_moments) AS ended_at) AS n
            WHERE e.id = n.id AND e.case_id = n.case_id
            RETURNING e.id, e.case_id, n.ended_at, e.attempt, e.tool, e.class, n.status, e.payload_hash),
        kept AS (
            INSERT INTO resolute.sent (effect_id, case_id, ended_at, attempts, tool, class, status, payload_hash)
            SELECT * FROM gone WHERE class IN ('guarded', 'mails'))
        SELECT count(*) INTO touched FROM gone;
        IF touched <> cardinality(ended_ids) THEN
            RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'an effect is not open';
        END IF;
    END IF;
    IF cardinality(moved_ids) > 0 THEN
        -- A person answered for what was held: its crashes are forgiven.
        UPDATE resolute.effects e SET crashes = CASE WHEN e.status = 'held' AND n.status <> 'held' THEN 0 ELSE e.crashes END,
                status = n.status, next_at = n.next_at, last_error = n.last_error, epoch = n.epoch
            FROM (SELECT unnest(moved_ids) AS id, unnest(moved_cases) AS case_id, unnest(moved_statuses) AS status,
                    unnest(moved_next) AS next_at, unnest(moved_errors) AS last_error, unnest(moved_epochs) AS epoch) AS n
            WHERE e.id = n.id AND e.case_id = n.case_id;
        GET DIAGNOSTICS touched = ROW_COUNT;
        IF touched <> cardinality(moved_ids) THEN
            RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'an effect is not open';
        END IF;
    END IF;
    IF cardinality(new_ids) > 0 THEN
        INSERT INTO resolute.effects (id, case_id, planned_at, next_at, rank, epoch, timeout, first_delay, delay_max, attempts_max, step,
                attempt, crashes, resolves, status, class, purpose, tool, integration, payload_hash, last_error, data_subject, payload)
            SELECT id, case_id, planned_at, next_at, rank, epoch, timeout, first_delay, delay_max, attempts_max, step, attempt, crashes,
                resolves <> 0, status, class, purpose, tool, integration, payload_hash, last_error, data_subject, payload
            FROM (SELECT unnest(new_ids) AS id, unnest(new_cases) AS case_id, unnest(new_planned) AS planned_at,
                    unnest(new_next) AS next_at, unnest(new_ranks) AS rank, unnest(new_epochs) AS epoch, unnest(new_timeouts) AS timeout,
                    unnest(new_first_delays) AS first_delay, unnest(new_delays_max) AS delay_max,
                    unnest(new_attempts_max) AS attempts_max, unnest(new_steps) AS step, unnest(new_attempts) AS attempt,
                    unnest(new_crashes) AS crashes, unnest(new_resolves) AS resolves, unnest(new_statuses) AS status,
                    unnest(new_classes) AS class, unnest(new_purposes) AS purpose, unnest(new_tools) AS tool,
                    unnest(new_integrations) AS integration, unnest(new_payload_hashes) AS payload_hash,
                    unnest(new_errors) AS last_error, unnest(new_data_subjects) AS data_subject, unnest(new_payloads) AS payload) AS n
            WHERE n.class NOT IN ('guarded', 'mails') OR NOT EXISTS (SELECT FROM resolute.sent s WHERE s.effect_id = n.id);
        GET DIAGNOSTICS touched = ROW_COUNT;
        IF touched <> cardinality(new_ids) THEN
            RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'an effect was planned before';
        END IF;
    END IF;
    IF counter IS NULL THEN RETURN; END IF;
    UPDATE resolute.workers w SET writes = w.writes + 1 WHERE w.epoch = counter AND NOT w.fenced RETURNING w.writes INTO counter;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RS002', MESSAGE = 'store.fenced';
    END IF;
END $$
;;
-- A commit of one case alone that goes on with one row of the journal, and at most one end and one plan of an effect: the usual step,
-- of a case that nobody shares a batch with. The same as continue_cases and write_effects of one row each, without the arrays.
CREATE PROCEDURE resolute.commit_step(
    INOUT counter bigint,
    this text, expected_version bigint, expected_head bytea, new_version bigint, new_rank bigint, wake bigint, head bytea, new_lifecycle text,
    new_procedure text, new_subject text, texts text, secrets bytea,
    ended_id text, ended_status text, ended_moment bigint,
    new_id text, new_planned bigint, new_next bigint, new_effect_rank bigint, new_epoch bigint,
    new_timeout bigint, new_first_delay bigint, new_delay_max bigint, new_attempts_max bigint, new_step bigint,
    new_attempt bigint, new_crashes bigint, new_resolves bigint, new_status text, new_class text, new_purpose text,
    new_tool text, new_integration text, new_payload_hash text, new_error text, new_data_subject text, new_payload bytea)
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET lock_timeout = '10s' AS $$
DECLARE
    ended_class text;
    ended_tool text;
    ended_hash text;
    ended_attempts integer;
BEGIN
    UPDATE resolute.cases c SET version = new_version, rank = new_rank, wake_at = wake, head_hash = head, lifecycle = new_lifecycle,
            procedure_hash = new_procedure, data_subject = new_subject
        WHERE c.id = this AND c.version = expected_version AND c.head_hash = expected_head;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'a case is at another version';
    END IF;
    INSERT INTO resolute.journal (case_id, number, count, hash, events, sealed)
        VALUES (this, expected_version + 1, new_version - expected_version, head, texts, secrets);
    IF ended_id IS NOT NULL THEN
        DELETE FROM resolute.effects e WHERE e.id = ended_id AND e.case_id = this
            RETURNING e.class, e.tool, e.payload_hash, e.attempt INTO ended_class, ended_tool, ended_hash, ended_attempts;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'an effect is not open';
        END IF;
        IF ended_class IN ('guarded', 'mails') THEN
            INSERT INTO resolute.sent (effect_id, case_id, ended_at, attempts, tool, class, status, payload_hash)
                VALUES (ended_id, this, ended_moment, ended_attempts, ended_tool, ended_class, ended_status, ended_hash);
        END IF;
    END IF;
    IF new_id IS NOT NULL THEN
        IF new_class IN ('guarded', 'mails') THEN
            PERFORM FROM resolute.sent s WHERE s.effect_id = new_id;
            IF FOUND THEN
                RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'an effect was planned before';
            END IF;
        END IF;
        INSERT INTO resolute.effects (id, case_id, planned_at, next_at, rank, epoch, timeout, first_delay, delay_max, attempts_max, step,
                attempt, crashes, resolves, status, class, purpose, tool, integration, payload_hash, last_error, data_subject, payload)
            VALUES (new_id, this, new_planned, new_next, new_effect_rank, new_epoch, new_timeout, new_first_delay, new_delay_max,
                new_attempts_max, new_step, new_attempt, new_crashes, new_resolves <> 0, new_status, new_class, new_purpose, new_tool,
                new_integration, new_payload_hash, new_error, new_data_subject, new_payload);
    END IF;
    UPDATE resolute.workers w SET writes = w.writes + 1 WHERE w.epoch = counter AND NOT w.fenced RETURNING w.writes INTO counter;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'RS002', MESSAGE = 'store.fenced';
    END IF;
END $$
