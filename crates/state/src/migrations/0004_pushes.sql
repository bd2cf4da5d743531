-- What programs pushed, by the key they gave: the same key again gets the same answer and changes nothing.
CREATE TABLE pushes (
    key    TEXT PRIMARY KEY,
    at     TEXT NOT NULL,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL
) STRICT;
CREATE INDEX pushes_at ON pushes (at);
