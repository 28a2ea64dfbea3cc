"""The three objectives on TRL's trainers, fed with token rows that nothing renders again.

DPO and KTO measure against the base with the adapter switched off, not against the adapter as SFT left
it: what SFT has already moved counts, so that all three together stay within one distance of the one
model that never changes, and a preference that is learned already is not driven further.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset
from torch.utils.data import DataLoader
from transformers import TrainerCallback
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

from nightschool.records import Objective
from nightschool.train.job import Job
from nightschool.train.prefix import carry
from nightschool.train.rehearsal import Rehearsal, Rehearsing
from nightschool.train.rows import Row
from nightschool.train.schedule import MICRO_TOKENS, Schedule
from nightschool.train.trained import Progress, Refused

BETA = 0.1
CHOSEN_WEIGHT = 1.0
"""Of the SFT term beside DPO's: without it the log-probability of the chosen answer falls too. At 1 the bundled
base wrote the wanted form on 36 of 36 new questions; DPO can hold the rejected answer down without ever saying
the chosen one where the base would not have said it itself."""


class Watch(TrainerCallback):  # type: ignore[misc]
    """Report every step and stop at a loss that is no number."""

    def __init__(self, objective: Objective, report: Callable[[Progress], None]) -> None:
        self.objective, self.report = objective, report
        self.losses: list[float] = []

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        """Take in one step's loss."""
        if not logs or "loss" not in logs:
            return
        if not math.isfinite(logs["loss"]) or not math.isfinite(logs.get("grad_norm", 0.0)):
            raise Refused(f"The {self.objective.upper()} loss was not a number at step {state.global_step}")
        self.losses.append(logs["loss"])
        self.report(Progress(stage=self.objective, step=state.global_step, of=state.max_steps, loss=logs["loss"]))


class PairTrainer(Rehearsing, DPOTrainer):  # type: ignore[misc]
    """DPO on rows that are tokens already."""

    def _prepare_dataset(self, dataset: Any, *_: Any) -> Any:
        return dataset


class RatingTrainer(Rehearsing, KTOTrainer):  # type: ignore[misc]
    """KTO on rows that are tokens already."""

    def _prepare_dataset(self, dataset: Any, *_: Any) -> Any:
        return dataset


