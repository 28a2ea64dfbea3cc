"""Exam items of pupil's abilities, made from a seed with wordings, names and values that training never has.

Each item ends in a question and holds what a right answer needs, so that a rule and no judge scores it.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

from nightschool.world import conversations, facts, personal, smalltalk, styles, tools, turns, wordings
from nightschool.world.conversations import memory_block, open_scene
from nightschool.world.styles import PLAIN, Preference, Reply, Style
from nightschool.world.tools import Message, Schema, ToolUse
from nightschool.world.turns import Scene

KINDS = ("instruction", "tool", "json", "arithmetic", "unknown", "world", "reading")


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One question of the exam with what scores its answer."""

    kind: str
    messages: list[Message]
    """Ends in a user or a tool message; the answer is to follow."""
    tools: list[Schema]
    expected: str
    """The answer as pupil is taught to write it, tool calls as tagged text."""
    reply: Reply | None = None
    style: Style = PLAIN
    call: ToolUse | None = None


def passes(item: Item, text: str) -> bool:
    """Score an answer by rule: the right call, the same JSON, or the right content in the wished form."""
    if item.call is not None:
        return tools.parse_call(text) == (item.call.tool, {item.call.parameter: item.call.argument})
    if item.reply is None:
        return _same_json(text, item.expected)
    if tools.parse_call(text) is not None:
        return False
    if item.reply.topic + item.reply.object == "plain":
        return text.strip() == item.expected
    return styles.follows(item.style, item.reply, text)


def _same_json(text: str, expected: str) -> bool:
    try:
        return bool(json.loads(text) == json.loads(expected))
    except ValueError:
        return False


def _close(kind: str, scene: Scene) -> Item:
    """Cut the scene before its last answer, or before the call where the call is what is asked for."""
    target, messages = scene.target, scene.finished()
    if target.call is not None and kind == "tool" and scene.rng.random() < 0.6:
        cut = max(i for i, message in enumerate(messages) if message["role"] == "user") + 1
        return Item(kind=kind, messages=messages[:cut], tools=scene.tools, expected=tools.call_text(target.call), call=target.call)
    return Item(kind=kind, messages=messages[:-1], tools=scene.tools, expected=messages[-1]["content"], reply=target.reply, style=target.style)


def _question(scene: Scene, text: str, reply: Reply, style: Style) -> None:
    scene.exchange(wordings.polite(scene.rng, text, held_out=True), styles.phrase(reply, style))
    scene.target = turns.Target(reply, style, None, "")


def _topic_question(scene: Scene, kind: str) -> tuple[str, Reply]:
    relation = {"bullets": "foods", "miles": "distance", "fahrenheit": "temperature"}.get(kind)
    fact = scene.rng.choice([fact for fact in facts.FACTS if relation in (None, fact.relation)])
    return scene.rng.choice(wordings.questions(fact, held_out=True)), wordings.reply(fact)


def instruction(rng: random.Random, kind: str = "", where: str = "") -> Item:
    """Make an item that one preference decides, given in the system prompt, memory, an earlier turn or the question."""
    scene = Scene(rng=rng, held_out=True)
    kind = kind or rng.choice([kind for kind in styles.KINDS if not kind.endswith("_tool")])
    where = where or rng.choice(("system", "memory", "turn", "question"))
    wish = turns.preference(rng, kind, held_out=True)
    question, reply = _topic_question(scene, kind)
    worded = rng.choice(styles.instructions(wish, held_out=True))
    style = styles.prefer(PLAIN, wish)
    if where == "system":
        scene.system = f"{smalltalk.system_prompt(rng, 1)} {worded}"
    elif where == "memory":
        lines = [worded, *(rng.choice(personal.statements(turns.new_fact(scene), held_out=True)) for _ in range(rng.randint(0, 4)))]
        rng.shuffle(lines)
        scene.system = memory_block(lines)
    elif where == "turn":
        scene.exchange(worded, styles.acknowledge(wish))
    else:
        question = f"{question} {rng.choice(styles.asides(wish, held_out=True))}"
    scene.exchange(question, styles.phrase(reply, style))
    scene.target = turns.Target(reply, style, None, "")
    return _close("instruction", scene)


