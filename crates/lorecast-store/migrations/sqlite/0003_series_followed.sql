-- Series followed across threads, and into the trees where they land.
--
-- What was derived from threads is derived again: every thread becomes stale.

-- What messages without references may be joined by: a message may have several keys.
CREATE TABLE alone (
    key     INTEGER NOT NULL,
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    PRIMARY KEY (key, message)
) WITHOUT ROWID;
CREATE INDEX alone_message ON alone (message);
INSERT INTO alone (key, message) SELECT alone, id FROM message WHERE alone IS NOT NULL;
DROP INDEX message_alone;
ALTER TABLE message DROP COLUMN alone;

DROP TABLE revision_message;
DROP TABLE revision;
UPDATE thread SET stale = 1;

CREATE TABLE revision (
    root   INTEGER PRIMARY KEY REFERENCES node (id),
    thread INTEGER NOT NULL REFERENCES thread (id),
    series TEXT NOT NULL,
    date   INTEGER NOT NULL,
    json   TEXT NOT NULL,
    clues  TEXT NOT NULL
);
CREATE INDEX revision_thread ON revision (thread);
CREATE INDEX revision_series ON revision (series);
CREATE INDEX revision_date ON revision (date);

CREATE TABLE revision_message (
    message  INTEGER PRIMARY KEY REFERENCES node (id),
    revision INTEGER NOT NULL REFERENCES revision (root) ON DELETE CASCADE
);
CREATE INDEX revision_message_revision ON revision_message (revision);

-- What a revision has in common with others of the same work, hashed.
CREATE TABLE clue (
    key      INTEGER NOT NULL,
    revision INTEGER NOT NULL REFERENCES revision (root) ON DELETE CASCADE,
    PRIMARY KEY (key, revision)
) WITHOUT ROWID;
CREATE INDEX clue_revision ON clue (revision);
