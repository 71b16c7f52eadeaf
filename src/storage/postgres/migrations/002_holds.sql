-- SPDX-License-Identifier: Apache-2.0
-- Persons whose data must stay, whatever anybody asks. A hold is released, never deleted.

CREATE TABLE resolute.holds (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Tells nothing without the master key.
    blind_name text COLLATE "C" NOT NULL CHECK (blind_name <> ''),
    why text NOT NULL,
    by text NOT NULL,
    since bigint NOT NULL,
    released_at bigint,
    released_by text NOT NULL DEFAULT ''
)
;;
-- One hold at a time for each person.
CREATE UNIQUE INDEX holds_open ON resolute.holds (blind_name) WHERE released_at IS NULL
;;
-- What an erasure looks for.
CREATE INDEX tickets_by_case ON resolute.tickets (case_id)
