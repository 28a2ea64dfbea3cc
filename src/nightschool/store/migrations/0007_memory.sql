-- Facts get a scope, a confidence and two more states; SQLite changes a CHECK only by rebuilding the table.
CREATE TABLE facts_rebuilt (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('fact', 'preference')),
    sentence TEXT NOT NULL,
    sentence_key TEXT NOT NULL,
    subject TEXT NOT NULL DEFAULT '',
    relation TEXT NOT NULL DEFAULT '',
    object TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '[]',
    valid_from REAL,
    valid_to REAL,
    known_from REAL NOT NULL,
    known_to REAL,
    state TEXT NOT NULL CHECK (state IN ('live', 'superseded', 'asked', 'retracted', 'forgotten')),
    -- The id of the fact that took this one's place or that this one contradicts, or 'clear'.
    ended_by TEXT,
    -- 'everywhere', 'project:NAME' or 'agent:NAME'.
    scope TEXT NOT NULL DEFAULT 'everywhere',
    confidence REAL NOT NULL DEFAULT 1.0,
    -- Whether the log it came from has no times, so that `known_from` is only when it was read.
    undated INTEGER NOT NULL DEFAULT 0
);
INSERT INTO facts_rebuilt
    SELECT number, id, kind, sentence, sentence_key, subject, relation, object, source, valid_from, valid_to,
        known_from, known_to, state, ended_by, 'everywhere', 1.0, 0
    FROM facts;
DROP TABLE facts_words;
DROP TABLE facts;
ALTER TABLE facts_rebuilt RENAME TO facts;
CREATE INDEX facts_by_state ON facts (state, known_from);
CREATE INDEX facts_by_relation ON facts (subject, relation) WHERE relation <> '';
CREATE INDEX facts_by_sentence ON facts (sentence_key);

CREATE VIRTUAL TABLE facts_words USING fts5 (
    sentence, content='facts', content_rowid='number', tokenize="porter unicode61 remove_diacritics 2"
);
INSERT INTO facts_words (facts_words) VALUES ('rebuild');
CREATE TRIGGER facts_words_insert AFTER INSERT ON facts BEGIN
    INSERT INTO facts_words (rowid, sentence) VALUES (new.number, new.sentence);
END;
CREATE TRIGGER facts_words_update AFTER UPDATE OF sentence ON facts BEGIN
    INSERT INTO facts_words (facts_words, rowid, sentence) VALUES ('delete', old.number, old.sentence);
    INSERT INTO facts_words (rowid, sentence) VALUES (new.number, new.sentence);
END;

-- What every change of a fact found before it: enough to undo it, and to say what was believed when.
-- No words in here, so that forgetting need not look.
CREATE TABLE fact_changes (
    number INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL,
    fact_id TEXT NOT NULL,
    -- When it was learnt, which may lie long before the log was read.
    known REAL NOT NULL,
    made REAL NOT NULL,
    op TEXT NOT NULL,
    -- NULL where the change put the fact in.
    state TEXT,
    valid_from REAL,
    valid_to REAL,
    known_to REAL,
    ended_by TEXT,
    -- The end that the change gave the fact, where somebody named one.
    until REAL,
    undone REAL
) STRICT;
CREATE INDEX fact_changes_by_fact ON fact_changes (fact_id, number);

-- Whether an item was followed in an exam with nothing of it in the context.
CREATE TABLE trials (
    number INTEGER PRIMARY KEY,
    fact_id TEXT NOT NULL,
    run TEXT NOT NULL,
    -- The version whose weights were tried; empty for the edits, which hold whatever version answers.
    version TEXT NOT NULL DEFAULT '',
    passed INTEGER NOT NULL,
    at REAL NOT NULL
) STRICT;
CREATE INDEX trials_by_fact ON trials (fact_id, number);

-- How many words a forgotten sentence had: they are looked for inside longer ones. NULL in older rows.
ALTER TABLE tombstones ADD COLUMN words INTEGER;
-- One byte of a hash of the first word: where it is worth looking.
ALTER TABLE tombstones ADD COLUMN opening INTEGER;

