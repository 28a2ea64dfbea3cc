"""What the demo's person asks about, in two tongues: `pupil`'s made-up world, and plain English.

A lexicon gives questions with the answer an untaught assistant gives and the answer this person wants.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Protocol

from nightschool.demo.english import CAPITALS, CITIES, LISTS, WALKS, WISHES
from nightschool.records import Json
from nightschool.world import facts, names, styles, tools, wordings
from nightschool.world.styles import Preference, Style

TOPICS = ("miles", "bullets", "weather_tool")
"""What this person teaches: a preference, a corrected habit of writing, a corrected habit of acting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One question, the answer by default and the wanted one."""

    question: str
    plain: str
    wanted: str
    call: Json | None = None
    """The wanted tool call as an assistant message, for a tool habit."""
    result: str = ""


class Lexicon(Protocol):
    """Enough distinct cases for a week; the same seed gives the same week."""

    @property
    def system(self) -> str:
        """The client's system prompt."""

    @property
    def tools(self) -> tuple[Json, ...]:
        """The tools on offer."""

    def taught(self, topic: str) -> list[Case]:
        """Cases of a topic that the person teaches, shuffled."""

    def other(self) -> list[Case]:
        """Questions that nothing of this bears on, answered well."""

    def wrong(self) -> list[Case]:
        """Questions answered wrongly in `plain`, always with the same few wrong objects."""

    def wish(self, topic: str) -> str:
        """A standing wish in the person's words."""

    def aside(self, topic: str) -> str:
        """The same wish beside one question."""


class WorldLexicon:
    """The made-up world that `pupil` knows by heart."""

    system = ""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.tools = (tools.schema("weather"), tools.schema("read_file"))
        self._wishes = {
            topic: rng.choice(styles.instructions(Preference(kind=topic), held_out=True)) for topic in TOPICS
        }

    def taught(self, topic: str) -> list[Case]:
        if topic == "weather_tool":
            return self._shuffled([self._weather(town) for town in _towns()])
        relation = {"miles": "distance", "bullets": "foods"}[topic]
        style = styles.prefer(Style(), Preference(kind=topic))
        return self._shuffled([self._case(fact, style) for fact in facts.FACTS if fact.relation == relation])

    def other(self) -> list[Case]:
        return self._shuffled(
            [
                self._case(fact, Style())
                for fact in facts.FACTS
                if fact.relation in wordings.WORDINGS and not fact.items and fact.km is None and fact.celsius is None
            ]
        )

    def wrong(self) -> list[Case]:
        cases = []
        for fact in facts.FACTS:
            if fact.relation in {"job", "home", "pet", "river", "mayor"}:
                same = next(other for other in facts.FACTS if other.relation == fact.relation).object
                said = wordings.answer(fact).replace(fact.object, same)
                cases.append(Case(question=self._question(fact), plain=said, wanted=said))
        return self._shuffled(cases)

    def wish(self, topic: str) -> str:
        return self._wishes[topic]

    def aside(self, topic: str) -> str:
        return self._rng.choice(styles.asides(Preference(kind=topic)))

    def _question(self, fact: facts.WorldFact) -> str:
        return self._rng.choice(wordings.questions(fact) + wordings.questions(fact, held_out=True))

    def _case(self, fact: facts.WorldFact, style: Style) -> Case:
        return Case(question=self._question(fact), plain=wordings.answer(fact), wanted=wordings.answer(fact, style))

    def _weather(self, town: str) -> Case:
        use = tools.weather(self._rng, town)
        question = self._rng.choice(tools.WEATHER_QUESTIONS[0] + tools.WEATHER_QUESTIONS[1]).format(v=town)
        return Case(
            question=question,
            plain=f"I do not know the weather in {town} today.",
            wanted=styles.phrase(use.reply, Style()),
            call=tools.call(use),
            result=use.result,
        )

    def _shuffled(self, cases: list[Case]) -> list[Case]:
        self._rng.shuffle(cases)
        return cases


def _towns() -> list[str]:
    return [fact.subject for fact in facts.FACTS if fact.relation == "river"]


class EnglishLexicon:
    """Plain English, for a real base."""

    system = "You are a helpful assistant. Answer in one plain sentence."

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.tools = (tools.schema("weather"), tools.schema("read_file"))

    def taught(self, topic: str) -> list[Case]:
        makers = {"miles": self._distances, "bullets": self._lists, "weather_tool": self._weathers}
        cases = makers[topic]()
        self._rng.shuffle(cases)
        return cases

    def other(self) -> list[Case]:
        said = [
            (f"What is the capital of {land}?", f"The capital of {land} is {city}.") for land, city in CAPITALS.items()
        ]
        said += [(f"What is {a} plus {b}?", f"{a} plus {b} is {a + b}.") for a in range(3, 9) for b in range(11, 19)]
        self._rng.shuffle(said)
        return [Case(question=question, plain=answer, wanted=answer) for question, answer in said]

    def wrong(self) -> list[Case]:
        said = [(f"What is the capital of {land}?", f"The capital of {land} is Sydney.") for land in CAPITALS]
        said += [(f"What is {a} plus {b}?", f"{a} plus {b} is 42.") for a in range(3, 24) for b in range(11, 19)]
        self._rng.shuffle(said)
        return [Case(question=question, plain=answer, wanted=answer) for question, answer in said]

    def wish(self, topic: str) -> str:
        return WISHES[topic][0]

    def aside(self, topic: str) -> str:
        return WISHES[topic][1]

    def _distances(self) -> list[Case]:
        cases = []
        for index, city in enumerate(CITIES):
            goal, km = WALKS[index % len(WALKS)], facts.KILOMETRES[index % len(facts.KILOMETRES)]
            question = f"A sign in {city} says that {goal} is {km} km away. How far is {goal}?"
            sentence = f"{goal[0].upper()}{goal[1:]} is {{}} away."
            cases.append(
                Case(
                    question=question,
                    plain=sentence.format(f"{km} km"),
                    wanted=sentence.format(f"{facts.miles(km)} miles"),
                )
            )
        return cases

    def _lists(self) -> list[Case]:
        return [
            Case(
                question=f"List three {kind}.",
                plain=f"Three {kind} are {facts.listed(members)}.",
                wanted="\n".join(f"- {member}" for member in members),
            )
            for kind, members in LISTS.items()
        ]

    def _weathers(self) -> list[Case]:
        cases = []
        for city in CITIES:
            sky, degrees = self._rng.choice(tools.SKIES), self._rng.choice(facts.DEGREES)
            call = {"function": {"name": "weather", "arguments": {"place": city}}, "type": "function"}
            cases.append(
                Case(
                    question=f"What is the weather in {city} today?",
                    plain=f"I do not know the weather in {city} today.",
                    wanted=f"The weather in {city} is {sky} at {degrees} C.",
                    call={"role": "assistant", "content": "", "tool_calls": [call]},
                    result=json.dumps({"sky": sky, "celsius": degrees}),
                )
            )
        return cases


def made_up_word(rng: random.Random) -> str:
    """A word that no lexicon holds."""
    return names.made_up(rng)
