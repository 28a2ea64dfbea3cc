"""A night as figures that may be shown to others: no word of the person, of a model or of a path is in them.

Built up from numbers and from names that this program itself gives, never by taking words away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, get_args

from nightschool import __version__
from nightschool.night.phrases import LEFT_OUT
from nightschool.night.report import Headline, Report
from nightschool.records import Json, Outcome, SignalKind, to_json
from nightschool.store.comparison import Side, differences
from nightschool.store.weeks import Week

TASKS = frozenset({"personal", "personal-margin", "old-lessons", "canary"})
STATES = ("kept", "dropped", "asked", "proposed", "superseded")
OTHER = "other"


def shared(report: Report, weeks: Sequence[Week], sides: Sequence[Side]) -> Json:
    """Set a night, the weeks before it and the comparison with the base as figures alone."""
    counts = report.counts
    return {
        "nightschool": __version__,
        "headline": _known(report.headline, get_args(Headline)),
        "decision": _known(report.decision, get_args(Outcome)),
        "seconds": round(float(report.seconds), 1),
        "new": _numbers(counts.get("new"), ("conversations", "turns", "messages")),
        "history": _numbers(counts.get("history"), ("conversations", "turns", "messages")),
        "signals": _numbers(counts.get("signals"), get_args(SignalKind)),
        "lessons": _numbers(counts.get("lessons"), STATES),
        "left_out": _numbers(counts.get("left_out"), tuple(LEFT_OUT)),
        "examples": _numbers(counts.get("examples"), ("sft", "dpo", "kto")),
        "learnt": len(report.learnt) + report.learnt_more,
        "exam": _exam(report),
        "weeks": [{field.name: getattr(week, field.name) for field in fields(Week)} for week in weeks],
        "compared": to_json(sides),
        "differences": to_json(differences(sides)),
    }


def _exam(report: Report) -> list[Json]:
    """Each way of asking each task; versions by the part they played, abilities under one name."""
    return [
        {
            "task": row.task if row.task in TASKS else "ability",
            "told": bool(row.told),
            "role": mark.role,
            "value": float(mark.value),
            "low": float(mark.low),
            "high": float(mark.high),
            "n": int(mark.n),
        }
        for row in report.exam
        for mark in row.marks
    ]


def _known(word: str, words: Sequence[str]) -> str:
    return word if word in words else ""


def _numbers(counts: Any, names: Sequence[str]) -> dict[str, int]:
    """The counts under names of ours; whatever else there is goes under one name."""
    found: dict[str, int] = {}
    for name, count in (counts or {}).items():
        if isinstance(count, int):
            key = name if name in names else OTHER
            found[key] = found.get(key, 0) + count
    return found
