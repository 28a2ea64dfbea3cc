"""Hermes Agent's store: copies fold into one tree, and what was taken back is an alternate."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from nightschool import intake
from nightschool.records import Conversation
from nightschool.store import conversations as store
from nightschool.turns import kept_path, turns
from tests.intake.hermes_logs import SUMMARY, Hermes

TALK = ("Where is Lund?", "In Norway.", "No, in Sweden.", "In Sweden.", "And Narvik?", "In Norway.")


@pytest.fixture
def hermes(tmp_path: Path) -> Hermes:
    written = Hermes(tmp_path / ".hermes" / "state.db")
    written.session("s1")
    return written


def heard(db: sqlite3.Connection, hermes: Hermes) -> list[Conversation]:
    intake.import_path(db, hermes.path)
    return store.all_conversations(db)


def said(conversation: Conversation) -> list[str]:
    return [message.text for message in kept_path(conversation)]


def alternates(conversation: Conversation) -> dict[str, str]:
    return {message.text: message.alternate for message in conversation.messages if message.alternate}


def test_a_session_is_a_conversation(db, hermes):
    hermes.chat("s1", *TALK)
    imported = intake.import_path(db, hermes.path.parent)
    assert (imported.program, imported.conversations, imported.turns, imported.messages) == ("hermes", 1, 3, 6)
    (conversation,) = store.all_conversations(db)
    assert (conversation.source_id, conversation.project, conversation.system) == ("s1", "/w", "You are a helper.")


def test_a_compaction_in_place_leaves_one_copy_of_everything(db, hermes):
    hermes.chat("s1", *TALK)
    hermes.compress("s1", head=2, tail=2)
    hermes.chat("s1", "Thanks.", "Glad to.")
    (conversation,) = heard(db, hermes)
    assert said(conversation) == [*TALK, SUMMARY, "Thanks.", "Glad to."]
    assert [message.author for message in kept_path(conversation)].count("program") == 1
    assert alternates(conversation) == {}
    assert len(turns(conversation)) == 4


def test_two_compactions_leave_one_copy_of_everything(db, hermes):
    hermes.chat("s1", *TALK)
    hermes.compress("s1", head=2, tail=2)
    hermes.chat("s1", "Thanks.", "Glad to.")
    hermes.compress("s1", head=2, tail=1)
    hermes.chat("s1", "Bye.", "Bye.")
    (conversation,) = heard(db, hermes)
    persons = [message.text for message in kept_path(conversation) if message.author == "person"]
    assert persons == ["Where is Lund?", "No, in Sweden.", "And Narvik?", "Thanks.", "Bye."]


def test_a_compaction_after_an_import_adds_only_its_summary(db, hermes):
    hermes.chat("s1", *TALK)
    intake.import_path(db, hermes.path)
    before = [tuple(row) for row in db.execute("SELECT * FROM messages ORDER BY rowid")]
    hermes.compress("s1", head=2, tail=2)
    assert intake.import_path(db, hermes.path).messages == 1
    assert [tuple(row) for row in db.execute("SELECT * FROM messages ORDER BY rowid")][:-1] == before


def test_a_compaction_into_a_child_session_continues_the_tree(db, hermes):
    hermes.chat("s1", *TALK)
    hermes.session("s2", parent="s1")
    hermes.end("s1", "compression")
    hermes.compress("s1", head=2, tail=2, into="s2")
    hermes.chat("s2", "Thanks.", "Glad to.")
    (conversation,) = heard(db, hermes)
    assert said(conversation) == [*TALK, SUMMARY, "Thanks.", "Glad to."]


def test_a_summary_merged_into_a_kept_message_is_taken_off_it(db, hermes):
    end = "--- END OF CONTEXT SUMMARY — respond to the message below, not the summary above ---"
    hermes.chat("s1", *TALK)
    hermes.session("s2", parent="s1")
    hermes.end("s1", "compression")
    hermes.chat("s2", f"{SUMMARY}\n{end}\n\n{TALK[4]}", TALK[5], "Thanks.", "Glad to.")
    (conversation,) = heard(db, hermes)
    assert said(conversation) == [*TALK, "Thanks.", "Glad to."]


def test_a_branch_shares_what_it_copied(db, hermes):
    hermes.chat("s1", *TALK)
    hermes.branch("s1", "s2")
    hermes.chat("s2", "And Oslo?", "In Norway.")
    imported = intake.import_path(db, hermes.path)
    (conversation,) = store.all_conversations(db)
    assert (imported.conversations, imported.messages, imported.turns) == (1, 8, 4)
    assert said(conversation) == [*TALK, "And Oslo?", "In Norway."]
    assert conversation.source_id == "s1"


def test_a_parent_that_goes_on_beside_its_branch_is_a_fork(db, hermes):
    hermes.chat("s1", *TALK)
    hermes.branch("s1", "s2")
    hermes.chat("s1", "And Oslo?", "In Norway.")
    hermes.chat("s2", "And Turku?", "In Finland.")
    (conversation,) = heard(db, hermes)
    assert said(conversation) == [*TALK, "And Turku?", "In Finland."]
    assert alternates(conversation) == {"And Oslo?": "fork", "In Norway.": "fork"}


def test_a_branch_of_a_compacted_session_shares_what_it_copied(db, hermes):
    hermes.chat("s1", *TALK)
    hermes.compress("s1", head=2, tail=2)
    hermes.chat("s1", "Thanks.", "Glad to.")
    hermes.branch("s1", "s2")
    hermes.chat("s2", "Bye.", "Farewell.")
    (conversation,) = heard(db, hermes)
    assert said(conversation) == [*TALK, SUMMARY, "Thanks.", "Glad to.", "Bye.", "Farewell."]
    assert alternates(conversation) == {}


def test_a_delegates_session_is_its_own_and_no_persons(db, hermes):
    hermes.chat("s1", *TALK[:2])
    hermes.session("s2", parent="s1", _delegate_from="s1")
    hermes.chat("s2", "Count the files", "There are 3")
    found = heard(db, hermes)
    assert [len(turns(conversation)) for conversation in found] == [1, 0]


def test_undone_rows_are_alternates(db, hermes):
    hermes.chat("s1", *TALK[:2])
    rows = hermes.say("s1", "user", "Make it rhyme"), hermes.say("s1", "assistant", "Lund, fund.")
    hermes.undo(*rows)
    hermes.chat("s1", "Make it short", "Lund.")
    (conversation,) = heard(db, hermes)
    assert said(conversation) == [*TALK[:2], "Make it short", "Lund."]
    assert alternates(conversation) == {"Make it rhyme": "undo", "Lund, fund.": "undo"}


def test_an_undo_after_an_import_marks_what_is_there(db, hermes):
    hermes.chat("s1", *TALK[:2])
    rows = hermes.say("s1", "user", "Make it rhyme"), hermes.say("s1", "assistant", "Lund, fund.")
    intake.import_path(db, hermes.path)
    hermes.undo(*rows)
    again = intake.import_path(db, hermes.path)
    (conversation,) = store.all_conversations(db)
    assert (again.messages, again.duplicates) == (0, 4)
    assert alternates(conversation) == {"Make it rhyme": "undo", "Lund, fund.": "undo"}


def test_a_retry_leaves_the_first_answer(db, hermes):
    hermes.chat("s1", "Write a haiku on a pond", "Old pond.", "Write a haiku on a pond", "A frog jumps in.")
    (conversation,) = heard(db, hermes)
    assert said(conversation) == ["Write a haiku on a pond", "A frog jumps in."]
    assert alternates(conversation) == {"Old pond.": "retry"}
    assert [run[0].text for run in turns(conversation)[0].alternates] == ["Old pond."]


def test_a_short_word_said_twice_is_no_retry(db, hermes):
    hermes.chat("s1", "Read me the book", "Page 1", "go on", "Page 2", "go on", "Page 3")
    (conversation,) = heard(db, hermes)
    assert len(turns(conversation)) == 3
    assert alternates(conversation) == {}


def test_what_hermes_writes_in_the_persons_place_is_not_the_person(db, hermes):
    hermes.chat("s1", "[System note: the session was resumed]", "Noted.")
    hermes.session("c1", source="cron")
    hermes.chat("c1", "Send the report", "Sent.")
    assert [len(turns(conversation)) for conversation in heard(db, hermes)] == [0, 0]


def test_tool_calls_results_and_exit_codes_are_read(db, hermes):
    function = {"name": "terminal", "arguments": '{"command": "make"}'}
    calls = json.dumps([{"id": "c1", "type": "function", "function": function}])
    hermes.say("s1", "user", "Run it")
    hermes.say("s1", "assistant", "", tool_calls=calls, reasoning_content="Run make.", finish_reason="tool_calls")
    output = json.dumps({"output": "boom", "exit_code": 2, "error": None})
    hermes.say("s1", "tool", output, tool_call_id="c1", tool_name="terminal")
    (conversation,) = heard(db, hermes)
    thought, asked = conversation.messages[1].parts
    (answer,) = conversation.messages[2].parts
    assert thought.kind == "thinking"
    assert (asked.name, asked.arguments, asked.call_id) == ("terminal", {"command": "make"}, "c1")
    assert (answer.exit_code, answer.is_error, answer.text) == (2, False, output)
    assert conversation.messages[1].stop == "tool"


def test_a_packed_content_gives_its_text_and_marks_its_picture(db, hermes):
    blocks = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": "data:x"}}]
    hermes.say("s1", "user", "\0json:" + json.dumps(blocks))
    (conversation,) = heard(db, hermes)
    assert conversation.messages[0].text == "What is this?"
    assert [part.kind for part in conversation.messages[0].parts] == ["text", "image"]


def test_every_row_can_be_had_back(db, hermes):
    hermes.chat("s1", *TALK)
    intake.import_path(db, hermes.path)
    (source,) = store.sources(db)
    rows = [json.loads(line) for line in store.originals(db, source.id)]
    assert [row["content"] for row in rows if "content" in row] == list(TALK)
