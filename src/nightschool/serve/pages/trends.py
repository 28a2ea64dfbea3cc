"""Figures over nights and weeks against the person's own normal, and the small drawings of them.

Pure. A night is compared with the nights before it, not with anybody else's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from statistics import quantiles

from nightschool.exam import tasks
from nightschool.night.phrases import TITLES
from nightschool.records import Json
from nightschool.store.nights import Line
from nightschool.store.weeks import Week

ENOUGH = 14
"""Nights until a normal can be told."""
WIDTH, HEIGHT = 240.0, 56.0
CELL, GAP, ROWS = 14, 3, 7
MARKS = {"promoted": "●", "kept": "○", "nothing": "·", "stopped": "×"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """One figure over time, oldest first, with the range that is usual."""

    name: str
    values: tuple[float | None, ...]
    n: int
    """Of the last value."""
    low: float | None = None
    high: float | None = None
    """The middle half of what came before; None while the normal is still being learnt."""
    unit: str = "share"

    @property
    def last(self) -> float | None:
        """The newest value there is."""
        return next((value for value in reversed(self.values) if value is not None), None)


def headline(line: Line) -> str:
    """Which of the four headlines a night has."""
    if line.state == "running":
        return "running"
    if line.state != "done":
        return "stopped"
    if line.outcome == "promote":
        return "promoted"
    return "kept" if line.version else "nothing"


def words(line: Line) -> str:
    """A night's headline in words."""
    return TITLES.get(headline(line), "Running")


def exam_trends(lines: Sequence[Line], results: Mapping[str, Json]) -> tuple[Trend, ...]:
    """How who answered after each night did with nothing in the prompt; `lines` oldest first."""
    own: list[float | None] = []
    kept: list[float | None] = []
    able: list[float | None] = []
    sizes = [0, 0, 0]
    for line in lines:
        found = results.get(line.run)
        rows = _answering(found, line) if found else {}
        for place, (values, chosen) in enumerate(
            ((own, (tasks.PERSONAL,)), (kept, (tasks.OLD_LESSONS,)), (able, None))
        ):
            value, n = _pooled(rows, chosen)
            values.append(value)
            sizes[place] = n or sizes[place]
    named = (("What you taught", own), ("Old lessons", kept), ("General ability", able))
    return tuple(_trend(name, values, n) for (name, values), n in zip(named, sizes, strict=True) if any(
        value is not None for value in values
    ))  # fmt: skip


def _answering(found: Json, line: Line) -> dict[str, Json]:
    who = line.champion_after
    return {row["task"]: row for row in found["results"] if row["arm"] == who}


def _pooled(rows: Mapping[str, Json], chosen: tuple[str, ...] | None) -> tuple[float | None, int]:
    """Pool some tasks, or the whole battery, by their counts."""
    special = {tasks.PERSONAL, tasks.MARGIN, tasks.OLD_LESSONS, tasks.CANARY}
    picked = [row for task, row in rows.items() if (task in chosen if chosen else task not in special)]
    n = sum(row["n"] for row in picked)
    return (sum(row["value"] * row["n"] for row in picked) / n, n) if n else (None, 0)


def week_trends(weeks: Sequence[Week]) -> tuple[Trend, ...]:
    """Corrections and re-asks per 100 turns, and the share of first answers that were taken."""
    if not weeks:
        return ()
    last = weeks[-1]
    corrections = [100 * week.corrections / week.turns for week in weeks]
    reasks = [100 * week.reasks / week.turns for week in weeks]
    taken = [week.accepted / week.judged if week.judged else None for week in weeks]
    return (
        _trend("Corrections per 100 turns", corrections, last.turns, "rate"),
        _trend("Asked again, per 100 turns", reasks, last.turns, "rate"),
        _trend("First answers taken", taken, last.judged),
    )


def _trend(name: str, values: Sequence[float | None], n: int, unit: str = "share") -> Trend:
    before = [value for value in values[:-1] if value is not None]
    low = high = None
    if len(before) >= ENOUGH:
        low, _, high = quantiles(before, n=4)
    return Trend(name=name, values=tuple(values), n=n, low=low, high=high, unit=unit)


def figure(value: float | None, unit: str) -> str:
    """A value as a person reads it."""
    if value is None:
        return "–"
    return f"{value:.0%}".replace("%", " %") if unit == "share" else f"{value:.1f}"


def verdict(trend: Trend) -> str:
    """How the newest value stands to the usual range, in words."""
    if trend.low is None or trend.high is None or trend.last is None:
        return "still learning your normal"
    if trend.last > trend.high:
        return "above your usual"
    return "below your usual" if trend.last < trend.low else "as usual"


def spark(trend: Trend) -> str:
    """Draw a trend as a line with its usual range behind it."""
    known = [value for value in trend.values if value is not None]
    top = max([*known, trend.high or 0.0, 1.0 if trend.unit == "share" else 1e-9])
    step = WIDTH / max(1, len(trend.values) - 1)

    def y(value: float) -> float:
        return HEIGHT - 5 - (HEIGHT - 10) * value / top

    points = [(index * step, y(value)) for index, value in enumerate(trend.values) if value is not None]
    said = f"{trend.name}: {figure(trend.last, trend.unit)}, {verdict(trend)}"
    band = ""
    if trend.low is not None and trend.high is not None:
        upper, tall = y(trend.high), max(1.0, y(trend.low) - y(trend.high))
        band = f'<rect class="usual" x="0" y="{upper:.1f}" width="{WIDTH:g}" height="{tall:.1f}"/>'
    line = " ".join(f"{x:.1f},{place:.1f}" for x, place in points)
    last = f"{points[-1][0]:.1f},{points[-1][1]:.1f}" if points else ""
    # A line without length and with round ends stays a circle however the drawing is stretched.
    end = f'<polyline class="now" points="{last} {last}"/>' if points else ""
    return (
        f'<svg class="spark" role="img" aria-label="{escape(said)}" viewBox="-4 0 {WIDTH + 8:g} {HEIGHT:g}"'
        f' preserveAspectRatio="none"><title>{escape(said)}</title>{band}'
        f'<polyline class="line" points="{line}"/>{end}</svg>'
    )


def calendar(lines: Sequence[Line]) -> str:
    """Draw nights as a strip of small squares, oldest first, seven to a column."""
    columns = -(-len(lines) // ROWS)
    cells = []
    for index, line in enumerate(lines):
        x, y = (index // ROWS) * (CELL + GAP), (index % ROWS) * (CELL + GAP)
        kind = headline(line)
        cells.append(
            f'<a href="/nights/{escape(line.run)}"><rect class="{kind}" x="{x}" y="{y}" width="{CELL}" height="{CELL}"'
            f' rx="3"/><title>{escape(words(line))}, {escape(line.run[2:10])}</title></a>'
        )
    width, height = columns * (CELL + GAP), ROWS * (CELL + GAP)
    return (
        f'<svg class="strip" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="group"'
        f' aria-label="{len(lines)} nights, the oldest first">{"".join(cells)}</svg>'
    )
