-- Open questions over time: a change of state is another row, the newest one counts.
CREATE TABLE questions (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'settled', 'closed')),
    body TEXT NOT NULL,
    known_from REAL NOT NULL
) STRICT;
CREATE INDEX questions_by_id ON questions (id, number);

-- The model's thoughts about its own history, likewise.
CREATE TABLE reflections (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    run TEXT NOT NULL,
    body TEXT NOT NULL,
    known_from REAL NOT NULL
) STRICT;
CREATE INDEX reflections_by_id ON reflections (id, number);
