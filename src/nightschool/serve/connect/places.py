"""Where programs keep their settings: a file, or a row of a database."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nightschool.errors import UserError


class Place(Protocol):
    """Settings as bytes."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    def read(self) -> bytes | None:
        """Return what stands there; None where nothing does."""

    def write(self, data: bytes | None) -> None:
        """Put these bytes there, or nothing."""


@dataclass(frozen=True, slots=True)
class File:
    """A settings file."""

    path: Path

    @property
    def name(self) -> str:
        """Its path."""
        return str(self.path)

    def read(self) -> bytes | None:
        """Return its bytes."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UserError(f"{self.path} cannot be read: {error.strerror}") from error

    def write(self, data: bytes | None) -> None:
        """Write it whole or not at all, its mode and the link to it kept."""
        real = self.path.resolve()
        try:
            if data is None:
                real.unlink(missing_ok=True)
                return
            real.parent.mkdir(parents=True, exist_ok=True)
            mode = real.stat().st_mode & 0o777 if real.exists() else 0o600
            partial = real.with_name(f"{real.name}.nightschool")
            handle = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            partial.chmod(mode)
            os.replace(partial, real)
        except OSError as error:
            raise UserError(f"{self.path} cannot be written: {error.strerror}", hint="Mend its permissions") from error


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of settings in another program's SQLite file."""

    path: Path
    table: str
    key_column: str
    key: str
    value_column: str

    @property
    def name(self) -> str:
        """The file, and the row in it."""
        return f"{self.path}: {self.key}"

    def read(self) -> bytes | None:
        """Return its value as it is stored."""
        query = f"SELECT CAST({self.value_column} AS BLOB) FROM {self.table} WHERE {self.key_column} = ?"
        with self._open() as db:
            row = db.execute(query, (self.key,)).fetchone()
        return None if row is None or row[0] is None else bytes(row[0])

    def write(self, data: bytes | None) -> None:
        """Store exactly this text, and touch nothing else of the file."""
        with self._open() as db, db:
            if data is None:
                db.execute(f"DELETE FROM {self.table} WHERE {self.key_column} = ?", (self.key,))
                return
            text = data.decode()
            changed = db.execute(
                f"UPDATE {self.table} SET {self.value_column} = ? WHERE {self.key_column} = ?", (text, self.key)
            )
            if not changed.rowcount:
                columns = f"({self.key_column}, {self.value_column})"
                db.execute(f"INSERT INTO {self.table} {columns} VALUES (?, ?)", (self.key, text))

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with contextlib.closing(sqlite3.connect(f"{self.path.as_uri()}?mode=rw", uri=True, timeout=10)) as db:
                yield db
        except sqlite3.Error as error:
            raise UserError(
                f"{self.path} cannot be used: {error}", hint="Name its database with `--path`, and mend its permissions"
            ) from error


def tables(path: Path, table: str) -> tuple[str, ...]:
    """Return the columns of a table in a database; UserError where there is no such file or table."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            found = tuple(str(row[1]) for row in db.execute("SELECT * FROM pragma_table_info(?)", (table,)))
    except sqlite3.Error as error:
        raise UserError(f"{path} cannot be read: {error}", hint="Name the database with `--path`") from error
    if not found:
        raise UserError(f"{path} has no table {table!r}", hint="Start that program once, so that it makes its settings")
    return found
