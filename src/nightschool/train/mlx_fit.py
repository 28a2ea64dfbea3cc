"""One training on Apple's chips: the rows, rates and losses of `fit` on MLX, and the same adapter folder in the end.

mlx-lm brings the models and their LoRA layers. Its own trainer teaches a padding token behind every answer
and drops the rows of an incomplete batch, and it knows no preferences, so the loop is ours.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optimizers
import numpy
from mlx.utils import tree_flatten, tree_map
from mlx_lm.tuner.lora import LoRALinear
from mlx_lm.tuner.utils import linear_to_lora_layers
from mlx_lm.utils import load_model

from nightschool import models
from nightschool.errors import UserError
from nightschool.models import base as bases
from nightschool.models import loading
from nightschool.models.delivery import factors
from nightschool.models.dialect import dialect, think
from nightschool.records import Objective
from nightschool.train import adapter, liger
from nightschool.train.fit import ORDER, keep
from nightschool.train.job import Job
from nightschool.train.mlx_losses import LOSSES, Batch, reference, sft
from nightschool.train.objectives import mixed, neighbour, objective_settings
from nightschool.train.rehearsal import WEIGHT
from nightschool.train.rows import Row, Rows, build, read_examples, refuse_poor
from nightschool.train.schedule import MICRO_TOKENS, Schedule, schedule
from nightschool.train.trained import Progress, Refused

PACKAGES = ("mlx", "mlx-lm", "transformers", "safetensors")
SCALE = 2.0
"""What an adapter's change is multiplied with: alpha is twice the rank."""


def fit(job: Job, partial: Path, report: Callable[[Progress], None]) -> None:
    """Train a job and write adapter and manifest into `partial`."""
    began = time.monotonic()
    if job.liger:
        liger.refuse("mps")
    mx.random.seed(job.seed)
    fingerprint = models.fingerprint(job.base)
    if job.fingerprint and fingerprint != job.fingerprint:
        raise UserError(
            f"The base {job.base!r} is not the one that this home was made with",
            hint="Point `base.name` back at it, or make a new home for the other one",
        )
    folder = bases.find(job.base)
    tokenizer = spoken(job.base, folder)
    network = attach(load(folder), job)
    report(Progress(stage="render"))
    examples = read_examples(Path(job.dataset))
    rows = build(examples, tokenizer, job)
    refuse_poor(rows, examples, job)
    plans, losses = train_all(network, rows, job=job, report=report)
    report(Progress(stage="save"))
    check(network)
    keep(
        job, partial, rows, plans, losses, name=job.base, fingerprint=fingerprint, began=began, packages=PACKAGES,
        save=lambda folder, name, text: save(network, folder, job=job, base=name, card=text),
    )  # fmt: skip


def spoken(name: str, folder: Path) -> Any:
    """The base's tokenizer, as it is served with."""
    tokenizer = loading.tokenizer(folder)
    dialect(tokenizer)
    if bases.THINKING in bases.marks(name):
        think(tokenizer)
    return tokenizer


def load(folder: Path) -> Any:
    """Load a base; UserError where mlx-lm does not know its kind."""
    bases.refuse(folder)
    try:
        network, _ = load_model(folder)
    except (ValueError, FileNotFoundError, RuntimeError) as error:
        raise UserError(
            f"mlx-lm cannot load the base in {str(folder)!r}: {str(error).splitlines()[0]}",
            hint='Train with PyTorch instead: `device = "cpu"` under [base] in config.toml',
        ) from error
    return network


def attach(network: Any, job: Job) -> Any:
    """Put LoRA on every linear layer of each block, on attention alone in a mixture of experts."""
    network.freeze()
    names = {
        name
        for block in network.layers
        for name, module in block.named_modules()
        if isinstance(module, nn.Linear | nn.QuantizedLinear)
    }
    mixture = any("Switch" in type(module).__name__ for _, module in network.named_modules())
    chosen = {name for name in names if not mixture or "attn" in name or "attention" in name}
    settings = {"rank": job.rank, "scale": SCALE, "dropout": 0.0, "keys": chosen}
    linear_to_lora_layers(network, len(network.layers), settings)
    for name, pair in factors.read(Path(job.onto)).items() if job.onto else ():
        layer = dict(adapted(network))[name]
        layer.lora_a, layer.lora_b = mx.array(pair.a.T), mx.array(pair.b.T / SCALE)
    network.train()
    return network


def adapted(network: Any) -> Iterator[tuple[str, LoRALinear]]:
    """The layers that have an adapter, by name."""
    return ((name, module) for name, module in network.named_modules() if isinstance(module, LoRALinear))


def train_all(
    network: Any, rows: Rows, *, job: Job, report: Callable[[Progress], None]
) -> tuple[dict[str, Schedule], dict[str, list[float]]]:
    """Train every objective that has rows, in order, on the one adapter."""
    plans: dict[str, Schedule] = {}
    losses: dict[str, list[float]] = {}
    parameters = sum(value.size for name, value in tree_flatten(network.parameters()) if "lora_" not in name)
    for objective in ORDER:
        chosen = rows.of(objective)
        if not chosen:
            continue
        longest = max(row.length for row in chosen)
        plans[objective] = schedule(job, objective, rows=len(chosen), longest=longest, parameters=parameters)
        losses[objective] = train_objective(
            network, objective, chosen, plan=plans[objective], seed=job.seed, report=report,
            rehearsed=() if objective == "sft" else rows.sft,
        )  # fmt: skip
    return plans, losses


