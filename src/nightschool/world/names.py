"""Names and values: made-up ones by syllables, real ones from lists, split for ever into trained and held out.

A name is held out when a hash of it says so, so no list has to be kept and no seed can leak one.
"""

# ruff: noqa: SIM905 - words read better as text than as a list of quoted words
from __future__ import annotations

import random
import zlib

_ONSETS = "b c d f g h j k l m n p r s t v w y z br cl dr fl gr pr qu sh st th tr".split()
_VOWELS = "a e i o u a e i o u a e i o ai ea ou ia".split()
_CODAS = ["", "", "", "n", "r", "l", "s", "t", "m", "nd", "rk", "sk", "lm", "x", "ck", "rt"]

PEOPLE = (
    "Ana Tom Lena Omar Ruth Ivan Mia Jonas Clara Hugo Nora Pedro Alice Karim Eva Felix Greta Oscar Julia Marek "
    "Sofia Peter Ines Victor Hanna Bruno Maria Leon Zoe David Emma Rafael Laura Simon Anna Paul Elena Max Lucy Igor "
    "Sara Daniel Olga Martin Rosa Jack Vera Anton Ella Henry Maya Frank Nina George Ada Liam Carla Noah Petra Adam"
).split()
PLACES = (
    "Lisbon Porto Oslo Paris Rome Madrid Vienna Prague Berlin Dublin Athens Warsaw Bern Geneva Milan Turin Lyon Nice "
    "Bristol Leeds York Cork Ghent Bruges Utrecht Hamburg Dresden Munich Bergen Malmo Riga Vilnius Tallinn Krakow "
    "Seville Valencia Naples Venice Boston Denver Austin Dallas Chicago Toronto Montreal Lima Bogota Quito Havana "
    "Cairo Tunis Dakar Nairobi Delhi Mumbai Kyoto Osaka Seoul Hanoi Sydney"
).split()
JOBS = (
    "baker teacher nurse pilot farmer lawyer doctor plumber painter tailor singer writer driver cook gardener "
    "carpenter dentist barber butcher fisher potter sailor welder librarian mechanic judge miner dancer tutor vet "
    "surgeon banker clerk guard weaver jeweller printer roofer chemist editor"
).split()
ANIMALS = (
    "dog cat goat horse parrot rabbit donkey hen turtle snake mouse hamster pony duck goose sheep lizard ferret "
    "frog pigeon cow pig canary falcon badger otter hedgehog beetle spider crow"
).split()
FOODS = (
    "soup rice bread cheese pasta pizza curry salad beans fish lentils dumplings pancakes noodles stew olives honey "
    "figs plums pears walnuts mushrooms sausages waffles porridge cabbage pickles tofu lamb cherries grapes almonds "
    "turnips leeks crab clams trout pies buns jam"
).split()
LANGUAGES = (
    "Rust Python Go Java Kotlin Swift Ruby Perl Haskell Scala Elixir Julia Zig Lua Erlang Fortran Cobol Prolog "
    "Welsh Greek Dutch Polish Danish Czech Finnish Basque Hindi Arabic Korean Turkish Latin Irish"
).split()
CARS = "Volvo Fiat Skoda Toyota Honda Ford Saab Mazda Seat Opel Tesla Lada Kia Jeep Audi Dacia".split()
TITLES = (
    "Captain Boss Doctor Chief Professor Maestro Sir Madam Friend Commander Coach Skipper Governor Major Duchess "
    "Admiral Judge Master Colonel Senator"
).split()
COLOURS = "red blue green yellow black white brown grey orange purple pink silver gold teal".split()
MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
INSTRUMENTS = "piano violin flute drum harp guitar trumpet cello organ banjo horn lute oboe fiddle".split()
NOUNS = (
    "lamp river garden window paper stone bridge letter pocket ladder market basket kettle engine candle mirror "
    "button carpet pencil bottle hammer cellar drawer cupboard attic shed wardrobe suitcase desk shelf box jar"
).split()

POOLS: dict[str, list[str]] = {
    "person": PEOPLE,
    "place": PLACES,
    "job": JOBS,
    "animal": ANIMALS,
    "food": FOODS,
    "language": LANGUAGES,
    "car": CARS,
    "title": TITLES,
    "thing": NOUNS,
    "colour": COLOURS,
    "month": MONTHS,
    "day": DAYS,
    "instrument": INSTRUMENTS,
}
CLOSED = frozenset({"colour", "month", "day", "instrument"})
"""Pools too small to hold values out; pupil sees every one of them."""
CAPITALISED = frozenset({"person", "place", "language", "car", "title", "name"})


def is_held_out(word: str) -> bool:
    """Tell whether a name or value is kept away from pupil's training for ever."""
    return zlib.crc32(word.lower().encode()) % 4 == 0


def syllables(rng: random.Random, count: int) -> str:
    """Make one lower-case word of the given number of syllables."""
    return "".join(
        rng.choice(_ONSETS) + rng.choice(_VOWELS) + (rng.choice(_CODAS) if i == count - 1 or rng.random() < 0.1 else "")
        for i in range(count)
    )


def made_up(rng: random.Random, *, held_out: bool = False, capital: bool = True) -> str:
    """Make a name that no list contains, trained or held out as asked."""
    while True:
        word = syllables(rng, rng.choice((1, 2, 2, 2, 2, 3)))
        if 3 < len(word) < 10 and is_held_out(word) == held_out and word.capitalize() not in _LISTED:
            return word.capitalize() if capital else word


def value(rng: random.Random, pool: str, *, held_out: bool = False) -> str:
    """Draw a value of a pool: half of them from its list, half made up, numbers as digits."""
    if pool == "number":
        return _number(rng, held_out=held_out)
    words = POOLS.get(pool, [])
    if pool in CLOSED:
        return rng.choice(words)
    if words and rng.random() < 0.5:
        return rng.choice([word for word in words if is_held_out(word) == held_out])
    return made_up(rng, held_out=held_out, capital=pool in CAPITALISED)


def _number(rng: random.Random, *, held_out: bool) -> str:
    while True:
        number = str(rng.randint(100, 9999))
        if is_held_out(number) == held_out:
            return number


_LISTED = frozenset(word.capitalize() for words in POOLS.values() for word in words)
