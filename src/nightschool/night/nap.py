"""A nap: the facts in the weights are asked again and mended; nothing is trained, and nothing else changes."""

from __future__ import annotations

import secrets
import sqlite3
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from nightschool.config import Home
from nightschool.edit.audit import Progress, audit
from nightschool.edit.editor import Editor
from nightschool.models import shelf
from nightschool.models.model import Model
from nightschool.night.edits import told, withheld
from nightschool.night.lock import only_one
from nightschool.records import Json
from nightschool.store import edits, versions

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

NOTHING = {"held": 0, "failed": [], "refreshed": [], "taken_out": [], "pruned": [], "disturbed": []}


def nap(db: sqlite3.Connection, home: Home, model: Model, progress: Progress | None = None) -> Json:
    """Audit and mend what the answering version holds; UserError where a night is at work.

    A fact that fails is told from memory again at once. A nap is no night: it lets none leave the context.
    """
    began = time.monotonic()
    run = f"n-{datetime.now(tz=UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    found: Json = NOTHING | {"pressure": 0.0, "tired": False}
    ground = None
    with only_one(home.lock):
        if edits.grounds(db):
            champion = versions.get(db, versions.pointer(db, "champion"))
            loaded = cast("TransformersModel", model)
            editor = Editor(db, home, loaded, skill=shelf.check(home, champion, model.fingerprint))
            ground = editor.ground.id
            found = told(audit(db, editor, run=run, night=False, progress=progress))
    return {
        "run": run,
        **found,
        "withheld": withheld(db, ground),
        "seconds": round(time.monotonic() - began, 2),
    }
