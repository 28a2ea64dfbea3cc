from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightschool.store.database import open_database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A fresh store."""
    home = tmp_path / "home"
    home.mkdir()
    connection = open_database(home / "nightschool.db")
    yield connection
    connection.close()
