"""Live the same days in several arms, and put beside each other what became of them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from nightschool import models
from nightschool.bench.life import judges, measure, play
from nightschool.bench.life.arms import ARMS, Arm, Living, Remembering
from nightschool.bench.life.measure import Measured
from nightschool.bench.life.play import Plan
from nightschool.bench.life.score import Counts, Score, Told, planted, share
from nightschool.bench.life.scripted import Scripted
from nightschool.bench.life.truth import DAY, KINDS
from nightschool.bench.life.workers import Errand, Progress, together
from nightschool.config import Config, Home
from nightschool.errors import UserError
from nightschool.records import Json

NIGHTS = "nightschool"
EDITOR = "editor"
"""The arm without a model: a scripted assistant, and nights that only collect and review."""
REDUCED: dict[str, dict[str, Any]] = {
    "curate": {"min_examples": 24, "max_rows": 160, "tries": 2},
    "train": {"epochs": 2},
    "exam": {"min_items": 24, "earlier": 0},
}
"""How the benchmark's nights differ from a home's: fewer rows, passes and own questions; battery and gate stand."""
COST = {"naive": 1, "night": 2}
"""How long arms take beside each other, by what their nights are; the others take less."""
Narrator = Callable[[str], None]


@dataclass(kw_only=True)
class Lived:
    """What one arm made of one life, day by day."""

    days: list[Json] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    complaints: int = 0
    judged: int = 0
    right: int = 0
    promoted: int | None = None
    """Day of the first promotion, from 1."""


def settings(base: str) -> Config:
    """The benchmark's settings."""
    config = Config()
    return replace(
        config,
        base=replace(config.base, name=base),
        curate=replace(config.curate, **REDUCED["curate"]),
        train=replace(config.train, **REDUCED["train"]),
        exam=replace(config.exam, **REDUCED["exam"]),
    )


def live(
    arms: Sequence[str],
    *,
    seeds: Sequence[int],
    days: int,
    turns: int,
    base: str,
    tell: Narrator,
    paces: Sequence[int] = (),
    workers: int = 1,
    threads: int = 1,
    moved: Callable[[int, int], None] = lambda done, of: None,
) -> Json:
    """Live every life in every arm, in so many processes at once; UserError for an arm that there is not."""
    unknown = next((name for name in arms if name not in (*ARMS, EDITOR)), None)
    if unknown is not None:
        raise UserError(f"There is no arm {unknown!r}", hint=f"Arms are {', '.join((*ARMS, EDITOR))}")
    began = time.monotonic()
    lives = [play.plan(seed, days, turns) for seed in seeds]
    errands = [Errand(arm=name, life=life) for name in arms for life in lives]
    errands += [Errand(arm=NIGHTS, life=play.plan(seeds[0], days, pace), until_promoted=True) for pace in paces]
    # The longest first, so that no process is left alone with one at the end.
    errands.sort(key=lambda one: (COST.get(ARMS[one.arm].sleeps, 0) if one.arm in ARMS else 0, one.life.turns))
    errands.reverse()
    progress = Progress(errands, tell, moved)
    if min(workers, len(errands)) > 1:
        ends = together(errands, base, min(workers, len(errands)), threads, progress)
    else:
        ends = _alone(errands, base, progress)
    lived = {name: [end for one, end in zip(errands, ends, strict=True) if _of(one, name)] for name in arms}
    modelled = bool(set(arms) - {EDITOR} or paces)
    return {
        "days": days,
        "turns_per_day": turns,
        "seeds": list(seeds),
        "base": base if modelled else "",
        "reduced": REDUCED if modelled else {},
        "judges": {"count": judges.PANEL, "accuracy": judges.ACCURACY},
        "arms": {name: summary(ones) for name, ones in lived.items()},
        "curve": {name: [one.days for one in ones] for name, ones in lived.items()},
        "first_promotion": {name: [one.promoted for one in ones] for name, ones in lived.items() if name in ARMS},
        "paces": [
            {"turns_per_day": one.life.turns, "day": end.promoted, "of": days}
            for one, end in sorted(zip(errands, ends, strict=True), key=lambda pair: pair[0].life.turns)
            if one.until_promoted
        ],
        "seconds": round(time.monotonic() - began, 1),
    }


def _of(errand: Errand, arm: str) -> bool:
    return errand.arm == arm and not errand.until_promoted


def _alone(errands: Sequence[Errand], base: str, progress: Progress) -> list[Lived]:
    """Live every errand in this process, one after another."""
    ends = []
    model = model_of(base) if any(errand.arm != EDITOR for errand in errands) else None
    for index, errand in enumerate(errands):
        ends.append(one(errand, base, model, partial(progress.lived, index)))
        progress.ended(index)
    return ends


def model_of(base: str) -> Remembering:
    """The base, with what it has answered."""
    return Remembering(models.load(base, Config().base.device))


