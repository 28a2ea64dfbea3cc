"""Directions of meaning for what has none yet, newest first, as much as time allows."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Literal

from nightschool.memory.search import Embedder
from nightschool.store import vectors
from nightschool.store.database import transaction

BATCH = 64
KINDS: tuple[Literal["fact", "said"], ...] = ("fact", "said")


def catch_up(
    db: sqlite3.Connection,
    embedder: Embedder,
    *,
    seconds: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Embed what lacks a direction under this embedder, for at most so many seconds; return how many were made.

    Search goes on by words meanwhile. Directions of another embedder leave when the last one is made.
    """
    began, made = time.monotonic(), 0
    total = sum(vectors.count_missing(db, embedder.name, kind) for kind in KINDS)
    for kind in KINDS:
        while batch := vectors.missing(db, embedder.name, kind, BATCH):
            if seconds is not None and time.monotonic() - began > seconds:
                return made
            rows = embedder.embed([text for _, text in batch])
            with transaction(db):
                vectors.put(db, embedder.name, kind, [number for number, _ in batch], rows)
            made += len(batch)
            if progress:
                progress(made, total)
    if made:
        with transaction(db):
            vectors.drop_others(db, embedder.name)
    return made
