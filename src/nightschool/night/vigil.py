"""One scheduled night: begun where one is due, paused while somebody is there, stopped at its limits."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from nightschool.config import Config, Home, ScheduleConfig
from nightschool.errors import UserError
from nightschool.night import machine, schedule
from nightschool.night.conduct import sleep
from nightschool.night.lock import only_one
from nightschool.night.machine import Meter, Reading
from nightschool.night.pacing import hold, reason, release
from nightschool.night.progress import Progress
from nightschool.records import Night
from nightschool.store import nights
from nightschool.store.database import open_database

LOOK_SECONDS = 2.0
FILE = "schedule.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """What a tick of the schedule found and did."""

    due: schedule.Due
    held: tuple[str, ...] = ()
    night: Night | None = None
    stopped: str = ""
    """The limit that ended the night early."""
    paused_seconds: float = 0.0


Look = Callable[[Path], Reading]
Sleep = Callable[[Home, Config, Progress | None], Night]


def tick(
    home: Home,
    config: Config,
    *,
    progress: Progress | None = None,
    look: Look = machine.read,
    night: Sleep = lambda home, config, progress: sleep(home, config, progress=progress),
) -> Watch:
    """Run a night where one is due and nothing holds it back; UserError where one runs already."""
    when = standing(home, config.schedule)
    if not when:
        return Watch(due="")
    reasons = schedule.held(config.schedule, look(home.awake))
    if reasons:
        return Watch(due=when, held=reasons)
    guard = Guard(home, config.schedule, look)
    with guard:
        ended = night(home, config, progress)
    if guard.stopped:
        _note(home, not_before=_next_opening(config.schedule))
    return Watch(due=when, night=ended, stopped=guard.stopped, paused_seconds=guard.paused)


def standing(home: Home, config: ScheduleConfig, now: float | None = None) -> schedule.Due:
    """Tell whether a night is due in a home."""
    noted = noted_at(home)
    with contextlib.closing(open_database(home.database)) as db:
        last = nights.latest(db)
    return schedule.due(
        schedule.window(config.window),
        time.time() if now is None else now,
        last,
        since=noted.get("since", 0.0) or float("inf"),
        not_before=noted.get("not_before", 0.0),
    )


def noted_at(home: Home) -> dict[str, float]:
    """When the schedule of a home was made, and before when no night begins after one that reached a limit."""
    try:
        values = json.loads((home.path / FILE).read_text(encoding="utf-8"))
        return {key: float(value) for key, value in values.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def note_made(home: Home, now: float) -> None:
    """Note that the schedule was made, so that no night from before it is caught up."""
    _note(home, since=now, not_before=0.0)


def _note(home: Home, **values: float) -> None:
    partial = home.path / f"{FILE}.partial"
    partial.write_text(json.dumps(noted_at(home) | values), encoding="utf-8")
    os.replace(partial, home.path / FILE)


def _next_opening(config: ScheduleConfig) -> float:
    span, now = schedule.window(config.window), time.time()
    return next(opened for days in (1, 2) if (opened := span.opened(now + days * 86_400)) > now)


class Guard:
    """Watches the machine beside a running night: pauses it, lets it go on, and ends it at its limits."""

    def __init__(self, home: Home, config: ScheduleConfig, look: Look) -> None:
        self.stopped = ""
        self.paused = 0.0
        self._home, self._config, self._look = home, config, look
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Guard:
        # The night takes this signal itself; between its end and ours it must not end the process.
        self._before = signal.signal(signal.SIGTERM, lambda number, frame: None)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        release(self._home.pause)
        signal.signal(signal.SIGTERM, self._before)

    def _run(self) -> None:
        meter, worked, why = Meter(), 0.0, ""
        before = time.monotonic()
        while not self._ended.wait(LOOK_SECONDS):
            reading = self._look(self._home.awake)
            now = time.monotonic()
            meter.look(reading.gpus)
            if reason(self._home.pause) is None:
                worked += now - before
            else:
                self.paused += now - before
            before = now
            why = self._pace(reading, why)
            self.stopped = schedule.spent(self._config, minutes=worked / 60, watt_hours=meter.watt_hours)
            if self.stopped:
                release(self._home.pause)
                _interrupt()
                return

    def _pace(self, reading: Reading, why: str) -> str:
        """Pause or release the night, and return why it is paused."""
        reasons = schedule.held(self._config, reading, running=True, hot="°C" in why)
        if reasons and reasons[0] != why:
            hold(self._home.pause, reasons[0])
        elif why and not reasons:
            release(self._home.pause)
        return reasons[0] if reasons else ""


def _interrupt() -> None:
    """End the night as a service manager would, and wake the main thread out of whatever it waits for."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    else:
        signal.raise_signal(signal.SIGTERM)


def due_or_why(home: Home, config: Config, look: Look = machine.read) -> Watch:
    """Say what a tick would find now, and do nothing."""
    try:
        with only_one(home.lock):
            pass
    except UserError as error:
        return Watch(due=standing(home, config.schedule), held=(error.message,))
    return Watch(due=standing(home, config.schedule), held=schedule.held(config.schedule, look(home.awake)))