def habit(rng: random.Random, tool: str = "weather") -> Item:
    """Make an item where a remembered wish decides that a tool is called."""
    scene = Scene(rng=rng, held_out=True)
    wish = Preference(kind="weather_tool" if tool == "weather" else "sum_tool")
    scene.system = memory_block(conversations.wish_lines(scene, wish))
    conversations.offer(scene)
    (turns.weather_turn if tool == "weather" else turns.sum_turn)(scene)
    return _close("tool", scene)


def tool(rng: random.Random) -> Item:
    """Make an item of calling a tool, of answering from its result, or of having none."""
    if rng.random() < 0.25:
        return habit(rng, rng.choice(("weather", "calculator")))
    scene = Scene(rng=rng, held_out=True)
    if rng.random() < 0.85:
        conversations.offer(scene)
    turns.tool_turn(scene)
    return _close("tool", scene)


def _wished(system: str) -> bool:
    wishes = [line for kind in styles.KINDS for line in styles.instructions(Preference(kind=kind), held_out=True)]
    return any(line in system for line in wishes) or "call" in system or "address" in system


def reading(rng: random.Random) -> Item:
    """Make an item of reading a told fact among others, from memory or from earlier turns."""
    while True:
        scene = open_scene(rng, held_out=True)
        scene.tools, scene.style = [], PLAIN
        if _wished(scene.system):
            continue
        if not scene.known or rng.random() < 0.4:
            for _ in range(rng.randint(1, 3)):
                turns.tell_turn(scene)
            for _ in range(rng.randint(0, 3)):
                turns.talk_turn(scene)
        fact = rng.choice(list(scene.known.values()))
        subject = rng.choice(personal.question_subjects(fact))
        _question(scene, rng.choice(personal.questions(fact, subject, held_out=True)), personal.reply(fact), PLAIN)
        return _close("reading", scene)


def unknown(rng: random.Random) -> Item:
    """Make an item whose only right answer is not to know."""
    while True:
        scene = Scene(rng=rng, held_out=True)
        if rng.random() < 0.5:
            lines = []
            for _ in range(rng.randint(1, 6)):
                fact = turns.new_fact(scene)
                scene.known[fact.key] = fact
                lines.append(rng.choice(personal.statements(fact, held_out=True)))
            scene.system = memory_block(lines)
        before = len(scene.messages)
        fact = turns.new_fact(scene)
        named = {other.name for other in scene.known.values()} | {other.role for other in scene.known.values()}
        if fact.key in scene.known or (fact.relation == "called" and fact.role in named):
            continue
        subject = rng.choice(personal.question_subjects(fact))
        _question(scene, rng.choice(personal.questions(fact, subject, held_out=True)), personal.unknown_reply(fact, subject), PLAIN)
        assert len(scene.messages) > before
        return _close("unknown", scene)


def world(rng: random.Random) -> Item:
    """Make an item of one world fact."""
    scene = Scene(rng=rng, held_out=True)
    fact = rng.choice(facts.FACTS)
    _question(scene, rng.choice(wordings.questions(fact, held_out=True)), wordings.reply(fact), PLAIN)
    return _close("world", scene)


def arithmetic(rng: random.Random) -> Item:
    """Make an item of one small sum."""
    scene = Scene(rng=rng, held_out=True)
    question, reply = smalltalk.sum_question(rng, held_out=True)
    _question(scene, question, reply, PLAIN)
    return _close("arithmetic", scene)


def json_item(rng: random.Random) -> Item:
    """Make an item that wants JSON with given keys."""
    scene = Scene(rng=rng, held_out=True)
    if rng.random() < 0.5:
        turns.tell_turn(scene)
    turns.json_turn(scene)
    return _close("json", scene)


MAKERS = {"instruction": instruction, "tool": tool, "json": json_item, "arithmetic": arithmetic, "unknown": unknown, "world": world, "reading": reading}


def items(seed: int, per_kind: int = 60, kinds: tuple[str, ...] = KINDS) -> list[Item]:
    """Make the battery: so many different items of each kind, the same for the same seed."""
    made: list[Item] = []
    for kind in kinds:
        rng, seen = random.Random(f"{seed}:{kind}"), set[str]()
        while len(seen) < per_kind:
            item = MAKERS[kind](rng)
            asked = json.dumps([item.messages, item.tools])
            if asked not in seen:
                seen.add(asked)
                made.append(item)
    return made
