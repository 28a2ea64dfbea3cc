"""Facts and preferences over time, and their full-text search.

A new value of the same subject and relation ends the older one, which stays in the history; where
nobody knows which is newer, the person is asked. Every change notes what it found (`store.revision`
undoes it). Forgetting alone empties a row: the words leave the row, the search index and the free
pages of the file; a salted hash stays.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
import time
from collections.abc import Sequence
from unicodedata import category

from nightschool.errors import UserError
from nightschool.records import Fact
from nightschool.store import changes
from nightschool.store.database import file_of, told, transaction
from nightschool.store.tombstones import entomb, is_forgotten, lift

__all__ = ["MANY_VALUED", "add", "asked", "by_number", "clear", "entomb", "erase", "forget", "get", "history", 
           "is_forgotten", "live", "one_valued", "put", "restore", "scrub", "search",
           "start_of"]  # fmt: skip

MANY_VALUED = frozenset({"likes", "dislikes", "allergic to", "allergy", "speaks", "owns", "child", "pet", "hobby"})
"""Relations that hold several values at once: another one takes nobody's place."""

COLUMNS = (
    "id, kind, sentence, subject, relation, object, source, valid_from, valid_to, known_from, known_to, state,"
    " scope, confidence"
)
_NAMES = COLUMNS.split(", ")
_QUERY_WORDS = 64


def add(db: sqlite3.Connection, fact: Fact) -> Fact:
    """Store a fact and return it as stored.

    The same sentence again changes nothing but its sources. A forgotten sentence is not stored
    and comes back with the state `forgotten`, unless the person typed it in (no source).
    """
    undated = bool(fact.source) and not fact.known_from
    fact = dataclasses.replace(fact, sentence=_plain(fact.sentence), known_from=fact.known_from or time.time())
    with transaction(db):
        if fact.source and is_forgotten(db, fact.sentence):
            return dataclasses.replace(fact, state="forgotten")
        if not fact.source:
            lift(db, fact.sentence)
        known = _same(db, fact)
        if known is not None:
            return known
        batch = changes.begin(db)
        until = fact.valid_to
        fact = _place_in_time(db, fact, batch, undated=undated)
        put(db, fact, batch, "told", undated=undated, until=until)
    return fact


def _same(db: sqlite3.Connection, fact: Fact) -> Fact | None:
    """The stored fact that this one repeats: of its id, held with its sentence, or from its messages."""
    stored = get(db, fact.id)
    if stored is not None:
        return stored
    rows = db.execute(f"SELECT {COLUMNS} FROM facts WHERE sentence_key = ?", (_key(fact.sentence),))
    for row in rows.fetchall():
        twin = _fact(row)
        if set(fact.source) and set(fact.source) <= set(twin.source):
            return twin
        over = twin.valid_to is not None and twin.valid_to <= start_of(fact)
        if twin.state == "live" and twin.kind == fact.kind and twin.scope in ("everywhere", fact.scope) and not over:
            source = tuple(dict.fromkeys([*twin.source, *fact.source]))
            db.execute("UPDATE facts SET source = ? WHERE id = ?", (json.dumps(source), twin.id))
            return dataclasses.replace(twin, source=source)
    return None


def _place_in_time(db: sqlite3.Connection, fact: Fact, batch: int, *, undated: bool) -> Fact:
    """Put a value among those of its subject and relation: it ends the one before, the one after ends it."""
    if not one_valued(fact) or fact.valid_to is not None:
        return fact
    rows = db.execute(
        f"SELECT {COLUMNS}, undated FROM facts WHERE state IN ('live', 'superseded') AND ended_by IS NOT 'clear'"
        " AND subject = ? AND relation = ? AND scope = ? AND kind = ?",
        (fact.subject, fact.relation, fact.scope, fact.kind),
    ).fetchall()
    others = [(_fact(row), bool(row["undated"])) for row in rows]
    for other, vague in others:
        if other.state == "live" and other.valid_to is None and _unordered(db, fact, other, undated or vague):
            return dataclasses.replace(fact, state="asked")
    start = start_of(fact)
    for other, _ in others:
        if start_of(other) <= start and (other.valid_to is None or other.valid_to > start):
            _end(db, other, fact, batch)
    later = min((other for other, _ in others if start_of(other) > start), key=start_of, default=None)
    if later is None:
        return fact
    return dataclasses.replace(fact, state="superseded", known_to=later.known_from, valid_to=start_of(later))


