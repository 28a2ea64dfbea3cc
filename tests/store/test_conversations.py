"""What was said stays as it was said; which path was kept is a reading of the newest view."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nightschool.records import Message, Part
from nightschool.store import conversations as store
from nightschool.store import originals
from nightschool.store.conversations import Origin, View
from nightschool.store.database import open_database
from nightschool.store.originals import Document
from nightschool.turns import kept_path

HISTORY = ["contents", "documents", "originals", "parts", "conversations", "messages", "message_parts", "origins"]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(tmp_path / "n.db")) as connection:
        yield connection


def said(key: str, parent: str | None, role: str, text: str, created: float = 0.0) -> Message:
    author = "person" if role == "user" else "assistant"
    return Message(
        id=key, parent_id=parent, role=role, author=author, parts=(Part(kind="text", text=text),), created=created
    )


QUESTION = said("q", None, "user", "Where is Lund?", 1)
WRONG = said("w", "q", "assistant", "In Norway.", 2)
RIGHT = said("r", "q", "assistant", "In Sweden.", 3)
VIEW = View(
    conversation_id="c",
    program="openai",
    session_id="s",
    messages=(QUESTION, WRONG),
    leaf="w",
    latest=2,
    origins=(Origin(document="/a.jsonl", position=0, message_id="q"),),
)


@pytest.fixture
def filled(db: sqlite3.Connection) -> sqlite3.Connection:
    source = store.add_source(db, Path("/a.jsonl"), "openai")
    originals.keep(db, source.id, Document(name="/a.jsonl", lines=(b"one\n", b"two")))
    store.add(db, VIEW)
    return db


@pytest.mark.parametrize("table", HISTORY)
def test_history_cannot_be_changed_or_removed(filled, table):
    column = filled.execute(f"PRAGMA table_info({table})").fetchone()["name"]
    before = [tuple(row) for row in filled.execute(f"SELECT * FROM {table}")]
    assert before
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            filled.execute(statement)
    assert [tuple(row) for row in filled.execute(f"SELECT * FROM {table}")] == before


def test_history_cannot_be_replaced_either(filled):
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        filled.execute("REPLACE INTO contents SELECT hash, x'00' FROM contents")


def test_a_forget_that_announces_itself_may_remove(filled):
    filled.execute("INSERT INTO forgetting VALUES (0)")
    filled.execute("DELETE FROM origins")
    filled.execute("DELETE FROM forgetting")
    assert filled.execute("SELECT count(*) FROM origins").fetchone()[0] == 0
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        filled.execute("DELETE FROM messages")


def test_a_part_is_stored_once_however_often_it_is_said(db):
    store.add(db, replace(VIEW, origins=()))
    other = (said("q2", None, "user", "Where is Lund?"), said("w2", "q2", "assistant", "In Norway."))
    store.add(db, replace(VIEW, conversation_id="d", messages=other, leaf="w2", origins=()))
    assert db.execute("SELECT count(*) FROM message_parts").fetchone()[0] == 4
    assert db.execute("SELECT count(*) FROM parts").fetchone()[0] == 2


def test_adding_again_brings_nothing(filled):
    added = store.add(filled, VIEW)
    assert (added.conversations, added.turns, added.messages, added.duplicates) == (0, 0, 0, 2)


def test_the_newest_view_says_which_path_was_kept(filled):
    newer = replace(VIEW, session_id="t", messages=(QUESTION, RIGHT), leaf="r", latest=9, left={"w": "rewind"})
    store.add(filled, newer)
    conversation = store.get(filled, "c")
    assert [message.id for message in kept_path(conversation)] == ["q", "r"]
    assert {message.id: message.alternate for message in conversation.messages if message.alternate} == {"w": "rewind"}


def test_an_older_view_that_comes_later_changes_nothing(db):
    newer = replace(VIEW, messages=(QUESTION, RIGHT), leaf="r", latest=9, origins=())
    store.add(db, newer)
    before = [message.id for message in kept_path(store.get(db, "c"))]
    store.add(db, replace(VIEW, origins=()))
    assert [message.id for message in kept_path(store.get(db, "c"))] == before


def test_a_view_in_which_all_was_taken_back_keeps_nothing(filled):
    store.add(filled, replace(VIEW, leaf=None, latest=9, left={"q": "rewind", "w": "rewind"}))
    assert kept_path(store.get(filled, "c")) == ()


def test_a_rating_that_came_later_is_read(filled):
    store.add(filled, replace(VIEW, ratings={"w": -1}))
    assert [message.rating for message in store.get(filled, "c").messages] == [0, -1]


def test_a_poorer_view_takes_nothing_away(filled):
    store.add(filled, replace(VIEW, system="Be brief.", title="Lund"))
    store.add(filled, VIEW)
    conversation = store.get(filled, "c")
    assert (conversation.system, conversation.title) == ("Be brief.", "Lund")


def test_a_message_names_its_conversation(filled):
    assert store.message_conversation(filled, "w") == "c"
    assert store.message_conversation(filled, "nowhere") is None
    assert store.get(filled, "nowhere") is None


def test_conversations_come_by_the_time_they_started(db):
    for key, created in (("late", 50.0), ("early", 10.0)):
        view = replace(
            VIEW, conversation_id=key, messages=(said(key, None, "user", "Hello", created),), leaf=key, origins=()
        )
        store.add(db, view)
    assert [conversation.id for conversation in store.all_conversations(db)] == ["early", "late"]
    assert [(row.id, row.turns, row.messages) for row in store.summaries(db)] == [("early", 1, 1), ("late", 1, 1)]


def test_a_path_is_registered_once(db):
    first = store.add_source(db, Path("/a"), "openclaw")
    assert store.add_source(db, Path("/a"), "openclaw") == first
    assert store.sources(db) == [first]


def keep(db: sqlite3.Connection, *lines: bytes) -> bytes:
    source = store.add_source(db, Path("/a"), "openai")
    originals.keep(db, source.id, Document(name="/a", lines=lines))
    return b"".join(store.originals(db, source.id))


def test_a_line_that_was_still_being_written_is_not_given_twice(db):
    assert keep(db, b"one\n", b"tw") == b"one\ntw"
    assert keep(db, b"one\n", b"two\n", b"three") == b"one\ntwo\nthree"


def test_what_a_rewritten_file_held_before_stays(db):
    keep(db, b"one\n", b"two\n")
    assert keep(db, b"one\n", b"other\n") == b"one\ntwo\none\nother\n"


def test_equal_lines_are_stored_once(db):
    keep(db, *[b"the same\n"] * 50)
    assert db.execute("SELECT count(*) FROM contents").fetchone()[0] == 1


def test_the_lines_of_one_conversation_can_be_had_alone(filled):
    (edition,) = originals.editions(filled)
    assert b"".join(originals.lines(filled, edition.id, "c")) == b"one\n"
