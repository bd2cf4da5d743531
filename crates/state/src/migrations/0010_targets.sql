-- Targets that somebody wants. Once approved they are facts of the lake, brought in by the import named here; this table keeps who
-- wanted them, who decided, and why.
CREATE TABLE target_drafts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    manager    TEXT,
    account    TEXT,
    category   TEXT,
    region     TEXT,
    period     TEXT NOT NULL,
    kpi        TEXT NOT NULL,
    value      TEXT NOT NULL,
    before     TEXT,
    chance     REAL,
    reason     TEXT NOT NULL,
    doubts     TEXT NOT NULL,
    confirmed  TEXT,
    set_by     TEXT NOT NULL,
    set_at     TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('draft', 'approving', 'approved', 'rejected', 'replaced')),
    decided_by TEXT,
    decided_at TEXT,
    decision   TEXT,
    import     INTEGER
) STRICT;
CREATE INDEX target_drafts_state ON target_drafts (state, id);
CREATE INDEX target_drafts_cell ON target_drafts (kpi, period, manager, account, category, region);
