"""OpenClaw's two stores: SQLite since 2026.7 or so, JSONL files before.

The records are the same in both. The system prompt and the tools stand only in the flight recorder,
so its `context.compiled` records are read beside them. They are not kept among the originals: each
repeats the whole conversation so far.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

from nightschool.errors import UserError
from nightschool.intake.batch import Batch, Reading
from nightschool.intake.lines import Line, Skipped, check_encoding, parse, read_bytes, split, unpack
from nightschool.intake.message import clean, openai_tool
from nightschool.intake.openclaw_message import moment
from nightschool.intake.openclaw_tree import PROGRAM, Context, Session, views
from nightschool.intake.snapshot import opened
from nightschool.records import Json
from nightschool.store.originals import Document

NEWEST_SCHEMA = 23
MOST_EVENT_BYTES = 4 * 2**20
UNTYPED_VIA = frozenset({"cron", "spawn", "internal", "plugin"})


def check_store(path: Path) -> None:
    """Raise UserError where the store has a schema that this importer does not know."""
    with opened(path) as db:
        columns = {row["name"] for row in db.execute("PRAGMA table_info(transcript_events)")}
        version = _schema_version(db)
    if not {"session_id", "seq", "event_json"} <= columns or version is None or not 0 < version <= NEWEST_SCHEMA:
        raise UserError(
            f"{path} is an OpenClaw store with schema version {version}; versions up to {NEWEST_SCHEMA} are known",
            hint="Update with `pip install --upgrade nightschool`, then import again",
        )


def _schema_version(db: sqlite3.Connection) -> int | None:
    if not _has(db, "schema_meta"):
        return None
    row = db.execute("SELECT max(schema_version) AS version FROM schema_meta").fetchone()
    return row["version"] if isinstance(row["version"], int) else None


def read_store(path: Path) -> Reading:
    """Open a store for reading, one batch per session."""
    check_store(path)
    with opened(path) as db:
        size = db.execute("SELECT count(DISTINCT session_id) FROM transcript_events").fetchone()[0]
    return Reading(program=PROGRAM, size=size, batches=_store_batches(path))


def _store_batches(path: Path) -> Iterator[Batch]:
    with opened(path) as db:
        order = "SELECT session_id FROM transcript_events GROUP BY session_id ORDER BY session_id"
        for row in db.execute(order).fetchall():
            yield _store_batch(db, path, row["session_id"])


def _store_batch(db: sqlite3.Connection, path: Path, session_id: str) -> Batch:
    name = f"{path}#{session_id}"
    lines, skipped, events = [], [], []
    compressed = "event_zstd" in {row["name"] for row in db.execute("PRAGMA table_info(transcript_events)")}
    rows = db.execute(
        f"SELECT seq, CAST(event_json AS BLOB) AS text, {'event_zstd' if compressed else 'NULL'} AS packed"
        " FROM transcript_events WHERE session_id = ? ORDER BY seq",
        (session_id,),
    ).fetchall()
    for position, row in enumerate(rows):
        try:
            text = unpack(row["packed"] or b"", MOST_EVENT_BYTES) if row["text"] is None else row["text"]
            lines.append(text + b"\n")
        except zstandard.ZstdError as error:
            lines.append(bytes(row["packed"] or b""))
            skipped.append(Skipped(where=f"{name}:{position + 1}", why=f"damaged zstd row: {error}"))
    reported = {one.where for one in skipped}
    for item in parse(tuple(lines), name):
        if isinstance(item, Line):
            events.append((item.position, item.value))
        elif item.where not in reported:
            skipped.append(item)
    contexts = _store_contexts(db, session_id)
    session = _session(db, path, session_id, name, contexts, [row["seq"] for row in rows])
    found = views(events, session)
    return Batch(
        documents=(Document(name=name, lines=tuple(lines)),),
        views=found,
        skipped=tuple(skipped),
    )


def _session(
    db: sqlite3.Connection, path: Path, session_id: str, name: str, contexts: tuple[Context, ...], seqs: list[int]
) -> Session:
    node: dict[str, Any] = {}
    if _has(db, "session_windows") and _has(db, "session_nodes"):
        row = db.execute(
            "SELECT * FROM session_windows LEFT JOIN session_nodes USING (session_key) WHERE session_id = ?",
            (session_id,),
        ).fetchone()
        node = dict(zip(row.keys(), row, strict=True)) if row else {}
    key = str(node.get("session_key") or "")
    title = node.get("label") or node.get("display_name")
    return Session(
        id=session_id,
        document=name,
        by_program=_is_untyped(key) or node.get("created_via") in UNTYPED_VIA,
        in_group=node.get("chat_type") in ("group", "channel") or _is_group(key),
        agent=_agent(key) or (path.parent.parent.name if path.parent.name == "agent" else None),
        title=clean(title) if title else None,
        contexts=contexts,
        active=_active(db, session_id, seqs),
    )


def _active(db: sqlite3.Connection, session_id: str, seqs: list[int]) -> frozenset[int] | None:
    """Return the positions of the active path where OpenClaw's own index of it is complete."""
    if not (_has(db, "session_transcript_active_events") and _has(db, "session_transcript_index_state")):
        return None
    state = db.execute(
        "SELECT indexed_seq, needs_rebuild FROM session_transcript_index_state WHERE session_id = ?", (session_id,)
    ).fetchone()
    if state is None or state["needs_rebuild"] or state["indexed_seq"] < max(seqs, default=-1):
        return None
    rows = db.execute("SELECT event_seq FROM session_transcript_active_events WHERE session_id = ?", (session_id,))
    active = {row["event_seq"] for row in rows}
    return frozenset(position for position, seq in enumerate(seqs) if seq in active) or None


