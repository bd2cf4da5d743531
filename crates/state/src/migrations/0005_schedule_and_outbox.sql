-- When a source is synced by itself, and how often in a row that failed.
ALTER TABLE sources ADD COLUMN schedule TEXT;
ALTER TABLE sources ADD COLUMN next TEXT;
ALTER TABLE sources ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;

-- Ways out: mail and webhooks. A secret is never kept: the definition says where it is found.
CREATE TABLE channels (
    name       TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    events     TEXT NOT NULL,
    lang       TEXT NOT NULL
) STRICT;

-- Messages that must not be lost. `rest` is the channel with whom is still to be reached.
CREATE TABLE outbox (
    id       TEXT PRIMARY KEY,
    channel  TEXT NOT NULL,
    rest     TEXT NOT NULL,
    event    TEXT NOT NULL,
    at       TEXT NOT NULL,
    subject  TEXT NOT NULL,
    text     TEXT NOT NULL,
    data     TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    tries    INTEGER NOT NULL,
    next     TEXT,
    done     TEXT,
    error_id TEXT,
    error_en TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (state, next);
