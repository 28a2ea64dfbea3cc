"""How much of what memory gives is in the weights, over all that a simulated person's life leaves to know.

The person lives their days and a whole night follows the last; what memory then holds of facts is written into the
weights by the product's own editor. Every lasting fact and wish is asked in wordings that no talk has, of the version
told and untold and of the base untold: independence = (untold - base) / (told - base), for facts and preferences apart.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nightschool import models, statistics
from nightschool.bench.life import life, measure, play
from nightschool.bench.life.arms import ARMS, Living, Remembering
from nightschool.bench.life.truth import DAY
from nightschool.config import Home
from nightschool.edit.editor import Editor
from nightschool.errors import UserError
from nightschool.exam.scorers import holds
from nightschool.memory import context
from nightschool.records import Fact, Json, Night, Prompt
from nightschool.store import facts
from nightschool.store.database import open_database
from nightschool.world import personal
from nightschool.world.personal import PersonalFact

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

ASKED = 3
"""Wordings of each fact."""
_BY_DAY, _LAST = ARMS["memory-only"], ARMS[life.NIGHTS]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """Right or wrong on the same questions, told and untold, and of the base untold."""

    told: tuple[bool, ...]
    untold: tuple[bool, ...]
    base: tuple[bool, ...]
    about: tuple[str, ...]
    """What each question is about; answers about one thing are no separate evidence."""


def live(base: str, *, days: int, turns: int, seed: int, tell: Callable[[str], None]) -> Json:
    """Live one life and measure its last day."""
    config = life.settings(base)
    model = models.load(base, config.base.device)
    plan = play.plan(seed, days, turns)
    with tempfile.TemporaryDirectory(prefix="nightschool-life-") as folder:
        living = Living(arm=_BY_DAY, home=Home(Path(folder)).create(), config=config, model=Remembering(model))
        lived(living, plan, tell)
        tell("writing what memory holds into the weights, and asking")
        ended = _ended(model, living, plan, seed)
    return {"base": base, "seed": seed, "days": days, "turns_per_day": turns, **ended}


def lived(living: Living, plan: play.Plan, tell: Callable[[str], None]) -> None:
    """Live the days with nights that only review, and the last night whole.

    A night trains from the base on all that was kept: an earlier one would change nothing of what the last one makes.
    """
    for number in range(plan.days):
        held = play.talked(plan, number, living.answers(plan.start + number * DAY))
        play.keep(living.home, held)
        if number == plan.days - 1:
            living.arm = _LAST
        living.sleep(held)
        night = living.nights[-1]
        if night.state != "done":
            raise UserError(f"The night after day {number + 1} did not end: {night.error}")
        tell(f"day {number + 1} of {plan.days}{_told(night)}")


def _told(night: Night) -> str:
    outcome = night.output("decide").get("outcome", "")
    return f": {outcome}" if outcome else ""


def _ended(model: TransformersModel, living: Living, plan: play.Plan, seed: int) -> Json:
    styled = measure.measure(living, plan, plan.days - 1)
    wishes = Answers(
        told=styled.told, untold=styled.untold, base=styled.base, about=tuple(map(str, range(len(styled.told))))
    )
    with contextlib.closing(open_database(living.home.database)) as db:
        editor = Editor(db, living.home, model, skill=living.adapter)
        editor.derive()
        held = facts.live(db)
        living.edits = editor.adapter()
        in_weights = len(editor.held())
    known = asked(living, plan, seed)
    return {
        "facts": figures(known, seed) | {"tokens_per_turn": tokens(living, held, "fact"), "in_weights": in_weights},
        "preferences": figures(wishes, seed) | {"tokens_per_turn": tokens(living, held, "preference")},
    }


def asked(living: Living, plan: play.Plan, seed: int) -> Answers:
    """Ask every lasting fact of the last day, in wordings that no talk has."""
    rng = random.Random(f"facts:{seed}")
    last = plan.days - 1
    questions: list[tuple[str, PersonalFact]] = []
    for truth in plan.truths:
        fact = truth.value
        if truth.holds(last) and truth.lasting and isinstance(fact, PersonalFact) and not fact.items and not fact.km:
            wordings = personal.questions(fact, held_out=True)
            questions += [(question, fact) for question in rng.sample(wordings, min(ASKED, len(wordings)))]
    prompts = [Prompt(messages=({"role": "user", "content": question},)) for question, _ in questions]

    def right(*, told: bool, base: bool = False) -> tuple[bool, ...]:
        said = living.reply(prompts, told=told, at=plan.start + (last + 1) * DAY, base=base)
        return tuple(bool(holds(answer.text, fact.object)) for answer, (_, fact) in zip(said, questions, strict=True))

    return Answers(
        told=right(told=True),
        untold=right(told=False),
        base=right(told=False, base=True),
        about=tuple(str(fact.key) for _, fact in questions),
    )


def figures(answers: Answers, seed: int) -> Json:
    """Independence with its interval; no value where telling gives nothing beyond noise."""
    shares = {name: [float(value) for value in getattr(answers, name)] for name in ("told", "untold", "base")}
    found: Json = {name: sum(each) / len(each) if each else None for name, each in shares.items()}
    if len(set(answers.about)) < 2:
        return found | {"independence": None, "ci": None, "n": len(answers.about)}
    got = statistics.independence(shares["told"], shares["untold"], shares["base"], answers.about, seed=seed)
    interval = None if got.value is None else [got.low, got.high]
    return found | {"independence": got.value, "ci": interval, "n": got.n}


def tokens(living: Living, held: Sequence[Fact], kind: str) -> float:
    """Mean tokens that memory adds to a turn for things of one kind."""
    prompt = Prompt(messages=({"role": "user", "content": "What should I do today?"},))
    block = context.remember(prompt, [fact for fact in held if fact.kind == kind], living.config.memory)
    return float(living.model.count_tokens(block) - living.model.count_tokens(prompt))
