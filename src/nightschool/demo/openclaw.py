"""Write scripted conversations as an OpenClaw 2026.9 agent store (schema 23).

Only the tables that carry transcripts and trajectories are made; long rows are zstd-compressed as
the program does, so that the demo walks the same road as a person's own logs.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nightschool.records import Json

SCHEMA = """
CREATE TABLE schema_meta (meta_key TEXT PRIMARY KEY, role TEXT, schema_version INTEGER, agent_id TEXT,
  app_version TEXT, created_at INTEGER, updated_at INTEGER);
CREATE TABLE session_nodes (session_key TEXT PRIMARY KEY, current_session_id TEXT, entry_json TEXT,
  entry_valid INTEGER DEFAULT 0, updated_at INTEGER, status TEXT, created_at INTEGER, created_via TEXT,
  created_actor_type TEXT, fork_source_session_key TEXT, fork_source_session_id TEXT, fork_source_entry_id TEXT,
  parent_session_key TEXT, spawned_by TEXT, label TEXT, display_name TEXT, archived_at INTEGER);
CREATE TABLE session_windows (session_id TEXT PRIMARY KEY, session_key TEXT, previous_session_id TEXT, reason TEXT,
  session_scope TEXT DEFAULT 'conversation', created_at INTEGER, updated_at INTEGER, started_at INTEGER,
  ended_at INTEGER, status TEXT, chat_type TEXT, channel TEXT, model_provider TEXT, model TEXT);
CREATE TABLE transcript_events (session_id TEXT, seq INTEGER, event_json TEXT, created_at INTEGER, event_zstd BLOB,
  event_utf8_bytes INTEGER, navigation_json TEXT, PRIMARY KEY (session_id, seq));
CREATE TABLE transcript_event_identities (session_id TEXT, event_id TEXT, seq INTEGER, event_type TEXT,
  parent_id TEXT, message_idempotency_key TEXT, created_at INTEGER, PRIMARY KEY (session_id, event_id));
CREATE TABLE session_transcript_active_events (session_id TEXT, active_position INTEGER, event_seq INTEGER,
  message_position INTEGER, context_eligible INTEGER, PRIMARY KEY (session_id, active_position));
CREATE TABLE session_transcript_index_state (session_id TEXT PRIMARY KEY, indexed_seq INTEGER, leaf_event_id TEXT,
  needs_rebuild INTEGER DEFAULT 0, active_event_count INTEGER, active_message_count INTEGER, updated_at INTEGER);
CREATE TABLE trajectory_runtime_events (session_id TEXT, seq INTEGER, run_id TEXT, event_json TEXT,
  created_at INTEGER, PRIMARY KEY (session_id, seq));
