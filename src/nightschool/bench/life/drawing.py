"""The days of a life as one drawing: how much of the person's style each arm keeps, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from nightschool.records import Json

WIDTH, HEIGHT, LEFT, TOP, RIGHT = 640, 320, 46, 20, 150
COLOURS = ("#777777", "#1b7fbd", "#d1495b", "#2a9d55", "#b8860b", "#7b4fb5", "#333333")


def curves(days: Mapping[str, Sequence[Sequence[Json]]]) -> dict[str, list[float]]:
    """The share of style kept after each day, all seeds together; for the editor alone what it found."""
    return {name: [_mean(lives, index) for index in range(len(lives[0]))] for name, lives in days.items() if lives}


def svg(days: Mapping[str, Sequence[Sequence[Json]]]) -> str:
    """Draw one line per arm between 0 and 1."""
    lines = curves(days)
    count = max((len(values) for values in lines.values()), default=1)
    parts = [_grid(), f'<text x="{LEFT}" y="{HEIGHT - 6}">day 1</text>']
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">day {count}</text>')
    for index, (name, values) in enumerate(lines.items()):
        colour = COLOURS[index % len(COLOURS)]
        points = " ".join(f"{_x(at, count):.1f},{_y(value):.1f}" for at, value in enumerate(values))
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>')
        row = TOP + 14 + 18 * index
        parts.append(f'<text x="{WIDTH - RIGHT + 14}" y="{row}" fill="{colour}">{escape(name)}</text>')
    title = "Share of the person's style that is kept, by day"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{title}"><title>{title}</title>{"".join(parts)}</svg>\n'
    )


def _mean(lives: Sequence[Sequence[Json]], index: int) -> float:
    day = [life[index].get("behaviour") or life[index]["recall"] for life in lives]
    values = [one["value"] for one in day if one["value"] is not None]
    return sum(values) / len(values) if values else 0.0


def _grid() -> str:
    return "".join(
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{_y(at):.1f}" y2="{_y(at):.1f}" stroke="#dddddd"/>'
        f'<text x="{LEFT - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{at:.0%}</text>'
        for at in (0.0, 0.25, 0.5, 0.75, 1.0)
    )


def _x(at: int, count: int) -> float:
    return LEFT + (WIDTH - RIGHT - LEFT) * (at / (count - 1) if count > 1 else 0.5)


def _y(value: float) -> float:
    return TOP + (HEIGHT - TOP - 30) * (1 - value)
