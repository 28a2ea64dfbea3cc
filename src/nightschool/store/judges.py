"""What judges said, planted controls included, and what the person said of the same answers.

Every row is written as it comes, in a transaction of its own, so that a run that is cut off loses nothing.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nightschool.records import Opinion, from_json, to_json
from nightschool.store.database import transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An opinion with what it is about."""

    run: str
    turn_id: str
    conversation_id: str
    control: str
    opinion: Opinion


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """The one turn that a day asks the person about."""

    day: str
    turn_id: str
    conversation_id: str


def add_opinion(
    db: sqlite3.Connection,
    opinion: Opinion,
    *,
    run: str,
    turn_id: str = "",
    conversation_id: str = "",
    control: str = "",
) -> None:
    """Keep what one judge said."""
    overall = opinion.scores["overall"] if opinion.scores is not None else None
    body = json.dumps(to_json(opinion), ensure_ascii=False)
    columns = "run, judge, subject, turn_id, conversation_id, control, overall, body, known_from"
    row = (run, opinion.judge, opinion.subject, turn_id, conversation_id, control, overall, body, time.time())
    with transaction(db):
        db.execute(f"INSERT INTO opinions ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def add_comparison(db: sqlite3.Connection, *, run: str, judge: str, pair: str, orders: tuple[str, str]) -> None:
    """Keep what one judge said of a planted pair in both orders."""
    with transaction(db):
        db.execute(
            "INSERT INTO comparisons (run, judge, pair, one, other, known_from) VALUES (?, ?, ?, ?, ?, ?)",
            (run, judge, pair, *orders, time.time()),
        )


def known(db: sqlite3.Connection, judge: str, run: str) -> frozenset[str]:
    """Name what a judge need not be asked again in a run: what it has scored, and all that this run asked of it."""
    rows = db.execute(
        "SELECT subject FROM opinions WHERE judge = ? AND ((control = '' AND overall IS NOT NULL) OR run = ?)"
        " UNION SELECT pair FROM comparisons WHERE judge = ? AND run = ?",
        (judge, run, judge, run),
    )
    return frozenset(row["subject"] for row in rows)


def opinions(
    db: sqlite3.Connection, *, judge: str | None = None, run: str | None = None, controls: bool | None = None
) -> list[Kept]:
    """Return what was said, oldest first: of one judge, in one run, of planted answers or of real ones."""
    asked = {"judge = ?": judge, "run = ?": run}
    where = [condition for condition, value in asked.items() if value is not None]
    where += [] if controls is None else ["control <> ''" if controls else "control = ''"]
    query = f"SELECT * FROM opinions {'WHERE ' + ' AND '.join(where) if where else ''} ORDER BY number"
    return [_kept(row) for row in db.execute(query, [value for value in asked.values() if value is not None])]


def by_subject(db: sqlite3.Connection, judges: Iterable[str]) -> dict[tuple[str, str], Opinion]:
    """Return the verdict of each of these judges on everything that it gave one on, controls left out."""
    found = {}
    for judge in judges:
        query = "SELECT subject, body FROM opinions WHERE judge = ? AND control = '' AND overall IS NOT NULL"
        for row in db.execute(f"{query} ORDER BY number", (judge,)):
            found[judge, row["subject"]] = from_json(Opinion, json.loads(row["body"]))
    return found


def comparisons(db: sqlite3.Connection, judge: str) -> list[tuple[str, str, str]]:
    """Return run and both preferences of every planted pair that a judge compared, oldest first."""
    rows = db.execute("SELECT run, one, other FROM comparisons WHERE judge = ? ORDER BY number", (judge,))
    return [(row["run"], row["one"], row["other"]) for row in rows]


def put_label(db: sqlite3.Connection, turn_id: str, polarity: int) -> None:
    """Keep the person's verdict on a turn: good, bad, or (0) neither."""
    with transaction(db):
        row = (turn_id, polarity, time.time())
        db.execute("INSERT INTO labels (turn_id, polarity, known_from) VALUES (?, ?, ?)", row)


def labels(db: sqlite3.Connection) -> Mapping[str, int]:
    """Return the person's present verdicts by turn."""
    rows = db.execute("SELECT turn_id, polarity FROM labels ORDER BY number")
    return {row["turn_id"]: row["polarity"] for row in rows}


def ask(db: sqlite3.Connection, question: Question) -> Question:
    """Keep the question of a day, and return the one that the day has: the first one stays."""
    with transaction(db):
        row = (question.day, question.turn_id, question.conversation_id)
        db.execute("INSERT OR IGNORE INTO daily_questions VALUES (?, ?, ?)", row)
    return questions(db)[question.day]


def questions(db: sqlite3.Connection) -> dict[str, Question]:
    """Return every question that was asked, by day."""
    rows = db.execute("SELECT * FROM daily_questions ORDER BY day")
    return {row["day"]: Question(**dict(row)) for row in rows}


def forget(db: sqlite3.Connection, turn_ids: Iterable[str]) -> int:
    """Drop what was said of turns that are forgotten; only a forget may call this."""
    gone = list(turn_ids)
    before = db.total_changes
    db.executemany("DELETE FROM opinions WHERE turn_id = ?", [(turn_id,) for turn_id in gone])
    db.executemany("DELETE FROM labels WHERE turn_id = ?", [(turn_id,) for turn_id in gone])
    return db.total_changes - before


def _kept(row: sqlite3.Row) -> Kept:
    return Kept(
        run=row["run"],
        turn_id=row["turn_id"],
        conversation_id=row["conversation_id"],
        control=row["control"],
        opinion=from_json(Opinion, json.loads(row["body"])),
    )
