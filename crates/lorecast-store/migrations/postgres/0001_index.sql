-- Everything here is derived from the archives. Moments are microseconds since 1970, UTC.
--
-- Row ids are given out by the one writer, which is why there are no sequences. Rows point to each
-- other without foreign keys: `store check` looks for what points to nothing, once and not at every
-- insert. Text of mails is `bytea` where it may hold a NUL, which `text` cannot; other text is compared
-- byte by byte, as everywhere else.

-- A number that grows with every change; and the messages that search knows, and their words, which
-- relevance is measured by.
CREATE TABLE state (
    generation bigint NOT NULL,
    documents  bigint NOT NULL,
    words      bigint NOT NULL
);
INSERT INTO state VALUES (0, 0, 0);

-- `run` counts readings from the start. What a complete one does not meet is gone: `swept` is the
-- last one after which that was looked for. Archives are few: no index.
CREATE TABLE source (
    id     bigint PRIMARY KEY,
    name   text COLLATE "C" NOT NULL,
    cursor text,
    run    bigint NOT NULL DEFAULT 0,
    swept  bigint NOT NULL DEFAULT 0
);

CREATE TABLE list (
    id   bigint PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE
);

-- People write to the same addresses again and again: kept once. `key` is a digest of both: either may
-- be longer than an index takes.
CREATE TABLE mailbox (
    id    bigint PRIMARY KEY,
    key   bytea NOT NULL UNIQUE,
    email bytea NOT NULL,
    name  bytea NOT NULL
);

-- `vouch` counts from the most reliable source on; NULL, as `employer`, when the mail names none.
CREATE TABLE writer (
    id       bigint PRIMARY KEY,
    key      bytea NOT NULL UNIQUE,
    who      bigint NOT NULL,
    employer bytea,
    vouch    bigint,
    robot    boolean NOT NULL
);

-- What `put_tracked` said about a thread; `root` is NULL until it did. A thread that lost a message
-- is `broken` until it was placed anew: it may be several now.
CREATE TABLE thread (
    id           bigint PRIMARY KEY,
    stale        boolean NOT NULL DEFAULT true,
    broken       boolean NOT NULL DEFAULT false,
    root         text COLLATE "C",
    subject      bytea,
    messages     bigint,
    participants bigint,
    first        bigint,
    last         bigint
);
CREATE INDEX thread_stale ON thread (id) WHERE stale;
CREATE INDEX thread_broken ON thread (id) WHERE broken;

-- Every Message-ID that was ever named. One without a row in `message` is a ghost.
CREATE TABLE node (
    id         bigint PRIMARY KEY,
    message_id text COLLATE "C" NOT NULL UNIQUE,
    thread     bigint
);
CREATE INDEX node_thread ON node (thread);

-- Mostly one row a node; more when different mails share a Message-ID. `refs` are node ids,
-- `recipients` the number of To mailboxes, theirs and those of Cc: all LEB128. `defects` has a bit
-- for each.
CREATE TABLE message (
    id         bigint PRIMARY KEY,
    node       bigint NOT NULL,
    content    bytea NOT NULL,
    date       bigint NOT NULL,
    sender     bigint NOT NULL,
    writer     bigint NOT NULL,
    subject    bytea NOT NULL,
    refs       bytea NOT NULL,
    recipients bytea NOT NULL,
    defects    bigint NOT NULL
);
CREATE INDEX message_node ON message (node);
CREATE INDEX message_date ON message (date);
CREATE INDEX message_writer ON message (writer, date);

-- Apart from `message`, so that reading headers does not walk over text. Packed already.
CREATE TABLE body (
    id     bigint PRIMARY KEY,
    packed bytea NOT NULL
);
ALTER TABLE body ALTER packed SET STORAGE EXTERNAL;

-- What messages without references may be joined by: a message may have several keys.
CREATE TABLE alone (
    key     bigint NOT NULL,
    message bigint NOT NULL,
    PRIMARY KEY (key, message)
);
CREATE INDEX alone_message ON alone (message);

-- Through which lists and archives a message came, and when.
CREATE TABLE arrival (
    message  bigint NOT NULL,
    list     bigint NOT NULL,
    source   bigint NOT NULL,
    received bigint,
    PRIMARY KEY (message, list, source)
);

-- Which archives hold a message, in which reading it was met last, and the git object of its raw
-- bytes; NULL when those are in `raw`.
CREATE TABLE location (
    message bigint NOT NULL,
    source  bigint NOT NULL,
    run     bigint NOT NULL,
    blob    bytea,
    PRIMARY KEY (message, source)
);
CREATE INDEX location_source ON location (source, run);

-- Raw mail of archives that are no git repositories, packed.
CREATE TABLE raw (
    message bigint PRIMARY KEY,
    packed  bytea NOT NULL
);
ALTER TABLE raw ALTER packed SET STORAGE EXTERNAL;

-- Words that differ from their English stem. A search for a stem looks for all of its words, so
-- that the words themselves are indexed once.
CREATE TABLE stem (
    stem text COLLATE "C" NOT NULL,
    word text COLLATE "C" NOT NULL,
    PRIMARY KEY (stem, word)
);

