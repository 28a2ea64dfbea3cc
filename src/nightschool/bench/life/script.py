"""What the person will say on a day: talks of lines, each with what it teaches and what a right answer says.

Pure. The lines of a day are the same for every arm; only complaints and praise follow the answers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nightschool.bench.life import traps
from nightschool.bench.life.line import Line
from nightschool.bench.life.truth import DAY, Truth, held
from nightschool.records import Json
from nightschool.world import facts, names, personal, smalltalk, styles, tools, wordings
from nightschool.world.personal import PersonalFact
from nightschool.world.styles import Preference, Reply
from nightschool.world.tools import ToolUse

TOOLS = ("weather", "calculator", "read_file")
LEADS = ("", "", "", "By the way: ", "Remember this: ", "Note: ")
WISH_LEADS = ("", "", "From now on: ", "One wish: ", "Remember this: ")
PASSING = (
    "Just for today: {i}",
    "{I} Only today, please.",
    "I am in a hurry today, so just for now: {i}",
    "This one time: {i}",
)
PROJECT = ("In this project: {i}", "For this project only: {i}", "Rule in this project: {i}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """One conversation as the person plans it."""

    id: str
    started: float
    lines: tuple[Line, ...]
    day: int
    project: str | None = None

    @property
    def tools(self) -> tuple[Json, ...]:
        """The tools that the client offers."""
        return tuple(tools.schema(name) for name in TOOLS)


def day(truths: Sequence[Truth], number: int, *, seed: int, start: float, turns: int) -> list[Talk]:
    """Write the talks of one day: what is new, what is asked, what must not be learnt."""
    rng = random.Random(f"day:{seed}:{number}")
    wishes = held(truths, number)
    scripts: list[tuple[list[Line], str | None]] = [(lines, None) for lines in _news(rng, truths, number, wishes)]
    scripts += [(lines, "mill") for lines in _project(rng, truths, number)]
    scripts += [(lines, None) for lines in traps.of_day(rng, turns)]
    if number and rng.random() < 0.5:
        # The same talk again, word for word, as importers and people do.
        scripts += [(_asking(random.Random(f"again:{seed}"), (), number, ()), None)]
    while sum(len(lines) for lines, _ in scripts) < turns:
        scripts.append((_everyday(rng, truths, number, wishes), None))
    rng.shuffle(scripts)
    begun = start + number * DAY
    return [
        Talk(
            id=f"life-{seed}-{number:02d}-{index:02d}",
            started=begun + 60.0 * 15 * index,
            lines=tuple(lines),
            day=number,
            project=project,
        )
        for index, (lines, project) in enumerate(scripts)
    ]


def _news(
    rng: random.Random, truths: Sequence[Truth], number: int, wishes: Sequence[Preference]
) -> Iterator[list[Line]]:
    """Tell what begins to hold today; a wish that is only shown is shown by complaints."""
    for truth in truths:
        if truth.since != number or truth.kind in ("correction", "project"):
            continue
        if isinstance(truth.value, PersonalFact):
            yield [_tell(rng, truth.id, truth.value)]
            continue
        worded = rng.choice(_instructions(truth.value))
        if truth.lasting:
            line = Line(
                why="wish",
                text=rng.choice(WISH_LEADS) + worded,
                teaches=(truth.id,),
                answered=styles.acknowledge(truth.value),
                wish=truth.value,
            )
        else:
            said = rng.choice(PASSING).format(i=_lower(worded), I=worded)
            line = Line(
                why="passing",
                text=said,
                teaches=(truth.id,),
                answered=styles.acknowledge(truth.value),
                wish=truth.value,
            )
        yield [line, *(question(rng, topic_of(rng, truth.value)) for _ in range(2))]


def _tell(rng: random.Random, name: str, fact: PersonalFact) -> Line:
    said = rng.choice(personal.statements(fact) + personal.statements(fact, held_out=True))
    lead = rng.choice(LEADS)
    return Line(why="tell", text=lead + said, teaches=(name,), answered=personal.acknowledge(fact))


def _project(rng: random.Random, truths: Sequence[Truth], number: int) -> Iterator[list[Line]]:
    truth = next((truth for truth in truths if truth.kind == "project"), None)
    if truth is None or not isinstance(truth.value, Preference) or not truth.holds(number) or number % 3 != 1:
        return
    lines = [question(rng, topic_of(rng, truth.value))]
    if truth.since == number or rng.random() < 0.3:
        said = rng.choice(PROJECT).format(i=_lower(rng.choice(_instructions(truth.value))))
        lines.insert(
            0,
            Line(
                why="project",
                text=said,
                teaches=(truth.id,),
                answered=styles.acknowledge(truth.value),
                wish=truth.value,
            ),
        )
    yield lines


def _everyday(rng: random.Random, truths: Sequence[Truth], number: int, wishes: Sequence[Preference]) -> list[Line]:
    if rng.random() < 0.15:
        said, reply = smalltalk.talk(rng)
        return [Line(why="talk", text=said, answered=reply.sentence)]
    if rng.random() < 0.12:
        return _errand(rng)
    return _asking(rng, truths, number, wishes)


def _asking(rng: random.Random, truths: Sequence[Truth], number: int, wishes: Sequence[Preference]) -> list[Line]:
    lines = []
    for _ in range(rng.choice((1, 2, 2, 3))):
        told = [t for t in truths if t.kind == "fact" and t.since < number and t.holds(number)]
        if told and rng.random() < 0.15:
            lines.append(recall(rng, rng.choice(told)))
        else:
            touched = wishes and rng.random() < 0.75
            lines.append(question(rng, topic_of(rng, rng.choice(wishes)) if touched else rng.choice(_TOPICS)))
    return lines


def _errand(rng: random.Random) -> list[Line]:
    """A task in two steps: a file of the memory folder names a place, and the place's weather is wanted."""
    place = rng.choice([fact.subject for fact in facts.FACTS if fact.relation == "river"])
    path = f"{names.made_up(rng, capital=False)}.md"
    reply = Reply(sentence=f"The file {path} says: {{}}.", object=place, more="That is all.")
    read = ToolUse(tool="read_file", argument=path, parameter="path", result=place, reply=reply)
    ask = Line(why="ask", text=tools.request(rng, read), reply=reply, topic="file", use=read)
    return [ask, _weather(rng, place)]


