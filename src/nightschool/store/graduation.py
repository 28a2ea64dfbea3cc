"""Which items of memory the weights hold, by the evidence of exams.

An item graduates when it was followed with nothing of it in the context in two exams of different
nights, and comes back with the first one that it fails. What a skill adapter learnt counts only while
the version that was tried is the one that answers; what an edit holds, only where it is mounted.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection
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


def graduated(
    db: sqlite3.Connection, *, version: str | None = None, mounted: Collection[str] | None = None
) -> frozenset[str]:
    """Return the ids of the items that the weights which answer hold and the context can leave out.

    `version` answers, the champion by default. `mounted` are the facts whose edits it answers with: another
    skill or another base has a ledger of its own, in which some were never proven. None takes all to be there.
    """
    answering = version or versions.pointer(db, "champion")
    found: dict[str, list[Trial]] = {}
    for row in db.execute("SELECT DISTINCT fact_id FROM trials").fetchall():
        found[row["fact_id"]] = trials(db, row["fact_id"])
    return frozenset(
        fact_id
        for fact_id, past in found.items()
        if ((mounted is None or fact_id in mounted) and _passed([trial for trial in past if not trial.version]))
        or _passed(_of_version(past, answering))
    )  # fmt: skip


def _of_version(past: list[Trial], answering: str) -> list[Trial]:
    """The trials that speak of the version that answers: its own, and of a night before it whoever was tried.

    A version that was rolled back, or never answered, says nothing of the one that does.
    """
    nights: dict[str, Trial] = {}
    for trial in past:
        if trial.version and (trial.run not in nights or trial.version == answering):
            nights[trial.run] = trial
    tried_ = list(nights.values())
    own = [index for index, trial in enumerate(tried_) if trial.version == answering]
    return tried_[: own[-1] + 1] if own else []


def _passed(past: list[Trial]) -> bool:
    newest = past[-NEEDED:]
    return len({trial.run for trial in newest}) == NEEDED and all(trial.passed for trial in newest)
