-- Lessons over time: a change of state is another row, the newest one counts.
CREATE TABLE lessons (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'kept', 'dropped', 'asked', 'superseded', 'forgotten')),
    body TEXT NOT NULL,
    known_from REAL NOT NULL
) STRICT;
CREATE INDEX lessons_by_id ON lessons (id, number);

-- Turns set aside for ever; no row is ever made from one.
CREATE TABLE probes (
    lesson_id TEXT NOT NULL,
    turn_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    known_from REAL NOT NULL,
    PRIMARY KEY (lesson_id, turn_id)
) STRICT;

-- What each night kept away from training, and when an exam used it.
CREATE TABLE holdouts (
    run TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    sealed REAL NOT NULL,
    examined REAL,
    PRIMARY KEY (run, conversation_id)
) STRICT;

-- Frozen datasets; the rows stand in their files, here is what they rest on.
CREATE TABLE datasets (
    hash TEXT PRIMARY KEY,
    run TEXT NOT NULL,
    base TEXT NOT NULL,
    rows INTEGER NOT NULL,
    left_out TEXT NOT NULL,
    created REAL NOT NULL
) STRICT;
CREATE TABLE dataset_rows (
    dataset TEXT NOT NULL REFERENCES datasets (hash),
    example_id TEXT NOT NULL,
    objective TEXT NOT NULL,
    origin TEXT NOT NULL,
    lesson_id TEXT,
    conversation_id TEXT,
    source TEXT NOT NULL,
    PRIMARY KEY (dataset, example_id)
) STRICT;
CREATE INDEX dataset_rows_by_conversation ON dataset_rows (conversation_id);
CREATE INDEX dataset_rows_by_lesson ON dataset_rows (lesson_id);

-- Evidence of outcomes as a night read it; evidence that a later reading no longer finds is ended.
CREATE TABLE signals (
    number INTEGER PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    turn_id TEXT NOT NULL,
    body TEXT NOT NULL,
    known_from REAL NOT NULL,
    known_to REAL
) STRICT;
CREATE INDEX signals_by_conversation ON signals (conversation_id) WHERE known_to IS NULL;
