"""What went over the API: every exchange byte for byte, and which conversation it belongs to.

Rows are only added. Where a program's own log tells the same conversation, the log's is read for
lessons, because it knows undos and edits; what the API alone knows (system prompt, tools) is lent to it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import zstandard

from nightschool.records import Conversation, Message
from nightschool.store import conversations, spoken
from nightschool.store.database import transaction
from nightschool.store.tombstones import GONE, cut_line, is_forgotten
from nightschool.turns import apart, kept_path

LEAST_LETTERS = 12
"""A shorter answer is said in too many conversations to tell one by."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """One exchange as it is kept."""

    id: str
    started: float
    seconds: float
    first_seconds: float
    path: str
    client: str
    status: int
    content_type: str
    model: str
    version: str
    memory: tuple[str, ...]
    kind: str
    """`main`, `command`, or what else a program asked for: `title`, `tags`, `summary` and so on."""
    answer_id: str
    request: bytes
    response: bytes
    conversation_id: str | None = None
    message_id: str | None = None
    arm: str = ""
    """`base` or `champion` where the two are compared, else empty."""


def add(db: sqlite3.Connection, kept: Kept) -> None:
    """Keep one exchange."""
    with transaction(db):
        db.execute(
            "INSERT INTO exchanges VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                kept.id, kept.started, kept.seconds, kept.first_seconds, kept.path, kept.client, kept.status,
                kept.content_type, kept.model, kept.version, json.dumps(kept.memory), kept.kind, kept.answer_id,
                _content(db, kept.request), _content(db, kept.response), kept.conversation_id, kept.message_id,
                kept.arm,
            ),
        )  # fmt: skip


def get(db: sqlite3.Connection, exchange_id: str) -> Kept | None:
    """Return one exchange by its own id or by the one that its answer carries, or None.

    Some servers leave that one empty, and some give it again: the newest one with a place in a talk is meant.
    """
    row = db.execute(
        "SELECT * FROM exchanges WHERE id = ?1 OR (answer_id = ?1 AND ?1 <> '')"
        " ORDER BY id = ?1 DESC, message_id IS NULL, started DESC LIMIT 1",
        (exchange_id,),
    ).fetchone()
    return _kept(db, row) if row else None


def of_conversation(db: sqlite3.Connection, conversation_id: str) -> list[Kept]:
    """Return the exchanges of a conversation, oldest first."""
    rows = db.execute("SELECT * FROM exchanges WHERE conversation_id = ? ORDER BY started", (conversation_id,))
    return [_kept(db, row) for row in rows.fetchall()]


def count(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many exchanges of each kind there are."""
    rows = db.execute("SELECT kind, count(*) AS many FROM exchanges GROUP BY kind ORDER BY kind")
    return {row["kind"]: row["many"] for row in rows}


def link(db: sqlite3.Connection, key: str, message: Message, conversation_id: str) -> None:
    """Remember that a conversation stands at a message once this was said."""
    with transaction(db):
        values = (key, message.id, conversation_id, time.time())
        db.execute("INSERT OR IGNORE INTO chains VALUES (?, ?, ?, ?)", values)


def standing(db: sqlite3.Connection, keys: Sequence[str]) -> tuple[int, str, str] | None:
    """Return how many of the keys are known, and the conversation and message where the newest such one stands."""
    for index in range(len(keys) - 1, -1, -1):
        row = db.execute(
            "SELECT conversation_id, message_id FROM chains WHERE key = ? ORDER BY created DESC LIMIT 1", (keys[index],)
        ).fetchone()
        if row:
            return index + 1, row["conversation_id"], row["message_id"]
    return None


def arm(db: sqlite3.Connection, keys: Sequence[str]) -> str | None:
    """Return the arm that a conversation began with, or None where nothing of it is known."""
    stands = standing(db, keys)
    if stands is None:
        return None
    main = "SELECT arm FROM exchanges WHERE conversation_id = ? AND kind = 'main' ORDER BY started LIMIT 1"
    row = db.execute(main, (stands[1],)).fetchone()
    return str(row["arm"]) if row else None


def set_aside(db: sqlite3.Connection, conversation_id: str) -> None:
    """Keep a conversation out of all lessons for good, because the person said so."""
    with transaction(db):
        db.execute(
            "INSERT INTO set_aside VALUES (?, 'off the record', NULL, ?)"
            " ON CONFLICT DO UPDATE SET reason = excluded.reason",
            (conversation_id, time.time()),
        )


