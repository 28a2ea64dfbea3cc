"""The dry run: what a night would do and how long it would take, worked out on a copy that is thrown away."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from nightschool.config import Config, Home
from nightschool.curate import dataset
from nightschool.exam import battery
from nightschool.models.model import Model
from nightschool.night.context import Base, Context
from nightschool.night.progress import Progress, Quiet
from nightschool.night.stages import STAGES
from nightschool.night.teach import job
from nightschool.records import Json
from nightschool.store import versions
from nightschool.store.database import open_database, told
from nightschool.train import Estimate, estimate, train

SCRATCH = ".dry-run-"
DAY = 86_400.0
SAMPLE = 16
"""Questions that are really answered, to say how long an exam takes."""
ARMS = 6
PLANNED = ("collect", "review", "compose")
"""Stages that a dry run really goes through; judges are not asked."""


def plan(home: Home, config: Config, *, model: Model | None = None, progress: Progress | None = None) -> Json:
    """Say which sources would be read, what would be taught, and how long it would take; change nothing."""
    progress = progress or Quiet()
    with _copy(home) as (folder, db):
        context = Context(
            db=db,
            home=home,
            config=config,
            run="r-dry-run",
            champion=versions.pointer(db, "champion"),
            base=Base(config, model),
            trainer=train,
            progress=progress,
            datasets=folder,
        )
        for step in (step for step in STAGES if step.name in PLANNED):
            progress.begin(step.title)
            began = time.monotonic()
            context.outputs[step.name] = step.run(context)
            progress.end(step.title, time.monotonic() - began, step.say(context.outputs[step.name]))
        collected, composed = context.outputs["collect"], context.outputs["compose"]
        cost = None if composed["reason"] else _cost(context)
    return {
        "sources": collected["sources"],
        "new": collected["new"],
        "history": collected["history"] | {"turns": context.outputs["review"]["turns"]},
        "lessons": context.outputs["review"]["lessons"],
        "examples": composed["examples"],
        "left_out": composed["left_out"],
        "held_out": composed["held_out"],
        "reason": composed["reason"],
        "minutes": cost.minutes if cost else 0.0,
        "gigabytes": cost.peak_bytes / 1e9 if cost else 0.0,
    }


def _cost(context: Context) -> Estimate:
    """Training by arithmetic, the exam by the time that a few of its answers take."""
    model, composed = context.base.get(), context.outputs["compose"]
    rows = dataset.read(context.datasets, composed["dataset"]).examples
    tokens = sum(model.count_tokens(row.prompt, row.chosen) for row in rows)
    cost = estimate(job(context), rows=len(rows), tokens=tokens, parameters=model.parameters)
    exam = context.config.exam
    sample = battery.items(context.config.base.name, SAMPLE, context.config.train.seed)
    began = time.monotonic()
    model.answer([item.prompt for item in sample], max_tokens=exam.max_answer_tokens)
    each = (time.monotonic() - began) / max(1, len(sample))
    minutes = cost.minutes + each * exam.battery_items * ARMS / 60
    return Estimate(minutes=minutes, peak_bytes=cost.peak_bytes)


@contextlib.contextmanager
def _copy(home: Home) -> Iterator[tuple[Path, sqlite3.Connection]]:
    """Copy the store into a folder inside the home, so that its originals stay where only the person reads."""
    for stale in home.path.glob(f"{SCRATCH}*"):
        if time.time() - stale.stat().st_mtime > DAY:  # left by a dry run that was killed
            shutil.rmtree(stale, ignore_errors=True)
    with told(home.path):
        folder = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=home.path))
    try:
        if home.database.exists():
            with (
                told(home.database),
                contextlib.closing(sqlite3.connect(f"{home.database.as_uri()}?mode=ro", uri=True)) as source,
                contextlib.closing(sqlite3.connect(folder / home.database.name)) as copy,
            ):
                source.backup(copy)
        with contextlib.closing(open_database(folder / home.database.name)) as db:
            yield folder, db
    finally:
        shutil.rmtree(folder, ignore_errors=True)
