"""Open questions and reflections; nothing is overwritten, the newest row of an id counts."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from nightschool.errors import UserError
from nightschool.records import Lesson, Question, QuestionState, Reflection, from_json, to_json
from nightschool.store import lessons
from nightschool.store.database import transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Thought:
    """A reflection with the night it was had in."""

    reflection: Reflection
    run: str
    known_from: float


def keep(
    db: sqlite3.Connection, run: str, question: Question | None, reflection: Reflection | None, lesson: Lesson | None
) -> None:
    """Store what one thought left, all of it or nothing."""
    with transaction(db):
        if question is not None and get_question(db, question.id) != question:
            db.execute(
                "INSERT INTO questions (id, state, body, known_from) VALUES (?, ?, ?, ?)",
                (question.id, question.state, _text(question), time.time()),
            )
        if reflection is not None and not _is_newest(db, reflection):
            db.execute(
                "INSERT INTO reflections (id, run, body, known_from) VALUES (?, ?, ?, ?)",
                (reflection.id, run, _text(reflection), time.time()),
            )
        if lesson is not None:
            lessons.put(db, [lesson])


def questions(db: sqlite3.Connection, states: Sequence[QuestionState] = ()) -> list[Question]:
    """Return the questions as they are now, newest first, all or those in some states."""
    rows = db.execute("SELECT body FROM questions WHERE number IN (SELECT max(number) FROM questions GROUP BY id)")
    read = [from_json(Question, json.loads(row["body"])) for row in rows]
    return sorted((q for q in read if not states or q.state in states), key=lambda q: (-q.opened, q.id))


def get_question(db: sqlite3.Connection, question_id: str) -> Question | None:
    """Return one question as it is now, or None."""
    row = db.execute("SELECT body FROM questions WHERE id = ? ORDER BY number DESC LIMIT 1", (question_id,)).fetchone()
    return from_json(Question, json.loads(row["body"])) if row else None


def close(db: sqlite3.Connection, question_id: str, note: str) -> Question:
    """Close a question by hand; UserError where there is none of that id."""
    question = get_question(db, question_id)
    if question is None:
        raise UserError(f"There is no question {question_id!r}", hint="`nightschool questions list` names them")
    closed = replace(question, state="closed", note=note)
    keep(db, "", closed, None, None)
    return closed


def thoughts(db: sqlite3.Connection, run: str = "") -> list[Thought]:
    """Return the reflections as they are now, newest first, all or those of one night."""
    rows = db.execute(
        "SELECT body, run, known_from FROM reflections WHERE number IN"
        " (SELECT max(number) FROM reflections GROUP BY id) ORDER BY number DESC"
    )
    read = [
        Thought(reflection=from_json(Reflection, json.loads(row["body"])), run=row["run"], known_from=row["known_from"])
        for row in rows
    ]
    return [thought for thought in read if not run or thought.run == run]


def get(db: sqlite3.Connection, reflection_id: str) -> Thought:
    """Return one reflection; UserError where there is none of that id."""
    found = next((thought for thought in thoughts(db) if thought.reflection.id == reflection_id), None)
    if found is None:
        raise UserError(f"There is no reflection {reflection_id!r}", hint="`nightschool reflections list` names them")
    return found


def offer(db: sqlite3.Connection) -> Question | None:
    """Return the newest settled question that the person was not told of yet, and note that they are now."""
    for question in questions(db, ["settled"]):
        thought = next((one.reflection for one in thoughts(db) if one.reflection.about == question.id), None)
        if thought is None or thought.state not in ("noted", "kept") or question.offered:
            continue
        keep(db, "", replace(question, offered=True), None, None)
        return question
    return None


def forget(db: sqlite3.Connection, gone: Set[str]) -> int:
    """Drop thoughts and questions that rest on messages or facts that are forgotten; only a forget may call this."""
    about = set()
    for row in db.execute("SELECT number, body FROM reflections").fetchall():
        thought = from_json(Reflection, json.loads(row["body"]))
        if not gone.isdisjoint(thought.source):
            about |= {thought.about}
            db.execute("DELETE FROM reflections WHERE number = ?", (row["number"],))
    dropped = len(about)
    for row in db.execute("SELECT number, body FROM questions").fetchall():
        question = from_json(Question, json.loads(row["body"]))
        if question.id in about or not gone.isdisjoint(question.source):
            db.execute("DELETE FROM questions WHERE number = ?", (row["number"],))
            dropped += 1
    return dropped


def _is_newest(db: sqlite3.Connection, reflection: Reflection) -> bool:
    row = db.execute(
        "SELECT body FROM reflections WHERE id = ? ORDER BY number DESC LIMIT 1", (reflection.id,)
    ).fetchone()
    return row is not None and from_json(Reflection, json.loads(row["body"])) == reflection


def _text(record: Question | Reflection) -> str:
    return json.dumps(to_json(record), ensure_ascii=False)