def unrecorded(db: sqlite3.Connection, texts: Iterable[str]) -> None:
    """Note, as salted hashes alone, what was answered off the record."""
    with transaction(db):
        rows = [(_hash(db, text), time.time()) for text in texts if len(text.strip()) >= LEAST_LETTERS]
        db.executemany("INSERT OR IGNORE INTO unrecorded VALUES (?, ?)", rows)


def match(db: sqlite3.Connection) -> int:
    """Find the logs that tell what went over the API as well; return how many were newly found."""
    known = {row["conversation_id"]: row["reason"] for row in db.execute("SELECT * FROM set_aside").fetchall()}
    ours = {row["conversation_id"] for row in db.execute("SELECT DISTINCT conversation_id FROM exchanges")} - {None}
    everything = {one.id: one for one in conversations.all_conversations(db, set_aside=True)}
    logs = [one for one in everything.values() if one.id not in ours and known.get(one.id) != "off the record"]
    found = sum(_silence(db, log) for log in logs)
    places: dict[str, list[Conversation]] = {}
    for log in logs:
        for text in _answers(log):
            places.setdefault(text, []).append(log)
    for conversation_id in sorted(ours):
        if conversation_id in known and known[conversation_id] == "in a log":
            continue
        recorded = everything.get(conversation_id)
        twin = _twin(recorded, places) if recorded else None
        if recorded and twin:
            _pair(db, recorded, twin, off=known.get(conversation_id) == "off the record")
            found += 1
    return found


def _silence(db: sqlite3.Connection, log: Conversation) -> int:
    """Keep a log out that holds what was answered off the record."""
    hashes = [_hash(db, text) for text in _answers(log)]
    if not any(db.execute("SELECT 1 FROM unrecorded WHERE hash = ?", (h,)).fetchone() for h in hashes):
        return 0
    set_aside(db, log.id)
    return 1


def _twin(recorded: Conversation, places: dict[str, list[Conversation]]) -> Conversation | None:
    """Return the log that holds every answer of a recorded conversation, in its order."""
    said = _answers(recorded)
    for log in places.get(said[0], []) if said else []:
        told = iter(_answers(log))
        if all(text in told for text in said):
            return log
    return None


def _pair(db: sqlite3.Connection, recorded: Conversation, log: Conversation, *, off: bool) -> None:
    if off:
        set_aside(db, log.id)
    with transaction(db):
        db.execute(
            "INSERT INTO set_aside VALUES (?, 'in a log', ?, ?) ON CONFLICT DO NOTHING",
            (recorded.id, log.id, time.time()),
        )
    conversations.lend(db, log, recorded)


def _answers(conversation: Conversation) -> list[str]:
    texts = [" ".join(apart(m.text)[1].split()) for m in kept_path(conversation) if m.author == "assistant"]
    return [text for text in texts if len(text) >= LEAST_LETTERS]


def _hash(db: sqlite3.Connection, text: str) -> str:
    salt = db.execute("SELECT salt FROM tombstone_salt").fetchone()[0]
    return hashlib.blake2b(" ".join(text.split()).encode(), key=salt, digest_size=32).hexdigest()


def _content(db: sqlite3.Connection, data: bytes) -> str:
    # Clients send the whole conversation again with each request, what was forgotten of it too.
    if db.execute("SELECT 1 FROM tombstones LIMIT 1").fetchone() is not None:
        data = GONE.encode() if any(is_forgotten(db, text) for text in spoken.texts(data)) else cut_line(db, data)
    key = hashlib.sha256(data).hexdigest()
    if db.execute("SELECT 1 FROM contents WHERE hash = ?", (key,)).fetchone() is None:
        db.execute("INSERT INTO contents VALUES (?, ?)", (key, zstandard.ZstdCompressor(level=3).compress(data)))
    return key


def _bytes(db: sqlite3.Connection, key: str) -> bytes:
    row = db.execute("SELECT packed FROM contents WHERE hash = ?", (key,)).fetchone()
    return zstandard.ZstdDecompressor().decompress(row["packed"])


def _kept(db: sqlite3.Connection, row: sqlite3.Row) -> Kept:
    values = dict(zip(row.keys(), tuple(row), strict=True))
    memory = tuple(json.loads(values["memory"]))
    bodies = {name: _bytes(db, values[name]) for name in ("request", "response")}
    return Kept(**{**values, **bodies, "memory": memory})
