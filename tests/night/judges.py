"""Judges without a socket, for whole nights: they see through planted answers and score the rest by a function."""

from __future__ import annotations

from collections.abc import Callable

from nightschool.curate.judges import rubric
from nightschool.curate.judges.calibration import GOLD
from nightschool.curate.judges.evidence import Evidence
from nightschool.records import Opinion
from tests.judging import is_right


class Seeing:
    """A sound judge; `worth` scores what is no planted answer."""

    parallel = 2

    def __init__(self, name: str, worth: Callable[[Evidence], int], *, planted: bool = True) -> None:
        self.name = name
        self.identity = f"identity of {name}"
        self.worth = worth
        self.planted = planted
        self.seen: list[Evidence] = []

    def score(self, evidence: Evidence) -> Opinion:
        self.seen.append(evidence)
        overall = self.worth(evidence)
        if evidence.control and self.planted:
            overall = 9 if evidence.control == GOLD else 2
        scores = dict.fromkeys(rubric.DIMENSIONS, overall)
        return Opinion(judge=self.identity, subject=evidence.subject, scores=scores, reason="so it is", tokens=10)

    def prefer(self, first: Evidence, second: Evidence) -> str:
        return "first" if self._value(first) > self._value(second) else "second"

    def _value(self, evidence: Evidence) -> int:
        if not evidence.turn_id:
            return int(is_right(rubric.scoring(evidence, 60_000)[-1]["content"]))
        return self.worth(evidence)
