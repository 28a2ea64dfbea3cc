"""What a night tells while it runs: one line per stage, a bar for the one at work.

Everything goes to stderr. On a terminal the bar moves; elsewhere each stage is two plain lines.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol


class Progress(Protocol):
    """What a stage tells."""

    def begin(self, title: str) -> None:
        """Say that a stage has begun."""

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say how far the stage is; `total` None means unknown."""

    def end(self, title: str, seconds: float, summary: str) -> None:
        """Say what a stage has done."""


class Quiet:
    """Tells nothing."""

    def begin(self, title: str) -> None:
        """Say nothing."""

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say nothing."""

    def end(self, title: str, seconds: float, summary: str) -> None:
        """Say nothing."""


class Lines:
    """One plain line at the beginning and one at the end of each stage, for journals and pipes."""

    def begin(self, title: str) -> None:
        """Print the stage's title."""
        print(f"… {title}", file=sys.stderr, flush=True)

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        """Print nothing: a journal wants no bar."""

    def end(self, title: str, seconds: float, summary: str) -> None:
        """Print what was done and how long it took."""
        print(f"✓ {title:<{WIDTH}} {summary}  {seconds:.1f}s", file=sys.stderr, flush=True)


class Bars:
    """A moving bar for the stage at work; finished stages stay as lines."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn(f"{{task.description:<{WIDTH}}}"),
            BarColumn(bar_width=24),
            TextColumn("[dim]{task.fields[note]}"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._task: Any = None

    def __enter__(self) -> Bars:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, title: str) -> None:
        """Show the stage with an empty bar."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(title, total=None, note="")

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        """Move the bar."""
        if self._task is not None:
            count = f"{done}/{total}" if total else str(done) if done else ""
            self._bar.update(self._task, completed=done, total=total, note=note or count)

    def end(self, title: str, seconds: float, summary: str) -> None:
        """Replace the bar by a line that stays."""
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None
        from rich.markup import escape

        self._console.print(f"[green]✓[/] {title:<{WIDTH}} [dim]{seconds:5.1f}s[/]  {escape(summary)}")


WIDTH = 26


@contextmanager
def shown() -> Iterator[Progress]:
    """Bars where stderr is a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    with Bars() as bars:
        yield bars
