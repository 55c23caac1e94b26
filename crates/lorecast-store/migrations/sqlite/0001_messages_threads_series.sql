-- Everything here is derived from the archives. Moments are microseconds since 1970, UTC.

CREATE TABLE source (
    name   TEXT PRIMARY KEY,
    cursor TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE list (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- People write to the same addresses again and again: kept once.
CREATE TABLE mailbox (
    id    INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    name  TEXT NOT NULL,
    UNIQUE (email, name)
);

-- What `put_tracked` said about a thread; `root` is NULL until it did.
CREATE TABLE thread (
    id           INTEGER PRIMARY KEY,
    stale        INTEGER NOT NULL DEFAULT 1,
    root         TEXT,
    subject      TEXT,
    messages     INTEGER,
    participants INTEGER,
    first        INTEGER,
    last         INTEGER
);
CREATE INDEX thread_stale ON thread (id) WHERE stale = 1;

-- Every Message-ID that was ever named. One without a row in `message` is a ghost.
CREATE TABLE node (
    id         INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    thread     INTEGER REFERENCES thread (id)
);
CREATE INDEX node_thread ON node (thread) WHERE thread IS NOT NULL;

-- `refs` are node ids, `recipients` the number of To mailboxes, theirs and those of Cc: all LEB128.
CREATE TABLE message (
    id         INTEGER PRIMARY KEY REFERENCES node (id),
    date       INTEGER NOT NULL,
    sender     INTEGER NOT NULL REFERENCES mailbox (id),
    subject    TEXT NOT NULL,
    refs       BLOB NOT NULL,
    recipients BLOB NOT NULL,
    defects    TEXT
);
CREATE INDEX message_date ON message (date);

-- Apart from `message`, so that reading headers does not walk over text.
CREATE TABLE body (
    id     INTEGER PRIMARY KEY REFERENCES message (id),
    packed BLOB NOT NULL
);

CREATE TABLE message_list (
    message INTEGER NOT NULL REFERENCES message (id),
    list    INTEGER NOT NULL REFERENCES list (id),
    PRIMARY KEY (message, list)
) WITHOUT ROWID;

CREATE TABLE revision (
    root         INTEGER PRIMARY KEY REFERENCES node (id),
    thread       INTEGER NOT NULL REFERENCES thread (id),
    series       TEXT NOT NULL,
    major        INTEGER NOT NULL,
    minor        INTEGER NOT NULL,
    author_email TEXT NOT NULL,
    date         INTEGER NOT NULL,
    json         TEXT NOT NULL
);
CREATE INDEX revision_thread ON revision (thread);
CREATE INDEX revision_author ON revision (author_email, date);
CREATE INDEX revision_date ON revision (date);

CREATE TABLE revision_message (
    message  INTEGER PRIMARY KEY REFERENCES node (id),
    revision INTEGER NOT NULL REFERENCES revision (root) ON DELETE CASCADE
);
CREATE INDEX revision_message_revision ON revision_message (revision);

CREATE VIRTUAL TABLE search USING fts5 (
    subject, sender, prose,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2"
);
