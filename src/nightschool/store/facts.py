"""Facts and preferences over time, their full-text search, and the tombstones of what was forgotten.

A new value of the same subject and relation ends the older one, which stays in the history.
Forgetting alone empties a row: the words leave the row, the search index and the free pages of
the file; a salted hash stays, so that a later import does not bring the sentence back.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import sqlite3
import time

from nightschool.errors import UserError
from nightschool.records import Fact
from nightschool.store.database import transaction

MANY_VALUED = frozenset({"likes", "dislikes", "allergic to", "allergy", "speaks", "owns", "child", "pet", "hobby"})
"""Relations that hold several values at once: another one takes nobody's place."""

_COLUMNS = "id, kind, sentence, subject, relation, object, source, valid_from, valid_to, known_from, known_to, state"
_QUERY_WORDS = 64


def add(db: sqlite3.Connection, fact: Fact) -> Fact:
    """Store a fact and return it as stored.

    The same sentence again changes nothing but its sources. A forgotten sentence is not stored
    and comes back with the state `forgotten`, unless the person typed it in (no source).
    """
    fact = dataclasses.replace(fact, sentence=_plain(fact.sentence), known_from=fact.known_from or time.time())
    with transaction(db):
        if fact.source and is_forgotten(db, fact.sentence):
            return dataclasses.replace(fact, state="forgotten")
        if not fact.source:
            db.execute("DELETE FROM tombstones WHERE hash = ?", (_tombstone(db, fact.sentence),))
        known = _same(db, fact)
        if known is not None:
            return known
        fact = _place_in_time(db, fact)
        _insert(db, fact)
    return fact


def _same(db: sqlite3.Connection, fact: Fact) -> Fact | None:
    """The stored fact that this one repeats: of its id, live with its sentence, or from its messages."""
    stored = get(db, fact.id)
    if stored is not None:
        return stored
    rows = db.execute(f"SELECT {_COLUMNS} FROM facts WHERE sentence_key = ?", (_key(fact.sentence),))
    for row in rows.fetchall():
        twin = _fact(row)
        if set(fact.source) and set(fact.source) <= set(twin.source):
            return twin
        if twin.state == "live" and twin.kind == fact.kind:
            source = tuple(dict.fromkeys([*twin.source, *fact.source]))
            db.execute("UPDATE facts SET source = ? WHERE id = ?", (json.dumps(source), twin.id))
            return dataclasses.replace(twin, source=source)
    return None


def _place_in_time(db: sqlite3.Connection, fact: Fact) -> Fact:
    """End the value that this one replaces, or end this one where a newer value is known already."""
    if not fact.relation or fact.relation.casefold().replace("_", " ") in MANY_VALUED:
        return fact
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM facts WHERE state = 'live' AND subject = ? AND relation = ?",
        (fact.subject, fact.relation),
    )
    for row in rows.fetchall():
        other = _fact(row)
        if other.known_from > fact.known_from:
            start = other.valid_from or other.known_from
            return dataclasses.replace(
                fact, state="superseded", known_to=other.known_from, valid_to=fact.valid_to or start
            )
        db.execute(
            "UPDATE facts SET state = 'superseded', known_to = ?, valid_to = coalesce(valid_to, ?), ended_by = ?"
            " WHERE id = ?",
            (fact.known_from, fact.valid_from or fact.known_from, fact.id, other.id),
        )
    return fact


def _insert(db: sqlite3.Connection, fact: Fact) -> None:
    db.execute(
        f"INSERT INTO facts ({_COLUMNS}, sentence_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            fact.id, fact.kind, fact.sentence, fact.subject, fact.relation, fact.object, json.dumps(fact.source),
            fact.valid_from, fact.valid_to, fact.known_from, fact.known_to, fact.state, _key(fact.sentence),
        ),
    )  # fmt: skip


def get(db: sqlite3.Connection, fact_id: str) -> Fact | None:
    """Return one fact in whatever state, or None."""
    row = db.execute(f"SELECT {_COLUMNS} FROM facts WHERE id = ?", (fact_id,)).fetchone()
    return _fact(row) if row else None


def live(db: sqlite3.Connection, at: float | None = None) -> list[Fact]:
    """Return what holds now, or, as far as is known today, what held at a moment; oldest first."""
    if at is None:
        condition, values = "state = 'live' AND (valid_to IS NULL OR valid_to > ?)", [time.time()]
    else:
        condition = "state <> 'forgotten' AND ended_by IS NOT 'clear' AND coalesce(valid_from, known_from) <= ?"
        condition, values = condition + " AND (valid_to IS NULL OR valid_to > ?)", [at, at]
    rows = db.execute(f"SELECT {_COLUMNS} FROM facts WHERE {condition} ORDER BY known_from, number", values)
    return [_fact(row) for row in rows]


