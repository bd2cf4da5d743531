-- Opportunities that somebody does not want to be told of, with the situation they were dismissed in. Taken back, a row stays.
CREATE TABLE dismissals (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    manager     TEXT,
    reason      TEXT NOT NULL,
    note        TEXT,
    amount      REAL NOT NULL,
    mark        TEXT NOT NULL,
    day         TEXT NOT NULL,
    at          TEXT NOT NULL,
    by          TEXT NOT NULL,
    restored_at TEXT,
    restored_by TEXT,
    CHECK ((restored_at IS NULL) = (restored_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX dismissals_open ON dismissals (key) WHERE restored_at IS NULL;
CREATE TRIGGER dismissals_are_kept BEFORE DELETE ON dismissals
BEGIN SELECT RAISE(ABORT, 'a dismissal is taken back, not removed'); END;
