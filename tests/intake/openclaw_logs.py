"""Write OpenClaw logs to the schema: records, the SQLite store of 2026.9, the files of 2026.6."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import zstandard

Event = dict[str, Any]

SCHEMA = """
CREATE TABLE schema_meta (meta_key TEXT PRIMARY KEY, role TEXT, schema_version INTEGER, agent_id TEXT);
CREATE TABLE session_nodes (session_key TEXT PRIMARY KEY, current_session_id TEXT, created_via TEXT, label TEXT,
  display_name TEXT);
CREATE TABLE session_windows (session_id TEXT PRIMARY KEY, session_key TEXT, chat_type TEXT);
CREATE TABLE transcript_events (session_id TEXT, seq INTEGER, event_json TEXT, created_at INTEGER, event_zstd BLOB,
  event_utf8_bytes INTEGER, navigation_json TEXT, PRIMARY KEY (session_id, seq));
CREATE TABLE session_transcript_active_events (session_id TEXT, active_position INTEGER, event_seq INTEGER,
  message_position INTEGER, context_eligible INTEGER, PRIMARY KEY (session_id, active_position));
CREATE TABLE session_transcript_index_state (session_id TEXT PRIMARY KEY, indexed_seq INTEGER, leaf_event_id TEXT,
  needs_rebuild INTEGER DEFAULT 0);
CREATE TABLE trajectory_runtime_events (session_id TEXT, seq INTEGER, run_id TEXT, event_json TEXT,
  created_at INTEGER, PRIMARY KEY (session_id, seq));
"""


def at(second: int) -> str:
    """A time of one day, `second` seconds in."""
    return f"2026-11-20T08:{second // 60:02}:{second % 60:02}.000Z"


def header(session: str, second: int = 0, **more: Any) -> Event:
    return {"type": "session", "version": 4, "id": session, "timestamp": at(second), "cwd": "/w", **more}


def message(key: str, parent: str | None, second: int, body: Event) -> Event:
    return {"type": "message", "id": key, "parentId": parent, "timestamp": at(second), "message": body}


def user(key: str, parent: str | None, second: int, text: Any, **more: Any) -> Event:
    return message(key, parent, second, {"role": "user", "content": text, **more})


def assistant(key: str, parent: str | None, second: int, text: str, *blocks: Event, **more: Any) -> Event:
    content = ([{"type": "text", "text": text}] if text else []) + list(blocks)
    body = {"role": "assistant", "content": content, "model": "m", "stopReason": "stop", **more}
    return message(key, parent, second, body)


def call(key: str, name: str, **arguments: Any) -> Event:
    return {"type": "toolCall", "id": key, "name": name, "arguments": arguments}


def result(key: str, parent: str | None, second: int, name: str, text: str, **more: Any) -> Event:
    body = {"role": "toolResult", "toolCallId": "c", "toolName": name, "content": [{"type": "text", "text": text}]}
    return message(key, parent, second, body | more)


def chat(prefix: str, second: int, *texts: str, parent: str | None = None) -> list[Event]:
    """A run of turns in which the person and the assistant alternate."""
    events: list[Event] = []
    for index, text in enumerate(texts):
        make = assistant if index % 2 else user
        events.append(make(f"{prefix}{index}", parent, second + index, text))
        parent = f"{prefix}{index}"
    return events


def compiled(second: int, system: str, tools: Sequence[Any]) -> Event:
    return {"type": "context.compiled", "ts": at(second), "data": {"systemPrompt": system, "tools": list(tools)}}


def text_of(event: Event | str) -> str:
    return event if isinstance(event, str) else json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def write_store(
    path: Path,
    sessions: Mapping[str, Sequence[Event | str]],
    *,
    keys: Mapping[str, str] | None = None,
    active: Mapping[str, Sequence[int]] | None = None,
    trajectories: Mapping[str, Sequence[Event]] | None = None,
    packed: bool = False,
    version: int = 23,
    chat_type: str | None = None,
    wal: bool = False,
) -> Path:
    """Write the agent's SQLite store; rows are zstd where `packed`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    if wal:
        db.execute("PRAGMA journal_mode = WAL")
    db.executescript(SCHEMA)
    db.execute("INSERT INTO schema_meta VALUES ('primary', 'agent', ?, 'main')", (version,))
    for session, events in sessions.items():
        key = (keys or {}).get(session, f"agent:main:explicit:{session}")
        db.execute("INSERT OR IGNORE INTO session_nodes VALUES (?, ?, NULL, NULL, NULL)", (key, session))
        db.execute("INSERT INTO session_windows VALUES (?, ?, ?)", (session, key, chat_type))
        for seq, event in enumerate(events):
            db.execute("INSERT INTO transcript_events VALUES (?, ?, ?, 0, ?, ?, ?)", _row(session, seq, event, packed))
        if active and session in active:
            db.execute("INSERT INTO session_transcript_index_state VALUES (?, ?, NULL, 0)", (session, len(events) - 1))
            db.executemany(
                "INSERT INTO session_transcript_active_events VALUES (?, ?, ?, NULL, 1)",
                [(session, position, seq) for position, seq in enumerate(active[session])],
            )
        for seq, event in enumerate((trajectories or {}).get(session, ())):
            db.execute("INSERT INTO trajectory_runtime_events VALUES (?, ?, '', ?, 0)", (session, seq, text_of(event)))
    db.commit()
    db.close()
    return path


def _row(session: str, seq: int, event: Event | str, packed: bool) -> tuple[Any, ...]:
    text = text_of(event)
    if not packed:
        return (session, seq, text, None, None, None)
    raw = text.encode()
    return (session, seq, None, zstandard.ZstdCompressor(level=1).compress(raw), len(raw), "{}")


def write_file(folder: Path, events: Sequence[Event | str], name: str | None = None) -> Path:
    """Write one transcript file of the older form."""
    folder.mkdir(parents=True, exist_ok=True)
    first = events[0]
    path = folder / f"{name or (first['id'] if isinstance(first, dict) else 'session')}.jsonl"
    path.write_text("".join(text_of(event) + "\n" for event in events), encoding="utf-8")
    return path
