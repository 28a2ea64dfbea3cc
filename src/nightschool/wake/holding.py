"""Where each fact is held: context, weights, both or nothing, and what is known of how it came there."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nightschool.config import Home
from nightschool.edit import mounting
from nightschool.errors import UserError
from nightschool.records import Fact, Json
from nightschool.store import conversations, edits, facts, graduation

if TYPE_CHECKING:
    from nightschool.edit.editor import Written


def standing(
    db: sqlite3.Connection, home: Home, shown: Sequence[Fact], written: Mapping[str, Written] | None = None
) -> list[Json]:
    """Say of each fact where it is held, as JSON; with what has just become of it where it was written."""
    ground = mounting.current(home)
    found = edits.held(db, ground)
    in_weights, trained = {row.fact_id for row in found}, {row.fact_id for row in found if row.columns is None}
    told = {fact.id for fact in facts.live(db)} - graduation.graduated(db, mounted=in_weights)
    rows = []
    for fact in shown:
        row: Json = {
            "id": fact.id,
            "sentence": fact.sentence,
            "state": fact.state,
            "held": _held(fact.id in told, fact.id in in_weights),
            "trained": fact.id in trained,
            "seconds": _seconds(db, fact.id, ground) if fact.id in in_weights else None,
            "reason": "" if fact.id in in_weights else edits.reason(db, fact.id, ground),
        }
        outcome = (written or {}).get(fact.id)
        if outcome is not None:
            row |= {"seconds": round(outcome.seconds, 2), "proof": outcome.proof.body() if outcome.proof else None}
        rows.append(row)
    return rows


def origin(db: sqlite3.Connection, home: Home, fact_id: str) -> Json:
    """Say where a fact comes from, where it is held and how it was proven; UserError where there is none."""
    fact = facts.get(db, fact_id)
    if fact is None or fact.state == "forgotten":
        raise UserError(f"Memory holds no fact {fact_id!r}", hint="`nightschool facts list` shows their ids")
    return standing(db, home, [fact])[0] | {
        "known_from": _day(fact.known_from),
        "source": [source for each in fact.source if (source := _message(db, each)) is not None],
        "proofs": [
            {"day": _day(proof.created), "kind": proof.kind, "run": proof.run, "passed": proof.passed, **proof.body}
            for proof in edits.proofs(db, fact_id)
        ],
        "nights": [
            {"run": trial.run, "passed": trial.passed, "version": trial.version}
            for trial in graduation.trials(db, fact_id)
        ],
    }


def _seconds(db: sqlite3.Connection, fact_id: str, ground: str) -> float | None:
    """What writing a fact took, the last time that it was proven by it."""
    written = [proof.body for proof in edits.proofs(db, fact_id, ground) if proof.kind == "write" and proof.passed]
    found: float | None = written[-1].get("seconds") if written else None
    return found


def _held(context: bool, weights: bool) -> str:
    if context and weights:
        return "both"
    return "context" if context else "weights" if weights else "nothing"


def _message(db: sqlite3.Connection, message_id: str) -> Json | None:
    name = conversations.message_conversation(db, message_id)
    found = conversations.get(db, name) if name else None
    for message in found.messages if found else ():
        if message.id == message_id:
            return {"message": message_id, "conversation": name, "day": _day(message.created), "text": message.text}
    return None


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()