def _store_contexts(db: sqlite3.Connection, session_id: str) -> tuple[Context, ...]:
    if not _has(db, "trajectory_runtime_events"):
        return ()
    rows = db.execute(
        "SELECT CAST(event_json AS BLOB) AS text FROM trajectory_runtime_events"
        " WHERE session_id = ? AND event_json LIKE '%context.compiled%' ORDER BY seq",
        (session_id,),
    )
    found = (_context(row["text"]) for row in rows)
    return tuple(context for context in found if context)


def _context(line: bytes) -> Context | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if (
        not isinstance(event, dict)
        or event.get("type") != "context.compiled"
        or not isinstance(event.get("data"), dict)
    ):
        return None
    system, tools = event["data"].get("systemPrompt"), event["data"].get("tools")
    schemas = [openai_tool(tool) for tool in tools] if isinstance(tools, list) else []
    return Context(
        time=moment(event.get("ts")),
        system=clean(system) if isinstance(system, str) else None,
        tools=tuple(schema for schema in schemas if schema),
    )


def is_transcript(value: Json) -> bool:
    """Tell the first record of a transcript file."""
    return value.get("type") == "session" and isinstance(value.get("id"), str)


def read_file(path: Path) -> Reading:
    """Open one transcript file."""
    return Reading(program=PROGRAM, size=1, batches=_file_batches(path))


def _file_batches(path: Path) -> Iterator[Batch]:
    data = read_bytes(path)
    check_encoding(path, data)
    lines = split(data)
    items = list(parse(lines, str(path)))
    events = [(item.position, item.value) for item in items if isinstance(item, Line)]
    header = next((event for _, event in events if is_transcript(event)), {})
    session_id = str(header.get("id") or path.name.partition(".jsonl")[0])
    contexts = _file_contexts(path, session_id)
    key = _index(path).get(session_id, "")
    session = Session(
        id=session_id,
        document=str(path),
        by_program=_is_untyped(key),
        in_group=_is_group(key),
        agent=_agent(key) or (path.parent.parent.name if path.parent.name == "sessions" else None),
        contexts=contexts,
    )
    yield Batch(
        documents=(Document(name=str(path), lines=lines),),
        views=views(events, session),
        skipped=tuple(item for item in items if isinstance(item, Skipped)),
    )


def _file_contexts(path: Path, session_id: str) -> tuple[Context, ...]:
    recorder = path.with_name(f"{session_id.replace('/', '_')}.trajectory.jsonl")
    if not recorder.is_file():
        return ()
    found = [_context(line) for line in split(read_bytes(recorder)) if b"context.compiled" in line]
    return tuple(context for context in found if context)


def _index(path: Path) -> dict[str, str]:
    """Return session id -> session key from the `sessions.json` beside a transcript."""
    try:
        entries = json.loads((path.parent / "sessions.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(entries, dict):
        return {}
    return {
        str(entry["sessionId"]): str(key)
        for key, entry in entries.items()
        if isinstance(entry, dict) and entry.get("sessionId")
    }


def _is_untyped(key: str) -> bool:
    """Tell a session that a schedule, a hook or another agent drives, by its key."""
    return any(f":{kind}:" in f":{key}:" for kind in ("cron", "hook", "subagent"))


def _is_group(key: str) -> bool:
    return ":group:" in key or ":channel:" in key


def _agent(key: str) -> str | None:
    parts = key.split(":")
    return parts[1] if len(parts) > 2 and parts[0] == "agent" else None


def _has(db: sqlite3.Connection, table: str) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None
