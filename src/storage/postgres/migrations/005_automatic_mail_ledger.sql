-- SPDX-License-Identifier: Apache-2.0
-- Who was written to without a person, for eight days: what holds back floods and loops. Addresses and domains are hashed with a key
-- that is not here.

CREATE TABLE resolute.automatic_mail_ledger (
    effect_id text COLLATE "C" PRIMARY KEY,
    case_id text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    domain text COLLATE "C" NOT NULL,
    is_verified boolean NOT NULL,
    at bigint NOT NULL
)
;;
CREATE INDEX automatic_mail_ledger_by_address ON resolute.automatic_mail_ledger (address, at, case_id)
;;
CREATE INDEX automatic_mail_ledger_by_case ON resolute.automatic_mail_ledger (case_id, at)
;;
CREATE INDEX automatic_mail_ledger_by_domain ON resolute.automatic_mail_ledger (domain, at) WHERE NOT is_verified
;;
CREATE INDEX automatic_mail_ledger_unverified ON resolute.automatic_mail_ledger (at) WHERE NOT is_verified
;;
CREATE INDEX automatic_mail_ledger_by_time ON resolute.automatic_mail_ledger (at)
;;
-- All of it, by the hour; in shares, so that those who count at once seldom wait for each other.
CREATE TABLE resolute.mail_hours (
    hour bigint NOT NULL,
    share smallint NOT NULL,
    mails bigint NOT NULL,
    PRIMARY KEY (hour, share)
)
