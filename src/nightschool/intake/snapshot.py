"""Someone else's live SQLite store, read without writing a byte to it.

A store whose program is running has a write-ahead log and is read beside it. One without is read
as immutable, since even a read-only connection would else create files next to it.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from nightschool.errors import UserError

SQLITE = b"SQLite format 3\0"
BUSY_SECONDS = 5.0


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a store for reading, in one consistent state; UserError where it is damaged or locked."""
    with tempfile.TemporaryDirectory(prefix="nightschool-") as folder:
        db = None
        try:
            db = _connect(path, Path(folder))
            db.row_factory = sqlite3.Row
            # Another program's text may hold bytes that are no UTF-8.
            db.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
            db.execute("BEGIN")
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield db
        except sqlite3.DatabaseError as error:
            raise UserError(f"{path} could not be read: {error}", hint=_hint(str(error))) from error
        finally:
            if db is not None:
                db.close()


def _connect(path: Path, folder: Path) -> sqlite3.Connection:
    log, index, journal = (path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal"))
    has_log = log.exists() and log.stat().st_size > 0
    if has_log and not index.exists():
        # A copy, or a program that died: reading in place would make the index beside it.
        for file in (path, log):
            shutil.copy(file, folder / file.name)
        return _read_only(folder / path.name, "mode=ro")
    if has_log or journal.exists():
        return _read_only(path, "mode=ro")
    return _read_only(path, "mode=ro&immutable=1")


def _read_only(path: Path, options: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?{options}", uri=True, timeout=BUSY_SECONDS)


def _hint(error: str) -> str:
    if "locked" in error or "busy" in error:
        return "Close the program that is writing it, and import again"
    return "The file is damaged or cut off; copy it again together with its `-wal` file, or import a backup"
