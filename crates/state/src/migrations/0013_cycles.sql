-- Rounds in which account managers are evaluated together with them: opened for a window, with a day by which each stage is due.
CREATE TABLE cycles (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    period     TEXT NOT NULL,
    credit     TEXT NOT NULL,
    self_due   TEXT NOT NULL,
    lead_due   TEXT NOT NULL,
    talk_due   TEXT NOT NULL,
    sign_due   TEXT NOT NULL,
    opened_at  TEXT NOT NULL,
    opened_by  TEXT NOT NULL,
    closed_at  TEXT,
    closed_by  TEXT,
    closed_why TEXT
) STRICT;

-- One manager in one cycle; who leads is kept as it was when the cycle was opened.
CREATE TABLE evaluations (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    cycle        INTEGER NOT NULL REFERENCES cycles (id),
    manager      TEXT NOT NULL,
    manager_name TEXT,
    lead         TEXT,
    lead_name    TEXT,
    UNIQUE (cycle, manager)
) STRICT;
CREATE INDEX evaluations_of ON evaluations (manager);

-- Which versions of the data and which definitions figures were frozen from.
CREATE TABLE frozen_from (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          TEXT NOT NULL,
    data        TEXT NOT NULL,
    definitions TEXT NOT NULL,
    pin         TEXT
) STRICT;

-- The figures that are talked about, as they were when they were frozen. Frozen again they are the next version.
CREATE TABLE frozen_figures (
    evaluation INTEGER NOT NULL REFERENCES evaluations (id),
    version    INTEGER NOT NULL,
    at         TEXT NOT NULL,
    by         TEXT NOT NULL,
    why        TEXT NOT NULL,
    origin     INTEGER NOT NULL REFERENCES frozen_from (id),
    figures    TEXT NOT NULL,
    PRIMARY KEY (evaluation, version)
) STRICT;

-- What the manager and the lead answer to the same questions. It may change until it is handed in.
CREATE TABLE assessments (
    evaluation INTEGER NOT NULL REFERENCES evaluations (id),
    side       TEXT NOT NULL CHECK (side IN ('manager', 'lead')),
    answers    TEXT NOT NULL,
    by         TEXT NOT NULL,
    user       INTEGER,
    at         TEXT NOT NULL,
    handed_in  TEXT,
    PRIMARY KEY (evaluation, side)
) STRICT;

CREATE TABLE talks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    evaluation INTEGER NOT NULL REFERENCES evaluations (id),
    day        TEXT NOT NULL,
    present    TEXT NOT NULL,
    agreed     TEXT NOT NULL,
    by         TEXT NOT NULL,
    user       INTEGER,
    at         TEXT NOT NULL
) STRICT;
CREATE INDEX talks_of ON talks (evaluation);

-- A signature is under one version of the figures.
CREATE TABLE signatures (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    evaluation INTEGER NOT NULL REFERENCES evaluations (id),
    version    INTEGER NOT NULL,
    side       TEXT NOT NULL CHECK (side IN ('manager', 'lead')),
    agrees     INTEGER NOT NULL CHECK (agrees IN (0, 1)),
    remark     TEXT,
    by         TEXT NOT NULL,
    user       INTEGER,
    at         TEXT NOT NULL,
    UNIQUE (evaluation, version, side),
    CHECK (agrees = 1 OR length(trim(coalesce(remark, ''))) > 0)
) STRICT;

CREATE TABLE comments (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    evaluation INTEGER NOT NULL REFERENCES evaluations (id),
    kpi        TEXT,
    text       TEXT NOT NULL,
    side       TEXT NOT NULL CHECK (side IN ('manager', 'lead')),
    by         TEXT NOT NULL,
    user       INTEGER,
    at         TEXT NOT NULL
) STRICT;
CREATE INDEX comments_of ON comments (evaluation);

