"""Judge the rows of a file and write what was said back into it.

Every word of a judge is kept in the home as it comes; the file is replaced, whole, now and then and at the end.
A run that was killed goes on with what is missing. Lines that are no turns stay as they are, byte for byte.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nightschool.config import JudgesConfig
from nightschool.curate.judges import evidence
from nightschool.curate.judges.evidence import Evidence
from nightschool.curate.judges.judge import Judge
from nightschool.errors import UserError
from nightschool.night import judging, turn_files
from nightschool.night.judge import today
from nightschool.night.judging import Judged
from nightschool.night.turn_files import JUDGED
from nightschool.records import Json, Verdict
from nightschool.store import judges as store

CHECKPOINT = 60.0
"""Seconds between two replacements of the file."""
OFF = "off"
"""Outcome of every row where too few judges were sound."""

Progress = Callable[[int, int, str], None]


@dataclasses.dataclass(kw_only=True, slots=True)
class Line:
    """One line of the file, with what judges see of it."""

    text: str
    row: Json | None = None
    shown: Evidence | None = None
    why: str = ""
    """Why it is not judged."""


def judge(
    db: sqlite3.Connection,
    path: Path,
    judges: Sequence[Judge],
    config: JudgesConfig,
    *,
    in_place: bool,
    again: bool = False,
    progress: Progress = lambda done, total, note: None,
) -> Json:
    """Judge what has no verdict in the file yet, or everything again; return the counts."""
    stamp = _stamp(path)
    lines = _lines(path, again, progress)
    turns = tuple(line.shown for line in lines if line.shown is not None)
    everything = dataclasses.replace(config, max_turns=len(turns), max_minutes=math.inf)
    run = f"file-{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]}-{today()}"
    written = time.monotonic()

    def told(done: int, total: int, note: str) -> None:
        nonlocal written, stamp
        progress(done, total, note)
        if in_place and time.monotonic() - written > CHECKPOINT:
            stamp = _write(path, lines, _said(db, judges), None, stamp)
            written = time.monotonic()

    judged = judging.hold(db, judges, judging.Docket(turns=turns), everything, run=run, progress=told)
    if in_place:
        _write(path, lines, _said(db, judges), judged, stamp)
    why = Counter(line.why for line in lines if line.why)
    return judging.summary(judged, judging.Docket(turns=turns, noise=why), config) | {"file": str(path), "run": run}


def _stamp(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}", hint="Name a file of turns") from error
    return state.st_size, state.st_mtime_ns


def _lines(path: Path, again: bool, progress: Progress) -> list[Line]:
    """Read every line; rows of other programs are redacted, which takes milliseconds each."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            texts = list(file)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {error}", hint="Name a JSON-lines file of turns") from error
    lines = []
    for at, text in enumerate(texts):
        lines.append(_line(text, again))
        progress(at + 1, len(texts), "reading")
    if not any(line.row is not None for line in lines):
        raise UserError(f"{path} holds no turns", hint="Write some with `nightschool turns export DIR`")
    return lines


def _line(text: str, again: bool) -> Line:
    try:
        row = json.loads(text)
        if not isinstance(row, dict):
            raise ValueError
        shown = turn_files.shown(row)
    except (ValueError, AttributeError, TypeError):
        return Line(text=text, why="not read" if text.strip() else "")
    if shown is None:
        return Line(text=text, row=row, why="something private might be left")
    if not again and isinstance(row.get(JUDGED), dict) and row[JUDGED].get("outcome") not in (None, OFF, "no verdict"):
        return Line(text=text, row=row, why="judged before")
    why = evidence.noise(shown)
    return Line(text=text, row=row, shown=None if why else shown, why=why)


def _said(db: sqlite3.Connection, judges: Sequence[Judge]) -> dict[str, dict[str, Json]]:
    """Subject -> name of the judge -> its scores and reason."""
    names = {judge.identity: judge.name for judge in judges}
    found: dict[str, dict[str, Json]] = {}
    for (judge, subject), opinion in store.by_subject(db, names).items():
        found.setdefault(subject, {})[names[judge]] = {**(opinion.scores or {}), "reason": opinion.reason}
    return found


def _write(
    path: Path,
    lines: Sequence[Line],
    said: Mapping[str, Mapping[str, Json]],
    judged: Judged | None,
    stamp: tuple[int, int],
) -> tuple[int, int]:
    """Replace the file, unless somebody else has written to it since it was read."""
    if _stamp(path) != stamp:
        raise UserError(f"{path} was changed while it was judged", hint="Run it again: what was judged is kept")
    turn_files.replace(path, (_text(line, said, judged) for line in lines))
    return _stamp(path)


def _text(line: Line, said: Mapping[str, Mapping[str, Json]], judged: Judged | None) -> str:
    if line.row is None or line.shown is None or line.shown.subject not in said:
        return line.text
    subject = line.shown.subject
    verdict = judged.verdicts.get(subject) if judged is not None else None
    ending = "\n" if line.text.endswith("\n") else ""
    row = line.row | {JUDGED: _verdict(verdict, judged) | {"by": dict(said[subject])}}
    return f"{json.dumps(row, ensure_ascii=False)}{ending}"


def _verdict(verdict: Verdict | None, judged: Judged | None) -> Json:
    """What the panel says; while judging goes on there is no outcome yet."""
    if judged is None:
        return {"outcome": None}
    if verdict is None:
        return {"outcome": OFF if not judged.sound else "no verdict"}
    return {
        "outcome": verdict.outcome,
        "scores": dict(verdict.scores),
        "spread": verdict.spread,
        "votes": verdict.votes,
    }
