"""Whole conversations from a seed: what pupil is trained on.

A scene opens with what a client would send (system prompt, memory block, tools) and goes on with turns drawn from a mix.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from nightschool.world import names, personal, smalltalk, styles, tools, turns
from nightschool.world.tools import Message, Schema
from nightschool.world.turns import Scene

MEMORY_HEAD = "The person told you:"
TURNS = {
    "world": turns.world_turn,
    "recall": turns.recall_turn,
    "unknown": turns.unknown_turn,
    "near": turns.near_turn,
    "tell": turns.tell_turn,
    "wish": turns.wish_turn,
    "json": turns.json_turn,
    "talk": turns.talk_turn,
    "sum": turns.sum_turn,
    "weather": turns.weather_turn,
    "tool": turns.tool_turn,
    "extract": turns.extract_turn,
    "hint": turns.hint_turn,
    "doubt": turns.doubt_turn,
}
MIX = {"world": 30, "recall": 20, "unknown": 9, "tell": 8, "wish": 5, "json": 4, "talk": 6, "sum": 6, "weather": 4, "tool": 5}
"""Weights of the turns of a conversation without tools offered."""
TOOL_WEIGHTS = {"weather": 20, "tool": 30, "sum": 10}
"""Weights that change where tools are offered."""
LIVELY = {"world": 30, "talk": 35, "sum": 5, "unknown": 4, "near": 4, "recall": 18, "json": 2, "wish": 1, "tell": 3}
IDLE = {"world": 40, "talk": 60}
"""What stands between telling and asking in a long conversation; nothing told comes up in the idle one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """Messages in OpenAI form and the tools offered with them."""

    messages: list[Message]
    tools: list[Schema]


def memory_block(lines: list[str]) -> str:
    """Write the block that serves a person's own sentences in the system turn."""
    return "\n".join([MEMORY_HEAD, *(f"- {line}" for line in lines)])


def _memory_lines(scene: Scene, count: int) -> list[str]:
    lines = []
    for _ in range(count):
        if scene.rng.random() < 0.7:
            fact = turns.new_fact(scene)
            if fact.key not in scene.known:
                scene.known[fact.key] = fact
                lines.append(scene.rng.choice(personal.statements(fact, held_out=scene.held_out)))
        else:
            lines += wish_lines(scene)
    return lines


def wish_lines(scene: Scene, wish: styles.Preference | None = None) -> list[str]:
    """Put a preference into the scene's style and word it; none where it or its opposite is held already."""
    wish = wish or turns.preference(scene.rng, held_out=scene.held_out)
    opposed = scene.style.length != "plain" if wish.kind in ("short", "long") else wish.kind == "address" and bool(scene.style.address)
    if opposed or styles.prefer(scene.style, wish) == scene.style:
        return []
    scene.style = styles.prefer(scene.style, wish)
    return [scene.rng.choice(styles.instructions(wish, held_out=scene.held_out))]


def open_scene(rng: random.Random, *, held_out: bool = False, rules: int | None = None) -> Scene:
    """Start a conversation as a client does: perhaps a system prompt, perhaps memory, perhaps tools."""
    scene = Scene(rng=rng, held_out=held_out)
    parts = []
    if rng.random() < 0.35 or rules:
        head = smalltalk.system_prompt(rng, rng.choice((0, 0, 1, 1, 2, 3, 6)) if rules is None else rules)
        if rng.random() < 0.3:
            head = " ".join([head, *wish_lines(scene)])
        if rng.random() < 0.1:
            head = " ".join([head, *_memory_lines(scene, 1)])
        parts.append(head)
    if rng.random() < 0.42:
        lines = _memory_lines(scene, rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 12)))
        parts += [memory_block(lines)] if lines else []
    scene.system = "\n\n".join(parts)
    habit = scene.style.weather_tool or scene.style.sum_tool
    if rng.random() < (0.7 if habit else 0.13):
        offer(scene)
    return scene


def offer(scene: Scene) -> None:
    """Offer tools: those that the person's habits need, and others; now and then a made-up one."""
    rng = scene.rng
    use = None
    if rng.random() < 0.25:
        use = tools.other(rng, names.made_up(rng, held_out=scene.held_out, capital=False), held_out=scene.held_out)
    scene.tools = tools.offered(rng, use, held_out=scene.held_out)
    for name, wanted in (("weather", scene.style.weather_tool), ("calculator", scene.style.sum_tool)):
        if wanted and not any(schema["function"]["name"] == name for schema in scene.tools):
            scene.tools.insert(rng.randint(0, len(scene.tools)), tools.schema(name))


def conversation(rng: random.Random, *, turn_count: int | None = None, rules: int | None = None, mix: dict[str, int] | None = None) -> Conversation:
    """Make one training conversation of one to six turns, or of the given number."""
    scene = open_scene(rng, rules=rules)
    weights = (mix or MIX) | (TOOL_WEIGHTS if scene.tools else {})
    kinds = rng.choices(list(weights), list(weights.values()), k=turn_count or rng.choice((1, 1, 2, 2, 3, 3, 4, 5)))
    if scene.known and rng.random() < 0.5:
        kinds[-1] = "recall"
    if (scene.style.weather_tool or scene.style.sum_tool) and rng.random() < 0.6:
        kinds[-1] = "weather" if scene.style.weather_tool else "sum"
    for kind in kinds:
        TURNS[kind](scene)
    if not scene.messages:
        turns.world_turn(scene)
    return Conversation(messages=scene.finished(), tools=scene.tools)


def contrast_conversation(rng: random.Random) -> Conversation:
    """Tell one relation of a few people or things, and ask for what was told and for what was not, half and half."""
    scene = Scene(rng=rng)
    relation, lines = rng.choice(personal.RELATIONS), []
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4, 6))):
        fact = personal.generate(rng, relation if rng.random() < 0.8 else "")
        people = {(other.role, other.name) for other in scene.known.values()}
        if fact.key in scene.known or any(fact.role == role or (fact.name and fact.name == name) for role, name in people if role or name):
            continue
        scene.known[fact.key] = fact
        lines.append(fact)
    told = [rng.choice(personal.statements(fact)) for fact in lines]
    if rng.random() < 0.7:
        scene.system = memory_block(told)
    else:
        for fact, sentence in zip(lines, told, strict=True):
            scene.exchange(sentence, personal.acknowledge(fact))
    for kind in rng.choices(("recall", "near"), k=rng.choice((1, 2, 2, 3))):
        TURNS[kind](scene)
    return Conversation(messages=scene.finished(), tools=[])


def long_conversation(rng: random.Random, turn_count: int) -> Conversation:
    """Tell facts early, talk of other things for many turns, and ask for the facts at the end."""
    scene = open_scene(rng, rules=rng.choice((0, 2, 10)))
    for _ in range(rng.randint(1, 6)):
        turns.tell_turn(scene)
    between = IDLE if rng.random() < 0.5 else LIVELY
    for kind in rng.choices(list(between), list(between.values()), k=turn_count):
        TURNS[kind](scene)
    for kind in rng.choices(("recall", "near"), (3, 1), k=12):
        TURNS[kind](scene)
    return Conversation(messages=scene.finished(), tools=scene.tools)
