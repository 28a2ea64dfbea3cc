"""Consolidation, as an arm: a LoRA is trained on proven facts, and the edits of what it recalls by itself are let go.

Trained are all facts at once in many wordings, beside near questions and general ones with the base's own
answers, so that the LoRA learns them in breadth and keeps what it was. Edits that stay are measured anew
under it, as under any skill. What it costs the base stands in the row: `kl_to_base` and the perplexity.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nightschool.bench.arms import Written
from nightschool.bench.closed_arms import Ours, Table, size
from nightschool.bench.ruler import Memory
from nightschool.bench.told import Told, world_questions
from nightschool.bench.trained_arms import trained
from nightschool.edit import adapter
from nightschool.edit.choice import BRIEF
from nightschool.edit.lay import lay
from nightschool.edit.measure import measure
from nightschool.edit.mounting import together
from nightschool.edit.proof import Proof, prove
from nightschool.models.model import Adapter
from nightschool.night.consolidation import Proven, rows
from nightschool.records import Answer, Example, Prompt

GENERAL = 120
EPOCHS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Consolidated:
    """Edits first, then a LoRA on those that are proven; edits stay for what the LoRA does not recall, or for all."""

    name: str
    table: Table
    edits: Ours
    keeps_all: bool
    """Whether the edits of what the LoRA recalls stay as well."""
    seed: int
    trials: int = 1

    def write(self, facts: Sequence[Told], folder: Path) -> Written:
        """Write, prove, train, and let go of the edits that are needed no more."""
        model = self.table.model
        folder.mkdir(parents=True)
        first = self.edits.write(facts, folder / "edits")
        began = time.monotonic()
        proofs = prove(model, [f.phrasing for f in facts], adapter=first.memory.adapter, before=self.table.skill)
        proven = [fact for fact, proof in zip(facts, proofs, strict=True) if proof.passed]
        if not proven:
            return first
        made = trained(model.name, self._rows(proven), folder / "lora", epochs=EPOCHS, seed=self.seed)
        recalled = {
            fact.sentence
            for fact, proof in zip(proven, self._without_edits(proven, made.adapter), strict=True)
            if proof.right == proof.asked
        }
        left = [fact for fact in facts if self.keeps_all or fact.sentence not in recalled]
        mounted, bytes_ = self._beside(made.adapter, left, folder / "beside")
        weights = (made.adapter / "adapter_model.safetensors").stat().st_size
        return Written(
            memory=Memory(adapter=mounted), seconds=first.seconds + time.monotonic() - began,
            bytes=weights + bytes_, released=len(facts) - len(left),
        )  # fmt: skip

    def _without_edits(self, facts: Sequence[Told], lora: Path) -> list[Proof]:
        return prove(self.table.model, [fact.phrasing for fact in facts], adapter=lora, before=None)

    def _beside(self, lora: Path, facts: Sequence[Told], folder: Path) -> tuple[Adapter, int]:
        if not facts:
            return lora, 0
        ground = lay(self.table.model, lora, layers=self.table.ground.layers, settings=BRIEF)
        columns = measure(self.table.model, ground, [fact.phrasing for fact in facts], skill=lora)
        solved = adapter.factors(columns, ground)
        return together(lora, adapter.write(folder, solved, ground)), size(solved)

    def _rows(self, facts: Sequence[Told]) -> list[Example]:
        """As a night makes them, with questions about the world beside."""
        proven = [Proven(phrasing=fact.phrasing, source=(fact.sentence,)) for fact in facts]
        general = world_questions(GENERAL, self.seed + 1000)
        return rows(proven, {fact.phrasing.key for fact in facts}, self._own, general)

    def _own(self, prompts: Sequence[Prompt]) -> list[Answer]:
        return self.table.model.answer(prompts, max_tokens=48)
