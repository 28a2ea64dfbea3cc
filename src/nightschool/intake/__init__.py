"""Hears: one importer per program, one way in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nightschool.errors import UserError
from nightschool.intake.batch import Batch, Reading
from nightschool.intake.detect import Store, find
from nightschool.intake.lines import Skipped
from nightschool.store import conversations, originals
from nightschool.store.conversations import Added
from nightschool.store.database import transaction

__all__ = ["Imported", "Reading", "Skipped", "import_path", "read"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What one import brought that was not there; `duplicates` counts messages that were."""

    program: str
    conversations: int = 0
    turns: int = 0
    messages: int = 0
    duplicates: int = 0
    skipped: tuple[Skipped, ...] = ()


def read(path: Path) -> Reading:
    """Open the one store at a path, or the first of several, without importing it."""
    store = find(path).stores[0]
    return store.read(store.path)


def import_path(db: sqlite3.Connection, path: Path, progress: Progress | None = None) -> Imported:
    """Read a file or folder into the history and register it for the nights to come.

    Raises UserError where nothing at the path can be read; what can be read always goes in.
    """
    path = path.expanduser().resolve()
    found = find(path)
    program = ", ".join(sorted({store.program for store in found.stores}))
    skipped = list(found.skipped)
    added: list[Added] = []
    refused: list[UserError] = []
    source: conversations.Source | None = None
    for done, total, batch in _batches(found.stores, refused):
        source = source or conversations.add_source(db, path, program)
        added += _store_batch(db, source.id, batch)
        skipped += batch.skipped
        if progress:
            progress(done, total)
    if source is None and refused:
        raise refused[0]
    skipped += [Skipped(where=str(path), why=error.message) for error in refused]
    if not added and skipped:
        raise UserError(
            f"{skipped[0].where} is {skipped[0].why}, and nothing else could be read",
            hint="Give the file or folder in which the program keeps its conversations",
        )
    return Imported(
        program=program,
        conversations=sum(one.conversations for one in added),
        turns=sum(one.turns for one in added),
        messages=sum(one.messages for one in added),
        duplicates=sum(one.duplicates for one in added),
        skipped=tuple(skipped),
    )


def _batches(stores: tuple[Store, ...], refused: list[UserError]) -> Iterator[tuple[int, int, Batch]]:
    """Yield what every store holds, with how far we are; a store that cannot be read does not stop the others."""
    done = 0
    for index, store in enumerate(stores):
        try:
            reading = store.read(store.path)
            total = done + reading.size + len(stores) - index - 1
            for batch in reading.batches:
                done += 1
                yield done, max(done, total), batch
        except UserError as error:
            refused.append(error)


def _store_batch(db: sqlite3.Connection, source_id: int, batch: Batch) -> list[Added]:
    with transaction(db):
        for document in batch.documents:
            originals.keep(db, source_id, document)
        return [conversations.add(db, view) for view in batch.views]
