"""The one SQLite file of a home: how it is opened, migrated and written to.

It owns the file's mode, its journal and its schema version. It never deletes a row. The surprising
thing: a migration file may hold several statements and still takes effect whole or not at all.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nightschool.errors import UserError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10.0
MOVE_AWAY = "Move the file away, or choose another home with `--home PATH`"
MEND = "Mend its permissions, or choose another home with `--home PATH`"


def open_database(path: Path) -> sqlite3.Connection:
    """Open the store, made and migrated where needed, mode 0600.

    Raises UserError where the file is no database, was written by a newer version, or cannot be written.
    """
    with told(path):
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        path.chmod(0o600)
        db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode = WAL")
            # A power cut may take back the last writes, whole; a killed process loses nothing.
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA foreign_keys = ON")
            # Else INSERT OR REPLACE would delete rows without asking the triggers that keep history.
            db.execute("PRAGMA recursive_triggers = ON")
            _migrate(db, path)
        except BaseException:
            db.close()
            raise
    return db


def damaged(db: sqlite3.Connection) -> str:
    """Say what is wrong with the file's pages; empty where it is whole."""
    said = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    return "" if said == "ok" else said


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run the block as one write: committed when it ends, rolled back when it raises.

    Inside another transaction it is part of that one.
    """
    if db.in_transaction:
        yield db
        return
    with told(file_of(db)):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def file_of(db: sqlite3.Connection) -> Path:
    """Return where a store lies."""
    return Path(db.execute("PRAGMA database_list").fetchone()["file"])


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    known = {int(file.name[:4]): file for file in sorted(MIGRATIONS.glob("[0-9]*.sql"))}
    applied = _applied(db, path)
    unknown = applied - known.keys()
    if unknown:
        raise UserError(
            f"{path} has schema version {max(unknown)}, which this nightschool does not know",
            hint="Update with `pip install --upgrade nightschool`, or choose another home with `--home PATH`",
        )
    for number in sorted(known.keys() - applied):
        _apply(db, path, number, known[number])


def _apply(db: sqlite3.Connection, path: Path, number: int, file: Path) -> None:
    """Apply one file in one transaction, unless another process just has."""
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT, applied REAL)")
        if number not in _applied(db, path):
            for statement in statements(file.read_text(encoding="utf-8")):
                db.execute(statement)
            db.execute("INSERT INTO migrations VALUES (?, ?, ?)", (number, file.stem, time.time()))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def statements(script: str) -> Iterator[str]:
    """Split a script at the semicolons that end a statement, triggers kept whole."""
    statement = ""
    for piece in re.split(r"(?<=;)", script):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _applied(db: sqlite3.Connection, path: Path) -> set[int]:
    # One look: between two of them another process may lay the first tables.
    tables = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "migrations" not in tables:
        if tables:
            raise UserError(f"{path} is not a database of nightschool", hint=MOVE_AWAY)
        return set()
    return {row["number"] for row in db.execute("SELECT number FROM migrations")}


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what a disk or another program does to the store into a sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        # The low byte is the kind; what stands above it says more of the same. A mistake of ours has none.
        sentence = _sentence(path, error, getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if sentence is None:
            raise
        raise sentence from error
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}", hint=MEND) from error


def _sentence(path: Path, error: Exception, kind: int) -> UserError | None:
    if kind == sqlite3.SQLITE_FULL:
        return UserError(
            f"The disk is full: {path} could not be written, and nothing was changed",
            hint="Free some space and run the command again",
        )
    if kind in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return UserError(f"{path} is not a database of nightschool: {error}", hint=MOVE_AWAY)
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return UserError(
            f"{path} is being written by another program", hint="Wait until it is done and run the command again"
        )
    if kind in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        return UserError(f"{path} cannot be written: {error}", hint=MEND)
    return None
