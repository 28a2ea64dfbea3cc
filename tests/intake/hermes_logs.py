"""Write Hermes Agent's `state.db` to the schema."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT NOT NULL, model TEXT, model_config TEXT, system_prompt TEXT,
  parent_session_id TEXT, started_at REAL NOT NULL, ended_at REAL, end_reason TEXT, cwd TEXT, title TEXT,
  rewind_count INTEGER NOT NULL DEFAULT 0, profile_name TEXT);
CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, role TEXT NOT NULL,
  content TEXT, tool_call_id TEXT, tool_calls TEXT, tool_name TEXT, timestamp REAL NOT NULL, finish_reason TEXT,
  reasoning TEXT, reasoning_content TEXT, active INTEGER NOT NULL DEFAULT 1, compacted INTEGER NOT NULL DEFAULT 0);
"""
SUMMARY = "[CONTEXT COMPACTION — REFERENCE ONLY] Earlier turns were compacted. They were about ponds."


class Hermes:
    """A store that is written step by step, as the program does."""

    def __init__(self, path: Path, version: int = 22) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._db = sqlite3.connect(path)
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(SCHEMA)
        self._db.execute("INSERT INTO schema_version VALUES (?)", (version,))
        self._time = 1_795_163_926.0
        self._db.commit()

    def session(self, key: str, *, parent: str | None = None, source: str = "cli", **config: Any) -> None:
        self._time += 1
        self._db.execute(
            "INSERT INTO sessions (id, source, model_config, system_prompt, parent_session_id, started_at, cwd)"
            " VALUES (?, ?, ?, 'You are a helper.', ?, ?, '/w')",
            (key, source, json.dumps(config), parent, self._time),
        )
        self._db.commit()

    def end(self, key: str, reason: str) -> None:
        self._db.execute("UPDATE sessions SET end_reason = ? WHERE id = ?", (reason, key))
        self._db.commit()

    def say(self, session: str, role: str, content: str | None, **columns: Any) -> int:
        self._time += 1
        names = ["session_id", "role", "content", "timestamp", *columns]
        marks = ", ".join("?" for _ in names)
        row = self._db.execute(
            f"INSERT INTO messages ({', '.join(names)}) VALUES ({marks})",
            (session, role, content, self._time, *columns.values()),
        )
        self._db.commit()
        return int(row.lastrowid or 0)

    def chat(self, session: str, *texts: str) -> None:
        for index, text in enumerate(texts):
            self.say(session, "assistant" if index % 2 else "user", text)

    def undo(self, *rows: int) -> None:
        self._db.executemany("UPDATE messages SET active = 0 WHERE id = ?", [(row,) for row in rows])
        self._db.commit()

    def compress(self, session: str, *, head: int, tail: int, into: str | None = None) -> None:
        """Flag all live rows as compacted and insert head, summary and tail again."""
        live = self._db.execute(
            "SELECT role, content, tool_call_id, tool_calls, tool_name FROM messages"
            " WHERE session_id = ? AND active = 1 ORDER BY id",
            (session,),
        ).fetchall()
        if into is None:
            self._db.execute(
                "UPDATE messages SET active = 0, compacted = 1 WHERE session_id = ? AND active = 1", (session,)
            )
        kept = [*live[:head], ("assistant", SUMMARY, None, None, None), *live[max(head, len(live) - tail) :]]
        self._insert(into or session, kept)

    def branch(self, parent: str, child: str) -> None:
        """Copy the live rows of a session into another one."""
        self.session(child, parent=parent, _branched_from=parent)
        self.end(parent, "branched")
        self._insert(
            child,
            self._db.execute(
                "SELECT role, content, tool_call_id, tool_calls, tool_name FROM messages"
                " WHERE session_id = ? AND active = 1 ORDER BY id",
                (parent,),
            ).fetchall(),
        )

    def _insert(self, session: str, rows: list[tuple[Any, ...]]) -> None:
        for row in rows:
            self._time += 1e-6
            self._db.execute(
                "INSERT INTO messages (session_id, role, content, tool_call_id, tool_calls, tool_name, timestamp)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (session, *row, self._time),
            )
        self._db.commit()
