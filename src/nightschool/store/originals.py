"""The bytes that came in, line by line, as they came.

A document is one file, or one session of a database. Equal lines are stored once. A document that
grew gets more lines; one that was rewritten gets another edition, and the earlier one stays.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import zstandard

from nightschool.store import spoken
from nightschool.store.tombstones import GONE, cut_line


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """The lines of one file or session, each with its line ending."""

    name: str
    """Absolute path; a session inside a database follows behind a `#`."""
    lines: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """One state in which a document came in."""

    id: int
    name: str
    number: int


def keep(db: sqlite3.Connection, source_id: int, document: Document) -> int:
    """Store what is new of a document and return the id of the edition that holds it."""
    hashes = [hashlib.sha256(line).hexdigest() for line in document.lines]
    newest = db.execute(
        "SELECT id, edition FROM documents WHERE name = ? ORDER BY edition DESC LIMIT 1", (document.name,)
    ).fetchone()
    stored = _hashes(db, newest["id"]) if newest else []
    if newest and stored == hashes[: len(stored)]:
        edition = int(newest["id"])
    else:
        number = newest["edition"] + 1 if newest else 1
        row = db.execute("INSERT INTO documents (name, edition) VALUES (?, ?)", (document.name, number))
        edition, stored = int(row.lastrowid or 0), []
    db.execute("INSERT OR IGNORE INTO source_documents VALUES (?, ?)", (source_id, edition))
    pack = zstandard.ZstdCompressor(level=3).compress
    for position in range(len(stored), len(hashes)):
        if db.execute("SELECT 1 FROM contents WHERE hash = ?", (hashes[position],)).fetchone() is None:
            # The hash stays that of the line as it came, so that reading it again adds nothing.
            line = cut_line(db, document.lines[position])
            db.execute("INSERT INTO contents VALUES (?, ?)", (hashes[position], pack(line)))
        db.execute("INSERT INTO originals VALUES (?, ?, ?)", (edition, position, hashes[position]))
    return edition


def newest(db: sqlite3.Connection, name: str) -> int:
    """Return the id of a document's newest edition."""
    row = db.execute("SELECT id FROM documents WHERE name = ? ORDER BY edition DESC LIMIT 1", (name,)).fetchone()
    return int(row["id"])


def editions(db: sqlite3.Connection, source_id: int | None = None) -> list[Edition]:
    """Return what came in, in the order it came, without the editions that a later one only continues."""
    rows = db.execute(
        "SELECT DISTINCT id, name, edition FROM documents JOIN source_documents ON document_id = id"
        " WHERE ?1 IS NULL OR source_id = ?1 ORDER BY id",
        (source_id,),
    ).fetchall()
    return [
        Edition(id=row["id"], name=row["name"], number=row["edition"]) for row in rows if not _continued(db, row["id"])
    ]


def lines(db: sqlite3.Connection, document_id: int, conversation_id: str | None = None) -> Iterator[bytes]:
    """Yield a document's lines in order, or those of them that a conversation was read from."""
    rows = db.execute(
        "SELECT packed FROM originals JOIN contents USING (hash) WHERE document_id = ?1 AND (?2 IS NULL OR EXISTS ("
        "SELECT 1 FROM origins WHERE conversation_id = ?2 AND origins.document_id = originals.document_id"
        " AND origins.position = originals.position)) ORDER BY position",
        (document_id, conversation_id),
    )
    unpack = zstandard.ZstdDecompressor().decompress
    for row in rows:
        yield unpack(row["packed"])


def of_conversations(db: sqlite3.Connection, conversation_ids: Collection[str]) -> set[str]:
    """Return the hashes of the bytes that some conversations came in with, over the API too."""
    rows = db.execute(
        "WITH talks (id) AS (SELECT value FROM json_each(?)) SELECT hash FROM originals JOIN origins"
        " USING (document_id, position) WHERE conversation_id IN talks"
        " UNION SELECT request FROM exchanges WHERE conversation_id IN talks"
        " UNION SELECT response FROM exchanges WHERE conversation_id IN talks",
        (json.dumps(list(conversation_ids)),),
    )
    return {row["hash"] for row in rows}


def of_message_alone(db: sqlite3.Connection, message_id: str) -> set[str]:
    """Return the hashes of the lines that one message was read from, and no other."""
    rows = db.execute(
        "WITH read (hash, message) AS"
        " (SELECT hash, message_id FROM originals JOIN origins USING (document_id, position))"
        " SELECT hash FROM read WHERE message = ?1 EXCEPT SELECT hash FROM read WHERE message NOT IN ('', ?1)",
        (message_id,),
    )
    return {row["hash"] for row in rows}


def cut(db: sqlite3.Connection, text: re.Pattern[str], among: Collection[str] | None = None) -> set[str]:
    """Cut texts out of the stored bytes, or of some of them; return the hashes of what changed.

    A hash stays as it is, and with it the line counts as known. Only inside a forgetting.
    """
    pack, unpack = zstandard.ZstdCompressor(level=3).compress, zstandard.ZstdDecompressor().decompress
    changed = set()
    # Not all at once: a history may be larger than what fits.
    for row in db.execute("SELECT hash FROM contents").fetchall():
        key = row["hash"]
        if among is not None and key not in among:
            continue
        data = unpack(db.execute("SELECT packed FROM contents WHERE hash = ?", (key,)).fetchone()["packed"])
        before = data.decode("utf-8", "surrogateescape")
        after = GONE if any(map(text.search, spoken.texts(data))) else text.sub(GONE, before)
        if after != before:
            blank(db, [key], pack(after.encode("utf-8", "surrogateescape")))
            changed.add(key)
    return changed


def blank(db: sqlite3.Connection, hashes: Collection[str], packed: bytes = b"") -> None:
    """Put other bytes, or none that say anything, in the place of some. Only inside a forgetting."""
    packed = packed or zstandard.ZstdCompressor(level=3).compress(GONE.encode())
    db.executemany("UPDATE contents SET packed = ? WHERE hash = ?", [(packed, key) for key in hashes])


def _hashes(db: sqlite3.Connection, document_id: int) -> list[str]:
    rows = db.execute("SELECT hash FROM originals WHERE document_id = ? ORDER BY position", (document_id,))
    return [row["hash"] for row in rows]


def _continued(db: sqlite3.Connection, document_id: int) -> bool:
    """Tell whether the next edition begins with every byte of this one.

    It differs at most in the last line then, which was still being written when this one was read.
    """
    following = db.execute(
        "SELECT later.id FROM documents AS later JOIN documents AS this ON later.name = this.name"
        " AND later.edition = this.edition + 1 WHERE this.id = ?",
        (document_id,),
    ).fetchone()
    if following is None:
        return False
    ours, theirs = _hashes(db, document_id), _hashes(db, following["id"])
    last = len(ours) - 1
    if ours[:last] != theirs[:last] or len(theirs) <= last:
        return False
    both = [
        db.execute("SELECT packed FROM contents WHERE hash = ?", (hashes[last],)).fetchone()
        for hashes in (ours, theirs)
    ]
    unpack = zstandard.ZstdDecompressor().decompress
    return unpack(both[1]["packed"]).startswith(unpack(both[0]["packed"]))
