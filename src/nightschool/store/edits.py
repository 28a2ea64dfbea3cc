"""The ledger of facts in weights: what was measured of each, in which state it is, how it was proven.

One row per fact and ground; measuring again adds another row and the newest counts. Text and sources
stand in `facts` alone. What is mounted follows from the rows by `mounted`, and only a row whose fact
memory still holds to be true is mounted: memory decides what supersedes what.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from nightschool.records import Json
from nightschool.store.database import transaction

EditState = Literal["pending", "written", "failed", "graduated", "retired", "forgotten"]
ProofKind = Literal["write", "audit", "withheld"]
STATES: tuple[EditState, ...] = get_args(EditState)
IN_WEIGHTS: tuple[EditState, ...] = ("written", "graduated")
"""A graduated one has no columns: the skill that the ground stands on was trained on it."""
TRAINED = "trained"
"""Reason of a graduated row."""

_NEWEST = (
    "SELECT edits.*, state, reason FROM edits JOIN edit_states ON edit_states.edit = edits.number"
    " WHERE edit_states.number = (SELECT max(number) FROM edit_states WHERE edit = edits.number)"
    " AND edits.number = (SELECT max(number) FROM edits AS later"
    " WHERE later.fact_id = edits.fact_id AND later.ground = edits.ground)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What was measured of one fact on one ground, and its state."""

    number: int
    fact_id: str
    ground: str
    columns: bytes | None
    """Keys and wanted changes as safetensors; None where none could be measured, or none is needed."""
    loss: float | None
    """Of the worst context, nats per token."""
    created: float
    state: EditState
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Proven:
    """One time that a fact was asked for."""

    fact_id: str
    ground: str
    kind: ProofKind
    run: str
    """The night that asked; empty for a write."""
    passed: bool
    body: Json
    created: float


def add(
    db: sqlite3.Connection,
    *,
    fact_id: str,
    ground: str,
    columns: bytes | None,
    loss: float | None,
    state: EditState,
    reason: str = "",
) -> Edit:
    """Add what was measured of a fact; it takes the place of an earlier row of that fact on that ground."""
    now = time.time()
    with transaction(db):
        number = db.execute(
            "INSERT INTO edits (fact_id, ground, columns, loss, created) VALUES (?, ?, ?, ?, ?)",
            (fact_id, ground, columns, loss, now),
        ).lastrowid
        assert number is not None
        _enter(db, number, state, reason, now)
    return Edit(
        number=number, fact_id=fact_id, ground=ground, columns=columns, loss=loss, created=now, state=state,
        reason=reason,
    )  # fmt: skip


def set_state(db: sqlite3.Connection, number: int, state: EditState, reason: str = "") -> None:
    """Note what became of a row."""
    with transaction(db):
        _enter(db, number, state, reason, time.time())


def latest(db: sqlite3.Connection, fact_id: str, ground: str) -> Edit | None:
    """Return the row of a fact on a ground, or None."""
    row = db.execute(f"{_NEWEST} AND fact_id = ? AND ground = ?", (fact_id, ground)).fetchone()
    return _edit(row) if row else None


def list_edits(db: sqlite3.Connection, ground: str, states: Sequence[EditState] = ()) -> list[Edit]:
    """List the newest row of every fact on a ground, oldest first, of some states or of all."""
    rows = db.execute(f"{_NEWEST} AND ground = ? ORDER BY edits.number", (ground,)).fetchall()
    return [edit for edit in map(_edit, rows) if not states or edit.state in states]


def mounted(db: sqlite3.Connection, ground: str) -> list[Edit]:
    """List the rows of `held` that the adapter is made from."""
    return [row for row in held(db, ground) if row.columns is not None]


def held(db: sqlite3.Connection, ground: str) -> list[Edit]:
    """List the rows that are in the weights on a ground, by fact: proven, and still true for memory.

    A row that is not proven yet leaves the one before it where it is.
    """
    rows = db.execute(
        "SELECT edits.*, state, reason FROM edits JOIN edit_states ON edit_states.edit = edits.number"
        " WHERE ground = ? AND edit_states.number = (SELECT max(number) FROM edit_states WHERE edit = edits.number)"
        " AND edits.number = (SELECT max(later.number) FROM edits AS later JOIN edit_states AS its"
        " ON its.edit = later.number WHERE later.fact_id = edits.fact_id AND later.ground = edits.ground"
        " AND its.number = (SELECT max(number) FROM edit_states WHERE edit = later.number) AND its.state <> 'pending')"
        " AND edit_states.state IN ('written', 'graduated')"
        # What was only cleared from the prompt still holds: the weights go on knowing it.
        " AND EXISTS (SELECT 1 FROM facts WHERE facts.id = edits.fact_id AND facts.state IN ('live', 'superseded')"
        " AND (facts.valid_to IS NULL OR facts.valid_to > ?)) ORDER BY fact_id",
        (ground, time.time()),
    )
    return [_edit(row) for row in rows]


