-- Where a person is written to, in which language, how often a digest is wanted, and the day of the last one.
ALTER TABLE users ADD COLUMN email TEXT;
ALTER TABLE users ADD COLUMN lang TEXT NOT NULL DEFAULT 'id';
ALTER TABLE users ADD COLUMN digest TEXT NOT NULL DEFAULT 'daily' CHECK (digest IN ('daily', 'weekly', 'never'));
ALTER TABLE users ADD COLUMN digested TEXT;

-- Rules that raise alerts, as JSON. One that is gone stays, for the alerts it raised.
CREATE TABLE alert_rules (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    rule    TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    gone_at TEXT,
    gone_by TEXT,
    -- When it was last looked at, and why that failed.
    checked TEXT,
    error_id TEXT,
    error_en TEXT
) STRICT;

-- Situations that a rule raised, each once.
CREATE TABLE alerts (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    rule      INTEGER NOT NULL REFERENCES alert_rules (id),
    -- Of whom or what: 'company' or the name of a dimension, and the member's id there; '' for the company.
    scope     TEXT NOT NULL,
    member    TEXT NOT NULL,
    since     TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'snoozed', 'action', 'passed', 'closed')),
    -- Snoozed until this day; what came of it: the action's id.
    until     TEXT,
    action    TEXT,
    -- The situation still lasts; once it is over another may be raised.
    lasts     INTEGER NOT NULL,
    changed   TEXT NOT NULL,
    -- The ways out know that it was raised (1), that it is over (2).
    noticed   INTEGER NOT NULL DEFAULT 0,
    -- What is told of it (JSON): month, figure, what was expected, words in both languages.
    told      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX alerts_lasting ON alerts (rule, member) WHERE lasts = 1;
CREATE INDEX alerts_state ON alerts (state, id);

-- What was done about an alert, by whom and when; by nobody where it came by itself.
CREATE TABLE alert_steps (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    alert  INTEGER NOT NULL REFERENCES alerts (id),
    at     TEXT NOT NULL,
    by     TEXT,
    state  TEXT NOT NULL,
    note   TEXT
) STRICT;
CREATE INDEX alert_steps_alert ON alert_steps (alert, id);

-- Reports made by themselves: for whom, what, when, and whereto.
CREATE TABLE reports (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    login    TEXT NOT NULL,
    what     TEXT NOT NULL,
    period   TEXT NOT NULL,
    format   TEXT NOT NULL,
    way      TEXT NOT NULL CHECK (way IN ('mail', 'folder')),
    folder   TEXT,
    every    TEXT NOT NULL,
    made_by  TEXT NOT NULL,
    made_at  TEXT NOT NULL,
    next     TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    done     TEXT,
    made     TEXT,
    error_id TEXT,
    error_en TEXT
) STRICT;

-- A file that goes with a message.
ALTER TABLE outbox ADD COLUMN file_name TEXT;
ALTER TABLE outbox ADD COLUMN file_type TEXT;
ALTER TABLE outbox ADD COLUMN file BLOB;
