"""Facts: what memory holds, where it is held, where it came from; edit, settle, forget."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence

from nightschool.errors import UserError
from nightschool.night.phrases import plural
from nightschool.records import Fact, Json, to_json
from nightschool.serve.pages.paper import clean
from nightschool.serve.pages.visit import Done, Missing, Undo, View, Visit
from nightschool.store import changes, facts, forgetting, held, lessons, revision
from nightschool.store import conversations as history
from nightschool.store.revision import Settled
from nightschool.wake import hearing

EACH = 40
MOST_PAGES = 10**6
CHOICES: tuple[Settled, ...] = ("new", "old", "both")


def shelf(visit: Visit) -> View:
    """What holds now, newest first or best match first, and what waits to be settled."""
    asked, page = visit.asked("q").strip()[:400], visit.number("page", 0, MOST_PAGES)
    with visit.store() as db:
        found, count = held.page(db, asked, limit=EACH, offset=page * EACH)
        places = held.places(db, found)
        waiting = [] if asked or page else held.waiting(db)
    data: Json = {
        "query": asked,
        "page": page,
        "count": count,
        "facts": [_row(fact, places[fact.id]) for fact in found],
        "waiting": [{"new": _row(new, "nowhere"), "old": _row(old, places.get(old.id, "context"))}
                    for new, old in waiting],
    }  # fmt: skip
    return View(title="Facts", template="facts.html", data=data, extra={"each": EACH})


def _row(fact: Fact, place: str) -> Json:
    row: Json = to_json(fact)
    return row | {"sentence": clean(fact.sentence), "object": clean(fact.object), "held": place}


def fact(visit: Visit) -> View:
    """One fact: where it is held, what it rests on, how it changed."""
    with visit.store() as db:
        found = _found(db, visit)
        place = held.places(db, [found])[found.id]
        past = changes.of(db, found.id)
        sources = [{"message": key, "conversation": history.message_conversation(db, key)} for key in found.source]
        lesson = lessons.get(db, found.id.removeprefix("f-")) if found.id.startswith("f-l-") else None
    data: Json = {
        "fact": _row(found, place),
        "sources": [source for source in sources if source["conversation"]],
        "changes": [{"when": change.known, "what": change.op, "undone": change.undone is not None} for change in past],
        "lesson": lesson.id if lesson else None,
    }
    return View(title=clean(found.sentence), template="fact.html", data=data)


def _found(db: sqlite3.Connection, visit: Visit) -> Fact:
    found = facts.get(db, visit.asked("id"))
    if found is None or found.state == "forgotten":
        raise Missing("Memory holds no such fact", hint="It may have been forgotten")
    return found


def add(visit: Visit) -> Done:
    """Tell one sentence."""
    sentence = visit.form.get("sentence", "")
    if not sentence.strip():
        raise UserError("The sentence is empty", hint="Write one, such as: I live in Oslo.")
    told = hearing.one(sentence, preference=bool(visit.form.get("preference")))
    with visit.store() as db:
        stored = facts.add(db, told)
    return Done(to="/facts", said=f"Remembered: {clean(stored.sentence)}", undo=_undo(stored.id))


def revise(visit: Visit) -> Done:
    """Put other words in a fact's place; the old ones stay in the history."""
    since = time.time() if visit.form.get("since") == "now" else None
    sentence = visit.form.get("sentence", "")
    with visit.store() as db:
        found, meaning = _found(db, visit), hearing.meaning(sentence)
        revised = revision.revise(db, found.id, sentence, since=since, meaning=meaning)
    return Done(to="/facts", said=f"Changed: {clean(revised.sentence)}", undo=_undo(revised.id))


def undo(visit: Visit) -> Done:
    """Take back the last change of a fact."""
    with visit.store() as db:
        revision.undo(db, _found(db, visit).id)
    return Done(to="/facts", said="Taken back")


def settle(visit: Visit) -> Done:
    """Say which of two contradicting facts holds."""
    choice = next((known for known in CHOICES if known == visit.form.get("choice")), None)
    if choice is None:
        raise UserError("Choose which of the two holds")
    with visit.store() as db:
        holding = revision.settle(db, visit.asked("id"), choice)
    return Done(to="/facts", said="Settled", undo=_undo(holding[0].id) if holding else None)


def forget(visit: Visit) -> Done:
    """Erase a fact everywhere; there is no way back, so the box has to be ticked."""
    if visit.form.get("sure") != "yes":
        raise UserError("Tick the box first", hint="Forgetting erases the sentence everywhere and cannot be undone")
    from nightschool.night import delivery

    with visit.store() as db:
        gone = forgetting.forget(db, visit.home, _found(db, visit).id)
        taken = delivery.take_back(db, visit.home, visit.config)
    blocked = f"; {', '.join(gone.versions)} will not answer again" if gone.versions else ""
    blocked += "".join(f"; {each.place}: {each.name} {each.state}" for each in taken)
    blocked += f"; not looked into: {', '.join(gone.packed)}" if gone.packed else ""
    held = f"{plural(gone.messages, 'message')} that held it"
    held += f" and {plural(gone.echoes, 'sentence')} that echoed it" if gone.echoes else ""
    return Done(to="/facts", said=f"Forgotten, with {held}{blocked}")


def _undo(fact_id: str) -> Undo:
    return Undo(label="Undo", path=f"/facts/{fact_id}/undo")


def sentences(found: Sequence[Fact]) -> list[str]:
    """The words of some facts, as they may be shown."""
    return [clean(fact.sentence) for fact in found]
