"""Proof that a fact is in the weights: greedy answers in chat, with nothing of it in the context.

Asked are wordings that the edit was not made with; questions near the fact must answer as they did
before. An answer that declines is a miss like any other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nightschool.edit.phrasing import Asked, Key, Phrasing, holds
from nightschool.records import Json, Prompt

if TYPE_CHECKING:
    from nightschool.models.model import Adapter, Model

WORDINGS = 3
NEGATIVES = 3
TOKENS = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """How one fact did."""

    right: int
    asked: int
    kept: int
    negatives: int
    misses: tuple[str, ...] = ()
    """Questions that were answered without the object, or that should have kept their answer."""

    @property
    def passed(self) -> bool:
        """Whether every wording was right and every negative unchanged, and there were enough of both."""
        enough = self.asked >= WORDINGS and self.negatives >= NEGATIVES
        return enough and self.right == self.asked and self.kept == self.negatives

    def body(self) -> Json:
        """As the ledger keeps it."""
        return {
            "right": self.right,
            "asked": self.asked,
            "kept": self.kept,
            "negatives": self.negatives,
            "misses": list(self.misses),
        }

    def sentence(self) -> str:
        """What is missing, in words; empty where nothing is."""
        if self.asked < WORDINGS or self.negatives < NEGATIVES:
            return "it has too few questions to be proven with"
        if self.right < self.asked:
            return f"right on {self.right} of {self.asked} wordings"
        return "" if self.kept == self.negatives else f"changed {self.negatives - self.kept} other answers"


def prove(
    model: Model,
    phrasings: Sequence[Phrasing],
    *,
    adapter: Adapter,
    before: Adapter,
    told_keys: Collection[Key] = (),
    wordings: int = WORDINGS,
) -> list[Proof]:
    """Ask each fact's held-out wordings and negatives with an adapter; negatives are compared with `before`.

    Questions that a fact of `told_keys` answers are no negatives.
    """
    told = {*told_keys, *(phrasing.key for phrasing in phrasings)}
    asked = [(index, each.question) for index, phrasing in enumerate(phrasings) for each in spread(phrasing, wordings)]
    near = [(index, question) for index, phrasing in enumerate(phrasings) for question in quiet(phrasing, told)]
    answers = _ask(model, [question for _, question in (*asked, *near)], adapter)
    reference = _ask(model, [question for _, question in near], before)
    right, kept, misses = [0] * len(phrasings), [0] * len(phrasings), [list[str]() for _ in phrasings]
    for (index, question), said in zip(asked, answers, strict=False):
        good = holds(said, phrasings[index].object) is not None
        right[index] += good
        misses[index] += [] if good else [question]
    for (index, question), said, was in zip(near, answers[len(asked) :], reference, strict=True):
        kept[index] += said == was
        misses[index] += [] if said == was else [question]
    return [
        Proof(
            right=right[index],
            asked=sum(each == index for each, _ in asked),
            kept=kept[index],
            negatives=sum(each == index for each, _ in near),
            misses=tuple(misses[index]),
        )
        for index in range(len(phrasings))
    ]


def spread(phrasing: Phrasing, count: int) -> list[Asked]:
    """Pick held-out wordings, each naming the subject another way where there are several."""
    step = max(len(phrasing.held_out) // count, 1)
    return [
        phrasing.held_out[(index * step) % len(phrasing.held_out)]
        for index in range(min(count, len(phrasing.held_out)))
    ]


def quiet(phrasing: Phrasing, told: Collection[Key]) -> list[str]:
    """Questions near a fact that no told fact answers."""
    return [negative.question for negative in phrasing.negatives if negative.key not in told][:NEGATIVES]


def _ask(model: Model, questions: Sequence[str], adapter: Adapter) -> list[str]:
    prompts = [Prompt(messages=({"role": "user", "content": question},)) for question in dict.fromkeys(questions)]
    said = model.answer(prompts, adapter=adapter, max_tokens=TOKENS)
    texts = dict(zip(dict.fromkeys(questions), (answer.text for answer in said), strict=True))
    return [texts[question] for question in questions]
