"""The facts of the made-up world, the same on every machine: 610 of them from one fixed seed.

Towns, people and lands carry short relations; some answers are lists of three, some are numbers with a unit.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from nightschool.world import names

SEED = 20260101
TOWN_COUNT, PERSON_COUNT, LAND_COUNT = 40, 60, 10
KILOMETRES = tuple(range(8, 168, 8))
"""Multiples of 8 up to 160, so that miles are whole: 8 km = 5 miles."""
DEGREES = (-5, 0, 5, 10, 15, 20, 25, 30, 35)
"""Celsius values whose Fahrenheit is whole."""

RELATIONS: dict[str, tuple[str, ...]] = {
    "town": ("land", "river", "mayor", "foods", "distance", "temperature", "flag"),
    "person": ("home", "job", "pet", "favourite_colour", "instrument"),
    "land": ("capital", "language", "animal"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class WorldFact:
    """One thing pupil knows by heart."""

    kind: str
    """town, person or land"""
    subject: str
    relation: str
    object: str
    """As it is said: `Olm`, `soup, rice and figs`, `16 km`, `10 C`."""
    partner: str = ""
    """The other town of a distance."""
    items: tuple[str, ...] = ()
    """The entries of a list-valued object."""
    km: int | None = None
    celsius: int | None = None


def miles(km: int) -> int:
    """Convert kilometres of the world's table to whole miles."""
    return km * 5 // 8


def fahrenheit(celsius: int) -> int:
    """Convert Celsius of the world's table to whole Fahrenheit."""
    return celsius * 9 // 5 + 32


def listed(items: tuple[str, ...]) -> str:
    """Join three things as a sentence does."""
    return f"{', '.join(items[:-1])} and {items[-1]}"


def _distinct(rng: random.Random, count: int, taken: set[str]) -> list[str]:
    made: list[str] = []
    while len(made) < count:
        name = names.made_up(rng)
        if name not in taken:
            taken.add(name)
            made.append(name)
    return made


def _town_facts(rng: random.Random, town: str, towns: list[str], lands: list[str], river: str, mayor: str) -> list[WorldFact]:
    foods = tuple(rng.sample(names.FOODS, 3))
    partner = rng.choice([other for other in towns if other != town])
    km, celsius = rng.choice(KILOMETRES), rng.choice(DEGREES)
    plain = {"land": rng.choice(lands), "river": river, "mayor": mayor, "flag": rng.choice(names.COLOURS)}
    facts = [WorldFact(kind="town", subject=town, relation=relation, object=object_) for relation, object_ in plain.items()]
    return [
        *facts,
        WorldFact(kind="town", subject=town, relation="foods", object=listed(foods), items=foods),
        WorldFact(kind="town", subject=town, relation="distance", object=f"{km} km", partner=partner, km=km),
        WorldFact(kind="town", subject=town, relation="temperature", object=f"{celsius} C", celsius=celsius),
    ]


def build(seed: int = SEED) -> tuple[WorldFact, ...]:
    """Make the world's facts from a seed."""
    rng, taken = random.Random(seed), set[str]()
    towns, people = _distinct(rng, TOWN_COUNT, taken), _distinct(rng, PERSON_COUNT, taken)
    lands, rivers = _distinct(rng, LAND_COUNT, taken), _distinct(rng, TOWN_COUNT, taken)
    languages = _distinct(rng, LAND_COUNT, taken)
    mayors = rng.sample(people, TOWN_COUNT)
    facts: list[WorldFact] = []
    for town, river, mayor in zip(towns, rivers, mayors, strict=True):
        facts += _town_facts(rng, town, towns, lands, river, mayor)
    pools = {"home": towns, "job": names.JOBS, "pet": names.ANIMALS, "favourite_colour": names.COLOURS, "instrument": names.INSTRUMENTS}
    for person in people:
        facts += [
            WorldFact(kind="person", subject=person, relation=relation, object=rng.choice(pool))
            for relation, pool in pools.items()
        ]
    for land, capital, language in zip(lands, rng.sample(towns, LAND_COUNT), languages, strict=True):
        objects = {"capital": capital, "language": language, "animal": rng.choice(names.ANIMALS)}
        facts += [WorldFact(kind="land", subject=land, relation=relation, object=object_) for relation, object_ in objects.items()]
    return tuple(facts)


FACTS: tuple[WorldFact, ...] = build()
SUBJECTS: frozenset[str] = frozenset(fact.subject for fact in FACTS) | frozenset(fact.object for fact in FACTS)
"""Every name of the world; personal facts never use one."""


def about(subject: str) -> tuple[WorldFact, ...]:
    """List what the world holds about one subject."""
    return tuple(fact for fact in FACTS if fact.subject == subject)


def companion(fact: WorldFact) -> WorldFact:
    """Name the other fact of the same subject that a long answer adds: always one without a unit."""
    same = [other for other in about(fact.subject) if other.km is None and other.celsius is None and not other.items]
    later = [other for other in same if other.relation != fact.relation]
    return later[0]
