"""The exam as a dot plot: inline SVG for the page, a line of characters for the terminal.

Positions are percentages of the width, sizes are pixels, so that one drawing reads at any width
without a script. Arms differ by shape as well as by colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from nightschool.night.report import Mark, Role, Row

LEFT, RIGHT = 2.0, 98.0
AXIS, HEADING, ASK, LANE, GAP = 20, 22, 20, 18, 20
"""Heights in pixels: the scale, a task's name, the way it was asked, an arm, the space between tasks."""
ORDER: tuple[Role, ...] = ("base", "earlier", "champion", "challenger")
SIGNS: dict[Role, str] = {"base": "○", "earlier": "△", "champion": "◇", "challenger": "●"}


def svg(rows: Sequence[Row]) -> str:
    """Draw all rows in one figure; each task a block, each arm a lane with its interval."""
    parts = [_label(at, 12, words, "scale", anchor) for at, words, anchor in _SCALE]
    top, task = AXIS, ""
    for row in rows:
        if row.task != task:
            top += GAP if task else 6
            task = row.task
            size = max(mark.n for mark in row.marks)
            parts += [_label(0, top + 13, row.label, "task"), _label(100, top + 13, f"n = {size}", "n", "end")]
            top += HEADING
        drawn, height = _block(row, top)
        parts.append(drawn)
        top += height
    title = f"Exam: {len({row.task for row in rows})} tasks; every figure stands in the table below"
    return (
        f'<svg class="plot" role="img" aria-label="{escape(title)}" width="100%" height="{top + 8}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


_SCALE = ((LEFT, "0", "middle"), (50.0, "50 %", "middle"), (100.0, "100 %", "end"))


def _label(at: float, y: int, words: str, kind: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{at}%" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


def _block(row: Row, top: int) -> tuple[str, int]:
    """One way of asking: its name, the grid, and a lane for each arm."""
    height = ASK + LANE * len(row.marks)
    ask = "with memory" if row.told else "without memory"
    if row.unit == "nats":
        ask += ", in nats per token around zero"
    grid = "".join(
        f'<line class="grid" x1="{at:.2f}%" x2="{at:.2f}%" y1="{top + ASK - 3}" y2="{top + height}"/>'
        for at in ([LEFT, 50.0, RIGHT] if row.unit == "share" else [_x(0.0, row)])
    )
    lanes = "".join(_lane(mark, row, top + ASK + LANE // 2 - 1 + LANE * index) for index, mark in enumerate(row.marks))
    return f"<g>{_label(0, top + 11, ask, 'ask')}{grid}{lanes}</g>", height


def _lane(mark: Mark, row: Row, y: int) -> str:
    at, low, high = _x(mark.value, row), _x(mark.low, row), _x(mark.high, row)
    said = f"{mark.arm}: {figure(mark.value, row)} ({figure(mark.low, row)} to {figure(mark.high, row)}, n = {mark.n})"
    # The value stands on the side of the interval that has room.
    beside, anchor, push = (low, "end", -8) if high > 80 else (high, "start", 8)
    return (
        f'<g class="{mark.role}"><title>{escape(said)}</title>'
        f'<line class="bar" x1="{low:.2f}%" x2="{high:.2f}%" y1="{y}" y2="{y}"/>{_shape(mark.role, at, y)}'
        f'<text class="value" x="{beside:.2f}%" dx="{push}" y="{y + 4}" text-anchor="{anchor}">'
        f"{escape(figure(mark.value, row))}</text></g>"
    )


def _shape(role: Role, at: float, y: int) -> str:
    if role in ("base", "challenger"):
        return f'<circle class="dot" cx="{at:.2f}%" cy="{y}" r="5"/>'
    # A nested drawing carries the percentage, so that the corners can be in pixels.
    corners = "0,-6 6,0 0,6 -6,0" if role == "champion" else "0,-6 5.5,4.5 -5.5,4.5"
    return f'<svg x="{at:.2f}%" y="{y}" overflow="visible"><polygon class="dot" points="{corners}"/></svg>'


def _x(value: float, row: Row) -> float:
    span = row.high - row.low or 1.0
    return LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, (value - row.low) / span))


def figure(value: float, row: Row) -> str:
    """A value as a person reads it: a percentage, or signed nats per token."""
    return f"{value:.0%}".replace("%", " %") if row.unit == "share" else f"{value:+.2f}"


def strip(mark: Mark, row: Row, width: int) -> str:
    """One lane in characters: the interval as a line, the value as the arm's sign."""
    span = row.high - row.low or 1.0

    def column(value: float) -> int:
        return round(min(1.0, max(0.0, (value - row.low) / span)) * (width - 1))

    cells = ["·"] * width
    for place in range(column(mark.low), column(mark.high) + 1):
        cells[place] = "─"
    cells[column(mark.value)] = SIGNS[mark.role]
    return "".join(cells)


def roles(rows: Sequence[Row]) -> tuple[tuple[Role, str], ...]:
    """Which roles the rows show, and the versions that play them."""
    names: dict[Role, list[str]] = {}
    for row in rows:
        for mark in row.marks:
            version = mark.arm.partition("+")[0]
            if version not in names.setdefault(mark.role, []):
                names[mark.role].append(version)
    return tuple((role, ", ".join(names[role])) for role in ORDER if role in names)
