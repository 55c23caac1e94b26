-- A number that grows with every change, and is the same for all who read. It begins anywhere, so
-- that a store that was made anew is not taken for the one before.
CREATE TABLE state (
    generation INTEGER NOT NULL
);
INSERT INTO state VALUES (random() >> 2);
