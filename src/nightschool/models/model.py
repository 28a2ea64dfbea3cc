"""What the rooms need of a model, whatever runs it.

Adapters are named by their folder and chosen per call, so that every version answers from one
loaded base. `adapter=None` is the untouched base.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nightschool.records import Answer, Json, Prompt

Progress = Callable[[int], None]
"""Called with the number of prompts answered so far."""
Adapter = Path | tuple[Path, ...] | None
"""The folder of one adapter, those of several that are mounted together, or none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Likelihood:
    """How likely a model holds one given answer to be."""

    total: float
    """Sum of log-probabilities in nats, the end-of-turn token included."""
    tokens: int

    @property
    def mean(self) -> float:
        """Nats per token."""
        return self.total / self.tokens


class Model(Protocol):
    """A base that answers prompts, alone or with one adapter mounted."""

    @property
    def name(self) -> str:
        """How the person named it."""

    @property
    def fingerprint(self) -> str:
        """Hash of the base's settings, weights and chat template."""

    @property
    def context_tokens(self) -> int:
        """Most tokens that prompt and answer may have together."""

    @property
    def parameters(self) -> int:
        """Number of weights of the base."""

    def answer(
        self,
        prompts: Sequence[Prompt],
        *,
        adapter: Adapter = None,
        max_tokens: int = 96,
        temperature: float = 0.0,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> list[Answer]:
        """Answer every prompt, in order; greedily at temperature 0."""

    def stream(self, prompt: Prompt, *, adapter: Adapter = None, max_tokens: int = 512) -> Generator[str, None, Answer]:
        """Answer one prompt greedily, piece by piece; the pieces join to the raw answer, which is returned."""

    def likelihood(self, rows: Sequence[tuple[Prompt, Json]], *, adapter: Adapter = None) -> list[Likelihood]:
        """Measure how likely each given answer is after its prompt."""

    def count_tokens(self, prompt: Prompt, answer: Json | None = None) -> int:
        """Count the tokens of a prompt, with its answer where one is given."""

    def mounted(self, adapter: Path) -> str:
        """Return the hash of the adapter's tensors as they stand in the running model."""
