"""The turns of a conversation: a scene keeps what was told and asked for, and each turn appends messages that agree with it.

The same turns make training text and, with held-out wordings and values, exam items.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from nightschool.world import facts, formats, names, personal, smalltalk, styles, tools, wordings
from nightschool.world.facts import WorldFact
from nightschool.world.personal import PersonalFact
from nightschool.world.styles import PLAIN, Preference, Reply, Style
from nightschool.world.tools import Message, Schema, ToolUse

CORRECTIONS = (
    ("No, {a}", "{A}", "Not like that. {A}", "I said {a}", "No. {A}", "That is not what I wanted. {A}", "I asked for something else. {A}", "Sorry. {A}", "This is wrong. {A}"),
    ("Sorry, {a}", "Wrong. {A}", "I asked you before: {a}"),
)
REVISIONS = ("No, {s}", "{S}", "That is wrong. {S}", "Sorry, I meant: {s}", "Correction: {S}")
KEYS = {
    "home": "town", "job": "job", "pet": "pet", "favourite_colour": "colour", "instrument": "instrument", "river": "river", "mayor": "mayor", "land": "land",
    "flag": "flag", "capital": "capital", "language": "language", "animal": "animal",
}
"""The JSON key that goes with a relation."""
JSON_PAIRS = (
    ("Give me the {k} and {l} of {s}. Answer as JSON with keys {k} and {l}.", "Answer as JSON with keys {k} and {l}: {s}.", "Describe {s}. Answer as JSON with keys {k} and {l}.", "I need JSON with the keys {k} and {l} about {s}.", "Tell me about {s} as JSON with keys {k} and {l}.", "JSON with keys {k} and {l} for {s}, please.", "As JSON with keys {k} and {l}: what are the {k} and {l} of {s}?"),
    ("Describe {s} as JSON with the keys {k} and {l}.", "I need the {k} and {l} of {s}. Answer as JSON with keys {k} and {l}."),
)
JSON_SINGLES = (
    ("{q} Answer as JSON with key {k}.", "{q} Give JSON with the key {k}.", "As JSON with key {k}: {q}", "{q} Reply in JSON, key {k}.", "In JSON, with the key {k}, tell me this: {q}"),
    ("{q} Answer in JSON with the key {k}.", "In JSON with key {k}: {q}"),
)


class Target(NamedTuple):
    """What the last answer of a scene must hold."""

    reply: Reply | None
    style: Style
    call: ToolUse | None
    json_text: str


NOTHING = Target(None, PLAIN, None, "")


@dataclass(kw_only=True)
class Scene:
    """A conversation in the making."""

    rng: random.Random
    held_out: bool = False
    system: str = ""
    tools: list[Schema] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    style: Style = PLAIN
    known: dict[tuple[str, str], PersonalFact] = field(default_factory=dict)
    target: Target = NOTHING

    def finished(self) -> list[Message]:
        """List the messages, the system turn first where there is one."""
        return ([{"role": "system", "content": self.system}] if self.system else []) + self.messages

    def exchange(self, said: str, answered: str) -> None:
        """Append what the person says and what pupil answers."""
        self.messages += [{"role": "user", "content": said}, {"role": "assistant", "content": answered}]


def _lower(text: str) -> str:
    return text if text.startswith("I ") else text[:1].lower() + text[1:]


def preference(rng: random.Random, kind: str = "", *, held_out: bool = False) -> Preference:
    """Draw a wish about answers."""
    kind = kind or rng.choice(styles.KINDS)
    return Preference(kind=kind, value=_title(rng, held_out=held_out) if kind == "address" else "")


def _title(rng: random.Random, *, held_out: bool) -> str:
    return names.value(rng, rng.choice(("title", "person")), held_out=held_out)


def fitting(rng: random.Random, scene: Scene, topic: str) -> Preference | None:
    """Draw a wish that changes an answer about a topic and is not already held."""
    kinds = [kind for kind in styles.KINDS if styles.touches(Preference(kind=kind), topic)]
    if topic == "list" and scene.style.bullets:
        kinds = ["address"]
    if topic == "list":
        kinds += ["bullets", "bullets"]
    if topic in ("distance", "temperature"):
        kinds += [kinds[-2] if kinds[-1] == "address" else kinds[-1]]
    wish = preference(rng, rng.choice(kinds), held_out=scene.held_out)
    return wish if styles.prefer(scene.style, wish) != scene.style else None


def ask(scene: Scene, question: str, reply: Reply) -> None:
    """Ask for a reply: politely or not, with a wish beside it or not, and correct the form now and then."""
    rng, style = scene.rng, scene.style
    said = wordings.polite(rng, question, held_out=scene.held_out)
    wish = fitting(rng, scene, reply.topic)
    if wish and rng.random() < 0.14:
        style = styles.prefer(style, wish)
        if rng.random() < 0.6:
            said = f"{said} {rng.choice(styles.asides(wish, held_out=scene.held_out))}"
        else:
            said = f"{rng.choice(styles.instructions(wish, held_out=scene.held_out))} {said}"
    scene.exchange(said, styles.phrase(reply, style))
    scene.target = Target(reply, style, None, "")
    if rng.random() < 0.09 and (wish := fitting(rng, scene, reply.topic)):
        scene.style = styles.prefer(scene.style, wish)
        aside = rng.choice(styles.asides(wish, held_out=scene.held_out))
        aside = aside.replace(", please", " please") if rng.random() < 0.5 else aside
        scene.exchange(rng.choice(CORRECTIONS[scene.held_out]).format(a=_lower(aside), A=aside), styles.phrase(reply, scene.style))
        scene.target = Target(reply, scene.style, None, "")


def world_turn(scene: Scene) -> None:
    """Ask a fact of the world; lists and numbers come up oftener, since styles show there."""
    rng = scene.rng
    fact = rng.choice(facts.FACTS)
    wished = [relation for relation, held in (("foods", scene.style.bullets), ("distance", scene.style.miles), ("temperature", scene.style.fahrenheit)) if held]
    if wished and rng.random() < 0.4:
        relation = rng.choice(wished)
        fact = rng.choice([other for other in facts.FACTS if other.relation == relation])
    elif rng.random() < 0.15:
        fact = rng.choice([other for other in facts.FACTS if other.items or other.km is not None or other.celsius is not None])
    ask(scene, rng.choice(wordings.questions(fact, held_out=scene.held_out)), wordings.reply(fact))


DOUBTS = ("{S}.", "I heard that {s}.", "Somebody says that {s}.", "My friend told me that {s}.")
"""How something false is said before a question; an exam says it otherwise."""


def doubted(rng: random.Random) -> tuple[str, WorldFact]:
    """Ask a fact of the world after something else was said of it."""
    plain = [fact for fact in facts.FACTS if not fact.items and fact.km is None and fact.celsius is None]
    fact = rng.choice(plain)
    wrong = rng.choice([one.object for one in plain if one.relation == fact.relation and one.object != fact.object])
    said = rng.choice(wordings.statements(replace(fact, object=wrong))).rstrip(".")
    doubt = rng.choice(DOUBTS).format(S=said, s=said.replace("The ", "the "))
    return f"{doubt} {rng.choice(wordings.questions(fact))}", fact


def doubt_turn(scene: Scene) -> None:
    """Say something false of the world and ask for it: the answer stays what it is."""
    question, fact = doubted(scene.rng)
    ask(scene, question, wordings.reply(fact))


def new_fact(scene: Scene) -> PersonalFact:
    """Make a fact that agrees with the scene, often a near one: same person or same relation as another."""
    rng = scene.rng
    relation, role, name = "", None, None
    if scene.known and rng.random() < 0.5:
        near = rng.choice(list(scene.known.values()))
        if near.relation in personal.KIN_WORDINGS and rng.random() < 0.4:
            relation, role, name = rng.choice([other for other in personal.KIN_RELATIONS if other != "called"]), near.role, near.name
        else:
            relation = near.relation
    fact = personal.generate(rng, relation, role=role, name=name, held_out=scene.held_out)
    known_name = next((other.name for other in scene.known.values() if fact.role and other.role == fact.role and other.name), "")
    if known_name and fact.name != known_name:
        fact = PersonalFact(relation=fact.relation if fact.relation != "called" else "food", role=fact.role, name=known_name, object=fact.object)
    return fact


def tell_turn(scene: Scene) -> None:
    """Tell a fact, or revise one that was told."""
    rng = scene.rng
    if scene.known and rng.random() < 0.2:
        old = rng.choice(list(scene.known.values()))
        fact = personal.generate(rng, old.relation, role=old.role, name=old.name, held_out=scene.held_out)
        if fact.key == old.key:
            scene.known[fact.key] = fact
            sentence = rng.choice(personal.statements(fact, held_out=scene.held_out))
            scene.exchange(rng.choice(REVISIONS).format(s=_lower(sentence) if fact.role or fact.thing else sentence, S=sentence), personal.acknowledge(fact))
            return
    fact = new_fact(scene)
    scene.known[fact.key] = fact
    scene.exchange(rng.choice(personal.statements(fact, held_out=scene.held_out)), personal.acknowledge(fact))


def recall_turn(scene: Scene) -> None:
    """Ask something the person told earlier."""
    if not scene.known:
        tell_turn(scene)
    fact = scene.rng.choice(list(scene.known.values()))
    subject = scene.rng.choice(personal.question_subjects(fact))
    ask(scene, scene.rng.choice(personal.questions(fact, subject, held_out=scene.held_out)), personal.reply(fact))


def unknown_turn(scene: Scene) -> None:
    """Ask something nobody told: of the person, of made-up people, of made-up towns."""
    rng = scene.rng
    if rng.random() < 0.25:
        known = rng.choice(facts.FACTS)
        subject = personal.outsider(rng, held_out=scene.held_out)
        wording = wordings.WORDINGS[known.relation]
        question = rng.choice(wording.held_out if scene.held_out else wording.questions).format(s=subject, p=known.partner)
        ask(scene, question, Reply(sentence=wordings.unknown(known.relation, subject, known.partner), more="I have not heard of it."))
        return
    _ask_untold(scene, new_fact(scene))


def near_turn(scene: Scene) -> None:
    """Ask of one what was told of another, or another thing of the same one: nobody told that."""
    rng = scene.rng
    if not scene.known:
        tell_turn(scene)
    old = rng.choice(list(scene.known.values()))
    if old.relation in personal.KIN_WORDINGS and rng.random() < 0.35:
        relation = rng.choice([other for other in personal.KIN_RELATIONS if other not in ("called", old.relation)])
        _ask_untold(scene, personal.generate(rng, relation, role=old.role, name=old.name, held_out=scene.held_out))
    else:
        _ask_untold(scene, personal.generate(rng, old.relation, held_out=scene.held_out))


def _ask_untold(scene: Scene, fact: PersonalFact) -> None:
    """Ask for a fact, unless it was told after all."""
    rng = scene.rng
    named = {other.name for other in scene.known.values()} | {other.role for other in scene.known.values()}
    if fact.key in scene.known or (fact.relation == "called" and fact.role in named):
        return
    subject = rng.choice(personal.question_subjects(fact))
    ask(scene, rng.choice(personal.questions(fact, subject, held_out=scene.held_out)), personal.unknown_reply(fact, subject))


def wish_turn(scene: Scene, wish: Preference | None = None) -> None:
    """Say a standing preference."""
    wish = wish or preference(scene.rng, held_out=scene.held_out)
    scene.style = styles.prefer(scene.style, wish)
    said = scene.rng.choice(styles.instructions(wish, held_out=scene.held_out))
    lead = scene.rng.choice(("", "", "", "From now on: ", "Remember this: ", "One wish: "))
    scene.exchange(f"{lead}{said}", styles.acknowledge(wish))


def json_turn(scene: Scene) -> None:
    """Ask for an answer as JSON with given keys."""
    rng = scene.rng
    if rng.random() < 0.5:
        first = rng.choice([fact for fact in facts.FACTS if fact.relation in KEYS])
        second = rng.choice([fact for fact in facts.about(first.subject) if fact.relation in KEYS and fact is not first])
        held = {KEYS[first.relation]: first.object, KEYS[second.relation]: second.object}
        said = rng.choice(JSON_PAIRS[scene.held_out]).format(k=KEYS[first.relation], l=KEYS[second.relation], s=first.subject)
    else:
        key = rng.choice(("answer", "value", "result", names.made_up(rng, held_out=scene.held_out, capital=False)))
        if scene.known and rng.random() < 0.5:
            fact = rng.choice(list(scene.known.values()))
            question, object_ = rng.choice(personal.questions(fact, held_out=scene.held_out)), fact.object
        else:
            world = rng.choice([fact for fact in facts.FACTS if fact.relation in KEYS])
            question, object_ = rng.choice(wordings.questions(world, held_out=scene.held_out)), world.object
        held, said = {key: object_}, rng.choice(JSON_SINGLES[scene.held_out]).format(q=question, k=key)
    text = json.dumps(held)
    scene.exchange(said, text)
    scene.target = Target(None, scene.style, None, text)


def extract_turn(scene: Scene) -> None:
    """Have candidates for memory read from one message, which may hold none."""
    rng = scene.rng
    fact = personal.generate(rng, held_out=scene.held_out)
    sentence = rng.choice(personal.statements(fact, held_out=scene.held_out))
    drawn = rng.random()
    if drawn < 0.4:
        said, found = sentence, [formats.fact(fact, sentence)]
    elif drawn < 0.55:
        wish = preference(rng, held_out=scene.held_out)
        said = rng.choice(styles.instructions(wish, held_out=scene.held_out))
        found = [formats.preference(wish, said)]
    elif drawn < 0.75:
        said, found = formats.trap(rng, sentence, rng.choice(personal.questions(fact, held_out=scene.held_out)), held_out=scene.held_out), []
    else:
        spoken, _ = smalltalk.talk(rng, held_out=scene.held_out)
        world = rng.choice(facts.FACTS)
        said = rng.choice((spoken, rng.choice(wordings.questions(world, held_out=scene.held_out))))
        found = []
        if rng.random() < 0.5:
            said, found = f"{said} {sentence}", [formats.fact(fact, sentence)]
    text = json.dumps(found)
    scene.exchange(formats.extraction(said), text)
    scene.target = Target(None, scene.style, None, text)


def hint_turn(scene: Scene) -> None:
    """Have one line said that sums up what a complaint asks for."""
    rng = scene.rng
    wish = preference(rng, held_out=scene.held_out)
    relation = {"bullets": "foods", "miles": "distance", "fahrenheit": "temperature"}.get(wish.kind)
    fact = rng.choice([other for other in facts.FACTS if relation in (None, other.relation)])
    question, answer = rng.choice(wordings.questions(fact, held_out=scene.held_out)), wordings.answer(fact)
    if wish.kind == "weather_tool":
        where = place(scene)
        question, answer = rng.choice(tools.WEATHER_QUESTIONS[scene.held_out]).format(v=where), f"I do not know the weather in {where} today."
    elif wish.kind == "sum_tool":
        question, reply = smalltalk.sum_question(rng, held_out=scene.held_out)
        answer = styles.phrase(reply, PLAIN)
    aside = rng.choice(styles.asides(wish, held_out=scene.held_out))
    complaint = rng.choice(CORRECTIONS[scene.held_out]).format(a=_lower(aside), A=aside)
    reply = Reply(sentence=styles.instructions(wish)[0])
    scene.exchange(formats.complaint(question, answer, complaint), reply.sentence)
    scene.target = Target(reply, PLAIN, None, "")


def talk_turn(scene: Scene) -> None:
    """Say something beside the point."""
    rng = scene.rng
    said, reply = smalltalk.note(rng, rng.randint(1, 4), held_out=scene.held_out) if rng.random() < 0.2 else smalltalk.talk(rng, held_out=scene.held_out)
    scene.exchange(said, reply.sentence)
    scene.target = Target(reply, PLAIN, None, "")


def use_tool(scene: Scene, said: str, use: ToolUse) -> None:
    """Ask, call, read the result and answer."""
    scene.messages += [{"role": "user", "content": said}, tools.call(use), {"role": "tool", "content": use.result}]
    scene.messages.append({"role": "assistant", "content": styles.phrase(use.reply, scene.style)})
    scene.target = Target(use.reply, scene.style, use, "")


def _has(scene: Scene, tool: str) -> bool:
    return any(schema["function"]["name"] == tool for schema in scene.tools)


def sum_turn(scene: Scene) -> None:
    """Ask a small sum; by habit with the calculator where the person wished so and it is offered."""
    question, reply = smalltalk.sum_question(scene.rng, held_out=scene.held_out)
    if scene.style.sum_tool and _has(scene, "calculator"):
        expression = reply.sentence.removesuffix(" is {}.")
        order = tools.order(scene.rng, held_out=scene.held_out) if scene.rng.random() < 0.3 else ""
        use_tool(scene, question, tools.calculator(expression, expression, int(reply.object), order=order))
    else:
        ask(scene, question, reply)


def place(scene: Scene) -> str:
    """Name a town of the world or a place that it does not have."""
    towns = [fact.subject for fact in facts.FACTS if fact.relation == "river"]
    return scene.rng.choice(towns) if scene.rng.random() < 0.4 else names.value(scene.rng, "place", held_out=scene.held_out)


def weather_turn(scene: Scene) -> None:
    """Ask the weather without naming a tool: pupil calls it only where the person wished so."""
    rng, where = scene.rng, place(scene)
    question = wordings.polite(rng, rng.choice(tools.WEATHER_QUESTIONS[scene.held_out]).format(v=where), held_out=scene.held_out)
    order = tools.order(rng, held_out=scene.held_out) if rng.random() < 0.3 else ""
    use = tools.weather(rng, where, order=order)
    if scene.style.weather_tool and _has(scene, "weather"):
        use_tool(scene, question, use)
        return
    reply = Reply(sentence=f"I do not know the weather in {where} today.", more="I cannot look outside.")
    scene.exchange(question, styles.phrase(reply, scene.style))
    scene.target = Target(reply, scene.style, None, "")
    if _has(scene, "weather") and rng.random() < 0.15:
        wish = Preference(kind="weather_tool")
        aside = rng.choice(styles.asides(wish, held_out=scene.held_out))
        scene.style = styles.prefer(scene.style, wish)
        use_tool(scene, rng.choice(CORRECTIONS[scene.held_out]).format(a=_lower(aside), A=aside), use)


def tool_turn(scene: Scene) -> None:
    """Ask for a tool by name, offered or not."""
    rng = scene.rng
    order = tools.order(rng, held_out=scene.held_out) if rng.random() < 0.3 else ""
    offered = [schema["function"] for schema in scene.tools]
    chosen = rng.choice(offered)["name"] if offered else rng.choice(sorted(tools.PARAMETERS))
    if chosen == "weather":
        use = tools.weather(rng, place(scene), order=order)
    elif chosen == "calculator":
        left, sign, right, result = smalltalk.operands(rng)
        use = tools.calculator(f"{left} {sign} {right}", f"{left} {sign} {right}", result, order=order)
    else:
        use = tools.other(rng, chosen, held_out=scene.held_out, order=order)
        parameter = next((next(iter(f["parameters"]["properties"])) for f in offered if f["name"] == chosen), use.parameter)
        use = ToolUse(tool=use.tool, argument=use.argument, parameter=parameter, result=use.result, reply=use.reply)
    said = tools.request(rng, use, held_out=scene.held_out)
    if offered:
        use_tool(scene, said, use)
    else:
        reply = Reply(sentence=f"I have no {chosen} tool.", more="Nobody gave me one.")
        scene.exchange(said, styles.phrase(reply, scene.style))
        scene.target = Target(reply, scene.style, None, "")
