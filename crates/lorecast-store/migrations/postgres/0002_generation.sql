-- The generation begins anywhere, so that a store that was made anew is not taken for the one before.
UPDATE state SET generation = (random() * 4611686018427387904)::bigint;
