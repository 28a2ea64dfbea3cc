"""Nights: the last report, all of them as a strip, how one that runs is getting on."""

from __future__ import annotations

import sqlite3
import time
from urllib.parse import quote

from markupsafe import Markup, escape

from nightschool.errors import UserError
from nightschool.night import pacing, page
from nightschool.night.document import document
from nightschool.night.lock import only_one
from nightschool.night.report import Report
from nightschool.night.report import report as reported
from nightschool.records import Json, Night, to_json
from nightschool.serve.commands import begun
from nightschool.serve.pages import trends
from nightschool.serve.pages.visit import Done, Missing, Undo, View, Visit
from nightschool.store import nights, versions
from nightschool.store.comparison import FEWEST, differences, sides
from nightschool.store.weeks import weeks

SHOWN = 1000
EXAMINED = 60
"""Nights whose exams are read for the trends."""
BEFORE = 7
"""Earlier nights that a report looks back on."""
BEGIN_SECONDS = 5.0


def report(visit: Visit) -> View:
    """The last night's report, or what to do where there was none."""
    with visit.store() as db:
        last = nights.latest(db)
        if last is None:
            data = {"report": None, "progress": _progress(visit, None)}
            return View(title="Good morning", template="welcome.html", data=data)
        return _report(visit, db, last)


def night(visit: Visit) -> View:
    """One night's report."""
    with visit.store() as db:
        try:
            found = nights.get(db, visit.asked("run"))
        except UserError as error:
            raise Missing(error.message, hint="All of them stand under Nights") from error
        return _report(visit, db, found)


def _report(visit: Visit, db: sqlite3.Connection, found: Night) -> View:
    earlier = [nights.get(db, line.run) for line in reversed(nights.lines(db, BEFORE, found.started))]
    made = reported(found, earlier)
    champion = versions.pointer(db, "champion")
    data = document(made) | {"progress": _progress(visit, found if found.state == "running" else None)}
    extra = {
        "body": _linked(made),
        "made": made,
        "rollback": _back(made, champion),
    }
    return View(title=f"{made.title} · {made.date}", template="report.html", data=data, extra=extra)


def _linked(made: Report) -> Markup:
    """The report with a way to the words that each thing rests on."""
    body = page.body(made)  # Made by our own template, which escapes whatever a person or a model said.
    for key in {item.conversation for item in made.learnt if item.conversation}:
        plain = f"Conversation <code>{escape(key[:12])}</code>"
        body = body.replace(plain, f'<a href="/conversations/{quote(key)}">{plain}</a>')
    return Markup(body)


def _back(made: Report, champion: str) -> str:
    """The version that a rollback brings back, where this night's still answers."""
    return made.champion_before if made.undo and champion == made.champion_after else ""


def strip(visit: Visit) -> View:
    """Every night as a mark, the newest figures against what is usual, and the person's weeks."""
    with visit.store() as db:
        lines = nights.lines(db, SHOWN)
        results = nights.results(db, [line.run for line in lines[:EXAMINED]])
        told = weeks(db)
        compared = sides(db)
    apart = differences(compared)
    exam = trends.exam_trends(list(reversed(lines[:EXAMINED])), results)
    weekly = trends.week_trends(told[-52:])
    data: Json = {
        "nights": [to_json(line) | {"headline": trends.headline(line)} for line in lines],
        "trends": [to_json(trend) | {"verdict": trends.verdict(trend)} for trend in (*exam, *weekly)],
        "weeks": to_json(told),
        "compared": to_json(compared),
        "differences": to_json(apart),
        "progress": _progress(visit, None),
    }
    extra = {
        "calendar": Markup(trends.calendar(list(reversed(lines)))),
        "exam": [_drawn(trend) for trend in exam],
        "spans": [([side for side in compared if side.begins == gap.begins], gap) for gap in apart],
        "weekly": [_drawn(trend) for trend in weekly],
        "recent": [(line, trends.headline(line), trends.words(line)) for line in lines[:30]],
        "enough": trends.ENOUGH,
        "fewest": FEWEST,
    }
    return View(title="Nights", template="nights.html", data=data, extra=extra)


def _drawn(trend: trends.Trend) -> Json:
    return {
        "name": trend.name,
        "value": trends.figure(trend.last, trend.unit),
        "n": trend.n,
        "verdict": trends.verdict(trend),
        "drawing": Markup(trends.spark(trend)),
    }


def progress(visit: Visit) -> View:
    """How the running night is getting on, as a piece of a page that asks again by itself."""
    data = {"progress": _progress(visit, None)}
    return View(title="Tonight", template="progress.html", data=data)


def _progress(visit: Visit, running: Night | None) -> Json | None:
    """What the night at work has done; None where none is at work."""
    if not _asleep(visit):
        return None
    if running is None:
        with visit.store() as db:
            last = nights.latest(db)
        running = last if last is not None and last.state == "running" else None
    now = pacing.standing(visit.home.runs / running.run) if running else None
    told: Json = to_json(now or pacing.Standing(stage="Beginning"))
    done, total = told["done"], told["total"]
    told["share"] = min(1.0, done / total) if total else None
    told["stage_seconds"] = round(max(0.0, time.time() - told["since"])) if told["since"] else 0
    told["run"] = running.run if running else ""
    told["paused"] = pacing.reason(visit.home.pause) or ""
    return told


def _asleep(visit: Visit) -> bool:
    """Whether a night holds the lock of this home."""
    if not visit.home.lock.exists():
        return False
    try:
        with only_one(visit.home.lock):
            return False
    except UserError:
        return True


def begin(visit: Visit) -> Done:
    """Run a night now, in a process of its own that outlives this page."""
    if not begun(visit.person):
        raise UserError("A night is running already", hint="Its progress stands under Nights")
    deadline = time.monotonic() + BEGIN_SECONDS
    while not _asleep(visit) and time.monotonic() < deadline:
        time.sleep(0.1)
    return Done(to="/nights", said="The night begins; who answers changes only if it passes its exam")


def pause(visit: Visit) -> Done:
    """Let the running night wait."""
    pacing.hold(visit.home.pause, "by hand")
    return Done(to="/nights", said="The night waits", undo=Undo(label="Go on", path="/night/resume"))


def resume(visit: Visit) -> Done:
    """Let it go on."""
    pacing.release(visit.home.pause)
    return Done(to="/nights", said="The night goes on")
