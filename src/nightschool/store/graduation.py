"""Which items of memory the weights hold, by the evidence of exams.

An item graduates when it was followed with nothing of it in the context in two exams of different
nights, and comes back with the first one that it fails. What a skill adapter learnt counts only while
the version that was tried is the one that answers; what an edit holds counts whichever answers.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass

from nightschool.store import versions

NEEDED = 2
"""Nights in a row on which an item has to be followed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One exam of one item, with the item withheld."""

    fact_id: str
    run: str
    version: str
    """Empty where the edits were tried."""
    passed: bool
    at: float


def tried(db: sqlite3.Connection, fact_id: str, *, run: str, passed: bool, version: str = "") -> None:
    """Note how an item did in a night's exam; a second word of the same night takes the first one's place."""
    db.execute("DELETE FROM trials WHERE fact_id = ? AND run = ? AND version = ?", (fact_id, run, version))
    db.execute(
        "INSERT INTO trials (fact_id, run, version, passed, at) VALUES (?, ?, ?, ?, ?)",
        (fact_id, run, version, int(passed), time.time()),
    )


def withdraw(db: sqlite3.Connection, fact_id: str) -> None:
    """Put an item back into the context at once: what held it is gone."""
    if trials(db, fact_id):
        tried(db, fact_id, run="withdrawn", passed=False)


def trials(db: sqlite3.Connection, fact_id: str) -> list[Trial]:
    """Return the exams of one item, oldest first."""
    rows = db.execute("SELECT * FROM trials WHERE fact_id = ? ORDER BY number", (fact_id,))
    return [
        Trial(fact_id=r["fact_id"], run=r["run"], version=r["version"], passed=bool(r["passed"]), at=r["at"])
        for r in rows
    ]


def graduated(db: sqlite3.Connection) -> frozenset[str]:
    """Return the ids of the items that the present weights hold and the context can leave out."""
    champion = versions.pointer(db, "champion")
    found: dict[str, list[Trial]] = {}
    for row in db.execute("SELECT DISTINCT fact_id FROM trials").fetchall():
        found[row["fact_id"]] = trials(db, row["fact_id"])
    return frozenset(fact_id for fact_id, past in found.items() if _holds(past, champion))


def _holds(past: list[Trial], champion: str) -> bool:
    """Whether one kind of weights, the edits or the adapters, passed on its newest nights in a row."""
    return _passed([trial for trial in past if not trial.version]) or _passed(_of_champion(past, champion))


def _of_champion(past: list[Trial], champion: str) -> list[Trial]:
    """The trials that speak of the version that answers: its own, and of a night before it whoever was tried.

    A version that was rolled back, or never answered, says nothing of the one that does.
    """
    nights: dict[str, Trial] = {}
    for trial in past:
        if trial.version and (trial.run not in nights or trial.version == champion):
            nights[trial.run] = trial
    tried_ = list(nights.values())
    own = [index for index, trial in enumerate(tried_) if trial.version == champion]
    return tried_[: own[-1] + 1] if own else []


def _passed(past: list[Trial]) -> bool:
    newest = past[-NEEDED:]
    return len({trial.run for trial in newest}) == NEEDED and all(trial.passed for trial in newest)
