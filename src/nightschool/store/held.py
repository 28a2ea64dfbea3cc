"""Facts as a person leafs through them: a page at a time, with where each is held."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Sequence
from typing import Literal

from nightschool.records import Fact
from nightschool.store import facts, graduation, versions

Place = Literal["context", "weights", "both", "nowhere"]

_HOLDS = (
    "facts.state IN ('live', 'superseded') AND facts.ended_by IS NOT 'clear'"
    " AND (facts.valid_to IS NULL OR facts.valid_to > :now) AND (facts.valid_from IS NULL OR facts.valid_from <= :now)"
)


def page(db: sqlite3.Connection, text: str, *, limit: int, offset: int) -> tuple[list[Fact], int]:
    """Return a page of what holds now and how many there are: the newest first, or the best matches of a text."""
    words = [f'"{word}"*' for word in dict.fromkeys(re.findall(r"\w+", text))][:16]
    values = {"now": time.time(), "words": " ".join(words), "limit": limit, "offset": offset}
    if words:
        table = "facts_words JOIN facts ON facts.number = facts_words.rowid"
        where, order = f"facts_words MATCH :words AND {_HOLDS}", "bm25(facts_words), facts.known_from DESC"
    else:
        table, where, order = "facts", _HOLDS, "facts.known_from DESC, facts.number DESC"
    chosen = f"FROM {table} WHERE {where}"
    count = db.execute(f"SELECT count(*) {chosen}", values).fetchone()[0]
    rows = db.execute(f"SELECT facts.id {chosen} ORDER BY {order} LIMIT :limit OFFSET :offset", values)
    found = [facts.get(db, row["id"]) for row in rows.fetchall()]
    return [fact for fact in found if fact is not None], int(count)


def waiting(db: sqlite3.Connection) -> list[tuple[Fact, Fact]]:
    """Return what waits to be settled, without reading every fact where nothing does."""
    some = db.execute("SELECT 1 FROM facts WHERE state = 'asked' LIMIT 1").fetchone()
    return facts.asked(db) if some else []


def places(db: sqlite3.Connection, found: Sequence[Fact]) -> dict[str, Place]:
    """Tell where each of some facts is held: in the prompt, in the weights of who answers, or in both."""
    ids = [fact.id for fact in found]
    weights = _edited(db, ids) | _taught(db, ids)
    out = graduation.graduated(db)
    now = time.time()
    told = {
        fact.id
        for fact in found
        if fact.state == "live" and fact.id not in out and (fact.valid_to is None or fact.valid_to > now)
    }
    names: dict[tuple[bool, bool], Place] = {
        (True, True): "both", (True, False): "context", (False, True): "weights", (False, False): "nowhere",
    }  # fmt: skip
    return {fact_id: names[fact_id in told, fact_id in weights] for fact_id in ids}


def _edited(db: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    """The facts whose newest edit on any ground is written, or was let go because a training holds it."""
    rows = db.execute(
        "SELECT DISTINCT fact_id FROM edits JOIN edit_states ON edit_states.edit = edits.number"
        " WHERE fact_id IN (SELECT value FROM json_each(?)) AND (columns IS NOT NULL OR state = 'graduated')"
        " AND edits.number = (SELECT max(number) FROM edits AS later WHERE later.fact_id = edits.fact_id)"
        " AND edit_states.number = (SELECT max(number) FROM edit_states WHERE edit = edits.number)"
        " AND state IN ('written', 'graduated')",
        (json.dumps(list(ids)),),
    )
    return {row["fact_id"] for row in rows}


def _taught(db: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    """The wishes whose lesson stands in the dataset of the version that answers."""
    champion = versions.pointer(db, "champion")
    if champion == versions.BASE:
        return set()
    rows = db.execute(
        "SELECT DISTINCT lesson_id FROM dataset_rows WHERE dataset = ? AND origin <> 'base' AND lesson_id IS NOT NULL",
        (versions.get(db, champion).dataset,),
    )
    taught = {f"f-{row['lesson_id']}" for row in rows}
    return {fact_id for fact_id in ids if fact_id in taught}
