"""Lessons keep their history; what is set aside stays set aside."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightschool.records import Dataset, Example, Lesson, Probe, Prompt, Rule, Signal
from nightschool.store import lessons
from nightschool.store.database import open_database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = open_database(tmp_path / "nightschool.db")
    yield opened
    opened.close()


def lesson(name: str = "l-1", **changes: object) -> Lesson:
    made = Lesson(
        id=name,
        kind="preference",
        text="Use miles.",
        durable=True,
        source=("m1",),
        conversation_id="c1",
        created=1.0,
        rule=Rule(kind="unit", value="miles", instead="km", topic=("far",)),
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def dataset(hash_: str = "d1") -> Dataset:
    prompt = Prompt(messages=({"role": "user", "content": "How far?"},))
    row = Example(
        id="e1", objective="sft", prompt=prompt, chosen={}, lesson_id="l-1", source=("m1", "m2"), conversation_id="c1"
    )
    base = Example(id="e2", objective="sft", prompt=prompt, chosen={}, origin="base")
    return Dataset(hash=hash_, examples=(row, base), held_out=("c9",), left_out={"duplicate": 2})


def test_a_change_of_state_keeps_the_state_before(db: sqlite3.Connection) -> None:
    proposed, kept = lesson(), lesson(state="kept", reason="stated as a rule")
    assert lessons.put(db, [proposed]) == 1
    assert lessons.put(db, [proposed]) == 0
    assert lessons.put(db, [kept]) == 1
    assert lessons.get(db, "l-1") == kept
    assert lessons.lessons(db) == [kept]
    assert lessons.lessons(db, ["proposed"]) == []
    assert [state.state for _, state in lessons.history(db, "l-1")] == ["proposed", "kept"]


def test_probes_are_added_once_and_stay(db: sqlite3.Connection) -> None:
    probe = Probe(lesson_id="l-1", conversation_id="c1", turn_id="t1")
    lessons.add_probes(db, [probe])
    lessons.add_probes(db, [probe, dataclasses.replace(probe, turn_id="t2")])
    assert [p.turn_id for p in lessons.probes(db)] == ["t1", "t2"]


def test_a_holdout_counts_as_examined_only_after_its_exam(db: sqlite3.Connection) -> None:
    lessons.seal(db, "r1", ["c1", "c2"])
    assert lessons.sealed(db, "r1") == {"c1", "c2"} and lessons.examined(db) == frozenset()
    lessons.mark_examined(db, "r1")
    assert lessons.examined(db) == {"c1", "c2"}


def test_the_index_leads_from_a_message_to_the_rows_that_rest_on_it(db: sqlite3.Connection) -> None:
    lessons.add_dataset(db, dataset(), run="r1", base="f")
    lessons.add_dataset(db, dataset(), run="r2", base="f")
    (entry,) = lessons.datasets(db)
    assert (entry.hash, entry.run, entry.rows, entry.left_out) == ("d1", "r1", 2, {"duplicate": 2})
    assert lessons.trained(db) == {"c1"}
    assert lessons.rows_resting_on(db, "m2") == [("d1", "e1")]
    assert lessons.rows_resting_on(db, "m9") == []


def test_signals_that_a_later_reading_does_not_find_are_ended(db: sqlite3.Connection) -> None:
    first = Signal(turn_id="t1", kind="correction", polarity=-1, strength=0.9, source=("m2",), by="person")
    second = dataclasses.replace(first, kind="reask")
    lessons.put_signals(db, "c1", [first])
    lessons.put_signals(db, "c1", [first, second])
    assert lessons.signals(db, "c1") == [first, second]
    lessons.put_signals(db, "c1", [second])
    assert lessons.signals(db) == [second]
    assert db.execute("SELECT count(*) FROM signals").fetchone()[0] == 2
