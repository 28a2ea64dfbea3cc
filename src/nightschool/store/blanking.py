"""Takes words out of messages: all of one, a sentence wherever it stands, or what the assistant said of a thing.

Only inside a forgetting. The messages, their order and their ids stay.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from nightschool.store.tombstones import GONE

_SAYS = ("text", "arguments")
"""What of a part is said; the rest of it are names and ids."""
_SENTENCE = re.compile(r"\S[^\n]*?(?:[.!?…]+[\"'”’)\]*]*(?=\s|\Z)|(?=\n)|\Z)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Blanked:
    """What was taken out of messages that keep the rest of their words."""

    messages: tuple[str, ...]
    sentences: tuple[str, ...]


def texts(db: sqlite3.Connection, message_id: str) -> list[str]:
    """Return what a message says, part by part."""
    rows = db.execute("SELECT body FROM message_parts JOIN parts USING (hash) WHERE message_id = ?", (message_id,))
    return [text for row in rows if (text := json.loads(row["body"]).get("text"))]


def empty(db: sqlite3.Connection, message_ids: Iterable[str]) -> list[str]:
    """Empty messages and return the texts that they held."""
    blank = _put(db, {"kind": "text", "text": GONE})
    held = []
    for message_id in message_ids:
        held += [text for text in texts(db, message_id) if text != GONE]
        db.execute("UPDATE message_parts SET hash = ? WHERE message_id = ?", (blank, message_id))
    _drop_unused(db)
    return held


def echoes(db: sqlite3.Connection, conversation_ids: Collection[str], objects: Iterable[str]) -> Blanked:
    """Blank the sentences of the assistant's in some conversations that name one of some things."""
    named = [r"[\W_]+".join(map(re.escape, words)) for each in objects if (words := re.findall(r"\w+", each))]
    if not named:
        return Blanked(messages=(), sentences=())
    holds = re.compile(rf"(?i)(?<!\w)(?:{'|'.join(named)})(?!\w)")
    found: list[str] = []

    def blanked(text: str) -> str:
        return _SENTENCE.sub(lambda said: _noted(said[0], found) if holds.search(said[0]) else said[0], text)

    rows = db.execute(
        "SELECT message_id, position, body FROM messages JOIN message_parts ON message_id = id JOIN parts USING (hash)"
        " WHERE role = 'assistant' AND conversation_id IN (SELECT value FROM json_each(?)) ORDER BY messages.rowid",
        (json.dumps(list(conversation_ids)),),
    ).fetchall()
    messages = []
    for row in rows:
        body = json.loads(row["body"])
        kept = {key: _each(value, blanked) if key in _SAYS else value for key, value in body.items()}
        if kept != body:
            where = (_put(db, kept), row["message_id"], row["position"])
            db.execute("UPDATE message_parts SET hash = ? WHERE message_id = ? AND position = ?", where)
            messages.append(row["message_id"])
    _drop_unused(db)
    return Blanked(messages=tuple(dict.fromkeys(messages)), sentences=tuple(found))


def cut(db: sqlite3.Connection, sentence: re.Pattern[str]) -> Blanked:
    """Cut a sentence out of all messages, and out of system prompts, where an agent's own memory may hold it."""
    found: list[str] = []
    messages: list[str] = []
    for row in [row for row in db.execute("SELECT hash, body FROM parts") if sentence.search(row["body"])]:
        said: list[str] = []
        key = _put(db, _each(json.loads(row["body"]), lambda text: sentence.sub(lambda m: _noted(m[0], said), text)))  # noqa: B023
        rows = db.execute("SELECT message_id FROM message_parts WHERE hash = ?", (row["hash"],)).fetchall()
        messages += [each["message_id"] for each in rows]
        found += said * len(rows)
        db.execute("UPDATE message_parts SET hash = ? WHERE hash = ?", (key, row["hash"]))
        db.execute("UPDATE views SET context = ? WHERE context = ?", (key, row["hash"]))
    _drop_unused(db)
    return Blanked(messages=tuple(dict.fromkeys(messages)), sentences=tuple(found))


def _noted(said: str, found: list[str]) -> str:
    found.append(said)
    return GONE


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each(item, change) for key, item in value.items()}
    return [_each(item, change) for item in value] if isinstance(value, list) else value


def _put(db: sqlite3.Connection, body: Any) -> str:
    text = json.dumps(body, sort_keys=True)
    key = sha256(text.encode()).hexdigest()
    db.execute("INSERT OR IGNORE INTO parts VALUES (?, ?)", (key, text))
    return key


def _drop_unused(db: sqlite3.Connection) -> None:
    db.execute(
        "DELETE FROM parts WHERE hash NOT IN (SELECT hash FROM message_parts)"
        " AND hash NOT IN (SELECT context FROM views WHERE context IS NOT NULL)"
    )
