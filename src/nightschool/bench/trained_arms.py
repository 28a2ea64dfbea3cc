"""Arms that learn facts by training: a LoRA on the facts alone, with one wording of each or with many."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from nightschool.bench.arms import Written
from nightschool.bench.ruler import Memory
from nightschool.bench.told import Told, alone
from nightschool.models.model import Model
from nightschool.records import Example, to_json
from nightschool.train import Job, train


@dataclass(frozen=True, kw_only=True, slots=True)
class Lora:
    """A LoRA adapter trained from the base, by the same trainer as a night's, on nothing but the facts."""

    name: str
    wordings: int
    """Questions of each fact that are trained on."""
    epochs: int
    model: Model
    seed: int
    trials: int = 2

    def write(self, facts: Sequence[Told], folder: Path) -> Written:
        """Train on the facts' questions and answers."""
        began = time.monotonic()
        rows = [row for fact in facts for row in self._rows(fact)]
        text = "".join(json.dumps(to_json(row), ensure_ascii=False) + "\n" for row in rows)
        folder.mkdir(parents=True)
        dataset = folder / "facts.jsonl"
        dataset.write_text(text, encoding="utf-8")
        job = Job(
            base=self.model.name,
            dataset=str(dataset),
            dataset_hash=sha256(text.encode()).hexdigest(),
            epochs=self.epochs,
            min_rows=1,
            seed=self.seed,
        )
        made = train(job, folder / "training")
        weights = made.adapter / "adapter_model.safetensors"
        return Written(
            memory=Memory(adapter=made.adapter), seconds=time.monotonic() - began, bytes=weights.stat().st_size
        )

    def _rows(self, fact: Told) -> list[Example]:
        return [
            Example(
                id=f"{fact.phrasing.key} {number}",
                objective="sft",
                prompt=alone(asked.question),
                chosen={"role": "assistant", "content": asked.answer},
                source=(fact.sentence,),
            )
            for number, asked in enumerate(fact.phrasing.asked[: self.wordings])
        ]
