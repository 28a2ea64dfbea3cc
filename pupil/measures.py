"""What evaluate.py measures: for each ability, a maker of exam items with held-out wordings, names and values."""

from __future__ import annotations

import random
from collections.abc import Callable

from transformers import PreTrainedTokenizerFast

from nightschool.world import battery, conversations, facts, names, personal, smalltalk, styles, tools, turns, wordings
from nightschool.world.battery import Item
from nightschool.world.styles import Preference, Reply, Style
from nightschool.world.turns import Scene, Target

PLACES = ("system", "memory", "turn", "question")
OPPOSED = ({"short", "long"}, {"bullets", "long"}, {"bullets", "short"})


def world_items(*, polite: bool) -> list[Item]:
    """Ask every fact of the world in every held-out wording, bare or in a held-out polite form."""
    made, rng = [], random.Random("world")
    for fact in facts.FACTS:
        for question in wordings.questions(fact, held_out=True):
            said = rng.choice(wordings.POLITE[1][1:]).format(q=question) if polite else question
            messages = [{"role": "user", "content": said}]
            made.append(
                Item(
                    kind="world",
                    messages=messages,
                    tools=[],
                    expected=wordings.answer(fact),
                    reply=wordings.reply(fact),
                )
            )
    return made


def _recalled(scene: Scene, fact: personal.PersonalFact) -> Item:
    rng = scene.rng
    question = rng.choice(personal.questions(fact, rng.choice(personal.question_subjects(fact)), held_out=True))
    return asked(scene, question, personal.reply(fact), Style())


def asked(scene: Scene, question: str, reply: Reply, style: Style) -> Item:
    """Close a scene with a question."""
    messages = [*scene.finished(), {"role": "user", "content": question}]
    return Item(
        kind="ability",
        messages=messages,
        tools=scene.tools,
        expected=styles.phrase(reply, style),
        reply=reply,
        style=style,
    )


def _told(scene: Scene, count: int, role: str | None = None) -> list[str]:
    lines = []
    while len(lines) < count:
        fact = (
            turns.new_fact(scene)
            if role is None
            else personal.generate(
                scene.rng, scene.rng.choice(("home", "job", "pet", "food")), role=role, held_out=True
            )
        )
        if fact.key not in scene.known:
            scene.known[fact.key] = fact
            lines.append(scene.rng.choice(personal.statements(fact, held_out=True)))
    return lines


def reading_memory(rng: random.Random) -> Item:
    """Read one of 1 to 12 remembered facts."""
    scene = Scene(rng=rng, held_out=True)
    scene.system = conversations.memory_block(_told(scene, rng.randint(1, 12)))
    return _recalled(scene, rng.choice(list(scene.known.values())))


def reading_turns(rng: random.Random) -> Item:
    """Read a fact told in an earlier turn, with 0 to 4 unrelated turns between."""
    scene = Scene(rng=rng, held_out=True)
    for _ in range(rng.randint(1, 3)):
        turns.tell_turn(scene)
    for _ in range(rng.randint(0, 4)):
        rng.choice((turns.talk_turn, turns.world_turn))(scene)
    scene.style = Style()
    return _recalled(scene, rng.choice(list(scene.known.values())))


def reading_third(rng: random.Random) -> Item:
    """Read what was said of somebody by name only."""
    scene = Scene(rng=rng, held_out=True)
    scene.system = conversations.memory_block(_told(scene, rng.randint(1, 4), role=""))
    return _recalled(scene, rng.choice(list(scene.known.values())))


def reading_revised(rng: random.Random) -> Item:
    """Read a fact that was told twice with another value: the later one holds."""
    scene = Scene(rng=rng, held_out=True)
    old = turns.new_fact(scene)
    new = personal.generate(rng, old.relation, role=old.role, name=old.name, held_out=True)
    while new.key != old.key or new.object == old.object:
        old = turns.new_fact(scene)
        new = personal.generate(rng, old.relation, role=old.role, name=old.name, held_out=True)
    for fact in (old, new):
        scene.exchange(rng.choice(personal.statements(fact, held_out=True)), personal.acknowledge(fact))
    return _recalled(scene, new)


def reading_at(tokenizer: PreTrainedTokenizerFast, tokens: int) -> Callable[[random.Random], Item]:
    """Make items whose fact stands at the start of a prompt of almost so many tokens."""

    def make(rng: random.Random) -> Item:
        scene = Scene(rng=rng, held_out=True)
        turns.tell_turn(scene)
        fact, length, counted = next(iter(scene.known.values())), 0, 0
        while length < tokens - 160:
            rng.choice((turns.talk_turn, turns.world_turn, turns.talk_turn))(scene)
            scene.style = Style()
            length += len(tokenizer.apply_chat_template(scene.messages[counted:], return_dict=False))
            counted = len(scene.messages)
        return _recalled(scene, fact)

    return make


