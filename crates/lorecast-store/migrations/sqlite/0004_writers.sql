-- Who wrote each message, and what it says of them.
--
-- That stands in headers which were not kept: archives are read again from the start by the next
-- `sync` or `ingest`. Until then, and where an archive is gone, a message has no writer of its own,
-- and its sender stands in.

-- `vouch` counts from the most reliable source on; NULL, as `employer`, when the mail names none.
CREATE TABLE writer (
    id       INTEGER PRIMARY KEY,
    who      INTEGER NOT NULL REFERENCES mailbox (id),
    employer TEXT,
    vouch    INTEGER,
    robot    INTEGER NOT NULL
);
CREATE INDEX writer_who ON writer (who);

ALTER TABLE message ADD COLUMN writer INTEGER REFERENCES writer (id);
CREATE INDEX message_writer ON message (writer, date);

UPDATE source SET run = run + 1, cursor = NULL;
