"""One training from beginning to end, inside the child process."""

from __future__ import annotations

import importlib.metadata
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import set_seed

from nightschool.errors import UserError
from nightschool.records import Objective
from nightschool.train import adapter, liger
from nightschool.train.job import Job
from nightschool.train.objectives import train_objective
from nightschool.train.rows import Rows, build, read_examples, refuse_poor
from nightschool.train.schedule import Schedule, schedule
from nightschool.train.trained import ADAPTER, MANIFEST, Progress, Trained, write_manifest

ORDER: tuple[Objective, ...] = ("sft", "dpo", "kto")
PACKAGES = ("torch", "transformers", "peft", "trl", "accelerate", "datasets", "safetensors")


def fit(job: Job, partial: Path, report: Callable[[Progress], None]) -> None:
    """Train a job and write adapter and manifest into `partial`."""
    began = time.monotonic()
    steady(job)
    if job.liger:
        liger.refuse()  # before the minutes that a large base takes to load
    base = load(job)
    if job.liger:
        liger.fuse(base.network)
    report(Progress(stage="render"))
    examples = read_examples(Path(job.dataset))
    rows = build(examples, base.tokenizer, job)
    refuse_poor(rows, examples, job)
    model = adapter.attach(still(base.network), job)
    plans, losses = train_all(model, base.tokenizer, rows, job=job, scratch=partial / "scratch", report=report)
    report(Progress(stage="save"))
    adapter.check(model)
    keep(
        job, partial, rows, plans, losses, name=base.name, fingerprint=base.fingerprint, began=began, packages=PACKAGES,
        save=lambda folder, name, text: adapter.save(model, folder, base=name, card=text),
    )  # fmt: skip


def keep(
    job: Job,
    partial: Path,
    rows: Rows,
    plans: Mapping[str, Schedule],
    losses: Mapping[str, Sequence[float]],
    *,
    name: str,
    fingerprint: str,
    began: float,
    packages: Sequence[str],
    save: Callable[[Path, str, str], str],
) -> None:
    """Write adapter and manifest; `save` takes folder, public name and card, and returns the hash of the weights."""
    counts: dict[str, int] = {objective: len(rows.of(objective)) for objective in ORDER}
    versions = {package: importlib.metadata.version(package) for package in packages}
    public = public_name(name)
    text = adapter.card(job, base=public, fingerprint=fingerprint, rows=counts, versions=versions)
    digest = save(partial / ADAPTER, public, text)
    trained = Trained(
        adapter=partial / ADAPTER,
        sha256=digest,
        base=fingerprint,
        dataset=job.dataset_hash,
        rows=counts,
        left_out=rows.left_out,
        tokens=sum(row.supervised for row in rows),
        steps={objective: plan.steps for objective, plan in plans.items()},
        losses={objective: ends(values) for objective, values in losses.items()},
        learning_rates={objective: plan.learning_rate for objective, plan in plans.items()},
        seconds=round(time.monotonic() - began, 2),
        versions=versions,
        seed=job.seed,
    )
    write_manifest(trained, partial / MANIFEST)


def train_all(
    model: Any, tokenizer: Any, rows: Rows, *, job: Job, scratch: Path, report: Callable[[Progress], None]
) -> tuple[dict[str, Schedule], dict[str, list[float]]]:
    """Train every objective that has rows, in order, on the one adapter."""
    plans: dict[str, Schedule] = {}
    losses: dict[str, list[float]] = {}
    for objective in ORDER:
        chosen = rows.of(objective)
        if not chosen:
            continue
        longest = max(row.length - (row.carried if job.prefix == "carry" else 0) for row in chosen)
        plan = schedule(job, objective, rows=len(chosen), longest=longest, parameters=model.num_parameters())
        plans[objective] = plan
        losses[objective] = train_objective(
            model, tokenizer, objective, chosen, job=job, plan=plan, scratch=scratch, report=report, rehearsed=rows.sft
        )
    return plans, losses


def load(job: Job) -> Any:
    """Load the base; UserError where it is not the one that the job names."""
    from nightschool import models

    base = models.load(job.base, job.device)
    if job.fingerprint and base.fingerprint != job.fingerprint:
        raise UserError(
            f"The base {job.base!r} is not the one that this home was made with",
            hint="Point `base.name` back at it, or make a new home for the other one",
        )
    return base


def public_name(name: str) -> str:
    """Name a base without saying where on this machine it lies."""
    return Path(name).name if Path(name).is_absolute() or Path(name).is_dir() else name


def steady(job: Job) -> None:
    """Fix everything that could make two equal jobs differ."""
    torch.set_num_threads(job.threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    # What is not written yet is read by nobody here; filling it first costs a write of every tensor.
    torch.utils.deterministic.fill_uninitialized_memory = False
    set_seed(job.seed)


def still(network: Any) -> Any:
    """Freeze a base and switch its own dropout off, which would be noise on so few rows."""
    network.requires_grad_(False)
    network.config.use_cache = False
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        elif isinstance(getattr(module, "attention_dropout", None), float):
            module.attention_dropout = 0.0
    return network


def ends(losses: Sequence[float]) -> tuple[float, float]:
    """Average the first and the last tenth of the steps' losses."""
    span = max(1, len(losses) // 10)
    return round(sum(losses[:span]) / span, 4), round(sum(losses[-span:]) / span, 4)