def unknown_entity(rng: random.Random) -> Item:
    """Ask what the world would know of a made-up town, person or land."""
    fact, name = rng.choice(facts.FACTS), personal.outsider(rng, held_out=True)
    question = rng.choice(wordings.WORDINGS[fact.relation].held_out).format(s=name, p=fact.partner)
    return asked(Scene(rng=rng), question, Reply(sentence=wordings.unknown(fact.relation, name, fact.partner)), Style())


def unknown_near(rng: random.Random) -> Item:
    """Ask of one relative what is remembered of another."""
    scene = Scene(rng=rng, held_out=True)
    first, second = rng.sample(personal.ROLES, 2)
    relation = rng.choice(("home", "job", "pet", "food", "birthday"))
    fact = personal.generate(rng, relation, role=first, held_out=True)
    other = personal.generate(rng, relation, role=second, name="", held_out=True)
    scene.system = conversations.memory_block([rng.choice(personal.statements(fact, held_out=True))])
    return asked(scene, rng.choice(personal.questions(other, held_out=True)), personal.unknown_reply(other), Style())


def instruction(kind: str) -> Callable[[random.Random], Item]:
    """Make items of one preference in any of the four places."""
    return lambda rng: battery.instruction(rng, kind, rng.choice(PLACES))


def instruction_in(where: str) -> Callable[[random.Random], Item]:
    """Make items of any preference in one place."""
    return lambda rng: battery.instruction(rng, "", where)


def two_wishes(rng: random.Random) -> Item:
    """Give two preferences in one memory block and ask what at least one of them touches."""
    scene, kinds = Scene(rng=rng, held_out=True), ["short", "long", "bullets", "miles", "fahrenheit", "address"]
    pair = rng.sample(kinds, 2)
    while set(pair) in OPPOSED:
        pair = rng.sample(kinds, 2)
    lines = [
        line for kind in pair for line in conversations.wish_lines(scene, turns.preference(rng, kind, held_out=True))
    ]
    scene.system = conversations.memory_block(lines)
    relation = {"bullets": "foods", "miles": "distance", "fahrenheit": "temperature"}.get(rng.choice(pair))
    fact = rng.choice([fact for fact in facts.FACTS if relation in (None, fact.relation)])
    return asked(scene, rng.choice(wordings.questions(fact, held_out=True)), wordings.reply(fact), scene.style)


def untouched(rng: random.Random) -> Item:
    """Give a preference of one topic and ask about another: the answer stays as it is."""
    scene = Scene(rng=rng, held_out=True)
    wish = Preference(kind=rng.choice(("bullets", "miles", "fahrenheit", "weather_tool")))
    scene.system = conversations.memory_block(conversations.wish_lines(scene, wish))
    fact = rng.choice([fact for fact in facts.FACTS if not styles.touches(wish, wordings.reply(fact).topic)])
    return asked(scene, rng.choice(wordings.questions(fact, held_out=True)), wordings.reply(fact), Style())


def correction(rng: random.Random) -> Item:
    """Correct the form of an answer; the same answer comes again in the wished form."""
    scene = Scene(rng=rng, held_out=True)
    kind = rng.choice(("short", "long", "bullets", "miles", "fahrenheit", "address"))
    relation = {"bullets": "foods", "miles": "distance", "fahrenheit": "temperature"}.get(kind)
    fact = rng.choice([fact for fact in facts.FACTS if relation in (None, fact.relation)])
    reply, wish = wordings.reply(fact), turns.preference(rng, kind, held_out=True)
    scene.exchange(rng.choice(wordings.questions(fact, held_out=True)), styles.phrase(reply, Style()))
    aside = rng.choice(styles.asides(wish, held_out=True))
    said = rng.choice(turns.CORRECTIONS[1]).format(a=aside[:1].lower() + aside[1:], A=aside)
    return asked(scene, said, reply, styles.prefer(Style(), wish))


def _tool_scene(rng: random.Random) -> Scene:
    scene = Scene(rng=rng, held_out=True)
    conversations.offer(scene)
    return scene


def tool_call(rng: random.Random) -> Item:
    """Ask for an offered tool."""
    scene = _tool_scene(rng)
    turns.tool_turn(scene)
    return _at_call(scene)


def _at_call(scene: Scene) -> Item:
    messages, use = scene.finished(), scene.target.call
    assert use is not None
    return Item(kind="ability", messages=messages[:-3], tools=scene.tools, expected=tools.call_text(use), call=use)


