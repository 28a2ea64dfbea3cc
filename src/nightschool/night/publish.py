"""Publish and report: one pointer moves or none does, and the morning report is written down."""

from __future__ import annotations

import dataclasses
import shutil

from nightschool.models import shelf
from nightschool.night import delivery, page, text
from nightschool.night.context import Context
from nightschool.night.edits import settle
from nightschool.night.report import report as made
from nightschool.records import Json, Version, to_json
from nightschool.store import nights, versions

KEPT = 5
"""Adapters that stay on disk beside those that answer; older ones can be trained again from their dataset."""


def publish(context: Context) -> Json:
    """Let the challenger answer if it was promoted; otherwise note what became of it."""
    db, name = context.db, context.outputs["train"]["version"]
    if name:
        outcome = context.outputs["decide"]["outcome"]
        if outcome == "promote":
            shelf.promote(db, context.home, name, context.outputs["compose"]["base"])
            settle(context)
        else:
            versions.set_state(db, name, "kept" if outcome == "keep" else "refused")
    return {
        "champion": versions.pointer(db, "champion"),
        "previous": versions.pointer(db, "previous"),
        "removed": _prune(context),
        "deliveries": [to_json(each) for each in delivery.carry(db, context.home, context.config, context.base.get)],
    }


def _prune(context: Context) -> list[str]:
    """Remove the adapters of all but the newest few versions that nothing points at."""
    pointed = {versions.pointer(context.db, name) for name in ("champion", "previous", "challenger")}
    others = [version for version in versions.list_versions(context.db) if version.id not in pointed]
    return [version.id for version in others[:-KEPT] if _removed(context, version)]


def _removed(context: Context, version: Version) -> bool:
    folder = shelf.adapter_of(context.home, version)
    if folder is None or not folder.exists():
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return True


def report(context: Context) -> Json:
    """Write the report beside the run's log: as a page, as Markdown and as JSON."""
    night = nights.get(context.db, context.run)
    ended = dataclasses.replace(night, state="done", champion_after=versions.pointer(context.db, "champion"))
    earlier = [other for other in nights.list_nights(context.db) if other.started < night.started]
    told = made(ended, earlier)
    folder = context.home.runs / context.run
    page.write(folder / "report.html", page.html(told))
    page.write(folder / "report.md", text.markdown(told))
    return {"headline": told.headline, "title": told.title, "page": str(folder / "report.html")}
