-- AUTOINCREMENT: a number is never given twice, so that an id in a report means one version for ever.
CREATE TABLE versions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    base TEXT NOT NULL,
    adapter_hash TEXT,
    dataset TEXT,
    run TEXT,
    created REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('challenger', 'champion', 'earlier', 'refused', 'kept', 'blocked'))
);

CREATE INDEX versions_by_run ON versions (run);

CREATE TRIGGER versions_are_kept BEFORE DELETE ON versions
BEGIN
    SELECT RAISE(ABORT, 'versions are never deleted');
END;

-- A pointer without a row has never been set; one without a version points at the base.
CREATE TABLE pointers (
    name TEXT PRIMARY KEY CHECK (name IN ('champion', 'previous', 'challenger')),
    version INTEGER REFERENCES versions (number)
);
