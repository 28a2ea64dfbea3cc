"""The lines of a text that are worth a slow look.

Substring tests are some hundred times faster than the patterns behind them; most lines of a
conversation name no secret at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """One line and where it stands in its text."""

    start: int
    end: int
    lowered: str


def lines(text: str) -> list[Line]:
    """Split a text into its lines."""
    found, start = [], 0
    for line in text.split("\n"):
        if line:
            found.append(Line(start, start + len(line), line.lower()))
        start += len(line) + 1
    return found


def holding(found: Sequence[Line], words: Sequence[str]) -> Iterator[Line]:
    """Those lines that hold one of the words, whatever their case."""
    for line in found:
        if any(word in line.lowered for word in words):
            yield line
