"""The hidden truth of a simulated person: what holds from which day on, and until when.

Pure. Nothing here is ever shown to the editor; it is what the editor is measured against.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nightschool.world import names, personal, styles
from nightschool.world.personal import PersonalFact
from nightschool.world.styles import Preference, Style

DAY = 86_400.0
Kind = Literal["fact", "preference", "correction", "project"]
KINDS: tuple[Kind, ...] = ("fact", "preference", "correction", "project")
FAR = frozenset({"friend", "neighbour", "boss", "colleague", "teacher", "doctor", "landlord"})
"""People whose lives are none of the person's own: what is said of them is nothing to remember."""
_STANDS = frozenset({"allergy", "pet", "learning", "shopping", "meeting", "called", "food"})
"""What is told once: another value would stand beside the first, or never comes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """One thing that holds of the person for a while."""

    id: str
    kind: Kind
    """A `correction` is a wish that is never said as a rule, only shown by what the person puts right."""
    slot: str
    """What a newer one replaces."""
    value: PersonalFact | Preference
    since: int
    """Day from which on it holds and is told."""
    until: int | None = None
    """First day on which it does not hold any more."""
    lasting: bool = True

    def holds(self, day: int) -> bool:
        """Tell whether it holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)


def hidden(seed: int, days: int, per_day: int) -> tuple[Truth, ...]:
    """Draw a person: what they will tell, want, change and drop over their days."""
    rng = random.Random(f"truth:{seed}")
    return (*_wishes(rng, days), *_facts(rng, days, per_day), *_project(rng, days))


def held(truths: Sequence[Truth], day: int) -> tuple[Preference, ...]:
    """List the lasting wishes of a day that hold everywhere."""
    wishes = (truth for truth in truths if truth.holds(day) and truth.lasting and truth.kind != "project")
    return tuple(truth.value for truth in wishes if isinstance(truth.value, Preference))


def style(wishes: Sequence[Preference]) -> Style:
    """Join wishes to a style."""
    whole = Style()
    for wish in wishes:
        whole = styles.prefer(whole, wish)
    return whole


def _wishes(rng: random.Random, days: int) -> Iterator[Truth]:
    """Five lasting wishes, the first two from the first day on, one of which changes, and passing ones."""
    length = rng.choice(("short", "long"))
    kinds = [length, "address", *rng.sample(("bullets", "miles", "fahrenheit", "weather_tool", "sum_tool"), 3)]
    rng.shuffle(kinds)
    changing = rng.choice((length, "address"))
    turning = max(2, days * 11 // 20)
    for index, kind in enumerate(kinds):
        since = 0 if index < 2 else max(1, index * days // 10)
        shown: Kind = "preference" if index % 2 == 0 or kind == changing else "correction"
        wish = _wish(rng, kind)
        ends = turning if kind == changing and days > 3 else None
        yield Truth(id=f"w{index}", kind=shown, slot=slot_of(wish), value=wish, since=since, until=ends)
        if ends is not None:
            other = _wish(rng, {"short": "long", "long": "short"}.get(kind, kind))
            yield Truth(id=f"w{index}b", kind=shown, slot=slot_of(other), value=other, since=ends)
    free = [kind for kind in ("bullets", "miles", "fahrenheit") if kind not in kinds] + ["short"]
    for number, day in enumerate(range(1, days, 3)):
        wish = _wish(rng, rng.choice(free))
        yield Truth(
            id=f"p{number}",
            kind="preference",
            slot=f"passing {day}",
            value=wish,
            since=day,
            until=day + 1,
            lasting=False,
        )


def _wish(rng: random.Random, kind: str) -> Preference:
    return Preference(kind=kind, value=names.value(rng, "title") if kind == "address" else "")


def slot_of(wish: Preference) -> str:
    """Name what a wish decides; of two with one name the newer holds."""
    return "length" if wish.kind in ("short", "long") else wish.kind


def _facts(rng: random.Random, days: int, per_day: int) -> Iterator[Truth]:
    """Some facts each day, one in six of them a new value of an older one."""
    standing: dict[tuple[str, str], Truth] = {}
    made: list[Truth] = []
    for number in range(days * per_day):
        day = number // per_day
        older = [truth for truth in standing.values() if truth.since < day and _changes(truth)]
        if older and rng.random() < 1 / 6:
            before = rng.choice(older)
            fact = _again(rng, before.value)
            made[made.index(before)] = replace(before, until=day)
        else:
            fact = _new(rng, set(standing))
        lasting = fact.relation != "appointment"
        truth = Truth(
            id=f"f{number}",
            kind="fact",
            slot=" ".join(fact.key),
            value=fact,
            since=day,
            until=None if lasting else day + 15,
            lasting=lasting,
        )
        standing[fact.key] = truth
        made.append(truth)
    yield from made


def _changes(truth: Truth) -> bool:
    return isinstance(truth.value, PersonalFact) and truth.lasting and truth.value.relation not in _STANDS


def _new(rng: random.Random, taken: set[tuple[str, str]]) -> PersonalFact:
    while True:
        fact = personal.generate(rng, held_out=rng.random() < 0.5)
        near = fact.relation not in personal.KIN_WORDINGS or (fact.role and fact.role not in FAR)
        # `My aunt is a flimp` tells nobody that a flimp is a trade.
        real = fact.relation not in ("job", "my_job") or fact.object in names.JOBS
        if near and real and fact.key not in taken:
            return fact


def _again(rng: random.Random, before: PersonalFact | Preference) -> PersonalFact:
    assert isinstance(before, PersonalFact)
    while True:
        fact = personal.generate(rng, before.relation, role=before.role, name=before.name)
        real = fact.relation not in ("job", "my_job") or fact.object in names.JOBS
        if fact.key == before.key and real and fact.object != before.object:
            return fact


def _project(rng: random.Random, days: int) -> Iterator[Truth]:
    """One convention that holds in one project and nowhere else."""
    day = min(1, days - 1)
    wish = Preference(kind=rng.choice(("bullets", "short")))
    yield Truth(id="project", kind="project", slot="project", value=wish, since=day)
