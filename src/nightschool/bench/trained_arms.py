"""Arms that learn facts by training: a LoRA on the facts alone, with one wording of each or with many."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from nightschool.bench.arms import Written
from nightschool.bench.ruler import Memory
from nightschool.bench.told import Told, alone
from nightschool.models.model import Model
from nightschool.records import Example, to_json
from nightschool.train import Job, Trained, train


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
        rows = [row for fact in facts for row in taught(fact, self.wordings)]
        made = trained(self.model.name, rows, folder, epochs=self.epochs, seed=self.seed)
        weights = made.adapter / "adapter_model.safetensors"
        return Written(
            memory=Memory(adapter=made.adapter), seconds=time.monotonic() - began, bytes=weights.stat().st_size
        )


def taught(fact: Told, wordings: int) -> list[Example]:
    """A fact's questions with their answers, as rows to train on."""
    return [
        Example(
            id=f"{fact.phrasing.key} {number}",
            objective="sft",
            prompt=alone(asked.question),
            chosen={"role": "assistant", "content": asked.answer},
            source=(fact.sentence,),
        )
        for number, asked in enumerate(fact.phrasing.asked[:wordings])
    ]


def trained(base: str, rows: Sequence[Example], folder: Path, **settings: Any) -> Trained:
    """Train a LoRA on rows in train's child; `settings` are the job's."""
    text = "".join(json.dumps(to_json(row), ensure_ascii=False) + "\n" for row in rows)
    folder.mkdir(parents=True)
    dataset = folder / "rows.jsonl"
    dataset.write_text(text, encoding="utf-8")
    job = Job(
        base=base, dataset=str(dataset), dataset_hash=sha256(text.encode()).hexdigest(), min_rows=1, **settings
    )  # fmt: skip
    return train(job, folder / "training")