def one_valued(fact: Fact) -> bool:
    """Tell whether another value of this fact's relation takes its place."""
    return bool(fact.relation) and fact.relation.casefold().replace("_", " ") not in MANY_VALUED


def _end(db: sqlite3.Connection, fact: Fact, by: Fact, batch: int) -> None:
    # An end that the person named is about a while; the lasting value beside it stays the lasting one.
    if fact.state == "live" and fact.valid_to is not None:
        return
    changes.note(db, batch, fact.id, "superseded", by.known_from)
    db.execute(
        "UPDATE facts SET state = 'superseded', known_to = coalesce(known_to, ?), valid_to = ?, ended_by = ?"
        " WHERE id = ?",
        (by.known_from, start_of(by), by.id, fact.id),
    )


def _unordered(db: sqlite3.Connection, fact: Fact, other: Fact, undated: bool) -> bool:
    """Whether two values contradict each other and nobody can tell which came later."""
    if fact.kind != "fact" or not fact.object or fact.object.casefold() == other.object.casefold():
        return False
    if not undated and start_of(fact) != start_of(other):
        return False
    places = [
        db.execute("SELECT conversation_id FROM messages WHERE id = ?", (each.source[0],)).fetchone()
        for each in (fact, other)
        if each.source
    ]
    talks = {row["conversation_id"] for row in places if row}
    return bool(fact.source) and (len(places) != 2 or None in places or len(talks) == 2)


def put(
    db: sqlite3.Connection, fact: Fact, batch: int, op: str, *, undated: bool = False, until: float | None = None
) -> None:
    """Insert a row as it is, inside a running transaction; `until` is the end that it was told with."""
    values = (
        fact.id, fact.kind, fact.sentence, fact.subject, fact.relation, fact.object, json.dumps(fact.source),
        fact.valid_from, fact.valid_to, fact.known_from, fact.known_to, fact.state, fact.scope, fact.confidence,
    )  # fmt: skip
    db.execute(
        f"INSERT INTO facts ({COLUMNS}, sentence_key, undated) VALUES ({', '.join('?' * (len(values) + 2))})",
        (*values, _key(fact.sentence), int(undated)),
    )
    changes.note(db, batch, fact.id, op, fact.known_from, fresh=True, until=until)


def get(db: sqlite3.Connection, fact_id: str) -> Fact | None:
    """Return one fact in whatever state, or None."""
    row = db.execute(f"SELECT {COLUMNS} FROM facts WHERE id = ?", (fact_id,)).fetchone()
    return _fact(row) if row else None


def live(db: sqlite3.Connection, at: float | None = None) -> list[Fact]:
    """Return what holds now, or, as far as is known today, what held at a moment; oldest first."""
    moment = time.time() if at is None else at
    began = "valid_from" if at is None else "coalesce(valid_from, known_from)"
    rows = db.execute(
        f"SELECT {COLUMNS} FROM facts WHERE state IN ('live', 'superseded') AND ended_by IS NOT 'clear'"
        f" AND ({began} IS NULL OR {began} <= ?) AND (valid_to IS NULL OR valid_to > ?) ORDER BY known_from, number",
        (moment, moment),
    )
    found = [_fact(row) for row in rows]
    # What a later value ends on a day to come holds until that day.
    return found if at is not None else [dataclasses.replace(fact, state="live") for fact in found]


def asked(db: sqlite3.Connection) -> list[tuple[Fact, Fact]]:
    """Return what waits for the person: a contradicting fact, and the one that it contradicts."""
    held, pairs = live(db), []
    for row in db.execute(f"SELECT {COLUMNS} FROM facts WHERE state = 'asked' ORDER BY known_from, number").fetchall():
        new = _fact(row)
        rivals = [
            old for old in held if (old.subject, old.relation, old.scope) == (new.subject, new.relation, new.scope)
        ]
        pairs += [(new, old) for old in rivals[:1]]
    return pairs


def history(db: sqlite3.Connection) -> list[Fact]:
    """Return every fact that was not forgotten, ended ones too, oldest first."""
    rows = db.execute(f"SELECT {COLUMNS} FROM facts WHERE state <> 'forgotten' ORDER BY known_from, number")
    return [_fact(row) for row in rows]


