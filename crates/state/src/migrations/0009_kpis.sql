-- Definitions of own KPIs; a version is never changed. One without a definition says that the KPI was removed.
CREATE TABLE kpis (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    at TEXT NOT NULL,
    definition TEXT,
    PRIMARY KEY (id, version)
) STRICT;
CREATE TRIGGER kpis_stay BEFORE UPDATE ON kpis BEGIN SELECT RAISE(ABORT, 'a saved version of a KPI is never changed'); END;
CREATE TRIGGER kpis_are_kept BEFORE DELETE ON kpis BEGIN SELECT RAISE(ABORT, 'a saved version of a KPI is never deleted'); END;
-- The industry packs that were taken into use; the last counts.
CREATE TABLE packs (
    number INTEGER PRIMARY KEY,
    pack TEXT NOT NULL,
    version INTEGER NOT NULL,
    at TEXT NOT NULL
) STRICT;
