"""From the ledger to the adapter that is mounted: made where it is missing, found again where it is there."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nightschool.config import Home
from nightschool.edit import adapter, ground
from nightschool.edit.columns import unpack
from nightschool.records import Json
from nightschool.store import edits
from nightschool.store.edits import Edit

if TYPE_CHECKING:
    from nightschool.edit.ground import Ground
    from nightschool.models.model import Adapter

KEPT = 4
"""Adapters of earlier states of the ledger that stay: another process may be about to mount one."""


def present(db: sqlite3.Connection, home: Home, base: str, skill: str, precision: str) -> Path | None:
    """Return the adapter of the ledger as it stands for a base under a skill, or None where it holds nothing."""
    place = ground.folder_of(home, base, skill, precision)
    known = ground.id_in(place)
    rows = edits.mounted(db, known) if known else []
    return made(place, rows, None) if rows else None


def standing(db: sqlite3.Connection, home: Home, base: str, skill: str) -> tuple[Path | None, tuple[str, ...]]:
    """Return the adapter of the ledger for a base under a skill, and which facts both hold; the base is not loaded.

    Where it was measured in several precisions, the newest counts.
    """
    for file in sorted(home.edits.glob("*/ground.safetensors"), key=_age, reverse=True):
        card = _card(file)
        if (card.get("base"), card.get("skill")) == (base, skill):
            rows = edits.mounted(db, card["id"])
            held = tuple(sorted(row.fact_id for row in edits.held(db, card["id"])))
            return made(file.parent, rows, None) if rows else None, held
    return None, ()


def facts(db: sqlite3.Connection, home: Home, base: str, skill: str, precision: str) -> frozenset[str]:
    """Return the ids of the facts that a skill holds, or the adapter that `present` returns beside it."""
    known = ground.id_in(ground.folder_of(home, base, skill, precision))
    return frozenset(row.fact_id for row in edits.held(db, known)) if known else frozenset()


def note(home: Home, base: str, skill: str, precision: str) -> None:
    """Write down on which ground answers are given now, for whoever asks without loading the base."""
    found = ground.id_in(ground.folder_of(home, base, skill, precision)) or ""
    if current(home) != found:
        (home.edits / "ground").write_text(found, encoding="utf-8")


def current(home: Home) -> str:
    """Return the ground that answers were last given on, empty for none."""
    file = home.edits / "ground"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def made(place: Path, rows: Sequence[Edit], stood_on: Ground | None) -> Path:
    """Return the adapter of these rows, a function of the set of them, made where it is not there yet."""
    digest = hashlib.sha256()
    for row in sorted(rows, key=lambda each: each.fact_id):
        digest.update(f"{row.ground} {row.fact_id} ".encode() + hashlib.sha256(row.columns or b"").digest())
    folder = place / f"adapter-{digest.hexdigest()[:16]}"
    if not (folder / "adapter_model.safetensors").is_file():
        stood_on = stood_on or ground.read(place)
        assert stood_on is not None, "rows are listed only for a ground that is there"
        ordered = sorted(rows, key=lambda each: each.fact_id)
        columns = [unpack(row.columns, row.loss or 0.0) for row in ordered if row.columns is not None]
        adapter.write(folder, adapter.factors(columns, stood_on), stood_on)
        _tidy(place)
    return folder


def _card(file: Path) -> Json:
    """What a ground says of itself; empty where it cannot be read."""
    try:
        return ground.card_in(file.parent)
    except OSError:
        return {}


def _tidy(place: Path) -> None:
    folders = [path for path in place.glob("adapter-*") if path.is_dir()]
    for old in sorted(folders, key=_age)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _age(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def together(*adapters: Path | None) -> Adapter:
    """Mount what there is: one folder alone, several as a tuple, or nothing."""
    there = tuple(path for path in adapters if path is not None)
    return there if len(there) > 1 else there[0] if there else None
