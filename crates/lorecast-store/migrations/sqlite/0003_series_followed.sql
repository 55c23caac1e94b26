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

-- What happened to a revision or a pull request, as mails tell it: `root` names which.
CREATE TABLE event (
    root   INTEGER PRIMARY KEY REFERENCES node (id),
    thread INTEGER NOT NULL REFERENCES thread (id),
    json   TEXT NOT NULL
);
CREATE INDEX event_thread ON event (thread);

-- Mails that say something of postings in other threads, by the titles and mails that they name.
CREATE TABLE notice (
    key     INTEGER NOT NULL,
    message INTEGER NOT NULL REFERENCES node (id),
    thread  INTEGER NOT NULL REFERENCES thread (id),
    PRIMARY KEY (key, message)
) WITHOUT ROWID;
CREATE INDEX notice_thread ON notice (thread);
CREATE INDEX notice_message ON notice (message);

-- What the tracker compares of a patch: opaque but for its keys.
CREATE TABLE patch (
    message INTEGER PRIMARY KEY REFERENCES node (id),
    thread  INTEGER NOT NULL REFERENCES thread (id),
    matter  BLOB NOT NULL
);
CREATE INDEX patch_thread ON patch (thread);
CREATE TABLE patch_key (
    key     INTEGER NOT NULL,
    message INTEGER NOT NULL REFERENCES patch (message) ON DELETE CASCADE,
    PRIMARY KEY (key, message)
) WITHOUT ROWID;
CREATE INDEX patch_key_message ON patch_key (message);

-- Upstream trees. `tips` says where their branches stood at the last good reading.
CREATE TABLE tree (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    tips TEXT
);

-- Commits of trees. `stale` until compared with the patches that there are now; `hearsay` when only a
-- mail tells of them.
CREATE TABLE tree_commit (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    date    INTEGER NOT NULL,
    title   TEXT NOT NULL,
    matter  BLOB NOT NULL,
    reverts TEXT,
    origin  TEXT,
    hearsay INTEGER NOT NULL,
    stale   INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX tree_commit_stale ON tree_commit (id) WHERE stale = 1;
CREATE INDEX tree_commit_reverts ON tree_commit (reverts) WHERE reverts IS NOT NULL;
CREATE INDEX tree_commit_origin ON tree_commit (origin) WHERE origin IS NOT NULL;
CREATE TABLE commit_key (
    key      INTEGER NOT NULL,
    "commit" INTEGER NOT NULL REFERENCES tree_commit (id) ON DELETE CASCADE,
    PRIMARY KEY (key, "commit")
) WITHOUT ROWID;
CREATE INDEX commit_key_commit ON commit_key ("commit");

-- Which trees hold a commit. One that was dropped from a tree (rebased, reset) stays, as `gone`.
-- `entered` is when a merge brought it; NULL when it was made there.
CREATE TABLE holding (
    "commit" INTEGER NOT NULL REFERENCES tree_commit (id),
    tree     INTEGER NOT NULL REFERENCES tree (id),
    gone     INTEGER NOT NULL DEFAULT 0,
    entered  INTEGER,
    tag      TEXT,
    release  TEXT,
    PRIMARY KEY ("commit", tree)
) WITHOUT ROWID;
CREATE INDEX holding_tree ON holding (tree);

-- Patches that became commits.
CREATE TABLE landing (
    "commit" INTEGER PRIMARY KEY REFERENCES tree_commit (id),
    message  INTEGER NOT NULL REFERENCES node (id),
    how      TEXT NOT NULL,
    score    REAL NOT NULL
);
CREATE INDEX landing_message ON landing (message);

-- Merges by the commits that they joined, and pull requests by the commit they ask to pull.
CREATE TABLE merge (
    tip      TEXT NOT NULL,
    "commit" INTEGER NOT NULL REFERENCES tree_commit (id),
    brought  TEXT NOT NULL,
    PRIMARY KEY (tip, "commit")
) WITHOUT ROWID;
CREATE INDEX merge_commit ON merge ("commit");
CREATE TABLE pull (
    message INTEGER PRIMARY KEY REFERENCES node (id),
    thread  INTEGER NOT NULL REFERENCES thread (id),
    date    INTEGER NOT NULL,
    tip     TEXT,
    json    TEXT NOT NULL
);
CREATE INDEX pull_thread ON pull (thread);
CREATE INDEX pull_tip ON pull (tip) WHERE tip IS NOT NULL;
