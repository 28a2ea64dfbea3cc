"""The same training as anybody would write it with TRL and PEFT alone: what ours is measured beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import TrainerCallback
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

from nightschool.records import Objective
from nightschool.train.job import Job
from nightschool.train.rows import Row
from nightschool.train.schedule import Schedule


class _Heard(TrainerCallback):  # type: ignore[misc]
    def __init__(self, step: Callable[[], None]) -> None:
        self._step = step

    def on_step_end(self, *_: Any, **__: Any) -> None:
        self._step()


def train(
    network: Any, tokenizer: Any, objective: Objective, rows: Sequence[Row], *, job: Job, plan: Schedule,
    scratch: Path, step: Callable[[], None],
) -> None:  # fmt: skip
    """Train a fresh adapter on the rows as text, in the steps and batches of a plan, and throw it away.

    `step` is called after each step.
    """
    torch.use_deterministic_algorithms(False)
    kinds: dict[str, tuple[Any, Any]] = {
        "sft": (SFTTrainer, SFTConfig),
        "dpo": (DPOTrainer, DPOConfig),
        "kto": (KTOTrainer, KTOConfig),
    }
    trainer_kind, config_kind = kinds[objective]
    device = network.device.type
    trainer = trainer_kind(
        model=network,
        args=config_kind(
            output_dir=str(scratch),
            max_steps=plan.steps,
            per_device_train_batch_size=plan.micro_batch,
            gradient_accumulation_steps=plan.accumulation,
            learning_rate=plan.learning_rate,
            max_length=None,
            gradient_checkpointing=network.num_parameters() > 5e8,
            use_cpu=device == "cpu",
            bf16=device == "cuda",
            report_to="none",
            save_strategy="no",
            disable_tqdm=True,
            seed=job.seed,
        ),
        train_dataset=Dataset.from_list([_text(objective, row, tokenizer) for row in rows]),
        processing_class=tokenizer,
        callbacks=[_Heard(step)],
        peft_config=LoraConfig(
            r=job.rank, lora_alpha=2 * job.rank, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM"
        ),
    )
    trainer.train()


def _text(objective: Objective, row: Row, tokenizer: Any) -> dict[str, Any]:
    prompt, answer, rejected = (tokenizer.decode(list(ids)) for ids in (row.prompt, row.answer, row.rejected))
    if objective == "dpo":
        return {"prompt": prompt, "chosen": answer, "rejected": rejected}
    plain = {"prompt": prompt, "completion": answer}
    return plain if objective == "sft" else plain | {"label": bool(row.label)}
