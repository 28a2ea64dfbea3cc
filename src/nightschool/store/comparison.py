"""How the champion and the bare base did in the conversations that were shared out between them.

A conversation counts where one arm gave all of its answers. Turns of one conversation go right or wrong
together, so whole conversations are resampled; where that knows too little, Wilson's interval is wider.
Chance gave each conversation its arm, so the arms are independent, and their difference is bounded from both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nightschool.statistics import Interval, apart, mean_interval, wilson
from nightschool.store.weeks import TURNS, begins

ARMS = ("champion", "base")
FEWEST = 5
"""Conversations per arm from which a difference is bounded: from 5 to 20 its 95 % interval held the truth in 91 to
100 % of 250 made-up comparisons, at 2 in 81 to 100 %."""
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
    conversations: int
    """Those that the n turns are of."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A figure of the champion less the base's, between the bounds of its 95 % interval."""

    value: float | None
    """None where an arm has no such turn."""
    low: float | None
    high: float | None
    missing: Literal["", "undefined", "too few"]
    """Why there is no interval: an arm has no such turn, or fewer than FEWEST conversations with one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What the champion did other than the base, in one week or in all of them."""

    begins: float | None
    """None for all weeks together."""
    corrections: Gap
    """Per 100 turns."""
    reasks: Gap
    """Per 100 turns."""
    accepted: Gap
    """Of the shares."""


def differences(sides: Sequence[Side]) -> list[Difference]:
    """Take the base's figures from the champion's, span by span in the order of the sides."""
    told = {(side.begins, side.arm): side for side in sides}
    return [
        _difference(span, *(told.get((span, arm)) for arm in ARMS))
        for span in dict.fromkeys(side.begins for side in sides)
    ]


def _difference(span: float | None, own: Side | None, base: Side | None) -> Difference:
    return Difference(
        begins=span,
        corrections=_gap(own.corrections if own else None, base.corrections if base else None),
        reasks=_gap(own.reasks if own else None, base.reasks if base else None),
        accepted=_gap(own.accepted if own else None, base.accepted if base else None),
    )


def _gap(own: Rate | None, base: Rate | None) -> Gap:
    if own is None or base is None or own.value is None or base.value is None:
        return Gap(value=None, low=None, high=None, missing="undefined")
    value = own.value - base.value
    if min(own.conversations, base.conversations) < FEWEST:
        return Gap(value=value, low=None, high=None, missing="too few")
    bounds = apart(own.value, Interval(low=own.low, high=own.high), base.value, Interval(low=base.low, high=base.high))
    return Gap(value=value, low=bounds.low, high=bounds.high, missing="")


def sides(db: sqlite3.Connection) -> list[Side]:
    """Set the arms beside each other: all weeks together, then each of the newest, the last one first."""
    rows = db.execute(_COMPARED).fetchall()
    weeks = sorted({row["week"] for row in rows}, reverse=True)[:SHOWN]
    return [
        _side(arm, week, chosen)
        for week in (None, *weeks)
        for arm in ARMS
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
        return Rate(value=None, low=0.0, high=float(per), n=0, conversations=0)
    single = wilson(sum(values), n)
    talks = [row["conversation_id"] for row in rows]
    whole = mean_interval(values, talks)
    return Rate(
        value=per * sum(values) / n,
        low=per * min(single.low, whole.low),
        high=per * max(single.high, whole.high),
        n=n,
        conversations=len(set(talks)),
    )
