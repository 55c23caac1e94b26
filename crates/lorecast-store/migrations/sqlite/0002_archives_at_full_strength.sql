-- Variants of one Message-ID, arrivals, raw mail, and words for lore's search.
--
-- Layout 1 kept neither raw mail nor the words of diffs, so nothing in it could be carried over
-- whole: its archives are remembered, without where reading ended, and the next `sync` or `ingest`
-- reads them again.

ALTER TABLE source RENAME TO source_1;
DROP TABLE search;
DROP TABLE revision_message;
DROP TABLE revision;
DROP TABLE message_list;
DROP TABLE body;
DROP TABLE message;
DROP TABLE node;
DROP TABLE thread;
DROP TABLE mailbox;
DROP TABLE list;

-- `run` counts readings from the start. What a complete one does not meet is gone: `swept` is the
-- last one after which that was looked for.
CREATE TABLE source (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    cursor TEXT,
    run    INTEGER NOT NULL DEFAULT 0,
    swept  INTEGER NOT NULL DEFAULT 0
);
INSERT INTO source (name) SELECT name FROM source_1;
DROP TABLE source_1;

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

-- What `put_tracked` said about a thread; `root` is NULL until it did. A thread that lost a message
-- is `broken` until it was placed anew: it may be several now.
CREATE TABLE thread (
    id           INTEGER PRIMARY KEY,
    stale        INTEGER NOT NULL DEFAULT 1,
    broken       INTEGER NOT NULL DEFAULT 0,
    root         TEXT,
    subject      TEXT,
    messages     INTEGER,
    participants INTEGER,
    first        INTEGER,
    last         INTEGER
);
CREATE INDEX thread_stale ON thread (id) WHERE stale = 1;
CREATE INDEX thread_broken ON thread (id) WHERE broken = 1;

-- Every Message-ID that was ever named. One without a row in `message` is a ghost.
CREATE TABLE node (
    id         INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    thread     INTEGER REFERENCES thread (id)
);
CREATE INDEX node_thread ON node (thread) WHERE thread IS NOT NULL;

-- Mostly one row a node; more when different mails share a Message-ID. `refs` are node ids,
-- `recipients` the number of To mailboxes, theirs and those of Cc: all LEB128. `defects` has a bit
-- for each. `alone` is the subject key of a message without references.
CREATE TABLE message (
    id         INTEGER PRIMARY KEY,
    node       INTEGER NOT NULL REFERENCES node (id),
    content    BLOB NOT NULL,
    date       INTEGER NOT NULL,
    sender     INTEGER NOT NULL REFERENCES mailbox (id),
    subject    TEXT NOT NULL,
    refs       BLOB NOT NULL,
    recipients BLOB NOT NULL,
    defects    INTEGER NOT NULL,
    alone      INTEGER
);
CREATE INDEX message_node ON message (node);
CREATE INDEX message_date ON message (date);
CREATE INDEX message_alone ON message (alone, date) WHERE alone IS NOT NULL;

-- Apart from `message`, so that reading headers does not walk over text.
CREATE TABLE body (
    id     INTEGER PRIMARY KEY REFERENCES message (id),
    packed BLOB NOT NULL
);

-- Through which lists and archives a message came, and when.
CREATE TABLE arrival (
    message  INTEGER NOT NULL REFERENCES message (id),
    list     INTEGER NOT NULL REFERENCES list (id),
    source   INTEGER NOT NULL REFERENCES source (id),
    received INTEGER,
    PRIMARY KEY (message, list, source)
) WITHOUT ROWID;

-- Which archives hold a message, in which reading it was met last, and the git object of its raw
-- bytes; NULL when those are in `raw`.
CREATE TABLE location (
    message INTEGER NOT NULL REFERENCES message (id),
    source  INTEGER NOT NULL REFERENCES source (id),
    run     INTEGER NOT NULL,
    blob    BLOB,
    PRIMARY KEY (message, source)
) WITHOUT ROWID;

-- Raw mail of archives that are no git repositories, packed.
CREATE TABLE raw (
    message INTEGER PRIMARY KEY REFERENCES message (id),
    packed  BLOB NOT NULL
);

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

-- Words that differ from their English stem. A search for a stem looks for all of its words, so
-- that the words themselves are indexed once.
CREATE TABLE stem (
    stem TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (stem, word)
) WITHOUT ROWID;

-- One column a field, in the order of the fields. The words come ready, parted by spaces: the
-- tokenizer has to keep what may stand inside one.
CREATE VIRTUAL TABLE search USING fts5 (
    subject, sender, recipients, copies, unquoted, quoted, attachment, mid,
    path, removed, added, hunk, context, pre, post, patch,
    content = '', contentless_delete = 1, tokenize = "ascii tokenchars '_&.,;+#'''"
);
-- Written once a batch, not once a megabyte: every write is a segment that has to be merged later.
INSERT INTO search (search, rank) VALUES ('hashsize', 33554432);
INSERT INTO search (search, rank) VALUES ('automerge', 16);
INSERT INTO search (search, rank) VALUES ('crisismerge', 32);
