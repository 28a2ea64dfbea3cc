"""Keeps memory's index up to date while the server runs: what was said since, and directions under a new embedder."""

from __future__ import annotations

import asyncio
from contextlib import closing

from nightschool.memory import directions
from nightschool.models import embedding
from nightschool.serve import rounds
from nightschool.serve.people import Person
from nightschool.serve.serving import Serving
from nightschool.store import said
from nightschool.store.database import open_database

EVERY_SECONDS = 5.0
SLICE_SECONDS = 1.0
"""Work at a time: with the pause in between, an answer is never kept waiting for long."""


async def run(serving: Serving) -> None:
    """Index a slice of everybody's history, again and again, until the server ends."""
    while True:
        await rounds.once(serving, "the index", index)
        await asyncio.sleep(EVERY_SECONDS)


def index(person: Person, seconds: float = SLICE_SECONDS) -> int:
    """Index for about so many seconds and return how many directions were made."""
    with closing(open_database(person.home.database)) as db:
        if said.catch_up(db, seconds=seconds):
            return 0
        embedder = embedding.held(person.config.memory.embedder)
        return directions.catch_up(db, embedder, seconds=seconds) if embedder else 0
