"""Compose and train: kept lessons to a frozen dataset, the dataset to a version on trial."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence

from nightschool import __version__, models
from nightschool.curate import dataset, holdout, probes
from nightschool.curate.compose import Material
from nightschool.curate.compose import compose as composed_from
from nightschool.curate.screen import question_of
from nightschool.errors import UserError
from nightschool.exam import items
from nightschool.models import shelf
from nightschool.night import consolidation, judge
from nightschool.night.context import Context
from nightschool.night.page import write
from nightschool.night.phrases import plural
from nightschool.records import Dataset, Example, Json, Lesson, Version, to_json
from nightschool.store import facts, lessons, nights, versions
from nightschool.store.database import transaction
from nightschool.train import Job, Progress, Refused, Trained
from nightschool.train.job import read_job
from nightschool.train.trained import MANIFEST, read_manifest

EARLIER = 30
"""Datasets that replay draws from; older rows live on in them, since each replays those before it."""


def compose(context: Context) -> Json:
    """Seal the holdout, set probes aside, and freeze what can be taught; with too little of it, say so."""
    db, config, model = context.db, context.config, context.base.get()
    shelf.check(context.home, versions.get(db, context.champion), model.fingerprint)
    found = lessons.lessons(db)
    held_out = _sealed(context, found)
    _reserve(context, found, held_out)
    material = Material(
        conversations=context.history().conversations,
        signals=tuple(lessons.signals(db)),
        lessons=tuple(found),
        held_out=held_out,
        probes=tuple(lessons.probes(db)),
        earlier=tuple(_earlier(context)),
        cache=context.datasets / "base",
        verdicts=judge.verdicts(context),
        bench=judge.bench(context),
        audits=_audits(context),
        proven=tuple(consolidation.material(context, held_out)),
    )
    frozen = composed_from(material, model, facts.live(db), config, context.advance)
    dataset.write(frozen, context.datasets)
    lessons.add_dataset(db, frozen, run=context.run, base=model.fingerprint)
    return {
        "dataset": frozen.hash,
        "base": model.fingerprint,
        "examples": dict(Counter(row.objective for row in frozen.examples)),
        "origins": dict(Counter(row.origin for row in frozen.examples)),
        "told": sum(row.told for row in frozen.examples),
        "held_out": len(held_out),
        "left_out": dict(frozen.left_out),
        "taught": _taught(context, frozen, found),
        "consolidated": sorted({row.source[0] for row in frozen.examples if row.origin == "fact"}),
        "reason": (
            _too_little(context, frozen)
            or _nothing_new(context, frozen, model.fingerprint)
            or _unexamined(context, found, held_out)
        ),
    }


def _sealed(context: Context, found: Sequence[Lesson]) -> frozenset[str]:
    """What this night keeps from training; a night that goes on keeps what it had sealed."""
    held_out = lessons.sealed(context.db, context.run)
    if not held_out:
        held_out = _enough(context, found)
        lessons.seal(context.db, context.run, held_out)
    return held_out


def _enough(context: Context, found: Sequence[Lesson]) -> frozenset[str]:
    """Seal until the exam can really make as many questions as the gate asks for, or there is no more to seal."""
    db, history = context.db, context.history().conversations
    read, remembered, needed = lessons.signals(db), facts.live(db), context.config.exam.min_items
    held_out: frozenset[str] = frozenset()
    # Some clear turns give no question: up to four times as many may have to be looked at.
    for quarter in range(4, 17):
        held_out = holdout.seal(
            history,
            read,
            share=context.config.curate.holdout_share,
            trained=lessons.trained(db),
            lessons=found,
            min_items=needed * quarter // 4,
        )
        if len(items.personal(history, found, read, held_out, remembered)[0]) >= needed:
            break
    return held_out


def _reserve(context: Context, found: Sequence[Lesson], held_out: frozenset[str]) -> None:
    db = context.db
    missing = probes.reserve(
        found,
        context.history().conversations,
        held_out=held_out,
        trained=lessons.trained(db),
        existing=lessons.probes(db),
    )
    lessons.add_probes(db, missing)


def _earlier(context: Context) -> list[Example]:
    """Rows of earlier nights, oldest first; a dataset that is damaged or gone is made do without."""
    rows: list[Example] = []
    for entry in lessons.datasets(context.db)[-EARLIER:]:
        if entry.run == context.run:
            continue
        try:
            rows += dataset.read(context.home.datasets, entry.hash).examples
        except UserError:
            continue
    return rows


def _audits(context: Context) -> dict[str, list[float]]:
    """How the lessons' probes did night after night, as the version answered that was champion from then on."""
    found: dict[str, list[float]] = {}
    for night in nights.list_nights(context.db):
        examine = night.output("examine")
        who = "challenger" if night.champion_after == examine.get("challenger") else "champion"
        for score in examine.get("old_lessons", ()):
            found.setdefault(score["lesson"], []).append(score[who])
    return found


