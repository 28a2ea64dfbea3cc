"""Which rows a night takes when it cannot take all: no day decides alone, and the most useful lessons come first.

Pure. A lesson is worth as much as it was said, as its mistake annoys, and as little as is known of it untold.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from nightschool.curate.instances import Instance, Place, bears_on
from nightschool.records import Conversation, Example, Lesson, Signal

ANNOYANCE = 0.25
"""What a mistake costs that nobody complained of."""
ACCEPTED = 1.0
"""Worth of the rows that no lesson stands behind."""


def worth(
    lesson: Lesson, instances: Sequence[Instance], places: Sequence[Place], by_turn: Mapping[str, Sequence[Signal]]
) -> float:
    """Weigh a lesson: recurrence, times the cost of its mistake, times the share of questions that it is broken on."""
    broken = [one.place.turn.id for one in instances if any(each.id == lesson.id for each in one.lessons)]
    bearing = sum(lesson.rule is not None and bears_on(lesson.rule, place) for place in places)
    if not broken or not bearing:
        return 0.0
    blamed = sum(any(signal.polarity < 0 for signal in by_turn.get(turn, ())) for turn in broken)
    return lesson.recurrence * (ANNOYANCE + blamed / len(broken)) * len(broken) / bearing


def within(rows: Sequence[Example], most: int, worths: Mapping[str, float], left_out: Counter[str]) -> list[Example]:
    """Keep as many rows as a night may hold, shared out by worth; each lesson's first row comes before any second."""
    if len(rows) <= most:
        return list(rows)
    queues: dict[str | None, list[Example]] = defaultdict(list)
    for row in rows:
        queues[row.lesson_id].append(row)
    taken: Counter[str | None] = Counter()

    def claim(lesson: str | None) -> tuple[bool, float]:
        weight = ACCEPTED if lesson is None else worths.get(lesson, 0.0)
        return taken[lesson] == 0, weight / (taken[lesson] + 1)

    while sum(taken.values()) < most:
        chosen = max((name for name in queues if taken[name] < len(queues[name])), key=claim)
        taken[chosen] += 1
    left_out["over budget"] += len(rows) - most
    kept = {row.id for name, queue in queues.items() for row in queue[: taken[name]]}
    return [row for row in rows if row.id in kept]


def own(rows: Sequence[Example], kept: Sequence[Lesson], share: float, left_out: Counter[str]) -> list[Example]:
    """Mark the rows that rest on what only the model read, and leave those out that go beyond their share."""
    read = {lesson.id for lesson in kept if lesson.by == "model"}
    others = [row for row in rows if row.lesson_id not in read]
    mine = [dataclasses.replace(row, origin="own") for row in rows if row.lesson_id in read]
    most = int(share * len(others) / (1 - share)) if share < 1 else len(mine)
    taken = within(mine, most, defaultdict(lambda: ACCEPTED), Counter())
    left_out["too much of its own"] += len(mine) - len(taken)
    return [*others, *taken]


def spread(
    rows: Sequence[Example], conversations: Sequence[Conversation], most: int, left_out: Counter[str]
) -> list[Example]:
    """Take at most so many rows of one program and day, a lesson's share of them as evenly as they come."""
    home = {one.id: (one.program, _day(one.started)) for one in conversations}
    days: dict[tuple[str, str] | None, list[Example]] = defaultdict(list)
    for row in rows:
        days[home.get(row.conversation_id or "")].append(row)
    kept: set[str] = set()
    for day, ones in days.items():
        chosen = ones if day is None else within(ones, most, defaultdict(lambda: ACCEPTED), Counter())
        kept |= {row.id for row in chosen}
    left_out["too much of one day"] += len(rows) - len(kept)
    return [row for row in rows if row.id in kept]


def _day(started: float) -> str:
    return datetime.fromtimestamp(started, tz=UTC).date().isoformat()
