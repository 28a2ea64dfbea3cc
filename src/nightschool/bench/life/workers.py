"""Several lives at once, each in a process of its own, and what they tell on the way brought together."""

from __future__ import annotations

import os
import queue
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from types import FrameType
from typing import TYPE_CHECKING, Any

from nightschool.bench.life.play import Plan
from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.bench.life.life import Lived

LEAVE_SECONDS = 20.0
"""What a process gets to put its folder away when it is asked to end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """One life to be lived in one arm."""

    arm: str
    life: Plan
    until_promoted: bool = False
    """Whether it ends with the first promotion."""

    @property
    def title(self) -> str:
        """What it is called on the way."""
        return f"{self.arm}, seed {self.life.seed}, {self.life.turns} turns a day"


class Progress:
    """Takes in what becomes of errands: a line for each day, and how many of all days are done."""

    def __init__(
        self, errands: Sequence[Errand], tell: Callable[[str], None], moved: Callable[[int, int], None]
    ) -> None:
        self._errands, self._tell, self._moved = errands, tell, moved
        self._days = [0] * len(errands)
        self._of = sum(errand.life.days for errand in errands)

    def lived(self, index: int, line: str) -> None:
        """Note a day of an errand."""
        self._days[index] += 1
        self._tell(f"{self._errands[index].title}: {line}")
        self._moved(sum(self._days), self._of)

    def ended(self, index: int) -> None:
        """Note that an errand is over, also before its last day."""
        self._days[index] = self._errands[index].life.days
        self._moved(sum(self._days), self._of)


def together(errands: Sequence[Errand], base: str, workers: int, threads: int, progress: Progress) -> list[Lived]:
    """Live every errand, the first ones first, in so many processes; UserError where one could not be lived."""
    context = get_context("spawn")
    waiting, told, ended = context.Queue(), context.Queue(), context.Event()
    for pair in enumerate(errands):
        waiting.put(pair)
    for _ in range(workers):
        waiting.put(None)
    crew = [
        context.Process(target=_work, args=(waiting, told, ended, base, threads), daemon=True) for _ in range(workers)
    ]
    for process in crew:
        process.start()
    found: dict[int, Lived] = {}
    try:
        while len(found) < len(errands):
            index, kind, what = _next(told, crew)
            if kind == "day":
                progress.lived(index, what)
            elif kind == "error":
                raise UserError(what[0], hint=what[1])
            else:
                found[index] = what
                progress.ended(index)
    finally:
        ended.set()
        for process in crew:
            if len(found) < len(errands):
                process.terminate()
            process.join(LEAVE_SECONDS)
            if process.is_alive():
                process.kill()
    return [found[index] for index in range(len(errands))]


def _next(told: Any, crew: Sequence[Any]) -> tuple[int, str, Any]:
    """Wait for the next word of any process; UserError where one has died without any."""
    while True:
        try:
            return told.get(timeout=1.0)  # type: ignore[no-any-return]
        except queue.Empty:
            dead = next((process for process in crew if process.exitcode), None)
            if dead is not None:
                raise UserError(
                    f"A process of the benchmark ended with code {dead.exitcode}",
                    hint="Often that is too little memory; ask for fewer `--arms` or `--seeds` at once",
                ) from None


def _work(waiting: Any, told: Any, ended: Any, base: str, threads: int) -> None:
    """Live errands until there are no more; runs in a process of its own."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, which ends this process in order.
    signal.signal(signal.SIGTERM, _leave)
    from nightschool.bench.life import life

    def tell(index: int, line: str) -> None:
        told.put((index, "day", line))

    model = None
    while not ended.is_set() and (pair := waiting.get()) is not None:
        index, errand = pair
        try:
            if errand.arm != life.EDITOR and model is None:
                model = life.model_of(base)
            told.put((index, "done", life.one(errand, base, model, partial(tell, index))))
        except UserError as error:
            told.put((index, "error", (error.message, error.hint)))


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
