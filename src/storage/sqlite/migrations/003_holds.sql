-- SPDX-License-Identifier: Apache-2.0
-- Persons whose data must stay, whatever anybody asks. A hold is released, never deleted.

CREATE TABLE holds (
    seq INTEGER PRIMARY KEY,
    -- Tells nothing without the master key.
    blind_name TEXT NOT NULL CHECK (blind_name <> ''),
    why TEXT NOT NULL,
    by TEXT NOT NULL,
    since INTEGER NOT NULL,
    released_at INTEGER,
    released_by TEXT NOT NULL DEFAULT ''
) STRICT;
-- One hold at a time for each person.
CREATE UNIQUE INDEX holds_open ON holds (blind_name) WHERE released_at IS NULL;
