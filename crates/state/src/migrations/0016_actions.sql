-- Actions of improvement. What happened to one is only ever added to its history; a measured result stays as it was frozen.
CREATE TABLE actions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'running', 'measured', 'stopped')),
    kpi TEXT NOT NULL,
    -- The expected effect as a share of the KPI.
    expected REAL NOT NULL,
    hypothesis TEXT NOT NULL,
    -- Months and days as they are written: 2026-01, 2026-01-31.
    due TEXT,
    starts TEXT,
    ends TEXT,
    -- The months that decided which accounts were picked; left out when it is measured.
    selection TEXT,
    cost TEXT,
    template TEXT,
    origin TEXT NOT NULL,
    origin_key TEXT NOT NULL,
    design TEXT NOT NULL CHECK (design IN ('lot', 'matched')),
    seed INTEGER NOT NULL,
    -- What could be seen, as it was told when it was planned (JSON).
    power TEXT,
    by TEXT NOT NULL,
    user INTEGER,
    at TEXT NOT NULL,
    ended_at TEXT
) STRICT;

-- now = has it; later = waits; control = is compared with. `starts` where an account began on another day than the action.
CREATE TABLE action_accounts (
    action INTEGER NOT NULL REFERENCES actions (id),
    account TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('now', 'later', 'control')),
    starts TEXT,
    PRIMARY KEY (action, account)
) STRICT;

CREATE TABLE action_steps (
    action INTEGER NOT NULL REFERENCES actions (id),
    place INTEGER NOT NULL,
    text TEXT NOT NULL,
    done_at TEXT,
    PRIMARY KEY (action, place)
) STRICT;

CREATE TABLE action_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    action INTEGER NOT NULL REFERENCES actions (id),
    what TEXT NOT NULL,
    day TEXT NOT NULL,
    text TEXT NOT NULL,
    by TEXT NOT NULL,
    user INTEGER,
    at TEXT NOT NULL
) STRICT;

CREATE TABLE action_results (
    action INTEGER PRIMARY KEY REFERENCES actions (id),
    -- The pin of data and definitions, and what was measured (JSON).
    pin TEXT NOT NULL,
    result TEXT NOT NULL,
    by TEXT NOT NULL,
    user INTEGER,
    at TEXT NOT NULL
) STRICT;
