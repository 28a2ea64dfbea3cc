"""Run one night: the stages in order, each remembered when it ends, resumed where one was cut off.

Whatever happens in a stage, the champion goes on answering: only `publish` moves its pointer, in one
transaction. A failing stage ends the night with a sentence; its traceback stands in the run's log.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import hashlib
import json
import os
import secrets
import signal
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType

from nightschool import __version__
from nightschool.config import Config, Home, ScheduleConfig
from nightschool.curate.judges.judge import Judge
from nightschool.errors import UserError
from nightschool.models.model import Model
from nightschool.night.context import Base, Context, Trainer
from nightschool.night.lock import only_one
from nightschool.night.pacing import FILE, Paced, unpaused
from nightschool.night.progress import Progress, Quiet
from nightschool.night.stages import STAGES, Step
from nightschool.records import Night, NightState, Stage, to_json
from nightschool.redact import redact
from nightschool.store import facts, nights, versions
from nightschool.store.database import open_database
from nightschool.train import train

SAME_NIGHT = 20 * 3600.0
"""Seconds within which a night is resumed; later ones start again, since the day has brought more."""


def sleep(
    home: Home,
    config: Config,
    *,
    model: Model | None = None,
    trainer: Trainer | None = None,
    progress: Progress | None = None,
    resume: bool = True,
    stages: Sequence[Step] = STAGES,
    judges: Sequence[Judge] | None = None,
) -> Night:
    """Run one night, or go on with the one that was cut off, and return it as it ended.

    A night that stopped or failed is returned with that state; UserError is raised only where none
    could begin: another one is running, or the home cannot be written.
    """
    with (
        only_one(home.lock),
        unpaused(home.pause),
        contextlib.closing(open_database(home.database)) as db,
        _terminable(),
    ):
        night = (_unfinished(db, config) if resume else None) or _begin(db)
        context = Context(
            db=db,
            home=home,
            config=config,
            run=night.run,
            champion=night.champion_before,
            base=Base(config, model),
            trainer=trainer or partial(train, pause=home.pause),
            datasets=home.datasets,
            progress=Paced(progress or Quiet(), pause=home.pause, file=home.runs / night.run / FILE),
            outputs={stage.name: stage.output for stage in night.stages},
            judges=None if judges is None else tuple(judges),
        )
        state, error = _run(context, stages)
        # As it ended, also where a full disk let nobody write that down.
        return dataclasses.replace(nights.get(db, night.run), state=state, error=error)


def _begin(db: sqlite3.Connection) -> Night:
    now = time.time()
    run = f"r-{datetime.fromtimestamp(now, tz=UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    return nights.begin(db, run=run, started=now, champion=versions.pointer(db, "champion"))


def _unfinished(db: sqlite3.Connection, config: Config) -> Night | None:
    """The latest night where it was cut off and stands on what it stood on then; otherwise it is closed."""
    night = nights.latest(db)
    if night is None or night.state == "done":
        return None
    left = nights.inputs(db, night.run)
    fresh = time.time() - night.started < SAME_NIGHT
    if fresh and (left is None or left == inputs(db, config, night)):
        nights.set_state(db, night.run, "running", champion=night.champion_before)
        return night
    if night.state == "running":
        why = "it was cut off, and what it stood on has changed since"
        nights.set_state(db, night.run, "stopped", champion=versions.pointer(db, "champion"), error=why)
    return None


def inputs(db: sqlite3.Connection, config: Config, night: Night) -> str:
    """Digest what a night stands on: the settings, the history, the facts, and who answers."""
    champion = versions.pointer(db, "champion")
    if champion == night.output("train").get("version"):
        champion = night.champion_before  # This night's own promotion, cut off before it was remembered.
    stands_on = [
        __version__,
        to_json(dataclasses.replace(config, schedule=ScheduleConfig())),
        champion,
        nights.standing(db),
        [fact.id for fact in facts.live(db)],
    ]
    return hashlib.sha256(json.dumps(stands_on, sort_keys=True).encode()).hexdigest()


def _run(context: Context, stages: Sequence[Step]) -> tuple[NightState, str]:
    """Run what is not done yet; return how the night ended and, where it did not end well, why."""
    run = context.run
    with _log(context.home.runs / run) as log:
        for step in stages:
            if step.name in context.outputs:
                context.progress.end(step.title, 0.0, "done before")
                continue
            log(f"{step.name} began")
            try:
                seconds = _stage(context, step)
            except KeyboardInterrupt:
                log(f"{step.name} was interrupted")
                return _close(context, "stopped", f"It was interrupted in the stage {step.name!r}")
            except Exception as error:
                log(redact(traceback.format_exc()).text)
                return _close(context, "failed", _sentence(step.name, error, context.home.runs / run))
            log(f"{step.name} ended after {seconds:.2f} s")
        return _close(context, "done", "")


def _stage(context: Context, step: Step) -> float:
    context.progress.begin(step.title)
    began = time.monotonic()
    output = step.run(context)
    seconds = time.monotonic() - began
    night = nights.get(context.db, context.run)
    context.outputs[step.name] = output
    stage = Stage(name=step.name, seconds=seconds, output=output)
    digest = inputs(context.db, context.config, night)
    nights.finish_stage(context.db, context.run, stage, inputs=digest)
    context.progress.end(step.title, seconds, step.say(output))
    return seconds


def _close(context: Context, state: NightState, error: str) -> tuple[NightState, str]:
    """Record how the night ended; where even that cannot be written, it counts as cut off."""
    with contextlib.suppress(UserError):
        champion = versions.pointer(context.db, "champion")
        nights.set_state(context.db, context.run, state, champion=champion, error=error)
    return state, error


def _sentence(stage: str, error: Exception, folder: Path) -> str:
    if isinstance(error, UserError):
        return redact(str(error)).text
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full\nFree some space and run `nightschool sleep` again; it goes on where it stopped"
    what = redact(" ".join(str(error).split())[:200]).text
    return f"The stage {stage!r} failed: {type(error).__name__}: {what}\nThe traceback stands in {folder / 'night.log'}"


@contextlib.contextmanager
def _log(folder: Path) -> Iterator[Callable[[str], None]]:
    """Open the run's log, mode 0600; it carries names, ids and times, never text."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / "night.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:

        def write(line: str) -> None:
            with contextlib.suppress(OSError):  # A full disk must not hide what went wrong before it.
                print(f"{datetime.now(tz=UTC):%Y-%m-%dT%H:%M:%SZ} {line}", file=file, flush=True)

        yield write


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Let a polite end of the process (SIGTERM) stop the night as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
