"""What the history leaves open, and what the model thought of it: shown, closed, kept or dropped."""

from __future__ import annotations

from nightschool.curate import by_hand
from nightschool.errors import UserError
from nightschool.records import Json, to_json
from nightschool.serve.pages.paper import clean
from nightschool.serve.pages.visit import Done, View, Visit
from nightschool.store import reflections

MOST, MOST_SETTLED = 60, 10


def open_ones(visit: Visit) -> View:
    """Open questions, what was settled last, and the newest reflections with the checks they passed or failed."""
    with visit.store() as db:
        asked = reflections.questions(db, ("open",))
        settled = reflections.questions(db, ("settled",))
        thoughts = reflections.thoughts(db)
    data: Json = {
        "questions": [_masked(to_json(question), ("text", "note")) for question in asked[:MOST]],
        "settled": [_masked(to_json(question), ("text", "note")) for question in settled[:MOST_SETTLED]],
        "reflections": [
            _masked(to_json(thought.reflection), ("asked", "before", "after")) | {"run": thought.run}
            for thought in thoughts[:MOST]
        ],
        "more": max(0, len(asked) - MOST) + max(0, len(thoughts) - MOST),
    }
    return View(title="Questions", template="questions.html", data=data)


def _masked(row: Json, fields: tuple[str, ...]) -> Json:
    return row | {name: clean(str(row.get(name) or "")) for name in fields}


def close(visit: Visit) -> Done:
    """Let no night ask a question again."""
    with visit.store() as db:
        reflections.close(db, visit.asked("id"), "closed by the person")
    return Done(to="/questions", said="Closed")


def settle(visit: Visit) -> Done:
    """Keep or drop a reflection."""
    choice = visit.form.get("choice", "")
    if choice not in ("kept", "dropped"):
        raise UserError("Choose whether to keep or to drop it")
    with visit.store() as db:
        by_hand.settle_thought(db, visit.asked("id"), "kept" if choice == "kept" else "dropped")
    return Done(to="/questions", said="Kept" if choice == "kept" else "Dropped")
