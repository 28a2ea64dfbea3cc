-- What judges said, as it came: one row for each judge and answer, and again where a later run asked again.
-- Only a forget, which announces itself in `forgetting`, may change or remove a row.
CREATE TABLE opinions (
    number INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    judge TEXT NOT NULL,
    subject TEXT NOT NULL,
    turn_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    -- Kind of planted control, or '' for a real turn.
    control TEXT NOT NULL,
    -- NULL is no verdict.
    overall INTEGER CHECK (overall BETWEEN 1 AND 10),
    body TEXT NOT NULL,
    known_from REAL NOT NULL
) STRICT;
CREATE INDEX opinions_by_judge ON opinions (judge, subject);
CREATE INDEX opinions_by_turn ON opinions (turn_id);
CREATE INDEX opinions_by_run ON opinions (run, judge);

-- Planted pairs, each asked in both orders; '' is no preference read.
CREATE TABLE comparisons (
    number INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    judge TEXT NOT NULL,
    pair TEXT NOT NULL,
    one TEXT NOT NULL,
    other TEXT NOT NULL,
    known_from REAL NOT NULL
) STRICT;
CREATE INDEX comparisons_by_judge ON comparisons (judge, run);

-- The person's own verdict on a turn; the newest one counts.
CREATE TABLE labels (
    number INTEGER PRIMARY KEY,
    turn_id TEXT NOT NULL,
    polarity INTEGER NOT NULL CHECK (polarity IN (-1, 0, 1)),
    known_from REAL NOT NULL
) STRICT;
CREATE INDEX labels_by_turn ON labels (turn_id);

-- The one question that a day may ask.
CREATE TABLE daily_questions (
    day TEXT PRIMARY KEY,
    turn_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL
) STRICT;

CREATE TRIGGER opinions_refuse_update BEFORE UPDATE ON opinions WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER opinions_refuse_delete BEFORE DELETE ON opinions WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER labels_refuse_update BEFORE UPDATE ON labels WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER labels_refuse_delete BEFORE DELETE ON labels WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