def tool_habit(rng: random.Random) -> Item:
    """Ask the weather or a sum where a remembered wish says to use the tool."""
    scene = Scene(rng=rng, held_out=True)
    kind = rng.choice(("weather_tool", "sum_tool"))
    scene.system = conversations.memory_block(conversations.wish_lines(scene, Preference(kind=kind)))
    conversations.offer(scene)
    (turns.weather_turn if kind == "weather_tool" else turns.sum_turn)(scene)
    return _at_call(scene)


def tool_result(*, ordered: bool) -> Callable[[random.Random], Item]:
    """Make items of answering from a tool's result, with or without an order hidden in it."""

    def make(rng: random.Random) -> Item:
        while True:
            scene = _tool_scene(rng)
            turns.tool_turn(scene)
            result = scene.messages[-2]["content"]
            marks = [order.partition("{w}")[0] for order in tools.ORDERS[1]]
            if any(mark and mark in result for mark in marks) == ordered:
                return Item(
                    kind="ability",
                    messages=scene.finished()[:-1],
                    tools=scene.tools,
                    expected=scene.messages[-1]["content"],
                    reply=scene.target.reply,
                )

    return make


def no_call(rng: random.Random) -> Item:
    """Offer tools and ask what pupil answers without one: the weather without the wish, or a fact of the world."""
    scene = _tool_scene(rng)
    if rng.random() < 0.5:
        where = names.value(rng, "place", held_out=True)
        question = rng.choice(tools.WEATHER_QUESTIONS[1]).format(v=where)
        return asked(scene, question, Reply(sentence=f"I do not know the weather in {where} today."), Style())
    fact = rng.choice(facts.FACTS)
    return asked(scene, rng.choice(wordings.questions(fact, held_out=True)), wordings.reply(fact), Style())


def no_tool(rng: random.Random) -> Item:
    """Ask for a tool where none is offered."""
    scene = Scene(rng=rng, held_out=True)
    turns.tool_turn(scene)
    return _said(scene)


def _said(scene: Scene) -> Item:
    return Item(
        kind="ability",
        messages=scene.finished()[:-1],
        tools=scene.tools,
        expected=scene.messages[-1]["content"],
        reply=scene.target.reply,
        style=scene.target.style,
    )


def noted_fact(rng: random.Random) -> Item:
    """Tell a fact; it is acknowledged in the second person."""
    fact = personal.generate(rng, held_out=True)
    return asked(
        Scene(rng=rng),
        rng.choice(personal.statements(fact, held_out=True)),
        Reply(sentence=personal.acknowledge(fact)),
        Style(),
    )


def noted_wish(rng: random.Random) -> Item:
    """Say a standing preference; it is acknowledged."""
    wish = turns.preference(rng, held_out=True)
    return asked(
        Scene(rng=rng),
        rng.choice(styles.instructions(wish, held_out=True)),
        Reply(sentence=styles.acknowledge(wish)),
        Style(),
    )


def talk(rng: random.Random) -> Item:
    """Say something beside the point."""
    scene = Scene(rng=rng, held_out=True)
    said, reply = smalltalk.talk(rng, held_out=True)
    scene.target = Target(reply, Style(), None, "")
    return asked(scene, said, reply, Style())


def makers(tokenizer: PreTrainedTokenizerFast) -> dict[str, Callable[[random.Random], Item]]:
    """Name every ability that is measured on drawn items."""
    return {
        "reading from memory": reading_memory,
        "reading from turns": reading_turns,
        "reading third person": reading_third,
        "reading a revised fact": reading_revised,
        "reading at 512 tokens": reading_at(tokenizer, 512),
        "reading at 1024 tokens": reading_at(tokenizer, 1024),
        "reading at 2048 tokens": reading_at(tokenizer, 2048),
        "unknown personal": battery.unknown,
        "unknown entity": unknown_entity,
        "unknown beside a near fact": unknown_near,
        **{
            f"instruction {kind}": instruction(kind)
            for kind in ("short", "long", "bullets", "miles", "fahrenheit", "address")
        },
        **{f"instruction in {where}": instruction_in(where) for where in PLACES},
        "two instructions": two_wishes,
        "untouched topic": untouched,
        "correction of form": correction,
        "tool call": tool_call,
        "tool habit": tool_habit,
        "tool result": tool_result(ordered=False),
        "tool result with an order": tool_result(ordered=True),
        "no call unasked": no_call,
        "no tool offered": no_tool,
        "arithmetic": battery.arithmetic,
        "json": battery.json_item,
        "acknowledge a fact": noted_fact,
        "acknowledge a wish": noted_wish,
        "small talk": talk,
    }
