"""Play a life: days of talk, a night after each, and what the editor made of them."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nightschool.bench.life import script, talk, truth
from nightschool.bench.life.score import Score, Told, score
from nightschool.bench.life.talk import Assistant, Held
from nightschool.bench.life.truth import DAY, Truth
from nightschool.config import Config, Home
from nightschool.night.conduct import sleep
from nightschool.night.stages import STAGES
from nightschool.store import conversations, facts, lessons
from nightschool.store.database import open_database
from nightschool.world.styles import Preference

FACTS_PER_TURN = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One life to be lived."""

    seed: int
    days: int
    turns: int
    """About how much the person says on a day."""
    truths: tuple[Truth, ...]
    start: float
    """When the first day begins; the last one has ended by now."""


def plan(seed: int, days: int, turns: int) -> Plan:
    """Draw a person and lay their days so that the last one ends now."""
    per_day = min(3, max(1, round(turns * FACTS_PER_TURN)))
    start = time.time() - days * DAY
    return Plan(seed=seed, days=days, turns=turns, truths=truth.hidden(seed, days, per_day), start=start)


def talked(life: Plan, number: int, assistant: Assistant) -> list[Held]:
    """Hold the talks of one day."""
    talks = script.day(life.truths, number, seed=life.seed, start=life.start, turns=life.turns)
    wishes = [
        (one.id, one.value)
        for one in life.truths
        if one.holds(number) and one.lasting and one.kind != "project" and isinstance(one.value, Preference)
    ]
    return talk.together([talk.hold(one, wishes, life.seed) for one in talks], assistant)


def keep(home: Home, held: Sequence[Held]) -> None:
    """Put talks into a home's history, as our own chat does."""
    with contextlib.closing(open_database(home.database)) as db:
        for one in held:
            said = one.conversation()
            view = conversations.View(
                conversation_id=said.id,
                program=said.program,
                session_id=one.talk.id,
                messages=said.messages,
                leaf=said.messages[-1].id,
                opened=said.started,
                latest=said.messages[-1].created,
                tools=said.tools,
                project=said.project,
            )
            conversations.add(db, view)


def edited(life: Plan, assistant: Assistant, config: Config, tell: Callable[[str], None]) -> list[Score]:
    """Live a life with the editor alone: every night collects and reviews, nothing is trained."""
    scores: list[Score] = []
    told = Told()
    with tempfile.TemporaryDirectory(prefix="nightschool-life-") as folder:
        home = Home(Path(folder)).create()
        for number in range(life.days):
            held = talked(life, number, assistant)
            keep(home, held)
            for one in held:
                told.add(one.lines)
            sleep(home, config, stages=STAGES[:2])
            scores.append(learnt(home, life, told, number))
            total = scores[-1].total
            tell(f"day {number + 1}: {total.right} of {total.learnt} right, {total.found} of {total.told} found")
    return scores


def learnt(home: Home, life: Plan, told: Told, number: int) -> Score:
    """Score what a home has learnt by the end of a day."""
    with contextlib.closing(open_database(home.database)) as db:
        at = life.start + (number + 1) * DAY
        return score(life.truths, told, number, lessons.lessons(db), facts.live(db, at=at), ())
