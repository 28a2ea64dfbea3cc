"""The folders that memory was written into, so that forgetting reaches them."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from nightschool.store.database import transaction


def note(db: sqlite3.Connection, folder: Path) -> None:
    """Remember a folder that memory was written into."""
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO exports VALUES (?, ?)", (str(folder), time.time()))


def folders(db: sqlite3.Connection) -> list[Path]:
    """Return those folders that are still there."""
    found = [Path(row["path"]) for row in db.execute("SELECT path FROM exports ORDER BY path")]
    return [folder for folder in found if folder.is_dir()]
