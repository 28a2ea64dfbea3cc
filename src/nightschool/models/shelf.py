"""Versions as folders of a home: whether one can answer on this base, and letting it.

A pointer moves only to what is really there: the adapter whose hash was noted, for this base.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.models.adapter import adapter_hash, refuse_foreign
from nightschool.records import Version
from nightschool.store import versions


def adapter_of(home: Home, version: Version) -> Path | None:
    """Return the folder of a version's adapter, None for the base."""
    return home.path / version.adapter if version.adapter else None


def check(home: Home, version: Version, fingerprint: str) -> Path | None:
    """Return the adapter of a version that can answer on a base of this fingerprint.

    Raises UserError where its folder is missing or changed, or belongs to another base.
    """
    if version.id == versions.BASE:
        return None
    if version.base != fingerprint:
        raise UserError(
            f"Version {version.id!r} was trained on another base ({version.base[:12]}, not {fingerprint[:12]})",
            hint="`nightschool init --base NAME` with that base, or ask with `--version base`",
        )
    folder = adapter_of(home, version)
    if folder is None:
        raise UserError(
            f"Version {version.id!r} has no adapter: its training did not end",
            hint="`nightschool versions list` shows what there is",
        )
    refuse_foreign(folder, fingerprint)
    if adapter_hash(folder) != version.adapter_hash:
        raise UserError(
            f"The adapter of version {version.id!r} is not the one that was examined: its file has changed",
            hint="`nightschool versions rollback`, or `nightschool versions promote base`",
        )
    return folder


def promote(db: sqlite3.Connection, home: Home, version_id: str, fingerprint: str) -> Version:
    """Let a version answer, after its folder was checked; UserError moves nothing."""
    check(home, versions.get(db, version_id), fingerprint)
    return versions.promote(db, version_id)


def promote_by_hand(db: sqlite3.Connection, home: Home, version_id: str, fingerprint: str) -> Version:
    """Let a version answer because the person says so; only one that an exam has not found worse."""
    version = versions.get(db, version_id)
    if version.state in ("challenger", "refused"):
        why = "was refused by the gate" if version.state == "refused" else "has not been examined"
        raise UserError(
            f"Version {version_id!r} {why}, and nothing is promoted without evidence",
            hint=f"Try it with `nightschool ask --version {version_id} QUESTION`",
        )
    return promote(db, home, version_id, fingerprint)


def rollback(db: sqlite3.Connection, home: Home, fingerprint: str) -> Version:
    """Let the previous version answer again, after its folder was checked; UserError moves nothing."""
    check(home, versions.get(db, versions.pointer(db, "previous")), fingerprint)
    return versions.rollback(db)
