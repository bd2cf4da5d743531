CREATE TABLE imports (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    label      TEXT    NOT NULL,
    started    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('running', 'done', 'failed', 'undone')),
    rows       INTEGER NOT NULL DEFAULT 0,
    added      INTEGER NOT NULL DEFAULT 0,
    replaced   INTEGER NOT NULL DEFAULT 0,
    unchanged  INTEGER NOT NULL DEFAULT 0,
    set_aside  INTEGER NOT NULL DEFAULT 0,
    net        TEXT,
    first_day  TEXT,
    last_day   TEXT,
    message    TEXT
) STRICT;

CREATE TABLE profiles (
    name    TEXT PRIMARY KEY,
    content TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
