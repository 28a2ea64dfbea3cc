-- What clients asked over the API and what they were answered, byte for byte. The bytes stand in
-- `contents`, where a forget cuts its sentence out of them like out of every other original.
CREATE TABLE exchanges (
    id TEXT PRIMARY KEY,
    started REAL NOT NULL,
    seconds REAL NOT NULL,
    first_seconds REAL NOT NULL,
    path TEXT NOT NULL,
    client TEXT NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    memory TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The id that the answer itself carries; another server's where one stands behind.
    answer_id TEXT NOT NULL,
    request TEXT NOT NULL REFERENCES contents (hash),
    response TEXT NOT NULL REFERENCES contents (hash),
    conversation_id TEXT REFERENCES conversations (id),
    message_id TEXT REFERENCES messages (id)
) STRICT;
CREATE INDEX exchanges_by_conversation ON exchanges (conversation_id);
CREATE INDEX exchanges_by_answer ON exchanges (answer_id);
CREATE INDEX exchanges_by_message ON exchanges (message_id);

CREATE TRIGGER exchanges_refuse_update BEFORE UPDATE ON exchanges WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER exchanges_refuse_delete BEFORE DELETE ON exchanges WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

-- Where a conversation over the API stands after each answer: the key of all that was said so far.
CREATE TABLE chains (
    key TEXT NOT NULL,
    message_id TEXT NOT NULL REFERENCES messages (id),
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    created REAL NOT NULL,
    PRIMARY KEY (key, message_id)
) STRICT;

-- Conversations that are not read for lessons: kept out by the person, or told by a program's own log too.
CREATE TABLE set_aside (
    conversation_id TEXT PRIMARY KEY REFERENCES conversations (id),
    reason TEXT NOT NULL CHECK (reason IN ('off the record', 'in a log')),
    -- The conversation of the log that tells the same.
    twin TEXT,
    created REAL NOT NULL
) STRICT;

-- Salted hashes of answers that were given off the record, so that a log that holds them stays out as well.
CREATE TABLE unrecorded (hash TEXT PRIMARY KEY, created REAL NOT NULL) STRICT;
