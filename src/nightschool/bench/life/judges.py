"""Scripted judges of stated accuracy: they know whether an answer was right, and err as often as is said.

Judging is measured elsewhere; here the question is what sound judges add to a life, and what is lost without them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from nightschool.bench.life.line import Line
from nightschool.bench.life.score import Told
from nightschool.bench.life.talk import Held, keeps
from nightschool.bench.life.truth import Truth, held
from nightschool.curate.judges.calibration import GOLD
from nightschool.curate.judges.evidence import Evidence
from nightschool.curate.judges.rubric import DIMENSIONS
from nightschool.records import Opinion
from nightschool.world import styles

ACCURACY = 0.97
PANEL = 3
GOOD, BAD, UNSURE = 9, 2, 5


@dataclass(kw_only=True)
class Knowing:
    """What was really right, turn by turn."""

    truths: tuple[Truth, ...]
    told: Told
    days: dict[str, int] = field(default_factory=dict)
    """Conversation -> the day it was held on."""

    def add(self, day: Sequence[Held]) -> None:
        """Take up the talks of a day."""
        self.days |= {one.conversation().id: one.talk.day for one in day}

    def right(self, evidence: Evidence) -> bool | None:
        """Whether an answer says the right thing as the person wants it; None where nobody can tell."""
        line, day = self.told.lines.get(evidence.turn_id), self.days.get(evidence.conversation_id)
        if line is None or day is None or line.reply is None or line.topic in ("recall", "file", "unjudged"):
            return None
        wishes = held(self.truths, day)
        called = next((step.name for step in evidence.steps if step.kind == "called"), "")
        formed = all(keeps(wish, line, evidence.answer, called) is not False for wish in wishes)
        return formed and _says(line, evidence.answer)


class Scripted:
    """One judge that errs at random, the same way each time it is asked the same."""

    parallel = 1

    def __init__(self, name: str, knowing: Knowing, accuracy: float = ACCURACY) -> None:
        self.name, self.identity = name, f"scripted-{name}-{accuracy}"
        self._knowing, self._accuracy = knowing, accuracy

    def score(self, evidence: Evidence) -> Opinion:
        """Score one turn, or one planted answer."""
        right = evidence.control == GOLD if evidence.control else self._knowing.right(evidence)
        grade = UNSURE if right is None else GOOD if right is not self._errs(evidence) else BAD
        return Opinion(judge=self.identity, subject=evidence.subject, scores=dict.fromkeys(DIMENSIONS, grade))

    def prefer(self, first: Evidence, second: Evidence) -> str:
        """Prefer the right one; of two that it cannot tell apart always the same, whatever their order."""
        one, other = self._knowing.right(first), self._knowing.right(second)
        if one != other and None not in (one, other):
            return "first" if one else "second"
        return "first" if first.subject < second.subject else "second"

    def _errs(self, evidence: Evidence) -> bool:
        return random.Random(f"{self.identity}:{evidence.subject}").random() >= self._accuracy


def panel(knowing: Knowing) -> tuple[Scripted, ...]:
    """The judges of a life."""
    return tuple(Scripted(name, knowing) for name in ("one", "two", "three")[:PANEL])


def _says(line: Line, answer: str) -> bool:
    """Whether an answer holds what a right one says, in either unit."""
    assert line.reply is not None
    spoken = (styles.object_text(line.reply, one) for one in (styles.PLAIN, styles.Style(miles=True, fahrenheit=True)))
    return all(item in answer for item in line.reply.items) if line.reply.items else any(s in answer for s in spoken)
