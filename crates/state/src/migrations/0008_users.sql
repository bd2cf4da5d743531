-- Who may come in. `manager` says which account manager somebody is, and so whose line the person sees.
CREATE TABLE users (
    id       INTEGER PRIMARY KEY,
    login    TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    manager  TEXT,
    -- How the password is recognised; never the password.
    password TEXT NOT NULL,
    added    TEXT NOT NULL,
    -- Since when the person may no longer come in.
    closed   TEXT
) STRICT;

-- Who is in. `key` is the digest of what the browser holds, `guard` what each change has to bring along.
CREATE TABLE sessions (
    key   TEXT PRIMARY KEY,
    user  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    guard TEXT NOT NULL,
    begun TEXT NOT NULL,
    seen  TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user);

-- What programs come in with. `key` is a digest here too.
CREATE TABLE tokens (
    id    INTEGER PRIMARY KEY,
    user  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    key   TEXT NOT NULL UNIQUE,
    made  TEXT NOT NULL,
    used  TEXT,
    ends  TEXT
) STRICT;

-- Logins that failed, until they are old.
CREATE TABLE failed_logins (
    login TEXT NOT NULL,
    place TEXT NOT NULL,
    at    TEXT NOT NULL
) STRICT;
CREATE INDEX failed_logins_at ON failed_logins (at);

-- Who did it; nobody where the home had no users, or it was done by itself.
ALTER TABLE audit ADD COLUMN user INTEGER;
ALTER TABLE audit ADD COLUMN who TEXT;

-- Who looked at what, a row a day.
CREATE TABLE looks (
    day   TEXT NOT NULL,
    user  INTEGER NOT NULL,
    who   TEXT NOT NULL,
    what  TEXT NOT NULL,
    times INTEGER NOT NULL,
    last  TEXT NOT NULL,
    PRIMARY KEY (day, user, what)
) STRICT;