"""

COMPRESS_FROM_BYTES = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """One conversation to be written: chat messages in OpenAI form, in order."""

    id: str
    started: float
    messages: tuple[Json, ...]
    tools: tuple[Json, ...] = ()
    system: str = ""
    note: str = ""
    """What this conversation is there for, such as `secret` or `mood`; not written into the log."""


def write_store(folder: Path, scripts: Iterable[Script], *, model: str) -> Path:
    """Write `agents/main/agent/openclaw-agent.sqlite` below a state folder and return its path."""
    path = folder / "agents" / "main" / "agent" / "openclaw-agent.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    with db:
        db.executescript(SCHEMA)
        db.execute("INSERT INTO schema_meta VALUES ('primary', 'agent', 23, 'main', '2026.9.6', 0, 0)")
        for script in scripts:
            _write_session(db, script, model)
    db.close()
    return path


def _write_session(db: sqlite3.Connection, script: Script, model: str) -> None:
    events = _events(script, model)
    key, start = f"agent:main:explicit:{script.id}", int(script.started * 1000)
    end = int(events[-1]["at"])
    db.execute(
        "INSERT INTO session_nodes (session_key, current_session_id, entry_json, updated_at) VALUES (?, ?, ?, ?)",
        (key, script.id, json.dumps({"sessionId": script.id, "updatedAt": end}), end),
    )
    db.execute(
        "INSERT INTO session_windows (session_id, session_key, created_at, updated_at, model_provider, model)"
        " VALUES (?, ?, ?, ?, 'local', ?)",
        (script.id, key, start, end, model),
    )
    messages = 0
    for seq, entry in enumerate(events):
        event, at = entry["event"], int(entry["at"])
        text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        db.execute("INSERT INTO transcript_events VALUES (?, ?, ?, ?, ?, ?, ?)", _stored(script.id, seq, text, at))
        db.execute(
            "INSERT INTO transcript_event_identities VALUES (?, ?, ?, ?, ?, ?, ?)",
            (script.id, event["id"], seq, event["type"], event.get("parentId"), None, at),
        )
        if seq:
            is_message = event["type"] == "message"
            db.execute(
                "INSERT INTO session_transcript_active_events VALUES (?, ?, ?, ?, 1)",
                (script.id, seq - 1, seq, messages if is_message else None),
            )
            messages += is_message
    db.execute(
        "INSERT INTO session_transcript_index_state VALUES (?, ?, ?, 0, ?, ?, ?)",
        (script.id, len(events) - 1, events[-1]["event"]["id"], len(events) - 1, messages, end),
    )
    _write_trajectory(db, script, start)


def _stored(session: str, seq: int, text: str, at: int) -> tuple[object, ...]:
    raw = text.encode()
    if len(raw) < COMPRESS_FROM_BYTES:
        return (session, seq, text, at, None, len(raw), None)
    import zstandard

    packed = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(raw)
    return (session, seq, None, at, packed, len(raw), json.dumps({"version": 1}))


def _write_trajectory(db: sqlite3.Connection, script: Script, at: int) -> None:
    """Write the flight recorder's `context.compiled` row: the system prompt and the tools on offer."""
    event = {
        "traceSchema": "openclaw-trajectory",
        "schemaVersion": 1,
        "type": "context.compiled",
        "ts": _iso(at),
        "seq": 0,
        "sessionId": script.id,
        "data": {"systemPrompt": script.system, "tools": [tool["function"] for tool in script.tools]},
    }
    db.execute(
        "INSERT INTO trajectory_runtime_events VALUES (?, 0, ?, ?, ?)",
        (script.id, _id(script.id, "run"), json.dumps(event, ensure_ascii=False), at),
    )


def _events(script: Script, model: str) -> list[Json]:
    at = int(script.started * 1000)
    events = [
        {"at": at, "event": {"type": "session", "version": 4, "id": script.id, "timestamp": _iso(at), "cwd": "/home"}}
    ]
    parent: str | None = None
    calls: list[tuple[str, str]] = []
    for index, message in enumerate(script.messages):
        at += 4000
        body = _message(script.id, index, message, model, at, calls)
        event_id = _id(script.id, str(index))
        events.append(
            {
                "at": at,
                "event": {
                    "type": "message",
                    "id": event_id,
                    "parentId": parent,
                    "timestamp": _iso(at),
                    "message": body,
                },
            }
        )
        parent = event_id
    return events


def _message(script: str, index: int, message: Json, model: str, at: int, calls: list[tuple[str, str]]) -> Json:
    text = message.get("content") or ""
    if message["role"] == "user":
        return {"role": "user", "content": text, "timestamp": at, "__openclaw": {"senderIsOwner": True}}
    if message["role"] == "tool":
        call_id, name = calls.pop(0)
        exit_code = int(message.get("exit_code", 0))
        return {
            "role": "toolResult",
            "toolCallId": call_id,
            "toolName": name,
            "content": [{"type": "text", "text": text}],
            "details": {"status": "completed", "exitCode": exit_code, "aggregated": text},
            "isError": False,
            "timestamp": at,
        }
    content: list[Json] = [{"type": "text", "text": text}] if text else []
    for call in message.get("tool_calls", ()):
        call_id = "call_" + _id(script, f"call{index}").replace("-", "")[:16]
        function = call["function"]
        calls.append((call_id, function["name"]))
        content.append(
            {"type": "toolCall", "id": call_id, "name": function["name"], "arguments": function["arguments"]}
        )
    return {
        "role": "assistant",
        "content": content,
        "api": "openai-completions",
        "provider": "local",
        "model": model,
        "stopReason": "toolUse" if message.get("tool_calls") else "stop",
        "timestamp": at,
    }


def _id(*names: str) -> str:
    return str(uuid.UUID(bytes=hashlib.blake2b("/".join(names).encode(), digest_size=16).digest()))


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
