"""What a model does after a night: the person's style, with and without memory, and the abilities it came with."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from nightschool import statistics
from nightschool.bench.life import script
from nightschool.bench.life.arms import Living
from nightschool.bench.life.line import Line
from nightschool.bench.life.play import Plan
from nightschool.bench.life.talk import keeps
from nightschool.bench.life.truth import DAY, held
from nightschool.records import Answer, Json, Prompt
from nightschool.world import battery, styles, tools
from nightschool.world.styles import Preference

PROBES, ABILITIES = 40, 10
"""Questions about the person's style, and of each old ability."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """Right or wrong on each question; for style on each wish that bears on a question."""

    behaviour: tuple[bool, ...]
    """As this arm is served."""
    told: tuple[bool, ...]
    untold: tuple[bool, ...]
    base: tuple[bool, ...]
    """The base with nothing told."""
    abilities: tuple[bool, ...]


def measure(living: Living, life: Plan, number: int) -> Measured:
    """Ask an arm about the person's style in wordings that no talk has, and about everything else."""
    rng = random.Random(f"probes:{life.seed}:{number}")
    wishes = held(life.truths, number)
    lines = [script.question(rng, script.topic_of(rng, rng.choice(wishes)), held_out=True) for _ in range(PROBES)]
    offered = tuple(tools.schema(name) for name in script.TOOLS)
    prompts = [Prompt(messages=({"role": "user", "content": line.text},), tools=offered) for line in lines]
    at = life.start + (number + 1) * DAY

    def styled(*, told: bool, base: bool = False) -> tuple[bool, ...]:
        answers = living.reply(prompts, told=told, at=at, base=base)
        pairs = (_kept(wishes, line, answer) for line, answer in zip(lines, answers, strict=True))
        return tuple(kept for pair in pairs for kept in pair)

    told, untold = styled(told=living.arm.told), styled(told=False)
    return Measured(
        behaviour=told, told=told, untold=untold, base=styled(told=False, base=True), abilities=_abilities(living, at)
    )


def _kept(wishes: Sequence[Preference], line: Line, answer: Answer) -> list[bool]:
    """Whether an answer keeps each wish that bears on its question; of a call only that it is made."""
    called = str(answer.tool_calls[0]["name"]) if answer.tool_calls else ""
    habits = [wish for wish in wishes if wish.kind.endswith("_tool") and styles.touches(wish, line.topic)]
    asked = habits if habits or line.topic == "weather" else wishes
    bearing = [wish for wish in asked if keeps(wish, line, "-", "-") is not None]
    return [keeps(wish, line, answer.text, called) is True for wish in bearing]


def _abilities(living: Living, at: float) -> tuple[bool, ...]:
    """The same questions for every arm and night, asked without memory; wishes are no part of them."""
    items = battery.items(20, ABILITIES)
    prompts = [Prompt(messages=tuple(item.messages), tools=tuple(item.tools)) for item in items]
    answers = living.reply(prompts, told=False, at=at)
    return tuple(battery.passes(item, answer.raw or answer.text) for item, answer in zip(items, answers, strict=True))


def independence(measured: Sequence[Measured], seed: int) -> Json:
    """How much of what memory gives is there without it; each question of each life is a cluster of its own."""
    told, untold, base = (
        [float(value) for one in measured for value in getattr(one, name)] for name in ("told", "untold", "base")
    )
    if len(told) < 2:
        return {"value": None, "low": None, "high": None, "n": len(told)}
    got = statistics.independence(told, untold, base, [f"{index:06}" for index in range(len(told))], seed=seed)
    return {"value": got.value, "low": got.low, "high": got.high, "n": got.n}
