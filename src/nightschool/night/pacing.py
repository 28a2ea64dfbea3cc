"""A night that says how far it is to whoever looks, and waits while it is told to.

Both go through files in the home, so that a page, a command and a timer in three processes agree. The
training child looks at the pause file itself, behind every optimiser step.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nightschool.night.progress import Progress
from nightschool.records import from_json, to_json

LOOK_SECONDS = 0.2
WRITE_SECONDS = 0.5
FILE = "progress.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How far a running night is."""

    stage: str = ""
    """Title of the stage at work."""
    done: int = 0
    total: int | None = None
    note: str = ""
    finished: tuple[str, ...] = ()
    """One line for each stage that has ended."""
    since: float = 0.0
    """When the stage began."""
    paused: str = ""
    """Why the night waits; empty while it works."""


class Paced:
    """A progress that is written down beside being told, and that does not return while the pause file is there."""

    def __init__(self, progress: Progress, *, pause: Path, file: Path) -> None:
        self._progress, self._pause, self._file = progress, pause, file
        self._standing = Standing()
        self._written = 0.0

    def begin(self, title: str) -> None:
        """Say that a stage has begun."""
        self._standing = replace(self._standing, stage=title, done=0, total=None, note="", since=time.time())
        self._progress.begin(title)
        self._write()
        self._wait()

    def advance(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say how far the stage is."""
        self._standing = replace(self._standing, done=done, total=total, note=note)
        self._progress.advance(done, total, note)
        if time.monotonic() - self._written >= WRITE_SECONDS:
            self._write()
        self._wait()

    def end(self, title: str, seconds: float, summary: str) -> None:
        """Say what a stage has done."""
        line = f"{title}: {summary}, {seconds:.1f} s"
        self._standing = replace(self._standing, stage="", finished=(*self._standing.finished, line))
        self._progress.end(title, seconds, summary)
        self._write()

    def _wait(self) -> None:
        while (why := reason(self._pause)) is not None:
            if why != self._standing.paused:
                self._standing = replace(self._standing, paused=why)
                self._progress.advance(self._standing.done, self._standing.total, f"paused: {why}")
                self._write()
            time.sleep(LOOK_SECONDS)
        if self._standing.paused:
            self._standing = replace(self._standing, paused="")
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        with contextlib.suppress(OSError):  # A full disk must not end a night that only wanted to say where it is.
            partial = self._file.with_suffix(".partial")
            partial.write_text(json.dumps(to_json(self._standing)), encoding="utf-8")
            os.replace(partial, self._file)


def standing(folder: Path) -> Standing | None:
    """Read how far the night of a run's folder is; None where it said nothing yet."""
    try:
        return from_json(Standing, json.loads((folder / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def hold(pause: Path, why: str) -> None:
    """Let the running night wait from its next step on."""
    partial = pause.with_suffix(".partial")
    partial.write_text(why, encoding="utf-8")
    os.replace(partial, pause)


def release(pause: Path) -> None:
    """Let it go on."""
    pause.unlink(missing_ok=True)


def reason(pause: Path) -> str | None:
    """Why a night is to wait; None where it is not."""
    try:
        return pause.read_text(encoding="utf-8", errors="replace").strip() or "by hand"
    except OSError:
        return None


@contextlib.contextmanager
def unpaused(pause: Path) -> Iterator[None]:
    """Begin without a pause that an earlier night left behind, and leave none."""
    release(pause)
    try:
        yield
    finally:
        release(pause)
