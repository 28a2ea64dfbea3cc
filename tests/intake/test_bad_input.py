"""What cannot be read gets one sentence with the place and the next step, and takes nothing with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from nightschool import intake
from nightschool.errors import UserError
from nightschool.store import conversations as store
from nightschool.store.database import open_database
from tests.intake import openclaw_logs as log
from tests.intake.hermes_logs import Hermes

LINE = '{"messages": [{"role": "user", "content": "Où est Lund?"}, {"role": "assistant", "content": "En Suède"}]}\n'


def missing(folder: Path) -> Path:
    return folder / "nowhere"


def empty(folder: Path) -> Path:
    (folder / "empty.jsonl").touch()
    return folder / "empty.jsonl"


def blank(folder: Path) -> Path:
    (folder / "blank.jsonl").write_text("\n \n")
    return folder / "blank.jsonl"


def truncated_line(folder: Path) -> Path:
    (folder / "cut.jsonl").write_text(LINE[:60])
    return folder / "cut.jsonl"


def truncated_store(folder: Path) -> Path:
    path = log.write_store(folder / "o.sqlite", {str(n): [log.header("a"), *log.chat("a", 1, "x")] for n in range(99)})
    path.write_bytes(path.read_bytes()[:20_000])
    return path


def only_the_magic(folder: Path) -> Path:
    (folder / "o.sqlite").write_bytes(b"SQLite format 3\0")
    return folder / "o.sqlite"


def binary(folder: Path) -> Path:
    (folder / "picture.jsonl").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    return folder / "picture.jsonl"


def utf_16(folder: Path) -> Path:
    (folder / "wide.jsonl").write_text(LINE, encoding="utf-16")
    return folder / "wide.jsonl"


def utf_16_without_mark(folder: Path) -> Path:
    (folder / "wide.jsonl").write_text(LINE, encoding="utf-16-be")
    return folder / "wide.jsonl"


def latin_1(folder: Path) -> Path:
    (folder / "old.jsonl").write_text(LINE * 3, encoding="latin-1")
    return folder / "old.jsonl"


def foreign_text(folder: Path) -> Path:
    (folder / "shopping.txt").write_text("milk\nbread\n")
    return folder / "shopping.txt"


def foreign_json(folder: Path) -> Path:
    (folder / "weather.jsonl").write_text('{"rain": 3}\n{"rain": 4}\n')
    return folder / "weather.jsonl"


def foreign_database(folder: Path) -> Path:
    db = sqlite3.connect(folder / "music.db")
    db.execute("CREATE TABLE songs (title TEXT)")
    db.close()
    return folder / "music.db"


def no_logs(folder: Path) -> Path:
    (folder / "pictures").mkdir()
    (folder / "pictures" / "a.txt").write_text("hello")
    return folder / "pictures"


def newer_openclaw(folder: Path) -> Path:
    return log.write_store(folder / "o.sqlite", {"a": [log.header("a")]}, version=99)


def newer_hermes(folder: Path) -> Path:
    return Hermes(folder / "state.db", version=99).path


def older_than_any(folder: Path) -> Path:
    return Hermes(folder / "state.db", version=0).path


def damaged_zstd(folder: Path) -> Path:
    (folder / "a.jsonl.zst").write_bytes(b"\x28\xb5\x2f\xfdxxxxxxxx")
    return folder / "a.jsonl.zst"


def own_store(folder: Path) -> Path:
    open_database(folder / "mine.db").close()
    return folder / "mine.db"


BAD: list[tuple[Callable[[Path], Path], str]] = [
    (missing, "There is no"),
    (empty, "is empty"),
    (blank, "is empty"),
    (truncated_line, "cut off in the middle of the line"),
    (truncated_store, "could not be read"),
    (only_the_magic, "could not be read"),
    (binary, "binary"),
    (utf_16, "UTF-16"),
    (utf_16_without_mark, "UTF-16"),
    (latin_1, "not encoded as UTF-8 (line 1)"),
    (foreign_text, "not a log of a known program"),
    (foreign_json, "not of a known program"),
    (foreign_database, "another program"),
    (no_logs, "no conversations of a known program"),
    (newer_openclaw, "schema version 99"),
    (newer_hermes, "schema version 99"),
    (older_than_any, "schema version 0"),
    (damaged_zstd, "damaged zstd"),
    (own_store, "nightschool's own store"),
]


@pytest.mark.parametrize(("make", "sentence"), BAD, ids=[make.__name__ for make, _ in BAD])
def test_bad_input_gets_one_sentence_with_place_and_next_step(db, tmp_path, make, sentence):
    path = make(tmp_path)
    with pytest.raises(UserError) as refusal:
        intake.import_path(db, path)
    assert sentence in refusal.value.message
    assert path.name in refusal.value.message
    assert "\n" not in refusal.value.message
    assert refusal.value.hint
    assert store.all_conversations(db) == []


@pytest.mark.parametrize("make", [truncated_store, utf_16, latin_1, newer_hermes, empty])
def test_one_bad_file_in_a_folder_does_not_stop_the_others(db, tmp_path, make):
    bad = make(tmp_path)
    log.write_store(tmp_path / "good" / "openclaw.sqlite", {"g": [log.header("g"), *log.chat("g", 1, "One", "Two")]})
    imported = intake.import_path(db, tmp_path)
    assert imported.messages == 2
    assert [skip.where for skip in imported.skipped] == [str(bad)]


def test_a_locked_store_asks_to_close_the_program(db, tmp_path, monkeypatch):
    monkeypatch.setattr("nightschool.intake.snapshot.BUSY_SECONDS", 0.05)
    path = log.write_store(tmp_path / "o.sqlite", {"a": [log.header("a"), *log.chat("a", 1, "One", "Two")]})
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN EXCLUSIVE")
    writer.execute("UPDATE transcript_events SET created_at = 1")
    with pytest.raises(UserError, match="locked") as refusal:
        intake.import_path(db, path)
    assert "Close the program" in (refusal.value.hint or "")
    writer.execute("ROLLBACK")
    writer.close()
    assert intake.import_path(db, path).messages == 2


def test_a_damaged_row_is_reported_and_the_rest_goes_in(db, tmp_path):
    events = [log.header("a"), *log.chat("a", 1, "One", "Two", "Three")]
    path = log.write_store(tmp_path / "o.sqlite", {"a": events}, packed=True)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE transcript_events SET event_zstd = x'28b52ffd00' WHERE seq = 2")
    imported = intake.import_path(db, path)
    assert imported.messages == 2
    assert [skip.where for skip in imported.skipped] == [f"{path}#a:3"]


def test_a_damaged_byte_in_a_sound_file_is_one_skipped_line(db, tmp_path):
    path = tmp_path / "chats.jsonl"
    path.write_bytes(LINE.encode() * 2 + b'{"messages": "\xff\xfe"}\n')
    imported = intake.import_path(db, path)
    assert imported.conversations == 1
    assert [skip.where for skip in imported.skipped] == [f"{path}:3"]
    assert "UTF-8" in imported.skipped[0].why


@pytest.mark.parametrize(
    "text", ["[" * 5000, '{"messages": ' + "[" * 900 + "]" * 900 + "}", '{"n": ' + "9" * 5000 + "}"]
)
def test_a_hostile_line_is_skipped(db, tmp_path, text):
    path = tmp_path / "chats.jsonl"
    path.write_text(LINE + text + "\n", encoding="utf-8")
    imported = intake.import_path(db, path)
    assert (imported.conversations, len(imported.skipped)) == (1, 1)


def test_a_failed_import_leaves_what_was_there(db, tmp_path):
    good = tmp_path / "chats.jsonl"
    good.write_text(LINE, encoding="utf-8")
    intake.import_path(db, good)
    before = store.all_conversations(db)
    good.write_text(LINE, encoding="utf-16")
    with pytest.raises(UserError):
        intake.import_path(db, good)
    assert store.all_conversations(db) == before
    assert [source.path for source in store.sources(db)] == [good]
