-- What was heard. History is append-only: only a forget, which announces itself in `forgetting`,
-- may change or remove a row. `sources` and `views` are derived and may be replaced.

CREATE TABLE forgetting (began REAL NOT NULL);

CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  program TEXT NOT NULL,
  added REAL NOT NULL
);

-- The exact bytes of one imported line or row, zstd.
CREATE TABLE contents (hash TEXT PRIMARY KEY, packed BLOB NOT NULL);

-- A file, or one session of a database. A file that was rewritten gets another edition.
CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  edition INTEGER NOT NULL,
  UNIQUE (name, edition)
);

CREATE TABLE source_documents (
  source_id INTEGER NOT NULL REFERENCES sources (id),
  document_id INTEGER NOT NULL REFERENCES documents (id),
  PRIMARY KEY (source_id, document_id)
) WITHOUT ROWID;

CREATE TABLE originals (
  document_id INTEGER NOT NULL REFERENCES documents (id),
  position INTEGER NOT NULL,
  hash TEXT NOT NULL REFERENCES contents (hash),
  PRIMARY KEY (document_id, position)
) WITHOUT ROWID;

CREATE TABLE parts (hash TEXT PRIMARY KEY, body TEXT NOT NULL);

CREATE TABLE conversations (id TEXT PRIMARY KEY, program TEXT NOT NULL);

CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  parent_id TEXT REFERENCES messages (id),
  role TEXT NOT NULL,
  author TEXT NOT NULL,
  created REAL NOT NULL,
  source_id TEXT NOT NULL,
  model TEXT,
  stop TEXT
);
CREATE INDEX messages_of_conversation ON messages (conversation_id);

CREATE TABLE message_parts (
  message_id TEXT NOT NULL REFERENCES messages (id),
  position INTEGER NOT NULL,
  hash TEXT NOT NULL REFERENCES parts (hash),
  PRIMARY KEY (message_id, position)
) WITHOUT ROWID;

-- Which original lines a conversation, and within it a message, was read from.
CREATE TABLE origins (
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  document_id INTEGER NOT NULL REFERENCES documents (id),
  position INTEGER NOT NULL,
  message_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (conversation_id, document_id, position, message_id)
) WITHOUT ROWID;

-- How one session of a program last showed a conversation: where its path ends, what it left behind.
CREATE TABLE views (
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  session_id TEXT NOT NULL,
  opened REAL NOT NULL,
  latest REAL NOT NULL,
  leaf TEXT,
  marks TEXT NOT NULL,
  context TEXT,
  project TEXT,
  agent TEXT,
  title TEXT,
  PRIMARY KEY (conversation_id, session_id)
);

CREATE TRIGGER contents_refuse_update BEFORE UPDATE ON contents WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER contents_refuse_delete BEFORE DELETE ON contents WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER documents_refuse_update BEFORE UPDATE ON documents WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER documents_refuse_delete BEFORE DELETE ON documents WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER originals_refuse_update BEFORE UPDATE ON originals WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER originals_refuse_delete BEFORE DELETE ON originals WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER parts_refuse_update BEFORE UPDATE ON parts WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER parts_refuse_delete BEFORE DELETE ON parts WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER conversations_refuse_update BEFORE UPDATE ON conversations WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER conversations_refuse_delete BEFORE DELETE ON conversations WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER messages_refuse_update BEFORE UPDATE ON messages WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER messages_refuse_delete BEFORE DELETE ON messages WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER message_parts_refuse_update BEFORE UPDATE ON message_parts WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER message_parts_refuse_delete BEFORE DELETE ON message_parts WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER origins_refuse_update BEFORE UPDATE ON origins WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER origins_refuse_delete BEFORE DELETE ON origins WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
