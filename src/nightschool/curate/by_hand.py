"""What a person decides of a lesson or a thought: keep, drop, revise, and take that back. No later reading changes it.

A lesson that is kept is told to memory at once, so that it holds from the next answer on and not from the
next night.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from typing import Literal

from nightschool import rules
from nightschool.curate.reconcile import BY_THE_PERSON, as_fact
from nightschool.errors import UserError
from nightschool.records import Fact, Lesson
from nightschool.store import changes, facts, judges, lessons, reflections, revision
from nightschool.store.database import transaction
from nightschool.store.reflections import Thought


def keep(db: sqlite3.Connection, lesson_id: str) -> Lesson:
    """Let a lesson be taught."""
    return _settle(db, replace(_found(db, lesson_id), state="kept", reason=f"{BY_THE_PERSON}: kept"))


def drop(db: sqlite3.Connection, lesson_id: str) -> Lesson:
    """Let a lesson be, and tell its wish no more."""
    return _settle(db, replace(_found(db, lesson_id), state="dropped", reason=f"{BY_THE_PERSON}: dropped"))


def revise(db: sqlite3.Connection, lesson_id: str, text: str) -> Lesson:
    """Put the person's new words in a lesson's place, with the rule that they mean."""
    if not text.strip():
        raise UserError("The lesson is empty", hint="Drop it instead")
    revised = replace(_found(db, lesson_id), text=text.strip(), rule=rules.parse(text.strip()))
    return _settle(db, replace(revised, state="kept", reason=f"{BY_THE_PERSON}: revised"))


def undo(db: sqlite3.Connection, lesson_id: str) -> Lesson:
    """Bring back what a lesson was before it changed last; UserError where it never changed."""
    past = [lesson for _, lesson in lessons.history(db, lesson_id)]
    if len(past) < 2:
        raise UserError(f"Lesson {lesson_id!r} was never changed", hint="Keep, drop or revise it")
    return _settle(db, past[-2])


def settle_thought(db: sqlite3.Connection, thought_id: str, state: Literal["kept", "dropped"]) -> Thought:
    """Keep or drop a thought with the candidate that it became; the choice counts as a label for the judges.

    Of two answers to one question the person prefers the new one by keeping it: the old one was bad. To drop it
    says nothing of the old one, which somebody complained of, and takes an earlier choice back.
    """
    thought = reflections.get(db, thought_id)
    settled = replace(thought.reflection, state=state)
    with transaction(db):
        reflections.keep(db, thought.run, None, settled, None)
        if settled.lesson_id and lessons.get(db, settled.lesson_id) is not None:
            (keep if state == "kept" else drop)(db, settled.lesson_id)
        turn = {"critique": settled.about, "revisit": next(iter(settled.source), "")}.get(settled.kind)
        if turn and settled.before and (state == "kept" or turn in judges.labels(db)):
            judges.put_label(db, turn, -1 if state == "kept" else 0)
    return replace(thought, reflection=settled)


def _found(db: sqlite3.Connection, lesson_id: str) -> Lesson:
    lesson = lessons.get(db, lesson_id)
    if lesson is None or lesson.state == "forgotten":
        raise UserError(f"There is no lesson {lesson_id!r}", hint="`nightschool lessons list` names them")
    return lesson


def _settle(db: sqlite3.Connection, lesson: Lesson) -> Lesson:
    """Store a lesson as it stands, and bring memory into line with it."""
    former = lessons.get(db, lesson.id)
    with transaction(db):
        lessons.put(db, [lesson])
        _remember(db, lesson, {lesson.text, former.text if former else lesson.text})
    return lesson


def _remember(db: sqlite3.Connection, lesson: Lesson, texts: set[str]) -> None:
    wish = as_fact(lesson)
    told = [
        fact for fact in facts.live(db) if fact.id == wish.id or (fact.kind == wish.kind and fact.sentence in texts)
    ]
    if lesson.state != "kept":
        for fact in told:
            revision.end(db, fact.id, time.time())
    elif told and told[0].sentence != wish.sentence:
        revision.revise(db, told[0].id, wish.sentence)
    elif not told and not _told_again(db, wish):
        facts.add(db, wish)


def _told_again(db: sqlite3.Connection, wish: Fact) -> bool:
    """Take back the end of a wish that memory held before."""
    for fact in facts.history(db):
        if fact.kind == wish.kind and fact.sentence == wish.sentence:
            past = [change for change in changes.of(db, fact.id) if change.undone is None]
            if past and past[-1].op == "ended":
                revision.undo(db, fact.id)
                return True
    return False