def train_objective(
    model: Any,
    tokenizer: Any,
    objective: Objective,
    rows: Sequence[Row],
    *,
    job: Job,
    plan: Schedule,
    scratch: Path,
    report: Callable[[Progress], None],
    rehearsed: Sequence[Row] = (),
) -> list[float]:
    """Train the adapter on one objective's rows and return the loss of every step.

    The rehearsed rows are trained on beside them, so that they stay what they are.
    """
    watch = Watch(objective, report)
    trainer = make_trainer(model, tokenizer, objective, rows, job=job, plan=plan, scratch=scratch, watch=watch)
    if rehearsed and objective != "sft":
        batch = min(plan.micro_batch, max(1, MICRO_TOKENS // max(row.length for row in rehearsed)))
        trainer.rehearsal = Rehearsal(
            columns("sft", rehearsed, batch),
            batch=batch,
            pad=tokenizer.pad_token_id,
            seed=job.seed,
            device=model.device,
        )
    trainer.train()
    restore(model, trainer)
    return watch.losses


def make_trainer(
    model: Any,
    tokenizer: Any,
    objective: Objective,
    rows: Sequence[Row],
    *,
    job: Job,
    plan: Schedule,
    scratch: Path,
    watch: Watch,
) -> Any:
    """Set up TRL's trainer of one objective."""
    kinds: dict[str, tuple[Any, Any]] = {
        "sft": (SFTTrainer, SFTConfig),
        "dpo": (PairTrainer, DPOConfig),
        "kto": (RatingTrainer, KTOConfig),
    }
    trainer_kind, config_kind = kinds[objective]
    settings = common_settings(model, job, plan, scratch) | objective_settings(objective, rows)
    trainer = trainer_kind(
        model=model,
        args=config_kind(**settings),
        train_dataset=Dataset.from_list(columns(objective, rows, plan.micro_batch)),
        processing_class=tokenizer,
        callbacks=[watch],
    )
    for weight in model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()  # TRL halves an adapter's digits beside a base in four bits
    if job.prefix == "carry":
        carry(model.get_base_model())
    if objective != "sft":
        measure_reference(trainer, objective)
    return trainer


def measure_reference(trainer: Any, objective: Objective) -> None:
    """Take the base's log-probabilities of every row once, before the first step."""
    if "ref" in trainer.model.peft_config:
        trainer.model.delete_adapter("ref")  # TRL's copy of the adapter as it is now; without it, it asks the base
    names = REFERENCES[objective]
    values: dict[str, list[float]] = {name: [] for name in names}
    size = trainer.args.per_device_train_batch_size
    for batch in DataLoader(trainer.train_dataset, batch_size=size, collate_fn=trainer.data_collator):
        placed = {name: tensor.to(trainer.model.device) for name, tensor in batch.items()}
        for name, measured in zip(names, trainer.compute_ref_log_probs(trainer.model, placed), strict=True):
            values[name] += measured.tolist()
    for name in names:
        trainer.train_dataset = trainer.train_dataset.add_column(name, values[name])
    trainer.precompute_ref_logps = True


REFERENCES = {"dpo": ("ref_chosen_logps", "ref_rejected_logps"), "kto": ("ref_logps", "ref_KL_logps")}
"""Columns that TRL's collators take reference log-probabilities from."""


def common_settings(model: Any, job: Job, plan: Schedule, scratch: Path) -> dict[str, Any]:
    """Collect what every trainer is told: silent, seeded, bounded, nothing written on the way."""
    device = model.device.type
    large = model.num_parameters() > 5e8
    return {
        "output_dir": str(scratch),
        "max_steps": plan.steps,
        "per_device_train_batch_size": plan.micro_batch,
        "gradient_accumulation_steps": plan.accumulation,
        "learning_rate": plan.learning_rate,
        "lr_scheduler_type": "cosine",
        "warmup_steps": max(1, plan.steps // 20),
        "weight_decay": 0.0,
        "max_grad_norm": 1.0,
        "max_length": None,
        "router_aux_loss_coef": 0.0,  # routers are not trained, and their balance is not the person's wish
        "gradient_checkpointing": large and job.prefix == "full",
        "use_cpu": device == "cpu",
        "bf16": device == "cuda",
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "report_to": "none",
        "save_strategy": "no",
        "disable_tqdm": True,
        "seed": job.seed,
        "dataloader_num_workers": 0,
        "dataloader_pin_memory": False,
    }


def objective_settings(objective: Objective, rows: Sequence[Row]) -> dict[str, Any]:
    """Collect what one objective alone is told."""
    if objective == "sft":
        return {"dataset_kwargs": {"skip_prepare_dataset": True}, "packing": False}
    if objective == "dpo":
        return {"beta": BETA, "loss_type": ["sigmoid", "sft"], "loss_weights": [1.0, CHOSEN_WEIGHT]}
    good = sum(bool(row.label) for row in rows)
    bad = len(rows) - good
    # The KTO paper asks for weight times count of good and bad answers to be about even.
    return {
        "beta": BETA,
        "desirable_weight": min(4.0, max(1.0, bad / good)),
        "undesirable_weight": min(4.0, max(1.0, good / bad)),
        "train_sampling_strategy": "sequential",
    }


def columns(objective: Objective, rows: Sequence[Row], batch: int) -> list[dict[str, Any]]:
    """Lay rows out as TRL's collators take them."""
    if objective == "sft":
        return [
            {"input_ids": [*row.prompt, *row.answer], "labels": [-100] * len(row.prompt) + list(row.answer)}
            for row in rows
        ]
    if objective == "dpo":
        return [
            {"prompt_ids": list(row.prompt), "chosen_ids": list(row.answer), "rejected_ids": list(row.rejected)}
            for row in rows
        ]
    rows = mixed(rows)
    return [
        {
            "prompt_ids": list(row.prompt),
            "completion_ids": list(row.answer),
            "KL_completion_ids": list(rows[neighbour(index, batch, len(rows))].answer),
            "label": bool(row.label),
        }
        for index, row in enumerate(rows)
    ]


def mixed(rows: Sequence[Row]) -> list[Row]:
    """Spread good and bad ratings evenly, so that each batch holds both."""
    sides = [[row for row in rows if row.label], [row for row in rows if not row.label]]
    placed = [((index + 0.5) / len(side), row) for side in sides for index, row in enumerate(side)]
    return [row for _, row in sorted(placed, key=lambda pair: pair[0])]


def neighbour(index: int, batch: int, count: int) -> int:
    """Name the row of the same batch whose answer is the mismatched one of KTO's KL estimate."""
    start = index - index % batch
    size = min(batch, count - start)
    return start + (index - start - 1) % size if size > 1 else index - 1


def restore(model: Any, trainer: Any) -> None:
    """Take off what a trainer put around the network, so that the next one finds it as it was."""
    trainer.accelerator.unwrap_model(trainer.model, keep_fp32_wrapper=False)
    model.get_base_model().__dict__.pop("forward", None)
    trainer.accelerator.free_memory()
