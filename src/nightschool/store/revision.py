"""What a person changes of a fact by hand: revise, end, settle, undo; and what was believed when.

Nothing is overwritten: a sentence that was never right is retracted, one that stopped being right is
ended, and both stay in the history with what was known of them before.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sqlite3
import time
from collections import defaultdict
from typing import Literal

from nightschool.errors import UserError
from nightschool.records import Fact
from nightschool.store import changes, facts
from nightschool.store.database import transaction
from nightschool.store.tombstones import lift

Settled = Literal["new", "old", "both"]


def new_id(sentence: str, now: float) -> str:
    """Return the id of a sentence that is typed in."""
    return "f-" + hashlib.sha256(f"{now}{sentence}".encode(errors="replace")).hexdigest()[:10]


def revise(
    db: sqlite3.Connection,
    fact_id: str,
    sentence: str,
    *,
    since: float | None = None,
    known: float | None = None,
    meaning: tuple[str, str, str] | None = None,
    place: tuple[Literal["fact", "preference"], str] | None = None,
) -> Fact:
    """Put another sentence in a fact's place and return it.

    Without `since` the old one was never right; with it, it was right until then. `meaning` is the
    new subject, relation and object; without it subject and relation stay and the object is unknown.
    `place` is another kind and scope.
    """
    if not sentence.strip():
        raise UserError("The sentence is empty", hint="`nightschool memory forget` erases one for good")
    now = time.time() if known is None else known
    with transaction(db):
        old = _held(db, fact_id)
        same = (old.subject, old.relation, old.object if sentence.strip() == old.sentence else "")
        subject, relation, object_ = meaning or same
        kind, scope = place or (old.kind, old.scope)
        new = dataclasses.replace(
            old, id=new_id(sentence, now), kind=kind, scope=scope, sentence=sentence.strip(), subject=subject,
            relation=relation, object=object_, source=(), known_from=now, known_to=None, state="live", confidence=1.0,
            valid_from=old.valid_from if since is None else since, valid_to=old.valid_to if since is None else None,
        )  # fmt: skip
        if since is None and old.valid_from is None:
            new = dataclasses.replace(new, valid_from=old.known_from)
        batch = changes.begin(db)
        if since is None:
            _close(db, batch, old, now, state="retracted", ended_by=new.id, op="corrected")
        else:
            _close(db, batch, old, now, state="superseded", ended_by=new.id, op="changed", valid_to=since)
        lift(db, new.sentence)
        facts.put(db, new, batch, "revised", until=new.valid_to)
    return new


def end(db: sqlite3.Connection, fact_id: str, at: float, *, known: float | None = None) -> Fact:
    """Note that a fact stops holding at a moment; UserError where that is before it began."""
    now = time.time() if known is None else known
    with transaction(db):
        old = _held(db, fact_id)
        if old.valid_from is not None and at < old.valid_from:
            raise UserError(
                "It would end before it begins", hint=f"`nightschool memory show {fact_id}` says since when"
            )
        _close(db, changes.begin(db), old, None, state=old.state, ended_by=None, op="ended", valid_to=at, noted=now)
    return dataclasses.replace(old, valid_to=at)


def settle(db: sqlite3.Connection, fact_id: str, choice: Settled) -> list[Fact]:
    """Answer which of two contradicting facts holds, by the id of either; return those that hold now."""
    pair = next(((new, old) for new, old in facts.asked(db) if fact_id in (new.id, old.id)), None)
    if pair is None:
        raise UserError(
            f"{fact_id!r} contradicts nothing", hint="`nightschool memory list` shows what is to be settled"
        )
    new, old, now = *pair, time.time()
    with transaction(db):
        batch = changes.begin(db)
        if choice == "old":
            _close(db, batch, new, now, state="retracted", ended_by=old.id, op="settled")
        else:
            _close(db, batch, new, None, state="live", ended_by=None, op="settled")
        if choice == "new":
            _close(db, batch, old, now, state="superseded", ended_by=new.id, op="settled", valid_to=now)
    return [fact for fact in (facts.get(db, new.id), facts.get(db, old.id)) if fact and fact.state == "live"]


def undo(db: sqlite3.Connection, fact_id: str) -> list[Fact]:
    """Take back the newest change that a fact had a part in; return every fact as it stands then.

    A fact that the change had put in is retracted, not removed.
    """
    past = [change for change in changes.of(db, fact_id) if change.undone is None]
    if not past:
        raise UserError(f"Nothing of {fact_id!r} can be undone", hint="`nightschool memory history` shows what changed")
    now = time.time()
    with transaction(db):
        together = changes.in_batch(db, past[-1].batch)
        for change in together:
            if change.state is not None:
                changes.give_back(db, change)
            else:
                db.execute(
                    "UPDATE facts SET state = 'retracted', known_to = coalesce(known_to, ?), ended_by = NULL"
                    " WHERE id = ? AND state <> 'forgotten'",
                    (now, change.fact_id),
                )
        db.execute("UPDATE fact_changes SET undone = ? WHERE batch = ?", (now, past[-1].batch))
    ids = dict.fromkeys(change.fact_id for change in together)
    return [fact for each in ids if (fact := facts.get(db, each)) is not None]


def believed(db: sqlite3.Connection, at: float, known: float) -> list[Fact]:
    """Return what was taken to hold at a moment of the world, by what was known at another; oldest first."""
    held: list[tuple[Fact, float | None]] = []
    starts: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for fact in facts.history(db):
        past = [change for change in changes.of(db, fact.id) if change.undone is None]
        corrected = fact.state == "retracted" and (fact.known_to is None or fact.known_to <= known)
        if fact.known_from > known or fact.state == "asked" or corrected or not past:
            continue
        ends = [change.until for change in past if change.until is not None and change.known <= known]
        held.append((fact, ends[-1] if ends else None))
        # What was told of a passing while ends nothing else.
        if facts.one_valued(fact) and (past[0].op != "told" or past[0].until is None):
            starts[_place(fact)].append(facts.start_of(fact))
    found = []
    for fact, end_ in held:
        since = facts.start_of(fact)
        passing = not facts.one_valued(fact) or since not in starts[_place(fact)]
        later = [] if passing else [start for start in starts[_place(fact)] if start > since]
        until = min([*later, *([] if end_ is None else [end_])], default=None)
        if since <= at and (until is None or until > at):
            found.append(dataclasses.replace(fact, valid_to=until))
    return sorted(found, key=lambda fact: (fact.known_from, fact.id))


def _place(fact: Fact) -> tuple[str, ...]:
    return (fact.subject, fact.relation, fact.scope, fact.kind)


def _held(db: sqlite3.Connection, fact_id: str) -> Fact:
    fact = facts.get(db, fact_id)
    if fact is None or fact.state in ("forgotten", "retracted"):
        raise UserError(f"Memory holds no fact {fact_id!r}", hint="`nightschool memory list` shows their ids")
    return fact


def _close(
    db: sqlite3.Connection,
    batch: int,
    fact: Fact,
    known_to: float | None,
    *,
    state: str,
    ended_by: str | None,
    op: str,
    valid_to: float | None = None,
    noted: float | None = None,
) -> None:
    changes.note(db, batch, fact.id, op, noted or known_to or time.time(), until=valid_to)
    db.execute(
        "UPDATE facts SET state = ?, known_to = coalesce(?, known_to), ended_by = coalesce(?, ended_by),"
        " valid_to = coalesce(?, valid_to) WHERE id = ?",
        (state, known_to, ended_by, valid_to, fact.id),
    )
