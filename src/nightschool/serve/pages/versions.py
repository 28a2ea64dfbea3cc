"""Versions: how each did in its exam, its answers beside those of others, and one click back."""

from __future__ import annotations

import sqlite3

from markupsafe import Markup

from nightschool import models
from nightschool.errors import UserError
from nightschool.models import shelf as folders
from nightschool.night import plot
from nightschool.night.report import Report
from nightschool.night.report import report as reported
from nightschool.records import Exam, Item, Json, Version, to_json
from nightschool.serve.commands import carried
from nightschool.serve.pages.paper import clean
from nightschool.serve.pages.visit import Done, Missing, Undo, View, Visit
from nightschool.store import nights, versions

EACH = 20
MOST_PAGES = 10**6
LONGEST = 1200
STATES = {
    "challenger": "on trial", "champion": "answers now", "earlier": "answered before", "refused": "refused",
    "kept": "not better beyond chance", "blocked": "blocked: rests on something forgotten",
}  # fmt: skip


def shelf(visit: Visit) -> View:
    """The base and every version, newest first."""
    with visit.store() as db:
        everything = [*reversed(versions.list_versions(db)), versions.get(db, versions.BASE)]
        rows = [_row(db, version) for version in everything]
        previous = versions.pointer(db, "previous") if versions.stands_at(
            db, "previous", versions.pointer(db, "previous")
        ) else ""  # fmt: skip
    data: Json = {"versions": rows, "previous": previous}
    return View(title="Versions", template="versions.html", data=data)


def _row(db: sqlite3.Connection, version: Version) -> Json:
    row: Json = to_json(version)
    pointers = [name for name in versions.POINTERS if versions.stands_at(db, name, version.id)]
    can = version.state not in ("challenger", "refused", "blocked") and "champion" not in pointers
    return row | {"pointers": pointers, "words": STATES[version.state], "can_answer": can}


def version(visit: Visit) -> View:
    """One version: its exam as dots with intervals, and its answers side by side with others'."""
    page, only = visit.number("page", 0, MOST_PAGES), visit.asked("only") != "all"
    with visit.store() as db:
        try:
            found = versions.get(db, visit.asked("id"))
        except UserError as error:
            raise Missing(error.message) from error
        made = reported(nights.get(db, found.run)) if found.run else None
        exam = _exam(db, found)
        row = _row(db, found)
    answers = _answers(exam, differing=only) if exam else []
    data: Json = {
        "version": row,
        "exam": to_json(made.exam) if made else [],
        "reasons": list(made.reasons) if made else [],
        "count": len(answers),
        "page": page,
        "only": only,
        "answers": answers[page * EACH : (page + 1) * EACH],
    }
    return View(title=found.id, template="version.html", data=data, extra=_drawn(made) | {"each": EACH})


def _drawn(made: Report | None) -> Json:
    if made is None or not made.exam:
        return {"drawing": "", "roles": ()}
    return {"drawing": Markup(plot.svg(made.exam)), "roles": plot.roles(made.exam)}


def _exam(db: sqlite3.Connection, found: Version) -> Exam | None:
    """The sitting that a version was examined in."""
    if not found.run:
        return None
    told = nights.results(db, [found.run])
    return nights.exam(db, str(told[found.run]["exam"])) if told else None


def _answers(exam: Exam, *, differing: bool) -> list[Json]:
    """Every question with what each version said without memory; what versions disagree on, or all."""
    outputs: dict[str, dict[str, Json]] = {}
    for score in exam.scores:
        version_id, _, told = score.arm.partition("+")
        if not told:
            said = {"text": clean(score.output[:LONGEST]), "value": score.value}
            outputs.setdefault(score.item, {})[version_id] = said
    order = [arm.version for arm in exam.arms if not arm.told]
    found = []
    for item in exam.items:
        by = outputs.get(item.id, {})
        given = {name: by[name] for name in order if name in by}
        if given and (not differing or len({answer["value"] for answer in given.values()}) > 1):
            found.append({"item": item.id, "task": item.task, "question": _question(item), "answers": given})
    return found


def _question(item: Item) -> str:
    asked = [str(message.get("content") or "") for message in item.prompt.messages if message.get("role") == "user"]
    return clean((asked[-1] if asked else "")[:LONGEST])


def rollback(visit: Visit) -> Done:
    """Let the previous version answer again."""
    with visit.store() as db:
        before = versions.pointer(db, "champion")
        now = folders.rollback(db, visit.home, models.fingerprint(visit.config.base.name))
    return _swapped(visit, before, now.id)


def promote(visit: Visit) -> Done:
    """Let a version answer that an exam has not found worse."""
    with visit.store() as db:
        before = versions.pointer(db, "champion")
        fingerprint = models.fingerprint(visit.config.base.name)
        now = folders.promote_by_hand(db, visit.home, visit.asked("id"), fingerprint)
    return _swapped(visit, before, now.id)


def _swapped(visit: Visit, before: str, now: str) -> Done:
    said = f"{now} answers now; before it was {before}"
    if carried(visit.person):
        said += ". It is on its way to where it is delivered"
    return Done(to="/versions", said=said, undo=Undo(label="Undo", path="/versions/rollback"))
