-- Databases that are read again and again. A password is never kept: `password` says where it is found.
CREATE TABLE sources (
    name       TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    columns    TEXT NOT NULL,
    mark       TEXT,
    tried      TEXT,
    synced     TEXT,
    import     INTEGER,
    error_id   TEXT,
    error_en   TEXT
) STRICT;
