-- SPDX-License-Identifier: Apache-2.0
-- Who was written to without a person, for eight days: what holds back floods and loops. Addresses and domains are hashed with a key
-- that is not here.

CREATE TABLE automatic_mail_ledger (
    effect_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    address TEXT NOT NULL,
    domain TEXT NOT NULL,
    is_verified INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX automatic_mail_ledger_by_address ON automatic_mail_ledger (address, at, case_id);
CREATE INDEX automatic_mail_ledger_by_case ON automatic_mail_ledger (case_id, at);
CREATE INDEX automatic_mail_ledger_by_domain ON automatic_mail_ledger (domain, at) WHERE is_verified = 0;
CREATE INDEX automatic_mail_ledger_unverified ON automatic_mail_ledger (at) WHERE is_verified = 0;
CREATE INDEX automatic_mail_ledger_by_time ON automatic_mail_ledger (at);

-- All of it, by the hour.
CREATE TABLE mail_hours (
    hour INTEGER PRIMARY KEY,
    mails INTEGER NOT NULL
) STRICT;
