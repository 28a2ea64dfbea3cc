"""The file itself: who may read it, what is refused, and that a write is whole or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nightschool.errors import UserError
from nightschool.store import database
from nightschool.store.database import open_database, statements, transaction


def test_only_its_owner_can_read_the_store(tmp_path):
    with closing(open_database(tmp_path / "n.db")) as db:
        db.execute("INSERT INTO sources (path, program, added) VALUES ('a', 'b', 0)")
        files = list(tmp_path.iterdir())
        assert len(files) == 3
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_store_that_others_could_read_is_closed_to_them(tmp_path):
    (tmp_path / "n.db").touch(mode=0o644)
    open_database(tmp_path / "n.db").close()
    assert (tmp_path / "n.db").stat().st_mode & 0o777 == 0o600


def test_migrations_are_numbered_recorded_and_applied_once(tmp_path):
    with closing(open_database(tmp_path / "n.db")) as db:
        rows = [tuple(row) for row in db.execute("SELECT number, name, applied FROM migrations ORDER BY number")]
    assert rows[0][:2] == (1, "0001_conversations")
    with closing(open_database(tmp_path / "n.db")) as db:
        assert [tuple(row) for row in db.execute("SELECT * FROM migrations ORDER BY number")] == rows


def test_a_migration_takes_effect_whole_or_not_at_all(tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.sql").write_text("CREATE TABLE first (a);")
    (folder / "0002_second.sql").write_text("CREATE TABLE second (a); CREATE TABLE first (a);")
    monkeypatch.setattr(database, "MIGRATIONS", folder)
    with pytest.raises(sqlite3.OperationalError):
        open_database(tmp_path / "n.db")
    with closing(sqlite3.connect(tmp_path / "n.db")) as db:
        assert [row[0] for row in db.execute("SELECT number FROM migrations")] == [1]
        assert db.execute("SELECT 1 FROM sqlite_master WHERE name = 'second'").fetchone() is None


def test_a_script_is_split_where_a_statement_ends():
    script = "CREATE TRIGGER t BEFORE DELETE ON a BEGIN SELECT 1; SELECT ';'; END; -- a; b\nCREATE TABLE b (c);\n"
    assert [part.strip().split()[0] for part in statements(script)] == ["CREATE", "--"]


def test_a_newer_schema_is_refused_with_a_sentence(tmp_path):
    with closing(open_database(tmp_path / "n.db")) as db:
        db.execute("INSERT INTO migrations VALUES (9999, '9999_future', 0)")
    before = (tmp_path / "n.db").read_bytes()
    with pytest.raises(UserError, match="schema version 9999") as refusal:
        open_database(tmp_path / "n.db")
    assert refusal.value.hint
    assert (tmp_path / "n.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"hello there, no database" * 99, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "n.db"
    path.write_bytes(content)
    with pytest.raises(UserError, match="is not a database"):
        open_database(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path):
    with closing(sqlite3.connect(tmp_path / "n.db")) as other:
        other.execute("CREATE TABLE songs (title)")
    with pytest.raises(UserError, match="is not a database of nightschool"):
        open_database(tmp_path / "n.db")


def test_a_full_disk_is_said_and_nothing_is_changed(tmp_path):
    with closing(open_database(tmp_path / "n.db")) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(UserError, match="disk is full"), transaction(db):
            for number in range(1000):
                db.execute("INSERT INTO sources (path, program, added) VALUES (?, 'x', 0)", ("p" * 500 + str(number),))
        assert db.execute("SELECT count(*) FROM sources").fetchone()[0] == 0


def test_a_store_that_another_program_writes_is_said_to_be_busy(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(open_database(tmp_path / "n.db")) as db, closing(open_database(tmp_path / "n.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UserError, match="another program"), transaction(db):
            pass


def test_a_transaction_rolls_back_when_it_raises_and_joins_the_one_around_it(tmp_path):
    with closing(open_database(tmp_path / "n.db")) as db:
        with pytest.raises(KeyError), transaction(db):
            with transaction(db):
                db.execute("INSERT INTO sources (path, program, added) VALUES ('a', 'b', 0)")
            raise KeyError
        assert db.execute("SELECT count(*) FROM sources").fetchone()[0] == 0


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        open_database(Path(tmp_path / "nowhere" / "n.db"))


def test_a_mistake_of_ours_is_seen_as_what_it_is(tmp_path):
    with closing(open_database(tmp_path / "db")) as db, pytest.raises(sqlite3.ProgrammingError), transaction(db):
        db.execute("SELECT ?", ())


def test_a_store_that_another_process_lays_at_the_same_moment_is_no_stranger(tmp_path):
    """Between any two looks at an empty file another process may have made its first tables."""
    path = tmp_path / "n.db"
    mine = sqlite3.connect(path)
    mine.row_factory = sqlite3.Row

    class Racing:
        def execute(self, query):
            seen = mine.execute(query).fetchall()
            open_database(path).close()
            return Looked(seen)

    class Looked(list):
        def fetchone(self):
            return self[0] if self else None

    assert database._applied(Racing(), path) == set()
    assert database._applied(mine, path)
    mine.close()
