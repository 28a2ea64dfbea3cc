"""How the champion and the bare base did in the conversations that were shared out between them.

A conversation counts where one arm gave all of its answers. Turns of one conversation go right or wrong
together, so whole conversations are resampled; where that knows too little, Wilson's interval is wider.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from nightschool.statistics import mean_interval, wilson
from nightschool.store.weeks import TURNS, begins

SHOWN = 12
"""Newest weeks that are told one by one; all of them are in the sums."""

_COMPARED = f"""{TURNS}, answered AS (
    SELECT coalesce(twin, conversation_id) AS conversation_id, min(arm) AS arm
    FROM exchanges LEFT JOIN set_aside USING (conversation_id)
    WHERE kind = 'main' GROUP BY 1 HAVING min(arm) = max(arm) AND min(arm) <> ''
)
SELECT arm, week, conversation_id, corrected, asked_again, accepted, judged
FROM turn JOIN answered USING (conversation_id)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """A figure between the bounds of its 95 % interval."""

    value: float | None
    """None where n is 0."""
    low: float
    high: float
    n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One arm in one week."""

    arm: str
    begins: float | None
    """None for all weeks together."""
    conversations: int
    turns: int
    corrections: Rate
    """Per 100 turns."""
    reasks: Rate
    """Per 100 turns."""
    accepted: Rate
    """Share of the turns that any outcome is known of."""


def sides(db: sqlite3.Connection) -> list[Side]:
    """Set the arms beside each other: all weeks together, then each of the newest, the last one first."""
    rows = db.execute(_COMPARED).fetchall()
    weeks = sorted({row["week"] for row in rows}, reverse=True)[:SHOWN]
    return [
        _side(arm, week, chosen)
        for week in (None, *weeks)
        for arm in ("champion", "base")
        if (chosen := [row for row in rows if row["arm"] == arm and week in (None, row["week"])])
    ]


def _side(arm: str, week: int | None, rows: Sequence[sqlite3.Row]) -> Side:
    return Side(
        arm=arm,
        begins=None if week is None else begins(week),
        conversations=len({row["conversation_id"] for row in rows}),
        turns=len(rows),
        corrections=_rate(rows, "corrected", per=100),
        reasks=_rate(rows, "asked_again", per=100),
        accepted=_rate([row for row in rows if row["judged"]], "accepted"),
    )


def _rate(rows: Sequence[sqlite3.Row], name: str, *, per: int = 1) -> Rate:
    values = [float(row[name]) for row in rows]
    n = len(values)
    if not n:
        return Rate(value=None, low=0.0, high=float(per), n=0)
    single = wilson(sum(values), n)
    whole = mean_interval(values, [row["conversation_id"] for row in rows])
    return Rate(
        value=per * sum(values) / n,
        low=per * min(single.low, whole.low),
        high=per * max(single.high, whole.high),
        n=n,
    )
