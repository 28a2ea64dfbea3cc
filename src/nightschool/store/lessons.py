"""Lessons and their history, the probes and holdouts kept from training, the index of datasets, and signals.

Nothing here is overwritten: a lesson that changes its state gets another row, and the newest row counts.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nightschool.records import Dataset, Lesson, LessonState, Probe, Signal, from_json, to_json
from nightschool.store.database import transaction

_NEWEST = "SELECT max(number) FROM lessons GROUP BY id"


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetEntry:
    """What the store knows of a frozen dataset."""

    hash: str
    run: str
    base: str
    """Fingerprint of the base that its better answers came from."""
    rows: int
    left_out: dict[str, int]
    created: float


def put(db: sqlite3.Connection, lessons: Iterable[Lesson]) -> int:
    """Store lessons as they are now and return how many of them changed."""
    changed = 0
    with transaction(db):
        for lesson in lessons:
            if get(db, lesson.id) != lesson:
                values = (lesson.id, lesson.state, _text(lesson), time.time())
                db.execute("INSERT INTO lessons (id, state, body, known_from) VALUES (?, ?, ?, ?)", values)
                changed += 1
    return changed


def get(db: sqlite3.Connection, lesson_id: str) -> Lesson | None:
    """Return one lesson as it is now, or None."""
    row = db.execute("SELECT body FROM lessons WHERE id = ? ORDER BY number DESC LIMIT 1", (lesson_id,)).fetchone()
    return from_json(Lesson, json.loads(row["body"])) if row else None


def lessons(db: sqlite3.Connection, states: Sequence[LessonState] = ()) -> list[Lesson]:
    """Return the lessons as they are now, oldest first, all or those in some states."""
    rows = db.execute(f"SELECT body FROM lessons WHERE number IN ({_NEWEST})")
    read = [from_json(Lesson, json.loads(row["body"])) for row in rows]
    return sorted((x for x in read if not states or x.state in states), key=lambda x: (x.created, x.id))


def history(db: sqlite3.Connection, lesson_id: str) -> list[tuple[float, Lesson]]:
    """Return every state that a lesson has had, with the moment it began."""
    rows = db.execute("SELECT body, known_from FROM lessons WHERE id = ? ORDER BY number", (lesson_id,))
    return [(row["known_from"], from_json(Lesson, json.loads(row["body"]))) for row in rows]


def add_probes(db: sqlite3.Connection, probes: Iterable[Probe]) -> None:
    """Set turns aside for ever."""
    now = time.time()
    with transaction(db):
        db.executemany(
            "INSERT OR IGNORE INTO probes (lesson_id, turn_id, conversation_id, known_from) VALUES (?, ?, ?, ?)",
            [(probe.lesson_id, probe.turn_id, probe.conversation_id, now) for probe in probes],
        )


def probes(db: sqlite3.Connection) -> list[Probe]:
    """Return every probe, oldest first."""
    rows = db.execute("SELECT lesson_id, turn_id, conversation_id FROM probes ORDER BY known_from, rowid")
    return [Probe(**dict(row)) for row in rows]


def seal(db: sqlite3.Connection, run: str, conversation_ids: Iterable[str]) -> None:
    """Record what a night keeps away from training."""
    now = time.time()
    with transaction(db):
        db.executemany(
            "INSERT OR IGNORE INTO holdouts (run, conversation_id, sealed) VALUES (?, ?, ?)",
            [(run, conversation_id, now) for conversation_id in conversation_ids],
        )


def sealed(db: sqlite3.Connection, run: str) -> frozenset[str]:
    """Return what a night kept away from training."""
    rows = db.execute("SELECT conversation_id FROM holdouts WHERE run = ?", (run,))
    return frozenset(row["conversation_id"] for row in rows)


def mark_examined(db: sqlite3.Connection, run: str) -> None:
    """Record that the exam of a night has used its holdout."""
    with transaction(db):
        db.execute("UPDATE holdouts SET examined = ? WHERE run = ? AND examined IS NULL", (time.time(), run))


def examined(db: sqlite3.Connection) -> frozenset[str]:
    """Return the conversations that an exam has used; from then on they may be trained on."""
    rows = db.execute("SELECT DISTINCT conversation_id FROM holdouts WHERE examined IS NOT NULL")
    return frozenset(row["conversation_id"] for row in rows)


def add_dataset(db: sqlite3.Connection, dataset: Dataset, *, run: str, base: str) -> None:
    """Index a frozen dataset; the same one again changes nothing."""
    with transaction(db):
        if db.execute("SELECT 1 FROM datasets WHERE hash = ?", (dataset.hash,)).fetchone():
            return
        left_out = json.dumps(dict(dataset.left_out))
        values = (dataset.hash, run, base, len(dataset.examples), left_out, time.time())
        db.execute("INSERT INTO datasets VALUES (?, ?, ?, ?, ?, ?)", values)
        db.executemany(
            "INSERT INTO dataset_rows VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (dataset.hash, row.id, row.objective, row.origin, row.lesson_id, row.conversation_id, _text(row.source))
                for row in dataset.examples
            ],
        )


def datasets(db: sqlite3.Connection) -> list[DatasetEntry]:
    """Return the index of datasets, oldest first."""
    rows = db.execute("SELECT * FROM datasets ORDER BY created, rowid")
    return [DatasetEntry(**{**dict(row), "left_out": json.loads(row["left_out"])}) for row in rows]


def trained(db: sqlite3.Connection) -> frozenset[str]:
    """Return the conversations that stand in any dataset; they can never be held out."""
    rows = db.execute("SELECT DISTINCT conversation_id FROM dataset_rows WHERE conversation_id IS NOT NULL")
    return frozenset(row["conversation_id"] for row in rows)


def rows_teaching(db: sqlite3.Connection, dataset: str, lesson_id: str) -> int:
    """Count the rows of a dataset that teach a lesson."""
    query = "SELECT count(*) AS rows FROM dataset_rows WHERE dataset = ? AND lesson_id = ?"
    count: int = db.execute(query, (dataset, lesson_id)).fetchone()["rows"]
    return count


def rows_resting_on(db: sqlite3.Connection, message_id: str) -> list[tuple[str, str]]:
    """Return dataset hash and row id of every row that cites a message."""
    rows = db.execute(
        "SELECT dataset, example_id FROM dataset_rows, json_each(dataset_rows.source) WHERE json_each.value = ?",
        (message_id,),
    )
    return [(row["dataset"], row["example_id"]) for row in rows]


def put_signals(db: sqlite3.Connection, conversation_id: str, signals: Iterable[Signal]) -> None:
    """Make these the present signals of a conversation; those no longer found are ended."""
    now, found = time.time(), [(signal.turn_id, _text(signal)) for signal in signals]
    with transaction(db):
        query = "SELECT number, body FROM signals WHERE conversation_id = ? AND known_to IS NULL"
        present = {row["body"]: row["number"] for row in db.execute(query, (conversation_id,))}
        bodies = {body for _, body in found}
        ended = [(now, number) for body, number in present.items() if body not in bodies]
        db.executemany("UPDATE signals SET known_to = ? WHERE number = ?", ended)
        new = [(conversation_id, turn, body, now) for turn, body in found if body not in present]
        db.executemany("INSERT INTO signals (conversation_id, turn_id, body, known_from) VALUES (?, ?, ?, ?)", new)


def signals(db: sqlite3.Connection, conversation_id: str | None = None) -> list[Signal]:
    """Return the present signals of one conversation, or of all."""
    query, values = "SELECT body FROM signals WHERE known_to IS NULL", []
    if conversation_id is not None:
        query, values = f"{query} AND conversation_id = ?", [conversation_id]
    rows = db.execute(f"{query} ORDER BY number", values)
    return [from_json(Signal, json.loads(row["body"])) for row in rows]


def _text(value: object) -> str:
    return json.dumps(to_json(value), ensure_ascii=False, sort_keys=True)
