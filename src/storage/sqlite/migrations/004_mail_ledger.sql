-- SPDX-License-Identifier: Apache-2.0
-- What becomes of a mail at its source after its outcome is known, who had one read again, and what is remembered of mailboxes.

ALTER TABLE mails ADD COLUMN is_to_put_away INTEGER NOT NULL DEFAULT 0 CHECK (is_to_put_away IN (0, 1));
CREATE INDEX mails_to_put_away ON mails (account, folder, seq) WHERE is_to_put_away = 1;

-- Only ever appended.
CREATE TABLE reopened_mails (
    seq INTEGER PRIMARY KEY,
    mail_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    was TEXT NOT NULL CHECK (was IN ('quarantined', 'ignored')),
    reason_code TEXT NOT NULL
) STRICT;
CREATE INDEX reopened_mails_by_mail ON reopened_mails (mail_id, seq);

CREATE TABLE notes (
    topic TEXT PRIMARY KEY CHECK (topic <> ''),
    text TEXT NOT NULL
) STRICT;
