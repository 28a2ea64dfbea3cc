"""The inbox of lessons: what was heard, why it was taken or not, and the person's word on it."""

from __future__ import annotations

import sqlite3
from typing import get_args

from nightschool.curate import by_hand
from nightschool.records import DOUBTED, Json, Lesson, LessonState, to_json
from nightschool.serve.pages.paper import clean
from nightschool.serve.pages.visit import Done, Missing, Undo, View, Visit
from nightschool.store import conversations as history
from nightschool.store import lessons

STATES: tuple[LessonState, ...] = ("asked", "proposed", "kept", "dropped", "superseded")
EACH = 40
WAITING = ("asked", "proposed")
MOST_PAGES = 10**6


def inbox(visit: Visit) -> View:
    """Lessons of one state; those that wait for a word stand first."""
    with visit.store() as db:
        everything = lessons.lessons(db)
    counts = {state: sum(lesson.state == state for lesson in everything) for state in STATES}
    chosen = visit.asked("state") or next((state for state in STATES if counts[state]), "asked")
    chosen = chosen if chosen in get_args(LessonState) else "asked"
    page = visit.number("page", 0, MOST_PAGES)
    found = sorted((one for one in everything if one.state == chosen), key=lambda one: -one.created)
    data: Json = {
        "state": chosen,
        "counts": counts,
        "page": page,
        "count": len(found),
        "lessons": [_row(one) for one in found[page * EACH : (page + 1) * EACH]],
    }
    return View(title="Lessons", template="lessons.html", data=data, extra={"each": EACH})


def _row(lesson: Lesson) -> Json:
    row: Json = to_json(lesson)
    return row | {"text": clean(lesson.text), "why": why(lesson), "waits": lesson.state in WAITING}


def why(lesson: Lesson) -> str:
    """The reason in a person's words."""
    opening, _, rest = lesson.reason.partition(" ")
    known = {
        "stated as a rule": "You said it as a rule",
        "corrected again and again": "You corrected it again and again",
        "said again and again": "You said it again and again",
        "corrected once": "You corrected it once: shall it hold from now on?",
        "said once": "You said it once, and not as a rule",
        "passing": "It was for the moment",
        "the model's own reading": "I made it out of what happened; you did not say it: shall it hold?",
        DOUBTED: "You complained when I followed it: does it still hold?",
        "by the person: kept": "You kept it",
        "by the person: dropped": "You dropped it",
        "by the person: revised": "You put it so",
    }
    if lesson.reason in known:
        return known[lesson.reason]
    if opening == "contradicts":
        return f"It goes against another wish of yours ({rest})"
    if opening == "superseded":
        return f"A newer wish took its place ({rest.removeprefix('by ')})"
    return clean(lesson.reason).capitalize()


def lesson(visit: Visit) -> View:
    """One lesson: why it stands as it stands, the words it rests on, every state it had."""
    with visit.store() as db:
        found = _found(db, visit)
        past = lessons.history(db, found.id)
        sources = [{"message": key, "conversation": history.message_conversation(db, key)} for key in found.source]
    data: Json = {
        "lesson": _row(found),
        "sources": [source for source in sources if source["conversation"]],
        "history": [{"when": when, "state": one.state, "text": clean(one.text), "why": why(one)} for when, one in past],
    }
    return View(title=clean(found.text), template="lesson.html", data=data)


def _found(db: sqlite3.Connection, visit: Visit) -> Lesson:
    found = lessons.get(db, visit.asked("id"))
    if found is None or found.state == "forgotten":
        raise Missing("There is no such lesson", hint="It may have been forgotten")
    return found


def keep(visit: Visit) -> Done:
    """Let a lesson be taught."""
    with visit.store() as db:
        kept = by_hand.keep(db, _found(db, visit).id)
    return _done(visit, kept, "Kept")


def drop(visit: Visit) -> Done:
    """Let it be."""
    with visit.store() as db:
        dropped = by_hand.drop(db, _found(db, visit).id)
    return _done(visit, dropped, "Dropped")


def revise(visit: Visit) -> Done:
    """Put it in other words."""
    with visit.store() as db:
        revised = by_hand.revise(db, _found(db, visit).id, visit.form.get("text", ""))
    return _done(visit, revised, "Kept in your words")


def undo(visit: Visit) -> Done:
    """Take the last word on it back."""
    with visit.store() as db:
        by_hand.undo(db, _found(db, visit).id)
    return Done(to=_back(visit), said="Taken back")


def _done(visit: Visit, settled: Lesson, what: str) -> Done:
    undo = Undo(label="Undo", path=f"/lessons/{settled.id}/undo", fields={"from": visit.form.get("from", "")})
    return Done(to=_back(visit), said=f"{what}: {clean(settled.text)}", undo=undo)


def _back(visit: Visit) -> str:
    """The list that the form stood in."""
    state = visit.form.get("from", "")
    return f"/lessons?state={state}" if state in STATES else "/lessons"
