"""Begins due nights from the server, for machines whose system has no timer of its own for us."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable

from nightschool.serve import rounds
from nightschool.serve.people import Person
from nightschool.serve.serving import Serving

EVERY_SECONDS = 60.0


def begun(person: Person) -> None:
    """Let a process of its own look whether a night is due, run it, and watch over it."""
    command = [sys.executable, "-m", "nightschool", "--home", str(person.home.path), "schedule", "run"]
    with (person.home.runs / "scheduled.log").open("ab") as log:
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)


async def run(serving: Serving, begin: Callable[[Person], None] = begun) -> None:
    """Look every minute whether a night of anybody is due, until the server ends."""
    while True:
        await rounds.once(serving, "the schedule", lambda person: look(person, begin))
        await asyncio.sleep(EVERY_SECONDS)


def look(person: Person, begin: Callable[[Person], None] = begun) -> bool:
    """Begin a night of one person where their settings let the server do so and one is due."""
    config = person.config
    if not config.schedule.by_server:
        return False
    # A proxy has no use for the rooms that train: they are loaded where a night may be due.
    from nightschool.night import vigil

    if "since" not in vigil.noted_at(person.home):
        vigil.note_made(person.home, time.time())
    now = vigil.due_or_why(person.home, config)
    if now.due and not now.held:
        begin(person)
        return True
    return False
