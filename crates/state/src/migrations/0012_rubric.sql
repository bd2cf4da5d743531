-- What leads say of how managers work, with evidence. Only ever added to: a correction is a row of its own.
CREATE TABLE rubric_ratings (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        TEXT NOT NULL,
    rater     TEXT NOT NULL,
    manager   TEXT NOT NULL,
    day       TEXT NOT NULL,
    rubric    INTEGER NOT NULL,
    criterion TEXT NOT NULL,
    score     INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    evidence  TEXT NOT NULL CHECK (length(trim(evidence)) > 0),
    kind      TEXT,
    fact      TEXT,
    corrects  INTEGER UNIQUE REFERENCES rubric_ratings (id),
    CHECK ((kind IS NULL) = (fact IS NULL))
) STRICT;
CREATE INDEX rubric_ratings_of ON rubric_ratings (manager, day);
CREATE TRIGGER rubric_ratings_stay BEFORE UPDATE ON rubric_ratings
BEGIN SELECT RAISE(ABORT, 'a rating is corrected by a new one'); END;
CREATE TRIGGER rubric_ratings_are_kept BEFORE DELETE ON rubric_ratings
BEGIN SELECT RAISE(ABORT, 'a rating is corrected by a new one'); END;
