-- SPDX-License-Identifier: Apache-2.0
-- What becomes of a mail at its source after its outcome is known, who had one read again, and what is remembered of mailboxes.

ALTER TABLE resolute.mails ADD COLUMN is_to_put_away boolean NOT NULL DEFAULT false
;;
CREATE INDEX mails_to_put_away ON resolute.mails (account, folder, seq) WHERE is_to_put_away
;;
-- Only ever appended.
CREATE TABLE resolute.reopened_mails (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mail_id text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    by text NOT NULL,
    was text COLLATE "C" NOT NULL CHECK (was IN ('quarantined', 'ignored')),
    reason_code text NOT NULL
)
;;
CREATE INDEX reopened_mails_by_mail ON resolute.reopened_mails (mail_id, seq)
;;
CREATE TABLE resolute.notes (
    topic text COLLATE "C" PRIMARY KEY CHECK (topic <> ''),
    text text NOT NULL
)
