"""The ways to hold facts that are compared: what each is given, and what it leaves behind."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from nightschool.bench.ruler import Memory
from nightschool.bench.told import Told
from nightschool.config import MemoryConfig
from nightschool.memory import context
from nightschool.records import Fact, Prompt


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """Facts as an arm holds them now, and what it cost."""

    memory: Memory
    seconds: float
    """Of writing all of them."""
    bytes: int
    after: Memory | None = None
    """What is left of it in the next conversation, where that is not the same."""
    proven: int | None = None
    """Facts that passed the product's proof; None where an arm has none."""
    released: int | None = None
    """Facts whose edit was let go because training holds them; None where nothing is consolidated."""


class Arm(Protocol):
    """One way to hold facts."""

    @property
    def name(self) -> str:
        """As `--arms` names it."""

    @property
    def trials(self) -> int:
        """How many separate small memories are worth their time."""

    def write(self, facts: Sequence[Told], folder: Path) -> Written:
        """Hold the facts, told one after another; `folder` is new and the arm's own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InContext:
    """The upper reference: memory's own block in the prompt, chosen by relevance as in chat."""

    config: MemoryConfig
    skill: Path | None = None
    name: str = "context"
    trials: int = 30

    def write(self, facts: Sequence[Told], folder: Path) -> Written:
        """Remember the sentences."""
        began = time.monotonic()
        held = [
            Fact(id=str(number), kind="fact", sentence=fact.sentence, known_from=float(number + 1))
            for number, fact in enumerate(facts)
        ]

        def tell(prompt: Prompt) -> Prompt:
            return context.remember(prompt, held, self.config)

        size = sum(len(fact.sentence.encode()) for fact in facts)
        return Written(memory=Memory(adapter=self.skill, tell=tell), seconds=time.monotonic() - began, bytes=size)


@runtime_checkable
class Changing(Protocol):
    """An arm from which facts can be taken and in which they can be replaced."""

    def forget(self, facts: Sequence[Told], gone: Sequence[Told], folder: Path) -> tuple[Written, float]:
        """Hold the facts without some; and the largest difference to weights that never held those."""

    def revise(self, facts: Sequence[Told], folder: Path) -> Written:
        """Hold what every fact has become."""
