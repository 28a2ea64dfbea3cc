"""Versions and the three pointers at them: champion, previous, challenger.

Who answers is one row, moved in one transaction, so that whoever is killed in between leaves the
old champion or the new one, never none. The base is no row: it is what a pointer without a version
means. Whether a version's adapter is really there is checked above, in `models.shelf`.
"""

from __future__ import annotations

import re
import sqlite3
import time
from dataclasses import replace
from typing import Literal

from nightschool.errors import UserError
from nightschool.records import Version, VersionState
from nightschool.store.database import transaction

BASE = "base"
Pointer = Literal["champion", "previous", "challenger"]
POINTERS: tuple[Pointer, ...] = ("champion", "previous", "challenger")


def create(
    db: sqlite3.Connection,
    *,
    base: str,
    adapter_hash: str | None = None,
    dataset: str | None = None,
    run: str | None = None,
    created: float | None = None,
) -> Version:
    """Register a new version and make it the challenger; its id was never given before."""
    with transaction(db):
        number = db.execute(
            "INSERT INTO versions (base, adapter_hash, dataset, run, created, state)"
            " VALUES (?, ?, ?, ?, ?, 'challenger')",
            (base, adapter_hash, dataset, run, time.time() if created is None else created),
        ).lastrowid
        assert number is not None
        _point(db, "challenger", number)
    return get(db, _id(number))


def trained(db: sqlite3.Connection, version_id: str, adapter_hash: str) -> Version:
    """Note the hash of the adapter that training has written for a version."""
    with transaction(db):
        db.execute("UPDATE versions SET adapter_hash = ? WHERE number = ?", (adapter_hash, _number(db, version_id)))
    return get(db, version_id)


def get(db: sqlite3.Connection, version_id: str) -> Version:
    """Return one version, `base` included; UserError where there is none of that id."""
    if version_id == BASE:
        return Version(id=BASE, base="", state="champion" if pointer(db, "champion") == BASE else "earlier")
    return _version(db.execute("SELECT * FROM versions WHERE number = ?", (_number(db, version_id),)).fetchone())


def list_versions(db: sqlite3.Connection) -> list[Version]:
    """Return every version that ever was, oldest first, without the base."""
    return [_version(row) for row in db.execute("SELECT * FROM versions ORDER BY number")]


def of_run(db: sqlite3.Connection, run: str) -> Version | None:
    """Return the version that a night has made, or None."""
    row = db.execute("SELECT * FROM versions WHERE run = ? ORDER BY number DESC LIMIT 1", (run,)).fetchone()
    return _version(row) if row else None


def pointer(db: sqlite3.Connection, name: Pointer) -> str:
    """Return the id that a pointer stands at, `base` where it stands at none."""
    row = db.execute("SELECT version FROM pointers WHERE name = ?", (name,)).fetchone()
    return BASE if row is None or row["version"] is None else _id(row["version"])


def stands_at(db: sqlite3.Connection, name: Pointer, version_id: str) -> bool:
    """Tell whether a pointer stands at a version; only the champion's is at the base without ever being set."""
    if pointer(db, name) != version_id:
        return False
    was_set = db.execute("SELECT 1 FROM pointers WHERE name = ?", (name,)).fetchone() is not None
    return version_id != BASE or name == "champion" or (name == "previous" and was_set)


def promote(db: sqlite3.Connection, version_id: str) -> Version:
    """Let a version answer; the champion becomes the previous one.

    Raises UserError where the version is blocked or its training has not ended.
    """
    with transaction(db):
        version = get(db, version_id)
        champion = pointer(db, "champion")
        _refuse(version)
        if version_id != champion:
            _crown(db, version_id, left=champion)
    return get(db, version_id)


def rollback(db: sqlite3.Connection) -> Version:
    """Let the previous version answer again; a second rollback undoes the first.

    Raises UserError where no version was ever promoted, or the previous one is blocked.
    """
    with transaction(db):
        if db.execute("SELECT 1 FROM pointers WHERE name = 'previous'").fetchone() is None:
            raise UserError(
                "There is nothing to roll back to: no version was ever promoted",
                hint="`nightschool versions list` shows what there is",
            )
        previous = get(db, pointer(db, "previous"))
        _refuse(previous)
        _crown(db, previous.id, left=pointer(db, "champion"))
    return get(db, previous.id)


def set_state(db: sqlite3.Connection, version_id: str, state: VersionState) -> Version:
    """Note what became of a version; one that is blocked stops answering in the same moment."""
    with transaction(db):
        number = _number(db, version_id)
        if state != "challenger":
            db.execute("UPDATE pointers SET version = NULL WHERE name = 'challenger' AND version = ?", (number,))
        if state == "blocked":
            _leave(db, version_id)
        db.execute("UPDATE versions SET state = ? WHERE number = ?", (state, number))
    return get(db, version_id)


def _crown(db: sqlite3.Connection, version_id: str, *, left: str) -> None:
    if left != BASE:
        db.execute(
            "UPDATE versions SET state = 'earlier' WHERE number = ? AND state = 'champion'", (_number(db, left),)
        )
    _point(db, "previous", None if left == BASE else _number(db, left))
    number = None if version_id == BASE else _number(db, version_id)
    _point(db, "champion", number)
    db.execute("UPDATE versions SET state = 'champion' WHERE number = ?", (number,))
    db.execute("UPDATE pointers SET version = NULL WHERE name = 'challenger' AND version = ?", (number,))


def _leave(db: sqlite3.Connection, version_id: str) -> None:
    """Take every pointer off a version: the previous one answers, or the base where that may not."""
    previous = get(db, pointer(db, "previous"))
    if pointer(db, "champion") == version_id:
        heir = BASE if previous.id == version_id or previous.state == "blocked" else previous.id
        _crown(db, heir, left=BASE)
    elif previous.id == version_id:
        _point(db, "previous", None)


def _refuse(version: Version) -> None:
    if version.state == "blocked":
        raise UserError(
            f"Version {version.id!r} is blocked: it was trained on something that was forgotten since",
            hint="`nightschool versions promote base` lets the untouched base answer",
        )
    if version.id != BASE and version.adapter_hash is None:
        raise UserError(
            f"Version {version.id!r} has no adapter: its training did not end",
            hint="`nightschool versions list` shows what there is",
        )


def _point(db: sqlite3.Connection, name: Pointer, number: int | None) -> None:
    db.execute(
        "INSERT INTO pointers VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version", (name, number)
    )


def _number(db: sqlite3.Connection, version_id: str) -> int:
    match = re.fullmatch(r"v-0*([1-9]\d{0,17})", version_id)
    row = db.execute("SELECT number FROM versions WHERE number = ?", (int(match[1]),)).fetchone() if match else None
    if row is None:
        raise UserError(
            f"There is no version {version_id!r}", hint="`nightschool versions list` shows them; `base` is the base"
        )
    return int(row["number"])


def _id(number: int) -> str:
    return f"v-{number:04d}"


def _version(row: sqlite3.Row) -> Version:
    version_id = _id(row["number"])
    version = Version(
        id=version_id,
        base=row["base"],
        adapter_hash=row["adapter_hash"],
        dataset=row["dataset"],
        run=row["run"],
        created=row["created"],
        state=row["state"],
    )
    return replace(version, adapter=f"versions/{version_id}/adapter") if version.adapter_hash else version
