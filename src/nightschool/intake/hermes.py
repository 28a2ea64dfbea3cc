"""Hermes Agent's store, `state.db`: one tree per lineage of sessions.

Compactions insert copies of rows again, branches and compression children copy them into another
session, `/retry` asks the same again, and `/undo` only flags rows. All of that is folded into one
tree here; see `hermes_path` for how copies are told from new rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.intake.batch import Batch, Reading
from nightschool.intake.hermes_message import Row, row_of
from nightschool.intake.hermes_path import Branch, walk
from nightschool.intake.lines import Skipped
from nightschool.intake.message import clean, conversation_id
from nightschool.intake.snapshot import opened
from nightschool.records import Json
from nightschool.store.conversations import Origin, View
from nightschool.store.originals import Document

PROGRAM = "hermes"
NEWEST_SCHEMA = 22
COLUMNS = frozenset({"id", "session_id", "role", "content", "timestamp"})
UNTYPED_SOURCES = frozenset({"cron", "subagent", "tool", "webhook"})


def check_store(path: Path) -> None:
    """Raise UserError where the store has a schema that this importer does not know."""
    with opened(path) as db:
        columns = {row["name"] for row in db.execute("PRAGMA table_info(messages)")}
        row = db.execute("SELECT max(version) AS version FROM schema_version").fetchone()
    version = row["version"]
    if not columns >= COLUMNS or not isinstance(version, int) or not 0 < version <= NEWEST_SCHEMA:
        raise UserError(
            f"{path} is a Hermes store with schema version {version}; versions up to {NEWEST_SCHEMA} are known",
            hint="Update with `pip install --upgrade nightschool`, then import again",
        )


def read_store(path: Path) -> Reading:
    """Open a store for reading, one batch per lineage."""
    check_store(path)
    with opened(path) as db:
        size = len(_lineages(_sessions(db)))
    return Reading(program=PROGRAM, size=size, batches=_batches(path))


def _batches(path: Path) -> Iterator[Batch]:
    with opened(path) as db:
        for root, sessions in _lineages(_sessions(db)).items():
            yield _batch(db, path, root, sessions)


def _sessions(db: sqlite3.Connection) -> list[Json]:
    rows = db.execute("SELECT * FROM sessions ORDER BY started_at, id")
    return [dict(zip(row.keys(), row, strict=True)) for row in rows]


def _lineages(sessions: list[Json]) -> dict[str, list[Json]]:
    """Group sessions under the one that they continue, parents first."""
    by_id = {session["id"]: session for session in sessions}
    groups: dict[str, list[Json]] = defaultdict(list)
    for session in sessions:
        root, seen = session, {session["id"]}
        while (parent := _continues(root, by_id)) and parent["id"] not in seen:
            seen.add(parent["id"])
            root = parent
        groups[root["id"]].append(session)
    return {root: sorted(group, key=lambda one: _depth(one, by_id)) for root, group in groups.items()}


def _continues(session: Json, by_id: dict[str, Json]) -> Json | None:
    """Return the session that this one continues; a delegate's or a tool's session begins anew."""
    parent = by_id.get(str(session.get("parent_session_id")))
    if parent is None or session.get("source") in UNTYPED_SOURCES:
        return None
    config = _json(session.get("model_config"))
    if "_delegate_from" in config:
        return None
    continued = "_branched_from" in config or parent.get("end_reason") in ("compression", "branched")
    return parent if continued else None


def _depth(session: Json, by_id: dict[str, Json]) -> tuple[int, float, str]:
    depth, one, seen = 0, session, {session["id"]}
    while (parent := _continues(one, by_id)) and parent["id"] not in seen:
        depth, one = depth + 1, parent
        seen.add(parent["id"])
    return depth, float(session.get("started_at") or 0), session["id"]


def _batch(db: sqlite3.Connection, path: Path, root: str, sessions: list[Json]) -> Batch:
    by_id = {session["id"]: session for session in sessions}
    conversation = conversation_id(PROGRAM, root)
    ends: dict[str, Branch] = {}
    documents: list[Document] = []
    views: list[View] = []
    skipped: list[Skipped] = []
    for session in sessions:
        name = f"{path}#{session['id']}"
        rows, lines, unread = _rows(db, session, name)
        skipped += unread
        documents.append(Document(name=name, lines=tuple(lines)))
        documents.append(Document(name=f"{name}#session", lines=(_line(session),)))
        parent = _continues(session, by_id)
        start = ends.get(parent["id"]) if parent else None
        compressed = parent is not None and parent.get("end_reason") == "compression"
        branch = walk(rows, conversation, start or Branch(), branched=not compressed)
        ends[session["id"]] = branch
        if branch.nodes:
            views.append(_view(conversation, session, branch, name))
    return Batch(documents=tuple(documents), views=tuple(views), skipped=tuple(skipped))


def _rows(db: sqlite3.Connection, session: Json, name: str) -> tuple[list[Row], list[bytes], list[Skipped]]:
    by_program = session.get("source") in UNTYPED_SOURCES or "_delegate_from" in _json(session.get("model_config"))
    rows: list[Row] = []
    lines: list[bytes] = []
    skipped: list[Skipped] = []
    for position, found in enumerate(
        db.execute("SELECT * FROM messages WHERE session_id = ? ORDER BY id", (session["id"],))
    ):
        value = dict(zip(found.keys(), found, strict=True))
        lines.append(_line(value))
        row = row_of(value, position, by_program=by_program)
        if row:
            rows.append(row)
        else:
            skipped.append(Skipped(where=f"{name}:{value['id']}", why=f"unknown role {value['role']!r}"))
    return rows, lines, skipped


def _view(conversation: str, session: Json, branch: Branch, document: str) -> View:
    return View(
        conversation_id=conversation,
        program=PROGRAM,
        session_id=clean(session["id"]),
        messages=tuple(branch.nodes.values()),
        leaf=branch.live[-1].id if branch.live else None,
        opened=float(session.get("started_at") or 0),
        latest=branch.latest,
        left=branch.left,
        origins=tuple(Origin(document=document, position=position, message_id=key) for position, key in branch.origins),
        system=clean(session["system_prompt"]) if session.get("system_prompt") else None,
        project=clean(session["cwd"]) if session.get("cwd") else None,
        agent=clean(session["profile_name"]) if session.get("profile_name") else None,
        title=clean(session["title"]) if session.get("title") else None,
    )


def _line(row: Json) -> bytes:
    """Return a row as one JSON line, with bytes in hexadecimal."""

    def plain(value: Any) -> Any:
        return {"hex": value.hex()} if isinstance(value, bytes) else str(value)

    return json.dumps(row, ensure_ascii=False, default=plain).encode("utf-8", errors="surrogatepass") + b"\n"


def _json(text: Any) -> Json:
    try:
        value = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
