"""The one thread that reads and writes the stores, so that the loop that moves tokens never waits for a disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from nightschool.serve.people import Person
from nightschool.store.database import open_database

T = TypeVar("T")
Job = Callable[[sqlite3.Connection, Person], T]


class Desk:
    """Jobs on people's stores, one after the other; each store is opened once."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._open: dict[Path, sqlite3.Connection] = {}

    async def run(self, person: Person, job: Job[T]) -> T:
        """Run a job and wait for what it returns."""
        return await asyncio.wrap_future(self.put(person, job))

    def put(self, person: Person, job: Job[T]) -> Future[T]:
        """Queue a job; nobody need wait for it."""
        return self._thread.submit(lambda: job(self._store(person), person))

    def close(self) -> None:
        """Finish what is queued and close the stores."""
        self._thread.submit(self._close)
        self._thread.shutdown()

    def _store(self, person: Person) -> sqlite3.Connection:
        path = person.home.database
        if path not in self._open:
            self._open[path] = open_database(path)
        return self._open[path]

    def _close(self) -> None:
        while self._open:
            self._open.popitem()[1].close()
