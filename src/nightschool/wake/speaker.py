"""Who answers: the champion or the version that was asked for, its adapter checked, with the edits as they stand."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.models import shelf
from nightschool.models.model import Adapter, Model
from nightschool.store import versions


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """A loaded base with one version on it."""

    model: Model
    version: str
    adapter: Adapter
    """What is mounted: the skill, and the facts written into the weights under it."""
    skill: Path | None = None
    """The skill adapter alone."""
    holds: frozenset[str] = frozenset()
    """Ids of the facts that skill and edits hold: what is not among them is told."""


def speaker(db: sqlite3.Connection, home: Home, model: Model, version_id: str | None = None) -> Speaker:
    """Return the champion on a loaded base, or another version; facts in the weights answer with it.

    Asked for by its name, `base` is the untouched base, without any fact. Raises UserError where that
    version cannot answer on this base.
    """
    version = versions.get(db, version_id or versions.pointer(db, "champion"))
    if version.state == "blocked":
        raise UserError(
            f"Version {version.id!r} is blocked: it was trained on something that was forgotten since",
            hint="Ask with `--version base`, or choose another one with `nightschool versions list`",
        )
    skill = shelf.check(home, version, model.fingerprint)
    edits, holds = None, frozenset[str]()
    if version_id != versions.BASE and home.edits.exists():
        from nightschool.edit import mounting

        here = (model.fingerprint, version.adapter_hash or "", precision(model))
        edits, holds = mounting.present(db, home, *here), mounting.facts(db, home, *here)
        if version_id is None:
            mounting.note(home, *here)
    adapter = (skill, edits) if skill and edits else skill or edits
    return Speaker(model=model, version=version.id, adapter=adapter, skill=skill, holds=holds)


def precision(model: Model) -> str:
    """How the weights of a model stand in memory; empty where only its answers are to be had."""
    return str(getattr(model, "precision", ""))
