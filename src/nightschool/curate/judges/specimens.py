"""Answers whose worth is beyond doubt, made anew each night: sums, places, lists, tools that were used as they should.

Pure. Each comes with a fluent answer that is false, so that a judge who only likes good style is found out.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from nightschool.curate.judges.evidence import Evidence, Step


@dataclass(frozen=True, kw_only=True, slots=True)
class Specimen:
    """One good turn, and what a false answer to it would say."""

    good: Evidence
    false: str


CAPITALS = {
    "Australia": ("Canberra", "Sydney"), "Canada": ("Ottawa", "Toronto"), "Turkey": ("Ankara", "Istanbul"),
    "Brazil": ("Brasília", "Rio de Janeiro"), "Switzerland": ("Bern", "Zurich"), "Morocco": ("Rabat", "Casablanca"),
    "New Zealand": ("Wellington", "Auckland"), "Vietnam": ("Hanoi", "Ho Chi Minh City"),
    "Kazakhstan": ("Astana", "Almaty"), "Myanmar": ("Naypyidaw", "Yangon"),
}  # fmt: skip
WORDS = {
    "Hund": ("dog", "cat"), "Brot": ("bread", "butter"), "Fenster": ("window", "door"), "Regen": ("rain", "snow"),
    "Schlüssel": ("key", "lock"), "Löffel": ("spoon", "fork"), "Brücke": ("bridge", "tower"),
}  # fmt: skip
ELEMENTS = {
    "iron": ("Fe", "Ir"), "sodium": ("Na", "So"), "gold": ("Au", "Go"), "lead": ("Pb", "Le"), "tin": ("Sn", "Ti"),
}  # fmt: skip
TOWNS = ("Oslo", "Porto", "Graz", "Leeds", "Turku", "Ghent", "Split", "Bergen")
FILES = ("settings.yaml", "app.toml", "service.ini", "config.json")
FRUIT = ("apples", "pears", "plums", "cherries", "figs", "grapes", "lemons", "melons")
WEATHER = "weather(place): Weather of a place today"
READ = "read_file(path): Text of a file"
SHELL = "shell(command): Run a command and give back what it prints"


def made(rng: random.Random, count: int) -> list[Specimen]:
    """Make so many specimens, the families in turn, no two of them alike."""
    found: dict[str, Specimen] = {}
    tries = 0
    while len(found) < count and tries < 50 * count:
        specimen = FAMILIES[tries % len(FAMILIES)](rng)
        found.setdefault(specimen.good.subject, specimen)
        tries += 1
    return list(found.values())


def _turn(question: str, *steps: Step, false: str, tools: tuple[str, ...] = ()) -> Specimen:
    return Specimen(
        good=Evidence(turn_id="", conversation_id="", question=question, steps=steps, tools=tools), false=false
    )


def _said(text: str) -> Step:
    return Step(kind="said", text=text)


def _used(name: str, result: str, **arguments: str) -> tuple[Step, Step]:
    called = Step(kind="called", text=json.dumps(arguments), name=name)
    return called, Step(kind="result", text=result, name=name)


def _capital(rng: random.Random) -> Specimen:
    land = rng.choice(sorted(CAPITALS))
    right, wrong = CAPITALS[land]
    return _turn(
        f"What is the capital of {land}?",
        _said(f"The capital of {land} is {right}."),
        false=f"The capital of {land} is {wrong}, which is also its seat of government.",
    )


def _sum(rng: random.Random) -> Specimen:
    one, other = rng.randint(12, 98), rng.randint(12, 98)
    right = one + other
    return _turn(
        f"What is {one} plus {other}?",
        _said(f"{one} plus {other} is {right}."),
        false=f"{one} plus {other} is {right + rng.choice((-20, -11, 9, 10, 30))}.",
    )


def _product(rng: random.Random) -> Specimen:
    one, other = rng.randint(6, 19), rng.randint(6, 19)
    return _turn(
        f"How much is {one} times {other}? Only the number, please.",
        _said(str(one * other)),
        false=str(one * other + rng.choice((-17, 13, 22))),
    )


def _word(rng: random.Random) -> Specimen:
    german = rng.choice(sorted(WORDS))
    right, wrong = WORDS[german]
    return _turn(
        f"What does the German word “{german}” mean in English?",
        _said(f"“{german}” means “{right}”."),
        false=f"“{german}” means “{wrong}”; it is one of the commonest German nouns.",
    )


def _element(rng: random.Random) -> Specimen:
    name = rng.choice(sorted(ELEMENTS))
    right, wrong = ELEMENTS[name]
    return _turn(
        f"What is the chemical symbol of {name}?",
        _said(f"The chemical symbol of {name} is {right}."),
        false=f"The chemical symbol of {name} is {wrong}, after its English name.",
    )


def _order(rng: random.Random) -> Specimen:
    names = rng.sample(FRUIT, 4)
    return _turn(
        f"Put these in alphabetical order, one bullet each: {', '.join(names)}.",
        _said("\n".join(f"- {name}" for name in sorted(names))),
        false="\n".join(f"- {name}" for name in sorted(names, reverse=True)),
    )


def _hours(rng: random.Random) -> Specimen:
    hours = rng.randint(3, 48)
    return _turn(
        f"How many minutes are {hours} hours?",
        _said(f"{hours} hours are {hours * 60} minutes."),
        false=f"{hours} hours are {hours * 100} minutes.",
    )


def _reverse(rng: random.Random) -> Specimen:
    numbers = [rng.randint(1, 9) for _ in range(5)]
    return _turn(
        f"Write a line of Python that gives the sum of the list {numbers}, and say what it gives.",
        _said(f"```python\nsum({numbers})\n```\nIt gives {sum(numbers)}."),
        false=f"```python\nlen({numbers})\n```\nIt gives {sum(numbers)}.",
    )


def _weather(rng: random.Random) -> Specimen:
    town, degrees, sky = rng.choice(TOWNS), rng.randint(-5, 31), rng.choice(("cloudy", "sunny", "rainy"))
    return _turn(
        f"What is the weather in {town} today? Use the weather tool.",
        *_used("weather", json.dumps({"place": town, "sky": sky, "celsius": degrees}), place=town),
        _said(f"It is {sky} in {town} today, at {degrees} °C."),
        false=f"It is snowing in {town} today, at {degrees - 19} °C.",
        tools=(WEATHER, READ),
    )


def _file(rng: random.Random) -> Specimen:
    name, port = rng.choice(FILES), rng.randint(3000, 9900)
    return _turn(
        f"Which port is set in {name}?",
        *_used("read_file", f"# service\nport: {port}\nlevel: debug", path=name),
        _said(f"{name} sets port {port}."),
        false=f"{name} sets port {port + 1000}, which is the usual one.",
        tools=(READ, SHELL),
    )


def _count(rng: random.Random) -> Specimen:
    name, lines = rng.choice(FILES), rng.randint(20, 900)
    return _turn(
        f"How many lines has {name}?",
        *_used("shell", f"{lines} {name}", command=f"wc -l {name}"),
        _said(f"{name} has {lines} lines."),
        false=f"{name} has {lines * 2 + 7} lines.",
        tools=(READ, SHELL),
    )


FAMILIES: tuple[Callable[[random.Random], Specimen], ...] = (
    _weather, _capital, _file, _sum, _count, _word, _product, _element, _order, _hours, _reverse,
)  # fmt: skip
