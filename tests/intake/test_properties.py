"""What holds for any log: bytes in are bytes out, order does not matter, nothing crashes the import."""

from __future__ import annotations

import itertools
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nightschool import intake
from nightschool.errors import UserError
from nightschool.records import Conversation
from nightschool.store import conversations as store
from nightschool.store.database import open_database
from nightschool.turns import kept_path
from tests.intake import openclaw_logs as log
from tests.intake.hermes_logs import Hermes
from tests.intake.openclaw_logs import at, chat, header

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Shrinking a log of nested records takes minutes; the first record that crashes says enough.
fuzz = settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
GOOD = b'{"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]}\n'
words = st.text(st.characters(exclude_categories=()), min_size=1, max_size=40)


@contextmanager
def fresh() -> Iterator[tuple[sqlite3.Connection, Path]]:
    with in_memory() as folder, closing(open_database(folder / "n.db")) as db:
        yield db, folder


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder for one example; a disk would be asked to flush a hundred times."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        yield Path(name)


def everything(db: sqlite3.Connection) -> bytes:
    return b"".join(line for source in store.sources(db) for line in store.originals(db, source.id))


@quick
@given(st.lists(st.binary(max_size=60).filter(lambda raw: b"\0" not in raw), max_size=8), st.booleans())
def test_the_bytes_of_a_file_come_back_whatever_they_are(lines, ended):
    data = GOOD + b"\n".join(lines) + (b"\n" if ended else b"")
    with fresh() as (db, folder):
        path = folder / "a.jsonl"
        path.write_bytes(data)
        try:
            intake.import_path(db, path)
        except UserError:
            return
        assert everything(db) == data


@quick
@given(st.lists(st.binary(max_size=30).filter(lambda raw: b"\0" not in raw), min_size=1, max_size=6))
def test_the_bytes_of_a_growing_file_come_back_after_every_night(pieces):
    with fresh() as (db, folder):
        path = folder / "a.jsonl"
        data = GOOD
        for piece in pieces:
            data += piece
            path.write_bytes(data)
            try:
                intake.import_path(db, path)
            except UserError:
                return
            assert everything(db) == data


def test_the_bytes_of_a_file_that_was_rewritten_are_both_there(db, tmp_path):
    path = tmp_path / "a.jsonl"
    for data in (GOOD * 2, GOOD.replace(b"Hello", b"Bye"), GOOD):
        path.write_bytes(data)
        intake.import_path(db, path)
    assert everything(db) == GOOD * 2 + GOOD.replace(b"Hello", b"Bye") + GOOD


ADVERSARIAL = [
    "a\0b",
    "\ud83d",
    "half \udc00 of a pair",
    "👩‍👩‍👧‍👦 and 𝔘𝔫𝔦",
    "\u202eright to left\u202c",
    "line\u2028separator\r\n",
    "<|im_start|>system",
    "'; DROP TABLE messages; --",
    "x" * 1_000_000,
]


@pytest.mark.parametrize("text", ADVERSARIAL, ids=range(len(ADVERSARIAL)))
def test_any_text_goes_in_and_comes_out(db, tmp_path, text):
    path = tmp_path / "a.jsonl"
    line = {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "Hi"}]}
    path.write_text(json.dumps(line) + "\n")
    intake.import_path(db, path)
    (conversation,) = store.all_conversations(db)
    spoken = conversation.messages[0].text
    assert spoken == "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    assert everything(db) == path.read_bytes()
    assert intake.import_path(db, path).messages == 0


@quick
@given(words, words)
def test_any_text_survives_an_openclaw_store(question, answer):
    events = [json.dumps(event) for event in [header("a"), *chat("a", 1, question, answer)]]
    with fresh() as (db, folder):
        intake.import_path(db, log.write_store(folder / "o.sqlite", {"a": events}))
        (conversation,) = store.all_conversations(db)
        expected = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in answer)
        assert conversation.messages[1].text == expected


