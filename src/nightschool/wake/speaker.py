"""Who answers: the champion, or the version that was asked for, with its adapter checked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.models import shelf
from nightschool.models.model import Model
from nightschool.store import versions


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """A loaded base with one version on it."""

    model: Model
    version: str
    adapter: Path | None


def speaker(db: sqlite3.Connection, home: Home, model: Model, version_id: str | None = None) -> Speaker:
    """Return the champion on a loaded base, or another version.

    Raises UserError where that version cannot answer on this base.
    """
    version = versions.get(db, version_id or versions.pointer(db, "champion"))
    if version.state == "blocked":
        raise UserError(
            f"Version {version.id!r} is blocked: it was trained on something that was forgotten since",
            hint="Ask with `--version base`, or choose another one with `nightschool versions list`",
        )
    return Speaker(model=model, version=version.id, adapter=shelf.check(home, version, model.fingerprint))
