"""Nights, their finished stages and their exams.

A stage is written once, when it ends; a night that was killed is therefore as long as its finished
stages. Nothing is deleted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from nightschool.errors import UserError
from nightschool.records import Exam, Json, Night, NightState, Stage, from_json, to_json
from nightschool.store.database import transaction


def begin(db: sqlite3.Connection, *, run: str, started: float, champion: str) -> Night:
    """Record that a night has begun under this champion."""
    with transaction(db):
        db.execute(
            "INSERT INTO nights (run, started, state, champion_before, champion_after) VALUES (?, ?, 'running', ?, ?)",
            (run, started, champion, champion),
        )
    return get(db, run)


def finish_stage(db: sqlite3.Connection, run: str, stage: Stage, *, inputs: str) -> None:
    """Record a finished stage, with the digest of what the night stood on when it ended."""
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO stages (run, position, name, seconds, inputs, output) VALUES"
            " (?, (SELECT count(*) FROM stages WHERE run = ? AND name != ?), ?, ?, ?, ?)",
            (run, run, stage.name, stage.name, stage.seconds, inputs, _dump(stage.output)),
        )


def set_state(db: sqlite3.Connection, run: str, state: NightState, *, champion: str, error: str = "") -> None:
    """Record how a night stands, and who answers after it."""
    with transaction(db):
        db.execute(
            "UPDATE nights SET state = ?, champion_after = ?, error = ? WHERE run = ?", (state, champion, error, run)
        )


def get(db: sqlite3.Connection, run: str) -> Night:
    """Return a night by its id, or by the first letters of it that no other shares; UserError where there is none."""
    exact = db.execute("SELECT * FROM nights WHERE run = ?", (run,)).fetchall()
    pattern = run.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = exact or db.execute("SELECT * FROM nights WHERE run LIKE ? ESCAPE '\\'", (pattern,)).fetchall()
    if len(rows) != 1:
        what = "Several nights begin with" if rows else "There is no night"
        raise UserError(f"{what} {run!r}", hint="See `nightschool report --list`")
    return _night(db, rows[0])


def list_nights(db: sqlite3.Connection) -> list[Night]:
    """All nights, oldest first."""
    rows = db.execute("SELECT * FROM nights ORDER BY started, run").fetchall()
    return [_night(db, row) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One night as a list shows it."""

    run: str
    started: float
    state: NightState
    champion_before: str
    champion_after: str
    outcome: str
    """`promote`, `keep`, `refuse`, or empty where nothing was decided."""
    version: str
    """What it trained; empty where nothing."""
    seconds: float


def lines(db: sqlite3.Connection, limit: int, before: float | None = None) -> list[Line]:
    """The newest nights, newest first, without reading what their stages left."""
    left = "(SELECT json_extract(output, '{}') FROM stages WHERE run = nights.run AND name = '{}')"
    rows = db.execute(
        "SELECT run, started, state, champion_before, champion_after,"
        f" coalesce({left.format('$.outcome', 'decide')}, '') AS outcome,"
        f" coalesce({left.format('$.version', 'train')}, '') AS version,"
        " (SELECT total(seconds) FROM stages WHERE run = nights.run) AS seconds"
        " FROM nights WHERE ? IS NULL OR started < ? ORDER BY started DESC, run DESC LIMIT ?",
        (before, before, limit),
    )
    return [Line(**dict(row)) for row in rows]


def results(db: sqlite3.Connection, runs: Sequence[str]) -> dict[str, Json]:
    """What the exams of some nights gave: results, who sat, and the sitting's id, of each that had one."""
    found: dict[str, Json] = {}
    for run in runs:
        row = db.execute(
            "SELECT json_extract(output, '$.results', '$.champion', '$.challenger', '$.exam') AS told FROM stages"
            " WHERE run = ? AND name = 'examine'",
            (run,),
        ).fetchone()
        if row is not None and row["told"]:
            given, champion, challenger, exam_id = json.loads(row["told"])
            found[run] = {"results": given or [], "champion": champion, "challenger": challenger, "exam": exam_id}
    return found


def latest(db: sqlite3.Connection) -> Night | None:
    """The night that began last."""
    row = db.execute("SELECT * FROM nights ORDER BY started DESC, run DESC LIMIT 1").fetchone()
    return _night(db, row) if row else None


def inputs(db: sqlite3.Connection, run: str) -> str | None:
    """The digest that the last finished stage left; None where no stage has finished."""
    row = db.execute("SELECT inputs FROM stages WHERE run = ? ORDER BY position DESC LIMIT 1", (run,)).fetchone()
    return str(row["inputs"]) if row else None


def size(db: sqlite3.Connection) -> dict[str, int]:
    """Count the conversations and messages that the history holds."""
    tables = ("conversations", "messages")
    return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def standing(db: sqlite3.Connection) -> str:
    """A text that changes when anything is added to the history, taken out of it or left behind in it."""
    row = db.execute(
        "SELECT (SELECT count(*) FROM messages), (SELECT max(rowid) FROM messages),"
        " (SELECT count(*) FROM views), (SELECT total(latest) FROM views), (SELECT count(*) FROM contents)"
    ).fetchone()
    return ".".join(str(value) for value in row)


def add_exam(db: sqlite3.Connection, exam: Exam) -> None:
    """Keep one sitting whole."""
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO exams (id, run, body) VALUES (?, ?, ?)", (exam.id, exam.run, _dump(to_json(exam)))
        )


def exam(db: sqlite3.Connection, exam_id: str) -> Exam | None:
    """Return one sitting, item by item."""
    row = db.execute("SELECT body FROM exams WHERE id = ?", (exam_id,)).fetchone()
    return from_json(Exam, json.loads(row["body"])) if row else None


def _night(db: sqlite3.Connection, row: sqlite3.Row) -> Night:
    stages = db.execute("SELECT name, seconds, output FROM stages WHERE run = ? ORDER BY position", (row["run"],))
    return Night(
        run=row["run"],
        started=row["started"],
        state=row["state"],
        champion_before=row["champion_before"],
        champion_after=row["champion_after"],
        error=row["error"],
        stages=tuple(
            Stage(name=stage["name"], seconds=stage["seconds"], output=json.loads(stage["output"])) for stage in stages
        ),
    )


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