def train_objective(
    network: Any,
    objective: Objective,
    rows: Sequence[Row],
    *,
    plan: Schedule,
    seed: int,
    report: Callable[[Progress], None],
    rehearsed: Sequence[Row] = (),
) -> list[float]:
    """Train the adapter on one objective's rows and return the loss of every step."""
    settings = objective_settings(objective, rows)
    batches = _batches(network, objective, rows, plan, seed)
    again = _rehearsal(rehearsed, plan, seed)
    optimizer = optimizers.AdamW(learning_rate=0.0, weight_decay=0.0, bias_correction=True)
    losses: list[float] = []
    for step in range(plan.steps):
        optimizer.learning_rate = mx.array(plan.learning_rate * _part(step, plan.steps))
        parts = [next(batches) for _ in range(plan.accumulation)]
        tokens = sum(part.tokens for part in parts)

        def loss(network: Any, part: Batch, tokens: int = tokens) -> Any:
            if objective == "sft":
                return sft(network, part, tokens)
            own = LOSSES[objective](network, part, settings) / plan.accumulation
            return own + WEIGHT * sft(network, *_whole(next(again))) / plan.accumulation if rehearsed else own

        total, gradients = 0.0, None
        for part in parts:
            value, found = nn.value_and_grad(network, loss)(network, part)
            gradients = found if gradients is None else tree_map(mx.add, gradients, found)
            total += value.item()
        if not math.isfinite(total):
            raise Refused(f"The {objective.upper()} loss was not a number at step {step + 1}")
        gradients, _ = optimizers.clip_grad_norm(gradients, 1.0)
        optimizer.update(network, gradients)
        mx.eval(network.trainable_parameters(), optimizer.state)
        losses.append(total)
        report(Progress(stage=objective, step=step + 1, of=plan.steps, loss=total))
    return losses


def check(network: Any) -> None:
    """Refuse weights that are not finite, or that training left where they began."""
    norms = [float(mx.linalg.norm(layer.lora_b.astype(mx.float32))) for _, layer in adapted(network)]
    if not all(math.isfinite(norm) for norm in norms):
        raise Refused("The trained weights are not finite")
    if not any(norms):
        raise Refused("Training left the weights where they were")


def save(network: Any, folder: Path, *, job: Job, base: str, card: str) -> str:
    """Write the adapter as a PEFT folder and return the hash of its weights."""
    from safetensors.numpy import save_file

    sides = {}
    for name, layer in adapted(network):
        for side, value in (("A", layer.lora_a), ("B", layer.lora_b)):
            turned = numpy.ascontiguousarray(numpy.array(value.astype(mx.float32)).T)
            sides[f"base_model.model.{name}.lora_{side}.weight"] = turned
    folder.mkdir(parents=True)
    save_file(sides, folder / "adapter_model.safetensors")
    settings = {
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "inference_mode": True, "bias": "none", "lora_dropout": 0.0,
        "r": job.rank, "lora_alpha": int(SCALE * job.rank), "target_modules": [name for name, _ in adapted(network)],
    }  # fmt: skip
    (folder / "adapter_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return adapter.tidy(folder, base=base, card=card)


def _part(step: int, steps: int) -> float:
    """The share of the rate at a step: a warm-up and half a cosine, as the trainers of `fit` have it."""
    warmup = max(1, steps // 20)
    if step < warmup:
        return step / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def _batches(network: Any, objective: Objective, rows: Sequence[Row], plan: Schedule, seed: int) -> Iterator[Batch]:
    """Endless batches; ratings in one mixed order, all else shuffled anew for each pass."""
    size = plan.micro_batch
    if objective == "kto":
        rows = mixed(rows)
        partners = [rows[neighbour(index, size, len(rows))].answer for index in range(len(rows))]
    else:
        partners = [row.rejected for row in rows]
    before = reference(network, objective, rows, partners, size) if objective != "sft" else None
    order, dice = list(range(len(rows))), random.Random(seed)
    while True:
        if objective != "kto":
            dice.shuffle(order)
        for start in range(0, len(order), size):
            chosen = order[start : start + size]
            yield Batch(
                rows=[rows[index] for index in chosen],
                partners=[partners[index] for index in chosen],
                before=[before[index] for index in chosen] if before else [],
            )


def _rehearsal(rows: Sequence[Row], plan: Schedule, seed: int) -> Iterator[Batch]:
    """Endless batches of the rows that stay what they are."""
    if not rows:
        return
    size = min(plan.micro_batch, max(1, MICRO_TOKENS // max(row.length for row in rows)))
    order, dice = list(rows), random.Random(seed)
    while True:
        dice.shuffle(order)
        for start in range(0, len(order), size):
            yield Batch(rows=order[start : start + size])


def _whole(batch: Batch) -> tuple[Batch, int]:
    return batch, batch.tokens
