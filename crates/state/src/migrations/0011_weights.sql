-- How much each KPI counts in the scorecards: every version that was set, none is ever changed.
CREATE TABLE weights (
    version INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    by      TEXT NOT NULL,
    weights TEXT NOT NULL
) STRICT;