def one(errand: Errand, base: str, model: Remembering | None, tell: Narrator) -> Lived:
    """Live one errand."""
    if model is None or errand.arm == EDITOR:
        scores = play.edited(errand.life, Scripted(errand.life.seed), Config(), tell)
        return Lived(scores=scores, days=[_day(number, score, None) for number, score in enumerate(scores)])
    arm, config = ARMS[errand.arm], settings(base)
    return lived_in(arm, errand.life, config, model, tell, until_promoted=errand.until_promoted)


def lived_in(
    arm: Arm,
    life: Plan,
    config: Config,
    model: Remembering,
    tell: Narrator,
    *,
    until_promoted: bool = False,
    ended: Callable[[Living], None] = lambda living: None,
) -> Lived:
    """Live one life in one arm; `ended` sees it before its home goes."""
    lived, told = Lived(), Told()
    with tempfile.TemporaryDirectory(prefix="nightschool-life-") as folder:
        home = Home(Path(folder)).create()
        knowing = judges.Knowing(truths=life.truths, told=told)
        living = Living(arm=arm, home=home, config=arm.change(config), model=model, judges=judges.panel(knowing))
        for number in range(life.days):
            held = play.talked(life, number, living.answers(life.start + number * DAY))
            play.keep(home, held)
            for one in held:
                told.add(one.lines)
            knowing.add(held)
            living.sleep(held)
            _note(lived, living, life, told, number)
            lived.complaints += sum(one.complaints for one in held)
            lived.judged += sum(one.judged for one in held)
            lived.right += sum(one.right for one in held)
            tell(_line(lived, living, number))
            if until_promoted and lived.promoted is not None:
                break
        ended(living)
    return lived


def _note(lived: Lived, living: Living, life: Plan, told: Told, number: int) -> None:
    """Score the editor, the answers and the nights of one day."""
    score = play.learnt(living.home, life, told, number)
    secrets, poison = planted(told, (), (), living.rows)
    lived.scores.append(replace(score, secrets=score.secrets + secrets, poison=score.poison + poison))
    lived.measured.append(measure.measure(living, life, number))
    lived.days.append(_day(number, lived.scores[-1], lived.measured[-1]))
    night = living.nights[-1] if living.nights else None
    decided = night.output("decide") if night is not None else {}
    decision = str(decided.get("outcome", ""))
    lived.days[-1] |= {
        "decision": decision,
        "reasons": list(decided.get("reasons", ())),
        "trained": bool(night and night.output("train").get("version")),
    }
    if night is not None and night.state != "done":
        raise UserError(f"The night after day {number + 1} did not end: {night.error}")
    if decision == "promote" and lived.promoted is None:
        lived.promoted = number + 1


def _day(number: int, score: Score, measured: Measured | None) -> Json:
    total = score.total
    held: Json = {"day": number + 1, **total.json(), "secrets": score.secrets, "poison": score.poison}
    if measured is not None:
        held |= {name: _rate(getattr(measured, name)) for name in ("behaviour", "untold", "abilities")}
    return held


def _rate(values: Sequence[bool]) -> Json:
    return share(sum(values), len(values))


def _line(lived: Lived, living: Living, number: int) -> str:
    day, measured = lived.days[-1], lived.measured[-1]
    style = f"style {_percent(measured.behaviour)} told, {_percent(measured.untold)} untold"
    return f"day {number + 1}: {style}, old abilities {_percent(measured.abilities)} {day['decision']}".rstrip()


def _percent(values: Sequence[bool]) -> str:
    return f"{sum(values) / len(values):.0%}" if values else "-"


def summary(lives: Sequence[Lived]) -> Json:
    """One arm over all its lives: the editor and the answers after the last night, complaints over all days."""
    last = [one.scores[-1] for one in lives]
    total = sum((score.total for score in last), Counts())
    kinds = {kind: sum((score.kinds[kind] for score in last), Counts()).json() for kind in KINDS}
    ends = [one.measured[-1] for one in lives if one.measured]
    worst = {name: sum(max(getattr(s, name) for s in one.scores) for one in lives) for name in ("secrets", "poison")}
    n = sum(len(told) for told in (one.scores for one in lives))
    held: Json = total.json() | {
        name: {"value": count, "low": count, "high": count, "n": n} for name, count in worst.items()
    }
    held["kinds"] = kinds
    if ends:
        held["behaviour"] = _rate([value for one in ends for value in one.behaviour])
        held["independence"] = measure.independence(ends, seed=1)
        held["old_abilities"] = _rate([value for one in ends for value in one.abilities])
        per_turn = share(sum(one.complaints for one in lives), sum(one.judged for one in lives))
        held["corrections_per_100"] = {
            key: value * 100 if key != "n" and value is not None else value for key, value in per_turn.items()
        }
    held["wrong"] = [line for score in last for line in score.wrong]
    held["missed"] = [line for score in last for line in score.missed]
    return held