def take_out(db: sqlite3.Connection, fact_id: str, ground: str, state: EditState, reason: str = "") -> None:
    """Take every row of a fact on a ground out of the weights."""
    with transaction(db):
        rows = db.execute("SELECT number FROM edits WHERE fact_id = ? AND ground = ?", (fact_id, ground)).fetchall()
        for row in rows:
            newest = "SELECT state FROM edit_states WHERE edit = ? ORDER BY number DESC LIMIT 1"
            if db.execute(newest, (row["number"],)).fetchone()["state"] in IN_WEIGHTS:
                _enter(db, row["number"], state, reason, time.time())


def reason(db: sqlite3.Connection, fact_id: str, ground: str) -> str:
    """Say why a fact is not in the weights of a ground, as noted last; empty where nobody tried."""
    found = latest(db, fact_id, ground)
    return found.reason if found else ""


def grounds(db: sqlite3.Connection) -> list[str]:
    """List the grounds that some row was measured on."""
    return [row["ground"] for row in db.execute("SELECT DISTINCT ground FROM edits ORDER BY ground")]


def add_proof(db: sqlite3.Connection, number: int, kind: ProofKind, passed: bool, body: Json, run: str = "") -> None:
    """Keep how a fact was asked for and whether it was known."""
    with transaction(db):
        db.execute(
            "INSERT INTO edit_proofs (edit, kind, run, passed, body, created) VALUES (?, ?, ?, ?, ?, ?)",
            (number, kind, run, int(passed), json.dumps(body, ensure_ascii=False, sort_keys=True), time.time()),
        )


def proofs(db: sqlite3.Connection, fact_id: str, ground: str | None = None) -> list[Proven]:
    """List how often a fact was asked for, oldest first, on one ground or on all."""
    rows = db.execute(
        "SELECT fact_id, ground, kind, run, passed, body, edit_proofs.created FROM edit_proofs"
        " JOIN edits ON edits.number = edit WHERE fact_id = ? AND (? IS NULL OR ground = ?)"
        " ORDER BY edit_proofs.number",
        (fact_id, ground, ground),
    )
    return [
        Proven(
            fact_id=row["fact_id"], ground=row["ground"], kind=row["kind"], run=row["run"],
            passed=bool(row["passed"]), body=json.loads(row["body"]), created=row["created"],
        )
        for row in rows
    ]  # fmt: skip


def erase(db: sqlite3.Connection, fact_ids: Iterable[str]) -> None:
    """Empty the rows of forgotten facts inside a running transaction; a state is all that stays."""
    for fact_id in fact_ids:
        rows = db.execute(
            "SELECT number FROM edits WHERE fact_id = ?"
            " AND number NOT IN (SELECT edit FROM edit_states WHERE state = 'forgotten')",
            (fact_id,),
        )
        for number in [row["number"] for row in rows]:
            db.execute("DELETE FROM edit_proofs WHERE edit = ?", (number,))
            db.execute("UPDATE edits SET columns = NULL, loss = NULL WHERE number = ?", (number,))
            db.execute("UPDATE edit_states SET reason = '' WHERE edit = ?", (number,))
            _enter(db, number, "forgotten", "", time.time())


def _enter(db: sqlite3.Connection, number: int, state: EditState, reason: str, now: float) -> None:
    db.execute(
        "INSERT INTO edit_states (edit, state, reason, known_from) VALUES (?, ?, ?, ?)", (number, state, reason, now)
    )


def _edit(row: sqlite3.Row) -> Edit:
    return Edit(
        number=row["number"],
        fact_id=row["fact_id"],
        ground=row["ground"],
        columns=row["columns"],
        loss=row["loss"],
        created=row["created"],
        state=row["state"],
        reason=row["reason"],
    )
