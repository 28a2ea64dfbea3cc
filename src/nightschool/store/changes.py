"""What every change of a fact found before it: ids, times and states, never words."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One change of one fact, with how the fact stood before it."""

    number: int
    batch: int
    """Changes of one batch were made together and are undone together."""
    fact_id: str
    known: float
    """When it was learnt; `made` is when this program wrote it down."""
    made: float
    op: str
    state: str | None
    """None where the change put the fact in."""
    valid_from: float | None
    valid_to: float | None
    known_to: float | None
    ended_by: str | None
    until: float | None
    """The end that the change gave the fact, where somebody named one."""
    undone: float | None


def begin(db: sqlite3.Connection) -> int:
    """Return the number of the next batch."""
    return int(db.execute("SELECT coalesce(max(batch), 0) + 1 FROM fact_changes").fetchone()[0])


def note(
    db: sqlite3.Connection,
    batch: int,
    fact_id: str,
    op: str,
    known: float,
    *,
    fresh: bool = False,
    until: float | None = None,
) -> None:
    """Note how a fact stands before it is changed, or that it is about to be there."""
    row = db.execute(
        "SELECT state, valid_from, valid_to, known_to, ended_by FROM facts WHERE id = ?", (fact_id,)
    ).fetchone()
    before = (None,) * 5 if fresh or row is None else tuple(row)
    db.execute(
        "INSERT INTO fact_changes (batch, fact_id, known, made, op, state, valid_from, valid_to, known_to, ended_by,"
        " until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (batch, fact_id, known, time.time(), op, *before, until),
    )


def of(db: sqlite3.Connection, fact_id: str | None = None) -> list[Change]:
    """Return the changes of one fact, or all, oldest first."""
    rows = db.execute("SELECT * FROM fact_changes WHERE ?1 IS NULL OR fact_id = ?1 ORDER BY number", (fact_id,))
    return [Change(**dict(row)) for row in rows]


def in_batch(db: sqlite3.Connection, batch: int) -> list[Change]:
    """Return the changes that were made together, newest first."""
    rows = db.execute("SELECT * FROM fact_changes WHERE batch = ? ORDER BY number DESC", (batch,))
    return [Change(**dict(row)) for row in rows]


def give_back(db: sqlite3.Connection, change: Change) -> None:
    """Set a fact as it stood before a change."""
    db.execute(
        "UPDATE facts SET state = ?, valid_from = ?, valid_to = ?, known_to = ?, ended_by = ? WHERE id = ?",
        (change.state, change.valid_from, change.valid_to, change.known_to, change.ended_by, change.fact_id),
    )