-- A credited number that somebody holds to be wrong.
CREATE TABLE disputes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    evaluation INTEGER NOT NULL REFERENCES evaluations (id),
    version    INTEGER NOT NULL,
    kpi        TEXT NOT NULL,
    figure     TEXT,
    account    TEXT,
    invoice    TEXT,
    period     TEXT,
    claim      TEXT NOT NULL,
    evidence   TEXT NOT NULL,
    by         TEXT NOT NULL,
    user       INTEGER,
    at         TEXT NOT NULL
) STRICT;
CREATE INDEX disputes_of ON disputes (evaluation);

-- What was decided about it. `remedy` is what is to become of the credit, `import` the import that did it.
CREATE TABLE decisions (
    dispute INTEGER PRIMARY KEY REFERENCES disputes (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('upheld', 'partly', 'rejected')),
    why     TEXT NOT NULL,
    remedy  TEXT,
    by      TEXT NOT NULL,
    user    INTEGER,
    at      TEXT NOT NULL,
    import  INTEGER,
    changed TEXT
) STRICT;

-- Who was reminded of which stage on which day.
CREATE TABLE reminders (
    evaluation INTEGER NOT NULL REFERENCES evaluations (id),
    stage      TEXT NOT NULL,
    day        TEXT NOT NULL,
    at         TEXT NOT NULL,
    PRIMARY KEY (evaluation, stage, day)
) STRICT;

CREATE TRIGGER assessments_stay BEFORE UPDATE ON assessments WHEN OLD.handed_in IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an assessment that was handed in stays as it is'); END;
CREATE TRIGGER assessments_are_kept BEFORE DELETE ON assessments
BEGIN SELECT RAISE(ABORT, 'an assessment is kept'); END;
CREATE TRIGGER frozen_figures_stay BEFORE UPDATE ON frozen_figures
BEGIN SELECT RAISE(ABORT, 'figures that were frozen stay as they are'); END;
CREATE TRIGGER frozen_figures_are_kept BEFORE DELETE ON frozen_figures
BEGIN SELECT RAISE(ABORT, 'figures that were frozen are kept'); END;
CREATE TRIGGER frozen_from_stay BEFORE UPDATE ON frozen_from
BEGIN SELECT RAISE(ABORT, 'what figures were frozen from stays as it is'); END;
CREATE TRIGGER frozen_from_are_kept BEFORE DELETE ON frozen_from
BEGIN SELECT RAISE(ABORT, 'what figures were frozen from is kept'); END;
CREATE TRIGGER talks_stay BEFORE UPDATE ON talks
BEGIN SELECT RAISE(ABORT, 'what was agreed stays as it is'); END;
CREATE TRIGGER talks_are_kept BEFORE DELETE ON talks
BEGIN SELECT RAISE(ABORT, 'what was agreed is kept'); END;
CREATE TRIGGER signatures_stay BEFORE UPDATE ON signatures
BEGIN SELECT RAISE(ABORT, 'a signature stays as it is'); END;
CREATE TRIGGER signatures_are_kept BEFORE DELETE ON signatures
BEGIN SELECT RAISE(ABORT, 'a signature is kept'); END;
CREATE TRIGGER comments_stay BEFORE UPDATE ON comments
BEGIN SELECT RAISE(ABORT, 'a comment stays as it is'); END;
CREATE TRIGGER comments_are_kept BEFORE DELETE ON comments
BEGIN SELECT RAISE(ABORT, 'a comment is kept'); END;
CREATE TRIGGER disputes_stay BEFORE UPDATE ON disputes
BEGIN SELECT RAISE(ABORT, 'a dispute stays as it is'); END;
CREATE TRIGGER disputes_are_kept BEFORE DELETE ON disputes
BEGIN SELECT RAISE(ABORT, 'a dispute is kept'); END;
-- Until its credit arrived a decision is on its way; from then on it stays.
CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions WHEN OLD.remedy IS NULL OR OLD.import IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a decision stays as it is'); END;
CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions WHEN OLD.remedy IS NULL OR OLD.import IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a decision is kept'); END;
