-- A night is one row; each of its finished stages another, with what the following stages read.
CREATE TABLE nights (
    run TEXT PRIMARY KEY,
    started REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'failed')),
    champion_before TEXT NOT NULL,
    champion_after TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE stages (
    run TEXT NOT NULL REFERENCES nights (run),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    seconds REAL NOT NULL,
    inputs TEXT NOT NULL,
    output TEXT NOT NULL,
    PRIMARY KEY (run, name)
) STRICT;

-- Exams are kept whole, item by item, so that the evidence of several nights can be pooled.
CREATE TABLE exams (
    id TEXT PRIMARY KEY,
    run TEXT NOT NULL REFERENCES nights (run),
    body TEXT NOT NULL
) STRICT;
CREATE INDEX exams_by_run ON exams (run);
