-- What memory holds of the person. Rows are ended, never overwritten; only forgetting empties one.
CREATE TABLE facts (
    -- Named, because VACUUM may renumber an unnamed rowid under the search index.
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
    state TEXT NOT NULL CHECK (state IN ('live', 'superseded', 'forgotten')),
    -- The id of the fact that took this one's place, or 'clear'.
    ended_by TEXT
);
CREATE INDEX facts_by_state ON facts (state, known_from);
CREATE INDEX facts_by_relation ON facts (subject, relation) WHERE relation <> '';
CREATE INDEX facts_by_sentence ON facts (sentence_key);

CREATE VIRTUAL TABLE facts_words USING fts5 (
    sentence, content='facts', content_rowid='number', tokenize="porter unicode61 remove_diacritics 2"
);
CREATE TRIGGER facts_words_insert AFTER INSERT ON facts BEGIN
    INSERT INTO facts_words (rowid, sentence) VALUES (new.number, new.sentence);
END;
CREATE TRIGGER facts_words_update AFTER UPDATE OF sentence ON facts BEGIN
    INSERT INTO facts_words (facts_words, rowid, sentence) VALUES ('delete', old.number, old.sentence);
    INSERT INTO facts_words (rowid, sentence) VALUES (new.number, new.sentence);
END;

-- Salted hashes of forgotten sentences: enough to keep a later import from bringing one back.
CREATE TABLE tombstones (hash TEXT PRIMARY KEY, created REAL NOT NULL);
CREATE TABLE tombstone_salt (salt BLOB NOT NULL);
INSERT INTO tombstone_salt VALUES (randomblob(32));
