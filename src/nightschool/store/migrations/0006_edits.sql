-- What was measured of each fact to write it into weights. The adapter is a function of these rows and can be made
-- again from nothing; rows are never overwritten, only forgetting empties one.
CREATE TABLE edits (
    number INTEGER PRIMARY KEY,
    fact_id TEXT NOT NULL,
    -- Hash of the ground that keys and wanted changes were measured on.
    ground TEXT NOT NULL,
    -- safetensors; NULL where nothing could be measured, or where it was forgotten.
    columns BLOB,
    loss REAL,
    created REAL NOT NULL
) STRICT;
CREATE INDEX edits_by_fact ON edits (fact_id, ground, number);

-- States over time: the newest row counts.
CREATE TABLE edit_states (
    number INTEGER PRIMARY KEY,
    edit INTEGER NOT NULL REFERENCES edits (number),
    state TEXT NOT NULL CHECK (state IN ('pending', 'written', 'failed', 'graduated', 'retired', 'forgotten')),
    reason TEXT NOT NULL DEFAULT '',
    known_from REAL NOT NULL
) STRICT;
CREATE INDEX edit_states_by_edit ON edit_states (edit, number);

-- What the model said when it was asked.
CREATE TABLE edit_proofs (
    number INTEGER PRIMARY KEY,
    edit INTEGER NOT NULL REFERENCES edits (number),
    kind TEXT NOT NULL CHECK (kind IN ('write', 'audit', 'withheld')),
    run TEXT NOT NULL DEFAULT '',
    passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
    body TEXT NOT NULL,
    created REAL NOT NULL
) STRICT;
CREATE INDEX edit_proofs_by_edit ON edit_proofs (edit, number);