-- The words of each message: `lexemes` are the different ones, each behind the letter of its field, for
-- finding; `brief` and `long` are all of them in their order, packed, for phrases and for counting.
-- A message with more words than one row can index has no lexemes and is not `whole`: it is always
-- looked into.
CREATE TABLE search (
    message bigint PRIMARY KEY,
    whole   boolean NOT NULL,
    words   bigint NOT NULL,
    lexemes tsvector NOT NULL,
    brief   bytea NOT NULL,
    long    bytea NOT NULL
);
ALTER TABLE search ALTER brief SET STORAGE EXTERNAL, ALTER long SET STORAGE EXTERNAL;
CREATE INDEX search_lexemes ON search USING gin (lexemes) WITH (gin_pending_list_limit = 65536);
CREATE INDEX search_rest ON search (message) WHERE NOT whole;

CREATE TABLE revision (
    root   bigint PRIMARY KEY,
    thread bigint NOT NULL,
    series text COLLATE "C" NOT NULL,
    date   bigint NOT NULL,
    json   text NOT NULL,
    clues  text NOT NULL
);
CREATE INDEX revision_thread ON revision (thread);
CREATE INDEX revision_series ON revision (series);
CREATE INDEX revision_date ON revision (date);

CREATE TABLE revision_message (
    message  bigint PRIMARY KEY,
    revision bigint NOT NULL
);
CREATE INDEX revision_message_revision ON revision_message (revision);

-- What a revision has in common with others of the same work, hashed.
CREATE TABLE clue (
    key      bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (key, revision)
);
CREATE INDEX clue_revision ON clue (revision);

-- What happened to a revision or a pull request, as mails tell it: `root` names which.
CREATE TABLE event (
    root   bigint PRIMARY KEY,
    thread bigint NOT NULL,
    json   text NOT NULL
);
CREATE INDEX event_thread ON event (thread);

-- Mails that say something of postings in other threads, by the titles and mails that they name.
CREATE TABLE notice (
    key     bigint NOT NULL,
    message bigint NOT NULL,
    thread  bigint NOT NULL,
    PRIMARY KEY (key, message)
);
CREATE INDEX notice_thread ON notice (thread);

-- What the tracker compares of a patch: opaque but for its keys.
CREATE TABLE patch (
    message bigint PRIMARY KEY,
    thread  bigint NOT NULL,
    matter  bytea NOT NULL
);
CREATE INDEX patch_thread ON patch (thread);
CREATE TABLE patch_key (
    key     bigint NOT NULL,
    message bigint NOT NULL,
    PRIMARY KEY (key, message)
);
CREATE INDEX patch_key_message ON patch_key (message);

-- Pull requests by the commit they ask to pull.
CREATE TABLE pull (
    message bigint PRIMARY KEY,
    thread  bigint NOT NULL,
    date    bigint NOT NULL,
    json    text NOT NULL
);
CREATE INDEX pull_thread ON pull (thread);

-- Upstream trees. `tips` says where their branches stood at the last good reading.
CREATE TABLE tree (
    id   bigint PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    role text NOT NULL,
    tips text
);

-- Commits of trees. `stale` until compared with the patches that there are now; `hearsay` when only a
-- mail tells of them.
CREATE TABLE tree_commit (
    id      bigint PRIMARY KEY,
    name    text COLLATE "C" NOT NULL UNIQUE,
    date    bigint NOT NULL,
    title   bytea NOT NULL,
    matter  bytea NOT NULL,
    reverts text COLLATE "C",
    origin  text COLLATE "C",
    hearsay boolean NOT NULL,
    stale   boolean NOT NULL DEFAULT true
);
CREATE INDEX tree_commit_stale ON tree_commit (id) WHERE stale;
CREATE INDEX tree_commit_reverts ON tree_commit (reverts) WHERE reverts IS NOT NULL;
CREATE INDEX tree_commit_origin ON tree_commit (origin) WHERE origin IS NOT NULL;
CREATE TABLE commit_key (
    key    bigint NOT NULL,
    commit bigint NOT NULL,
    PRIMARY KEY (key, commit)
);
CREATE INDEX commit_key_commit ON commit_key (commit);

-- Which trees hold a commit. One that was dropped from a tree (rebased, reset) stays, as `gone`.
-- `entered` is when a merge brought it; NULL when it was made there.
CREATE TABLE holding (
    commit  bigint NOT NULL,
    tree    bigint NOT NULL,
    gone    boolean NOT NULL DEFAULT false,
    entered bigint,
    tag     text,
    release text,
    PRIMARY KEY (commit, tree)
);
CREATE INDEX holding_tree ON holding (tree);

-- Patches that became commits.
CREATE TABLE landing (
    commit  bigint PRIMARY KEY,
    message bigint NOT NULL,
    how     text NOT NULL,
    score   double precision NOT NULL
);
CREATE INDEX landing_message ON landing (message);

-- Merges by the commits that they joined.
CREATE TABLE merge (
    tip     text COLLATE "C" NOT NULL,
    commit  bigint NOT NULL,
    brought text NOT NULL,
    PRIMARY KEY (tip, commit)
);
CREATE INDEX merge_commit ON merge (commit);