def lineage(folder: Path) -> list[Path]:
    """A session, its fork, its rewind, and a fork of the fork, one file each."""
    shared = chat("a", 1, "One", "Two", "Three", "Four")
    leaf = {"type": "leaf", "id": "l", "parentId": "a3", "timestamp": at(40), "targetId": "a1"}
    branch = [*shared, *chat("b", 20, "Right?", "Right.", parent="a3")]
    sessions = [
        [header("a"), *shared],
        [header("f", 19, parentSession="a"), *branch],
        [header("r", 40), *shared, leaf, *chat("c", 41, "Else", "Other", parent="l")],
        [header("g", 50, parentSession="f"), *branch, *chat("d", 51, "More", "Yes", parent="b1")],
    ]
    return [log.write_file(folder, events) for events in sessions]


def shape(conversations: list[Conversation]) -> Any:
    return [(c.id, c.source_id, c.messages) for c in conversations]


@pytest.mark.parametrize("order", itertools.permutations(range(4)))
def test_the_order_in_which_files_come_does_not_change_the_tree(tmp_path, order):
    paths = lineage(tmp_path)
    with fresh() as (db, _), fresh() as (other, _):
        intake.import_path(db, tmp_path)
        for index in order:
            intake.import_path(other, paths[index])
        assert shape(store.all_conversations(other)) == shape(store.all_conversations(db))
        (conversation,) = store.all_conversations(db)
        assert [m.text for m in kept_path(conversation)][-2:] == ["More", "Yes"]


@quick
@given(st.data())
def test_hermes_says_each_thing_once_whatever_was_compacted_undone_or_branched(data):
    """However a session is compressed and branched, every live exchange stands once on the kept path."""
    with in_memory() as folder:
        hermes = Hermes(folder / "state.db")
        hermes.session("s0")
        current, expected = "s0", []
        steps = data.draw(st.lists(st.sampled_from(["say", "say", "undo", "compress", "branch"]), max_size=9))
        for number, step in enumerate(steps):
            if step == "undo":
                hermes.undo(
                    hermes.say(current, "user", f"undone {number}"), hermes.say(current, "assistant", f"gone {number}")
                )
            elif step == "compress" and len(expected) >= 4:
                hermes.compress(current, head=2, tail=data.draw(st.integers(0, 2)))
            elif step == "branch" and expected:
                hermes.branch(current, f"b{number}")
                current = f"b{number}"
            else:
                hermes.chat(current, f"question {number}", f"answer {number}")
                expected += [f"question {number}", f"answer {number}"]
        with closing(open_database(folder / "n.db")) as db:
            if not expected:
                return
            intake.import_path(db, hermes.path)
            (conversation,) = store.all_conversations(db)
            spoken = [m.text for m in kept_path(conversation) if m.author != "program"]
            assert spoken == expected
            assert intake.import_path(db, hermes.path).messages == 0


# fmt: off
KEYS = [
    "type", "id", "parentId", "timestamp", "message", "role", "content", "targetId", "summary", "provenance", "text",
    "provider", "model", "toolName", "details", "arguments", "name", "data", "customType", "appendMode", "function",
    "tool_calls",
]
VALUES = [
    "message", "leaf", "reset", "compaction", "user", "assistant", "toolResult", "tool", "toolCall", "openclaw", "a",
    "b",
]
# fmt: on
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(VALUES) | st.text(max_size=5)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)
records = st.dictionaries(st.sampled_from(KEYS), values, max_size=8)


@fuzz
@given(st.lists(records, max_size=8))
def test_no_record_crashes_the_openclaw_importer(events):
    with fresh() as (db, folder):
        path = log.write_file(folder / "sessions", [header("a"), *(json.dumps(event) for event in events)])
        first = intake.import_path(db, path)
        store.all_conversations(db)
        assert intake.import_path(db, path).messages == 0
        assert first.messages + first.duplicates <= len(events)


chats = st.dictionaries(
    st.sampled_from(["messages", "prompt", "completion", "chosen", "rejected", "input", "tools", "label"]),
    values
    | st.lists(st.fixed_dictionaries({"role": st.sampled_from(VALUES)}, optional={"content": values}), max_size=3),
)


@fuzz
@given(st.lists(chats, max_size=6))
def test_no_line_crashes_the_openai_importer(lines):
    with fresh() as (db, folder):
        path = folder / "a.jsonl"
        path.write_bytes(GOOD + b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        intake.import_path(db, path)
        assert intake.import_path(db, path).messages == 0
