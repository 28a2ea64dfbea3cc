"""What thinking over history changes in a life: the same days with it and without, memory told, nothing trained.

The person also asks for things before they have told them, so that questions stay open; what settles one is a right
note of a night, or a right answer when they ask again. Mistakes are complaints about a wish that a lesson holds
already. Pairs are the same person on the same days, so that the differences are drawn by seed.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from nightschool.bench.life import play, talk
from nightschool.bench.life.arms import Arm, Living, Remembering
from nightschool.bench.life.line import Line
from nightschool.bench.life.play import Plan
from nightschool.bench.life.score import Told, share
from nightschool.bench.life.script import Talk
from nightschool.bench.life.talk import Held
from nightschool.bench.life.truth import DAY, Truth
from nightschool.config import Config, Home
from nightschool.night.conduct import sleep
from nightschool.night.stages import STAGES
from nightschool.records import Json, Lesson
from nightschool.statistics import mean_interval
from nightschool.store import lessons, reflections
from nightschool.store.database import open_database
from nightschool.world import personal
from nightschool.world.personal import PersonalFact

AHEAD = 2
"""Days between asking for something and telling it, at most."""
ARMS = ("off", "on")
REVIEWED = tuple(step for step in STAGES if step.name in ("collect", "review", "reflect"))
MEASURES = ("settled", "repeated_per_100", "corrections_per_100")
Narrator = Callable[[str], None]


@dataclass(kw_only=True)
class Tally:
    """One life in one arm."""

    asked: set[str] = field(default_factory=set)
    """Facts that were asked for before they were told, and told since."""
    answered: set[str] = field(default_factory=set)
    noted: int = 0
    """Questions that a night settled."""
    noted_right: int = 0
    complaints: int = 0
    repeated: int = 0
    judged: int = 0
    candidates: int = 0
    wrong: list[str] = field(default_factory=list)
    """Notes that are not right, with their questions."""

    def figure(self, name: str) -> float:
        """One of the three measures."""
        if name == "settled":
            return len(self.answered) / len(self.asked) if self.asked else 0.0
        counted = self.repeated if name == "repeated_per_100" else self.complaints
        return 100 * counted / self.judged if self.judged else 0.0


def measure(model: Remembering, *, seeds: Sequence[int], days: int, turns: int, tell: Narrator) -> Json:
    """Live every life with and without thinking, and compare the three measures pair by pair."""
    lived: dict[str, list[Tally]] = {name: [] for name in ARMS}
    for seed in seeds:
        life = play.plan(seed, days, turns)
        for name in ARMS:
            lived[name].append(_live(model, life, thinks=name == "on"))
            one = lived[name][-1]
            tell(
                f"{name}, seed {seed}: {len(one.answered)} of {len(one.asked)} settled, {one.complaints} complaints,"
                f" {one.repeated} of them about what a lesson holds, of {one.judged} answers"
            )
    return {
        "days": days,
        "turns_per_day": turns,
        "seeds": list(seeds),
        "base": model.name,
        "trained": False,
        "arms": {name: _summary(ones) for name, ones in lived.items()},
        "on_minus_off": {name: _difference(name, lived, seeds) for name in MEASURES},
    }


def early(life: Plan, number: int) -> list[tuple[Truth, Talk]]:
    """Questions for what the person will tell within the next days, each in a talk of its own; one a day."""
    rng = random.Random(f"early:{life.seed}:{number}")
    coming = [
        one
        for one in life.truths
        if one.lasting and isinstance(one.value, PersonalFact) and number < one.since <= number + AHEAD
    ]
    if not coming:
        return []
    truth = rng.choice(coming)
    assert isinstance(truth.value, PersonalFact)
    asked = rng.choice(personal.questions(truth.value, rng.choice(personal.question_subjects(truth.value))))
    line = Line(why="early", text=asked, reply=replace(personal.reply(truth.value), items=(), km=None), topic="recall")
    started = life.start + number * DAY + 60.0
    return [(truth, Talk(id=f"early-{life.seed}-{number}", started=started, lines=(line,), day=number))]


def _live(model: Remembering, life: Plan, *, thinks: bool) -> Tally:
    tally, told, wanted = Tally(), Told(), dict[str, Truth]()
    taught: set[str] = set()
    config = Config()
    config = replace(config, reflect=replace(config.reflect, enabled=thinks))
    with tempfile.TemporaryDirectory(prefix="nightschool-life-") as folder:
        home = Home(Path(folder)).create()
        living = Living(arm=Arm(name="", told=True, sleeps="never"), home=home, config=config, model=model)
        for number in range(life.days):
            held = _talked(life, number, living, wanted)
            play.keep(home, held)
            for one in held:
                told.add(one.lines)
                tally.complaints += one.complaints
                tally.judged += one.judged
                tally.repeated += sum(
                    line.why == "complaint" and not taught.isdisjoint(line.teaches) for line in one.lines.values()
                )
                tally.answered |= _recalled(one, wanted)
            night = sleep(home, config, model=model, stages=REVIEWED)
            tally.candidates += len(night.output("reflect").get("proposed", ()))
            taught = _taught(home, told)
        tally.asked = {name for name, truth in wanted.items() if truth.since < life.days}
        _settled(home, tally, told, wanted)
        tally.answered &= tally.asked
    return tally


def _talked(life: Plan, number: int, living: Living, wanted: dict[str, Truth]) -> list[Held]:
    """The talks of a day, the early questions first."""
    ahead = early(life, number)
    answers = living.answers(life.start + number * DAY)
    asked = talk.together([talk.hold(one, (), life.seed) for _, one in ahead], answers)
    wanted |= {truth.id: truth for truth, _ in ahead}
    return [*asked, *play.talked(life, number, answers)]


def _recalled(held: Held, wanted: dict[str, Truth]) -> set[str]:
    """Facts asked for early that an answer of this talk says."""
    found = set()
    for at, message in enumerate(held.messages[:-1]):
        line = held.lines.get(message.id)
        if line is None or line.topic != "recall" or line.reply is None:
            continue
        said = held.messages[at + 1].text.casefold()
        for name, truth in wanted.items():
            same = isinstance(truth.value, PersonalFact) and truth.value.object == line.reply.object
            if same and line.reply.object.casefold() in said:
                found.add(name)
    return found


def _taught(home: Home, told: Told) -> set[str]:
    """The wishes that kept lessons hold by now, traced through the messages that they cite."""
    with contextlib.closing(open_database(home.database)) as db:
        kept: list[Lesson] = lessons.lessons(db, ["kept"])
    return {
        name for one in kept for source in one.source if source in told.lines for name in told.lines[source].teaches
    }


def _settled(home: Home, tally: Tally, told: Told, wanted: dict[str, Truth]) -> None:
    """Count the notes of the nights, and which of them are right."""
    with contextlib.closing(open_database(home.database)) as db:
        notes = [one for one in reflections.questions(db, ["settled"]) if one.source and one.tries]
    for question in notes:
        line = told.lines.get(question.source[0])
        if line is None or line.reply is None:
            continue
        tally.noted += 1
        right = line.reply.object.casefold() in question.note.casefold()
        tally.noted_right += right
        tally.wrong += [] if right else [f"{question.text} {question.note}"]
        if right and line.why == "early":
            tally.answered |= {
                name
                for name, truth in wanted.items()
                if isinstance(truth.value, PersonalFact) and truth.value.object == line.reply.object
            }


def _summary(ones: Sequence[Tally]) -> Json:
    def total(name: str) -> int:
        return sum(getattr(one, name) for one in ones)

    judged = total("judged")
    return {
        "settled": share(sum(len(one.answered) for one in ones), sum(len(one.asked) for one in ones)),
        "repeated_per_100": _hundred(share(total("repeated"), judged)),
        "corrections_per_100": _hundred(share(total("complaints"), judged)),
        "notes_right": share(total("noted_right"), total("noted")),
        "candidates": total("candidates"),
        "wrong_notes": [line for one in ones for line in one.wrong],
    }


def _hundred(one: Json) -> Json:
    return {key: value * 100 if key != "n" and value is not None else value for key, value in one.items()}


def _difference(name: str, lived: dict[str, list[Tally]], seeds: Sequence[int]) -> Json:
    """On minus off, life by life, with a bootstrap interval over the lives."""
    differences = [on.figure(name) - off.figure(name) for on, off in zip(lived["on"], lived["off"], strict=True)]
    clusters = [str(seed) for seed in seeds]
    bounds = mean_interval(differences, clusters)
    return {
        "value": sum(differences) / len(differences),
        "low": bounds.low,
        "high": bounds.high,
        "n": len(differences),
    }