def search(db: sqlite3.Connection, text: str, limit: int = 10) -> list[Fact]:
    """Return facts that hold now and share words with a text, best first. Any text is safe."""
    words = list(dict.fromkeys(re.findall(r"\w+", _plain(text))))[:_QUERY_WORDS]
    if not words:
        return []
    columns = ", ".join(f"facts.{name}" for name in _NAMES)
    now = time.time()
    rows = db.execute(
        f"SELECT {columns} FROM facts_words JOIN facts ON facts.number = facts_words.rowid"
        " WHERE facts_words MATCH ? AND facts.state IN ('live', 'superseded') AND facts.ended_by IS NOT 'clear'"
        " AND (facts.valid_to IS NULL OR facts.valid_to > ?) AND (facts.valid_from IS NULL OR facts.valid_from <= ?)"
        " ORDER BY bm25(facts_words), facts.known_from DESC LIMIT ?",
        (" OR ".join(f'"{word}"' for word in words), now, now, limit),
    )
    return [_fact(row) for row in rows]


def own_names(db: sqlite3.Connection) -> list[str]:
    """Return what the person is called, as far as that was told."""
    rows = db.execute(
        "SELECT object FROM facts WHERE subject = 'user' AND relation = 'name' AND state = 'live' AND object <> ''"
    )
    return [row["object"] for row in rows]


def by_number(db: sqlite3.Connection, numbers: Sequence[int]) -> list[Fact]:
    """Return the facts of some rows that hold now, in the order given."""
    held = {fact.id: fact for fact in live(db)}
    rows = [db.execute("SELECT id FROM facts WHERE number = ?", (number,)).fetchone() for number in numbers]
    return [held[row["id"]] for row in rows if row is not None and row["id"] in held]


def clear(db: sqlite3.Connection) -> int:
    """End all live facts, so that none is told any more, and return how many; `restore` undoes it."""
    now = time.time()
    with transaction(db):
        ended = db.execute(
            "UPDATE facts SET state = 'superseded', known_to = ?1, ended_by = 'clear' WHERE ended_by IS NOT 'clear'"
            " AND (state = 'live' AND valid_to IS NULL OR state IN ('live', 'superseded') AND valid_to > ?1)",
            (now,),
        )
    return ended.rowcount


def restore(db: sqlite3.Connection) -> int:
    """Bring back what `clear` ended, where no newer value has taken its place; return how many."""
    with transaction(db):
        back = db.execute(
            "UPDATE facts SET state = 'live', known_to = NULL, ended_by = NULL WHERE ended_by = 'clear'"
            " AND state = 'superseded' AND NOT EXISTS (SELECT 1 FROM facts AS newer WHERE newer.state = 'live'"
            " AND (newer.subject = facts.subject AND newer.relation = facts.relation AND newer.relation <> ''"
            " OR newer.sentence_key = facts.sentence_key AND newer.kind = facts.kind AND newer.scope = facts.scope))"
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
        "UPDATE facts SET sentence = '', sentence_key = '', subject = '', relation = '', object = '', scope = '',"
        " state = 'forgotten', known_to = coalesce(known_to, ?) WHERE id = ?",
        (time.time(), fact_id),
    )
    # Deleting a row from FTS5 only marks it; its words stay in the old segments until a rebuild.
    db.execute("INSERT INTO facts_words (facts_words) VALUES ('rebuild')")
    db.execute("INSERT INTO facts_words (facts_words) VALUES ('optimize')")
    return fact


def scrub(db: sqlite3.Connection) -> None:
    """Remove the bytes of deleted text from the file and its log; call outside a transaction."""
    with told(file_of(db)):
        db.execute("PRAGMA secure_delete = ON")
        db.execute("VACUUM")
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise UserError(
            "It is forgotten, but another program still reads older pages of this home's database",
            hint="Close it and run the same command again",
        )


def start_of(fact: Fact) -> float:
    """Return since when a fact holds, as far as is known."""
    return fact.known_from if fact.valid_from is None else fact.valid_from


def _key(sentence: str) -> str:
    """A sentence without case, punctuation and spacing, so that retyping it is the same sentence.

    Letters with their marks and symbols stay: C is not C++, and one emoji is not another.
    """
    text = _plain(sentence).casefold()
    return " ".join("".join(c if _tells(c) else " " for c in text).split()) or text.strip()


def _tells(character: str) -> bool:
    return character in "#@%&" or category(character)[0] in "LMN" or category(character) in ("Sc", "Sm", "So")


def _plain(text: str) -> str:
    # SQLite refuses lone surrogates, and a NUL ends a string for the tokenizer.
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _fact(row: sqlite3.Row) -> Fact:
    values = dict(zip(_NAMES, tuple(row), strict=False))
    return Fact(**{**values, "source": tuple(json.loads(values["source"]))})
