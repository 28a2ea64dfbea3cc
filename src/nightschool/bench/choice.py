"""The arms by their names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nightschool.bench.arms import Arm, InContext
from nightschool.bench.closed_arms import Memit, Table, TestTime, others, ours
from nightschool.bench.consolidation import Consolidated
from nightschool.bench.trained_arms import Lora
from nightschool.config import MemoryConfig
from nightschool.edit.ground import Ground
from nightschool.edit.lay import lay
from nightschool.errors import UserError
from nightschool.models.transformers_backend import TransformersModel

CLOSED = ("nightschool", "classic", "sequential", "null-space")
CONSOLIDATED = ("consolidated", "both")
NAMES = (*CLOSED, *CONSOLIDATED, "memit", "memit-opening", "context", "lora", "lora-paraphrases", "test-time")


def check(names: Sequence[str]) -> None:
    """Raise UserError where an arm is unknown."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise UserError(f"There is no arm {unknown[0]!r}", hint=f"Choose among {', '.join(NAMES)}")


class Arms:
    """All arms on one base under one seed; what they share is measured once."""

    def __init__(
        self, model: TransformersModel, seed: int, laid: Ground | None = None, skill: Path | None = None
    ) -> None:
        self._model = model
        self._skill = skill
        self._seed = seed
        self.laid = laid
        """What edits stand on, once it was measured."""
        self._table: Table | None = None

    @property
    def ground(self) -> Ground:
        """What edits stand on, measured on made-up facts."""
        if self.laid is None:
            self.laid = lay(self._model, self._skill)
        return self.laid

    @property
    def table(self) -> Table:
        """The columns that the closed forms share."""
        self._table = self._table or Table(model=self._model, ground=self.ground, skill=self._skill)
        return self._table

    def named(self, name: str) -> Arm:
        """Return one arm."""
        check([name])
        model, seed = self._model, self._seed
        if name == "nightschool":
            return ours(self.table)
        if name in CONSOLIDATED:
            return Consolidated(
                name=name, table=self.table, edits=ours(self.table), keeps_all=name == "both", seed=seed
            )  # fmt: skip
        if name in CLOSED:
            return others(self.table)[name]
        if name == "memit":
            return Memit(name=name, table=self.table, anchor="subject")
        if name == "memit-opening":
            return Memit(name=name, table=self.table, anchor="opening")
        if name == "test-time":
            return TestTime(table=self.table, seed=seed)
        if name == "context":
            return InContext(config=MemoryConfig(), skill=self._skill)
        plain = name == "lora"
        return Lora(name=name, wordings=1 if plain else 8, epochs=24 if plain else 6, model=model, seed=seed)
