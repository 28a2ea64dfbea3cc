"""A spinner on stderr while something loads; nothing where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def waiting(sentence: str) -> Iterator[None]:
    """Show a sentence with a spinner for as long as the block runs."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(sentence):
        yield


@contextmanager
def counting(sentence: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar for as long as the block runs and yield what moves it: done, of how many."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(sentence, total=None)
        yield lambda done, of: bars.update(task, completed=done, total=of)
