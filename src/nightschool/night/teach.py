"""Compose and train: kept lessons to a frozen dataset, the dataset to a version on trial."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from pathlib import Path

from nightschool import __version__, models
from nightschool.night.context import Context
from nightschool.night.page import write
from nightschool.records import Json, Version, to_json
from nightschool.store import lessons, nights, versions
from nightschool.train import Job, Progress, Refused, Trained
from nightschool.train.job import read_job
from nightschool.train.trained import MANIFEST, read_manifest


def train(context: Context) -> Json:
    """Train tonight's dataset from the base, in a child; where that would not be honest, say why."""
    composed = context.outputs["compose"]
    if composed["reason"]:
        return {"version": None, "reason": composed["reason"]}
    try:
        trained = _trained(context, job(context))
    except Refused as refused:
        return {"version": None, "reason": refused.reason}
    version = versions.of_run(context.db, context.run) or versions.create(
        context.db, base=trained.base, dataset=trained.dataset, run=context.run
    )
    _shelve(context, version, trained)
    return {
        "version": version.id,
        "reason": "",
        "rows": dict(trained.rows),
        "left_out": dict(trained.left_out),
        "tokens": trained.tokens,
        "losses": to_json(trained.losses),
        "seconds": trained.seconds,
    }


def job(context: Context) -> Job:
    """The job that trains tonight's dataset."""
    composed = context.outputs["compose"]
    return Job.of(
        context.config,
        base=context.config.base.name,
        fingerprint=composed["base"],
        dataset=Path(composed["file"]),
        dataset_hash=composed["dataset"],
    )


def _trained(context: Context, tonight: Job) -> Trained:
    """Take what this night has trained already, or train it now."""
    folder = context.home.runs / context.run / "training"
    if (folder / MANIFEST).is_file() and read_job(folder / "job.json") == tonight:
        return read_manifest(folder)
    context.base.free()
    return context.trainer(tonight, folder, lambda at: _advance(context, at))


def _advance(context: Context, at: Progress) -> None:
    loss = f", loss {at.loss:.2f}" if at.loss is not None else ""
    context.progress.advance(at.step, at.of or None, f"{at.stage} {at.step}/{at.of}{loss}" if at.of else at.stage)


def _shelve(context: Context, version: Version, trained: Trained) -> None:
    """Put the adapter and its card into the version's folder; only a whole one gets its hash noted."""
    if version.adapter_hash is not None:
        return
    folder = context.home.versions / version.id
    partial = folder / ".partial"
    for old in (partial, folder / "adapter"):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(trained.adapter, partial)
    os.replace(partial, folder / "adapter")
    card = {key: value for key, value in to_json(trained).items() if key != "adapter"}
    card |= {"version": version.id, "run": context.run, "settings": settings(context)}
    write(folder / "card.json", json.dumps(card, indent=2, sort_keys=True) + "\n")
    versions.trained(context.db, version.id, models.adapter_hash(folder / "adapter"))
    shutil.rmtree(trained.adapter, ignore_errors=True)


def settings(context: Context) -> Json:
    """What of the settings a version's weights and its exam depend on."""
    return {"train": to_json(context.config.train), "exam": to_json(context.config.exam), "nightschool": __version__}


def _tried(context: Context, dataset: str, base: str) -> str | None:
    """The version that was made of the same examples, on the same base, under the same settings."""
    for version in versions.list_versions(context.db):
        card = context.home.versions / version.id / "card.json"
        same = version.dataset == dataset and version.base == base and version.run != context.run and card.is_file()
        if same and json.loads(card.read_text(encoding="utf-8")).get("settings") == settings(context):
            return version.id
    return None
