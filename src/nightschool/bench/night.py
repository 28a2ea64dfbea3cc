"""What a night costs beside training and examining themselves, and whether training is as fast as TRL run by hand.

Both trainings get the same rows of the night that was just run, the same batches and as many steps, one after
the other in one process and in turns, so that what else the machine does falls on both.
"""

from __future__ import annotations

import contextlib
import io
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nightschool import models
from nightschool.config import Config, Home
from nightschool.curate import dataset
from nightschool.errors import UserError
from nightschool.night.conduct import sleep
from nightschool.night.progress import Progress
from nightschool.records import Example, Json, Night, Objective
from nightschool.train.job import Job

if TYPE_CHECKING:
    from nightschool.train.rows import Row
    from nightschool.train.schedule import Schedule


class Laps(NamedTuple):
    """Seconds of one training."""

    setup: float
    """Up to the first step: the adapter, the trainer, what the base says of the rows."""
    step: float

    def over(self, steps: int) -> float:
        """Seconds of so many steps with what goes before; of one alone where there are none."""
        return self.setup + steps * self.step if steps else self.step


THEMSELVES = ("train", "examine")
STEPS = 8
"""Of every training that is timed."""

Tell = Callable[[str], None]


def measure(home: Home, config: Config, *, rounds: int, progress: Progress, tell: Tell) -> Json:
    """Run one night in a home with history, then time its own training beside TRL's; UserError where none ended well.

    The night loads the base itself.
    """
    began = time.perf_counter()
    night = sleep(home, config, progress=progress)
    seconds = time.perf_counter() - began
    if night.state != "done" or not night.output("compose").get("dataset"):
        raise UserError(f"The night trained nothing: {night.error or 'too little was learnt'}")
    rows = dataset.read(home.datasets, night.output("compose")["dataset"]).examples
    job = Job.of(config, base=config.base.name, fingerprint="", dataset=home.datasets, dataset_hash="")
    return {
        "base": config.base.name,
        "cores": job.threads,
        "night": overhead(night, seconds),
        "training": speed(job, rows, rounds=rounds, tell=tell),
    }


def overhead(night: Night, seconds: float) -> Json:
    """Split a night's seconds into training and examining, and everything beside them; pure."""
    stages = {stage.name: round(stage.seconds, 2) for stage in night.stages}
    themselves = sum(stages.get(name, 0.0) for name in THEMSELVES)
    return {
        "seconds": round(seconds, 2),
        "stages": stages,
        "between_stages": round(seconds - sum(stages.values()), 2),
        "training_and_examining": round(themselves, 2),
        "overhead": round((seconds - themselves) / themselves, 4) if themselves else None,
    }


def speed(job: Job, examples: Sequence[Example], *, rounds: int, tell: Tell) -> Json:
    """Time each objective that has a full batch of rows, ours and by hand in turns."""
    from nightschool.train.rows import build
    from nightschool.train.schedule import schedule

    base = models.load(job.base, job.device)
    rows = build(examples, base.tokenizer, job)
    found: Json = {}
    objectives: tuple[Objective, ...] = ("sft", "dpo", "kto")
    for objective in objectives:
        chosen = rows.of(objective)
        if len(chosen) < job.batch or (objective == "kto" and len({row.label for row in chosen}) < 2):
            continue
        longest = max(row.length for row in chosen)
        plan = schedule(job, objective, rows=len(chosen), longest=longest, parameters=base.parameters)
        taken: dict[str, list[Laps]] = {"ours": [], "by_hand": []}
        for turn in range(rounds):
            for arm in sorted(taken, reverse=bool(turn % 2)):
                tell(f"{objective}: {arm.replace('_', ' ')}, {turn + 1} of {rounds}")
                taken[arm].append(_timed(arm, objective, chosen, job, replace(plan, steps=STEPS)))
        found[objective] = {
            "rows": len(chosen), "longest": longest, "batch": plan.micro_batch * plan.accumulation,
            "steps": plan.steps, "steps_timed": STEPS,
            **{arm: [each._asdict() for each in laps] for arm, laps in taken.items()},
            "ratio": ratio(taken["ours"], taken["by_hand"], plan.steps),
            "ratio_of_a_step": ratio(taken["ours"], taken["by_hand"], 0),
        }  # fmt: skip
    return found


def ratio(ours: Sequence[Laps], by_hand: Sequence[Laps], steps: int) -> float:
    """Our speed over so many steps as a share of the other's, a single step's where there are none; pure.

    The median over rounds, each against its neighbour.
    """
    shares = [theirs.over(steps) / mine.over(steps) for mine, theirs in zip(ours, by_hand, strict=True)]
    return round(statistics.median(shares), 4)


def _timed(arm: str, objective: Objective, rows: Sequence[Row], job: Job, plan: Schedule) -> Laps:
    """Time one training from a loaded base and token rows on."""
    from nightschool.train import by_hand, fit
    from nightschool.train.adapter import attach
    from nightschool.train.objectives import train_objective

    fit.steady(job)
    base = models.load(job.base, job.device)
    ends: list[float] = []
    # Trainers print what they like.
    with tempfile.TemporaryDirectory(prefix="nightschool-bench-") as folder, contextlib.redirect_stdout(io.StringIO()):
        told: dict[str, Any] = {"job": job, "plan": plan, "scratch": Path(folder)}
        began = time.perf_counter()
        if arm == "ours":
            model = attach(fit.still(base.network), job)
            train_objective(
                model, base.tokenizer, objective, rows, report=lambda _: ends.append(time.perf_counter()), **told
            )
        else:
            by_hand.train(
                base.network, base.tokenizer, objective, rows, step=lambda: ends.append(time.perf_counter()), **told
            )
    models.free(base)
    step = (ends[-1] - ends[0]) / (len(ends) - 1)
    return Laps(setup=round(max(ends[0] - began - step, 0.0), 3), step=round(step, 4))