def _taught(context: Context, frozen: Dataset, found: Sequence[Lesson]) -> list[Json]:
    """The lessons that have rows tonight and had none in what the champion was made of."""
    champion = versions.get(context.db, context.champion)
    known = {row.lesson_id for row in _rows(context, champion)}
    rows = Counter(row.lesson_id for row in frozen.examples if row.lesson_id)
    return [
        {
            "id": lesson.id,
            "kind": lesson.kind,
            "text": lesson.text,
            "conversation": lesson.conversation_id,
            "created": lesson.created,
            "rows": rows[lesson.id],
        }
        for lesson in found
        if lesson.id in rows and lesson.id not in known
    ]


def _rows(context: Context, version: Version) -> tuple[Example, ...]:
    """What a version was made of; nothing where that is not on disk any more."""
    try:
        return dataset.read(context.home.datasets, version.dataset).examples if version.dataset else ()
    except UserError:
        return ()


def _too_little(context: Context, frozen: Dataset) -> str:
    tonight = sum(row.origin == "tonight" for row in frozen.examples)
    needed = context.config.curate.min_examples
    if tonight >= needed:
        return ""
    has = plural(tonight, "example") if tonight else "no example"
    return f"There is too little to learn from: the history gives {has}, and a night needs {needed}"


def _nothing_new(context: Context, frozen: Dataset, base: str) -> str:
    """Say so where a version was made of the same lessons under the same settings, and of nearly all of the rows."""
    tonight = {_says(row) for row in frozen.examples if row.origin == "tonight"}
    for version in reversed(versions.list_versions(context.db)):
        card = context.home.versions / version.id / "card.json"
        if version.base != base or version.run == context.run or not card.is_file():
            continue
        rows = _rows(context, version)
        if _lessons_of(frozen.examples) != _lessons_of(rows):
            continue
        new = len(tonight - {_says(row) for row in rows})
        same = json.loads(card.read_text(encoding="utf-8")).get("settings") == settings(context)
        if same and new < context.config.curate.min_examples:
            but = (
                f" but {plural(new, 'example')}, and a night needs {context.config.curate.min_examples}" if new else ""
            )
            return f"There is nothing new to learn since {version.id} was made{but}"
    return ""


def _unexamined(context: Context, found: Sequence[Lesson], held_out: frozenset[str]) -> str:
    """Say so where a version could only be refused: fewer questions of the person's own than the gate asks for."""
    db, needed = context.db, context.config.exam.min_items
    asked, _ = items.personal(context.history().conversations, found, lessons.signals(db), held_out, facts.live(db))
    if len(asked) >= needed:
        return ""
    return (
        f"There is too little to examine a new version by: {plural(len(asked), 'question')} of your own, and"
        f" {needed} are needed: {needed - len(asked)} more clear outcomes in newer conversations"
    )


def _lessons_of(rows: Sequence[Example]) -> set[str]:
    return {row.lesson_id for row in rows if row.lesson_id}


def _says(row: Example) -> str:
    """What a row teaches, without what was said before its question."""
    return json.dumps([row.objective, question_of(row.prompt), row.chosen, row.rejected, row.label], sort_keys=True)


def train(context: Context) -> Json:
    """Train tonight's dataset from the base, in a child; where that would not be honest, say why."""
    composed = context.outputs["compose"]
    if composed["reason"]:
        return {"version": None, "reason": composed["reason"]}
    try:
        trained = _trained(context, job(context))
    except Refused as refused:
        return {"version": None, "reason": refused.reason}
    version = _registered(context, trained)
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
        dataset=dataset.path(context.datasets, composed["dataset"]),
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


def _registered(context: Context, trained: Trained) -> Version:
    """The version that this night makes; UserError where its dataset was forgotten while it trained."""
    with transaction(context.db) as db:
        if not any(entry.hash == trained.dataset for entry in lessons.datasets(db)):
            raise UserError(
                "Something that tonight's dataset rests on was forgotten while it was trained; the adapter is not used",
                hint="Run `nightschool sleep` again; it starts without what was forgotten",
            )
        made = versions.of_run(db, context.run)
        return made or versions.create(db, base=trained.base, dataset=trained.dataset, run=context.run)


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