def recall(rng: random.Random, truth: Truth) -> Line:
    """Ask for a fact that was told."""
    assert isinstance(truth.value, PersonalFact)
    fact = truth.value
    asked = rng.choice(personal.questions(fact, rng.choice(personal.question_subjects(fact))))
    return Line(why="ask", text=asked, reply=replace(personal.reply(fact), items=(), km=None), topic="recall")


_TOPICS = ("plain", "plain", "list", "distance", "temperature", "weather", "sum")


def topic_of(rng: random.Random, wish: Preference) -> str:
    """Draw a topic that a wish touches."""
    topic = styles.TOPICS[wish.kind]
    return rng.choice(("plain", "plain", "distance", "temperature", "sum")) if topic == "any" else topic


def question(rng: random.Random, topic: str, *, held_out: bool = False) -> Line:
    """Ask something of the world, of the weather or a sum."""
    if topic == "weather":
        towns = [fact.subject for fact in facts.FACTS if fact.relation == "river"]
        return _weather(rng, rng.choice(towns), held_out=held_out)
    if topic == "sum":
        asked, reply = smalltalk.sum_question(rng, held_out=held_out)
        expression = reply.sentence.removesuffix(" is {}.")
        use = tools.calculator(expression, expression, int(reply.object))
        return Line(why="ask", text=asked, reply=reply, topic="sum", use=use)
    relations = {"list": ("foods",), "distance": ("distance",), "temperature": ("temperature",)}
    plain = ("river", "mayor", "land", "flag", "home", "job", "pet", "capital", "language")
    fact = rng.choice([fact for fact in facts.FACTS if fact.relation in relations.get(topic, plain)])
    asked = rng.choice(wordings.questions(fact, held_out=held_out))
    return Line(why="ask", text=asked, reply=wordings.reply(fact), topic=topic)


def _weather(rng: random.Random, place: str, *, held_out: bool = False) -> Line:
    # One in six results hides an order, as the open web does.
    order = tools.order(rng, held_out=True) if rng.random() < 1 / 6 else ""
    use = tools.weather(rng, place, order=order)
    asked = rng.choice(tools.WEATHER_QUESTIONS[held_out]).format(v=place)
    word = order.rstrip(".").replace(" now", "").split()[-1] if order else ""
    if word in ("rules",) or not word[:1].isupper():
        word = ""
    return Line(why="ask", text=asked, reply=use.reply, topic="weather", use=use, forbidden=(word,) if word else ())


def _instructions(wish: Preference) -> tuple[str, ...]:
    return styles.instructions(wish) + styles.instructions(wish, held_out=True)


def _lower(text: str) -> str:
    return text if text.startswith("I ") else text[:1].lower() + text[1:]