def history(db: sqlite3.Connection) -> list[Fact]:
    """Return every fact that was not forgotten, ended ones too, oldest first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM facts WHERE state <> 'forgotten' ORDER BY known_from, number")
    return [_fact(row) for row in rows]


def search(db: sqlite3.Connection, text: str, limit: int = 10) -> list[Fact]:
    """Return live facts that share words with a text, best first. Any text is safe."""
    words = list(dict.fromkeys(re.findall(r"\w+", _plain(text))))[:_QUERY_WORDS]
    if not words:
        return []
    columns = ", ".join(f"facts.{name}" for name in _COLUMNS.split(", "))
    rows = db.execute(
        f"SELECT {columns} FROM facts_words JOIN facts ON facts.number = facts_words.rowid"
        " WHERE facts_words MATCH ? AND facts.state = 'live' AND (facts.valid_to IS NULL OR facts.valid_to > ?)"
        " ORDER BY bm25(facts_words), facts.known_from DESC LIMIT ?",
        (" OR ".join(f'"{word}"' for word in words), time.time(), limit),
    )
    return [_fact(row) for row in rows]


def clear(db: sqlite3.Connection) -> int:
    """End all live facts, so that none is told any more, and return how many; `restore` undoes it."""
    with transaction(db):
        ended = db.execute(
            "UPDATE facts SET state = 'superseded', known_to = ?, ended_by = 'clear' WHERE state = 'live'",
            (time.time(),),
        )
    return ended.rowcount


def restore(db: sqlite3.Connection) -> int:
    """Bring back what `clear` ended, where no newer value has taken its place; return how many."""
    with transaction(db):
        back = db.execute(
            "UPDATE facts SET state = 'live', known_to = NULL, ended_by = NULL WHERE ended_by = 'clear'"
            " AND state = 'superseded' AND NOT EXISTS (SELECT 1 FROM facts AS newer WHERE newer.state = 'live'"
            " AND newer.subject = facts.subject AND newer.relation = facts.relation AND newer.relation <> '')"
        )
    return back.rowcount


def forget(db: sqlite3.Connection, fact_id: str) -> Fact:
    """Erase one fact's words for good and leave a tombstone; UserError where there is no such fact.

    Messages and versions that carry it are the part of `store.forgetting`, which calls this one's
    pieces in a single transaction.
    """
    with transaction(db):
        fact = erase(db, fact_id)
    scrub(db)
    return fact


def erase(db: sqlite3.Connection, fact_id: str) -> Fact:
    """Empty a fact's row inside a running transaction and return what it held."""
    fact = get(db, fact_id)
    if fact is None or fact.state == "forgotten":
        raise UserError(f"Memory holds no fact {fact_id!r}", hint="`nightschool memory list` shows their ids")
    entomb(db, fact.sentence)
    db.execute(
        "UPDATE facts SET sentence = '', sentence_key = '', subject = '', relation = '', object = '',"
        " state = 'forgotten', known_to = coalesce(known_to, ?) WHERE id = ?",
        (time.time(), fact_id),
    )
    # Deleting a row from FTS5 only marks it; its words stay in the old segments until a rebuild.
    db.execute("INSERT INTO facts_words (facts_words) VALUES ('rebuild')")
    db.execute("INSERT INTO facts_words (facts_words) VALUES ('optimize')")
    return fact


def scrub(db: sqlite3.Connection) -> None:
    """Remove the bytes of deleted text from the file and its log; call outside a transaction."""
    db.execute("PRAGMA secure_delete = ON")
    db.execute("VACUUM")
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise UserError(
            "It is forgotten, but another program still reads older pages of this home's database",
            hint="Close it and run the same command again",
        )


def entomb(db: sqlite3.Connection, sentence: str) -> None:
    """Leave the salted hash of a sentence inside a running transaction."""
    db.execute("INSERT OR IGNORE INTO tombstones VALUES (?, ?)", (_tombstone(db, sentence), time.time()))


def is_forgotten(db: sqlite3.Connection, text: str) -> bool:
    """Tell whether a text is, or holds as one of its sentences or lines, what was forgotten."""
    if db.execute("SELECT 1 FROM tombstones LIMIT 1").fetchone() is None:
        return False
    pieces = {text, *text.splitlines(), *(piece for line in text.splitlines() for piece in _sentences(line))}
    hashes = {_tombstone(db, piece) for piece in pieces if _key(piece)}
    return any(db.execute("SELECT 1 FROM tombstones WHERE hash = ?", (h,)).fetchone() for h in hashes)


def _sentences(line: str) -> list[str]:
    return re.split(r"(?<=[.!?;])\s+", line)


def _tombstone(db: sqlite3.Connection, sentence: str) -> str:
    salt = db.execute("SELECT salt FROM tombstone_salt").fetchone()[0]
    return hashlib.blake2b(_key(sentence).encode(), key=salt, digest_size=32).hexdigest()


def _key(sentence: str) -> str:
    """A sentence without case, punctuation and spacing, so that retyping it is the same sentence."""
    return " ".join(re.findall(r"\w+", _plain(sentence).casefold()))


def _plain(text: str) -> str:
    # SQLite refuses lone surrogates, and a NUL ends a string for the tokenizer.
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _fact(row: sqlite3.Row) -> Fact:
    values = dict(zip(_COLUMNS.split(", "), tuple(row), strict=True))
    return Fact(**{**values, "source": tuple(json.loads(values["source"]))})
