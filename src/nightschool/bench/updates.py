"""Generated histories of moves, corrections, endings and re-openings, and what memory says of them afterwards.

Every statement is a sentence that is read as conversations are read; the logs come in in any order.
The right answers are worked out apart, from the list of what happened.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from nightschool.curate.told import telling
from nightschool.records import Fact, Json
from nightschool.statistics import wilson
from nightschool.store import facts, revision
from nightschool.store.database import open_database, transaction
from nightschool.world.names import POOLS

DAY = 86_400.0
BEGIN = 1_600_000_000.0
SENTENCES = ("I live in {}.", "I work as a {}.", "My sister lives in {}.", "I drive a {}.", "My dog is called {}.")
QUESTIONS = ("now", "at a moment", "when learnt", "as believed then")

Truth = list[tuple[float, float | None, str]]
"""From when until when which value holds."""


@dataclass(kw_only=True)
class _Life:
    """One thing over time: what is said of it and when, and what is true."""

    told: list[tuple[str, float, float]] = field(default_factory=list)
    """Value, since when it holds, when it was said."""
    by_hand: list[tuple[str, str, float, float]] = field(default_factory=list)
    """Kind, value, moment in the world, when it was said."""


def measure(count: int = 500, seed: int = 1, progress: Callable[[int, int], None] | None = None) -> Json:
    """Make histories, put them into a fresh store, and count the right answers by kind of question."""
    began, rng = time.monotonic(), random.Random(seed)
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    events: Counter[str] = Counter()
    wrong: list[Json] = []
    with tempfile.TemporaryDirectory() as folder, closing(open_database(Path(folder) / "bench.db")) as db:
        for number in range(count):
            if progress:
                progress(number, count)
            life, sentence = _life(rng), rng.choice(SENTENCES)
            events.update([kind for kind, *_ in life.by_hand] + ["move"] * (len(life.told) - 1))
            answers = _asked(db, life, sentence, rng)
            for kind, wanted, got in answers:
                asked[kind] += 1
                right[kind] += wanted == got
                if wanted != got:
                    wrong.append({"history": number, "asked": kind, "right": wanted, "said": got})
    total, good = sum(asked.values()), sum(right.values())
    bounds = wilson(good, total)
    return {
        "histories": count,
        "seed": seed,
        "right": round(good / total, 4) if total else None,
        "interval": [round(bounds.low, 4), round(bounds.high, 4)],
        "n": total,
        "by_question": {kind: {"right": round(right[kind] / asked[kind], 4), "n": asked[kind]} for kind in asked},
        "events": dict(events),
        "wrong": wrong[:20],
        "seconds": round(time.monotonic() - began, 1),
    }


def _life(rng: random.Random) -> _Life:
    """Draw one history: moves that logs tell of, then what the person says about it afterwards."""
    values = rng.sample(sorted(POOLS["place"]), 8)
    life, moment = _Life(), BEGIN + rng.uniform(0, 300) * DAY
    for value in values[: rng.randint(1, 4)]:
        life.told.append((value, moment, moment + rng.choice([0.0, 0.0, rng.uniform(0, 5) * DAY])))
        moment += rng.uniform(20, 200) * DAY
    held, spare = life.told[-1][0], values[5:]
    for _ in range(rng.randint(0, 3)):
        kind = rng.choice(["correction", "ending"]) if held else "re-opening"
        if kind == "correction":
            held = spare.pop()
            life.by_hand.append((kind, held, 0.0, moment))
        elif kind == "ending":
            life.by_hand.append((kind, held, moment, moment + rng.uniform(0, 5) * DAY))
            held = ""
        else:
            held = life.told[-1][0]
            life.by_hand.append((kind, held, moment, moment))
        moment += rng.uniform(20, 200) * DAY
        if not spare:
            break
    return life


def _true(life: _Life, known: float) -> Truth:
    """Work out what is true by what had been said until a moment."""
    said = sorted((since, value) for value, since, when in life.told if when <= known)
    spans: Truth = [
        (since, said[i + 1][0] if i + 1 < len(said) else None, value) for i, (since, value) in enumerate(said)
    ]
    for kind, value, moment, when in life.by_hand:
        if when > known:
            break
        if kind == "correction":
            spans[-1] = (spans[-1][0], spans[-1][1], value)
        elif kind == "ending":
            spans[-1] = (spans[-1][0], moment, spans[-1][2])
        else:
            spans.append((moment, None, value))
    return spans


def _held(truth: Truth, at: float) -> list[str]:
    return sorted(value for since, until, value in truth if since <= at and (until is None or until > at))


class _Over(Exception):
    """Ends a history, so that nothing of it stays in the store."""


def _asked(db: sqlite3.Connection, life: _Life, sentence: str, rng: random.Random) -> list[tuple[str, object, object]]:
    """Put a history into a store and ask it; returns the kind of question, the right answer and the given one."""
    found: list[tuple[str, object, object]] = []
    with suppress(_Over), transaction(db):
        order = list(enumerate(life.told))
        rng.shuffle(order)
        for number, (value, since, when) in order:
            facts.add(db, _fact(f"f-{number}", sentence.format(value), since, when))
        _by_hand(db, life, sentence)
        last = max([when for *_, when in life.told] + [when for *_, when in life.by_hand])
        truth, now = _true(life, last), last + DAY
        moments = [rng.uniform(BEGIN, now) for _ in range(3)]
        found.append(("now", _held(truth, now), _objects(facts.live(db, now))))
        found += [("at a moment", _held(truth, at), _objects(facts.live(db, at))) for at in moments]
        value, _, when = rng.choice(life.told)
        learnt = min(fact.known_from for fact in facts.history(db) if fact.object == value)
        found.append(("when learnt", when, learnt))
        for at in moments:
            known = rng.uniform(at, now)
            held = _objects(revision.believed(db, at, known))
            found.append(("as believed then", _held(_true(life, known), at), held))
        raise _Over
    return found


def _by_hand(db: sqlite3.Connection, life: _Life, sentence: str) -> None:
    for index, (kind, value, moment, when) in enumerate(life.by_hand):
        fact = _fact(f"f-hand-{index}", sentence.format(value), moment, when)
        newest = max(facts.history(db), key=lambda each: (each.state == "live", facts.start_of(each)))
        if kind == "correction":
            meaning = (fact.subject, fact.relation, fact.object)
            revision.revise(db, newest.id, fact.sentence, known=when, meaning=meaning)
        elif kind == "ending":
            revision.end(db, newest.id, moment, known=when)
        else:
            facts.add(db, fact)


def _fact(fact_id: str, sentence: str, since: float, when: float) -> Fact:
    """Read a sentence as it is read out of a conversation."""
    told = telling.told(sentence)
    subject, relation, object_ = (told[0].subject, told[0].relation, told[0].object) if told else ("", "", "")
    return Fact(
        id=fact_id, kind="fact", sentence=sentence, subject=subject, relation=relation, object=object_,
        source=(f"m-{fact_id}",), valid_from=since, known_from=when,
    )  # fmt: skip


def _objects(some: list[Fact]) -> list[str]:
    return sorted(fact.object for fact in some)