-- What was said, redacted, for recall: derived from the messages and made again whenever those change.
CREATE TABLE said (
    number INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    -- A long answer is several pieces.
    piece INTEGER NOT NULL,
    conversation_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('person', 'assistant')),
    created REAL NOT NULL,
    project TEXT,
    agent TEXT,
    -- Whether it states a wish for always.
    standing INTEGER NOT NULL DEFAULT 0,
    before TEXT NOT NULL,
    words TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX said_by_message ON said (message_id, piece);
CREATE INDEX said_by_conversation ON said (conversation_id, position);
CREATE INDEX said_by_time ON said (created);
CREATE INDEX said_standing ON said (created) WHERE standing = 1;
CREATE VIRTUAL TABLE said_person USING fts5 (
    before, words, after, content='said', content_rowid='number', tokenize="porter unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE said_assistant USING fts5 (
    before, words, after, content='said', content_rowid='number', tokenize="porter unicode61 remove_diacritics 2"
);
CREATE TRIGGER said_person_insert AFTER INSERT ON said WHEN new.author = 'person' BEGIN
    INSERT INTO said_person (rowid, before, words, after) VALUES (new.number, new.before, new.words, new.after);
END;
CREATE TRIGGER said_person_delete AFTER DELETE ON said WHEN old.author = 'person' BEGIN
    INSERT INTO said_person (said_person, rowid, before, words, after)
        VALUES ('delete', old.number, old.before, old.words, old.after);
END;
CREATE TRIGGER said_assistant_insert AFTER INSERT ON said WHEN new.author = 'assistant' BEGIN
    INSERT INTO said_assistant (rowid, before, words, after) VALUES (new.number, new.before, new.words, new.after);
END;
CREATE TRIGGER said_assistant_delete AFTER DELETE ON said WHEN old.author = 'assistant' BEGIN
    INSERT INTO said_assistant (said_assistant, rowid, before, words, after)
        VALUES ('delete', old.number, old.before, old.words, old.after);
END;

-- The few that state a wish for always, apart, so that they are found without going through all others.
CREATE VIRTUAL TABLE said_standing_words USING fts5 (
    before, words, after, content='said', content_rowid='number', tokenize="porter unicode61 remove_diacritics 2"
);
CREATE TRIGGER said_standing_insert AFTER INSERT ON said WHEN new.standing = 1 BEGIN
    INSERT INTO said_standing_words (rowid, before, words, after)
        VALUES (new.number, new.before, new.words, new.after);
END;
CREATE TRIGGER said_standing_delete AFTER DELETE ON said WHEN old.standing = 1 BEGIN
    INSERT INTO said_standing_words (said_standing_words, rowid, before, words, after)
        VALUES ('delete', old.number, old.before, old.words, old.after);
END;

-- How each conversation stood when it was last indexed.
CREATE TABLE said_until (conversation_id TEXT PRIMARY KEY, stamp TEXT NOT NULL) STRICT;

-- Directions of meaning as float16, searched exactly; one set per embedder.
CREATE TABLE vectors (
    embedder TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('said', 'fact')),
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (embedder, kind, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER vectors_follow_said AFTER DELETE ON said BEGIN
    DELETE FROM vectors WHERE kind = 'said' AND number = old.number;
END;
CREATE TRIGGER vectors_follow_facts AFTER UPDATE OF sentence ON facts BEGIN
    DELETE FROM vectors WHERE kind = 'fact' AND number = old.number;
END;

-- Where memory was written out as Markdown: forgetting cuts the sentence out of those files as well.
CREATE TABLE exports (path TEXT PRIMARY KEY, at REAL NOT NULL) STRICT;

-- Tells a process that holds the vectors in memory when to read them again.
CREATE TABLE vector_edits (
    embedder TEXT NOT NULL, kind TEXT NOT NULL, edits INTEGER NOT NULL, PRIMARY KEY (embedder, kind)
) STRICT;
CREATE TRIGGER vectors_count_insert AFTER INSERT ON vectors BEGIN
    INSERT INTO vector_edits VALUES (new.embedder, new.kind, 1) ON CONFLICT DO UPDATE SET edits = edits + 1;
END;
CREATE TRIGGER vectors_count_delete AFTER DELETE ON vectors BEGIN
    INSERT INTO vector_edits VALUES (old.embedder, old.kind, 1) ON CONFLICT DO UPDATE SET edits = edits + 1;
END;
