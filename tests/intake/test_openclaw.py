"""OpenClaw logs, both forms: who said what, on which path, in which conversation."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from nightschool import intake
from nightschool.records import Conversation
from nightschool.store import conversations as store
from nightschool.turns import kept_path, turns
from tests.intake import openclaw_logs as log
from tests.intake.openclaw_logs import assistant, at, call, chat, header, result, user


def heard(db: sqlite3.Connection, *paths: Path) -> list[Conversation]:
    for path in paths:
        intake.import_path(db, path)
    return store.all_conversations(db)


def said(conversation: Conversation) -> list[str]:
    return [message.text for message in kept_path(conversation)]


def alternates(conversation: Conversation) -> dict[str, str]:
    return {message.text: message.alternate for message in conversation.messages if message.alternate}


@pytest.mark.parametrize("packed", [False, True])
def test_a_store_gives_conversations_with_turns_and_messages(db, tmp_path, packed):
    first = [header("a"), *chat("a", 1, "Where is Lund?", "In Norway.", "No, in Sweden.", "In Sweden, right.")]
    second = [header("b", 60), *chat("b", 61, "Hello", "Hi")]
    path = log.write_store(tmp_path / "openclaw-agent.sqlite", {"a": first, "b": second}, packed=packed)
    imported = intake.import_path(db, path)
    assert (imported.program, imported.conversations, imported.turns, imported.messages) == ("openclaw", 2, 3, 6)
    assert imported.duplicates == 0
    assert [c.source_id for c in store.all_conversations(db)] == ["a", "b"]
    assert store.all_conversations(db)[0].project == "/w"


def test_the_files_of_before_read_as_the_store_does(db, tmp_path):
    events = [header("a"), *chat("a", 1, "Where is Lund?", "In Sweden.")]
    text_blocks = [{"type": "text", "text": "Where is Lund?"}]
    events[1] = user("a0", None, 1, text_blocks)
    log.write_file(tmp_path / "agents" / "main" / "sessions", events)
    (conversation,) = heard(db, tmp_path / "agents")
    assert said(conversation) == ["Where is Lund?", "In Sweden."]
    assert conversation.agent == "main"


def test_importing_twice_adds_nothing(db, tmp_path):
    path = log.write_store(tmp_path / "o.sqlite", {"a": [header("a"), *chat("a", 1, "One", "Two")]})
    intake.import_path(db, path)
    again = intake.import_path(db, path)
    assert (again.conversations, again.turns, again.messages, again.duplicates) == (0, 0, 0, 2)


def test_a_grown_log_adds_only_what_is_new(db, tmp_path):
    events = [header("a"), *chat("a", 1, "One", "Two", "Three", "Four")]
    path = tmp_path / "o.sqlite"
    intake.import_path(db, log.write_store(path, {"a": events[:3]}))
    before = db.execute("SELECT * FROM messages ORDER BY rowid").fetchall()
    grown = intake.import_path(db, log.write_store(path, {"a": events}))
    assert (grown.conversations, grown.turns, grown.messages, grown.duplicates) == (0, 1, 2, 2)
    assert db.execute("SELECT * FROM messages ORDER BY rowid").fetchall()[:2] == before


def test_a_reset_begins_another_conversation(db, tmp_path):
    reset = {"type": "reset", "id": "r1", "parentId": "a1", "timestamp": at(10), "reason": "new"}
    events = [header("a"), *chat("a", 1, "One", "Two"), reset, *chat("b", 11, "Three", "Four", parent="r1")]
    found = heard(db, log.write_store(tmp_path / "o.sqlite", {"a": events}))
    assert [said(conversation) for conversation in found] == [["One", "Two"], ["Three", "Four"]]
    assert {conversation.source_id for conversation in found} == {"a"}


def test_a_fork_grows_the_same_tree_and_is_no_rejection(db, tmp_path):
    shared = chat("a", 1, "One", "Two")
    original = [header("a"), *shared, *chat("x", 5, "Left?", "Left.", parent="a1")]
    fork = [header("f", 20, parentSession="sqlite:main:a:/x"), *shared, *chat("y", 21, "Right?", "Right.", parent="a1")]
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", {"a": original, "f": fork}))
    assert said(conversation) == ["One", "Two", "Right?", "Right."]
    assert alternates(conversation) == {"Left?": "fork", "Left.": "fork"}
    assert conversation.source_id == "a"


def test_a_fork_without_a_word_of_its_own_leaves_the_path_alone(db, tmp_path):
    events = chat("a", 1, "One", "Two", "Three", "Four")
    sessions = {"a": [header("a"), *events], "f": [header("f", 90), *events[:2]]}
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", sessions))
    assert said(conversation) == ["One", "Two", "Three", "Four"]
    assert alternates(conversation) == {}


def rewound(tail: list[log.Event]) -> dict[str, list[log.Event]]:
    events = chat("a", 1, "One", "Two", "Make it long", "A long one.")
    leaf = {"type": "leaf", "id": "l", "parentId": "a3", "timestamp": at(30), "targetId": "a1"}
    return {"a": [header("a"), *events], "n": [header("n", 30), *events, leaf, *tail]}


def test_a_rewind_leaves_what_was_taken_back_as_alternate(db, tmp_path):
    tail = chat("b", 31, "Make it short", "Short.", parent="l")
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", rewound(tail)))
    assert said(conversation) == ["One", "Two", "Make it short", "Short."]
    assert alternates(conversation) == {"Make it long": "rewind", "A long one.": "rewind"}


def test_a_rewind_to_ask_the_same_again_is_a_regenerated_answer(db, tmp_path):
    tail = chat("b", 31, "Make it long", "Longer still.", parent="l")
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", rewound(tail)))
    assert said(conversation)[2:] == ["Make it long", "Longer still."]
    assert alternates(conversation) == {"A long one.": "regenerate"}
    assert [run[0].text for run in turns(conversation)[1].alternates] == ["A long one."]


def test_a_rewind_after_an_import_moves_the_path_and_no_row(db, tmp_path):
    path, sessions = tmp_path / "o.sqlite", rewound([])
    intake.import_path(db, log.write_store(path, {"a": sessions["a"]}))
    before = [tuple(row) for row in db.execute("SELECT * FROM messages ORDER BY rowid")]
    intake.import_path(db, log.write_store(path, sessions))
    (conversation,) = store.all_conversations(db)
    assert said(conversation) == ["One", "Two"]
    assert alternates(conversation) == {"Make it long": "rewind", "A long one.": "rewind"}
    assert [tuple(row) for row in db.execute("SELECT * FROM messages ORDER BY rowid")] == before


def test_a_file_may_branch_by_parent_alone(db, tmp_path):
    events = [header("a"), *chat("a", 1, "One", "Two", "Three", "Four"), *chat("b", 9, "Other", "Else", parent="a1")]
    (conversation,) = heard(db, log.write_file(tmp_path / "sessions", events))
    assert said(conversation) == ["One", "Two", "Other", "Else"]
    assert alternates(conversation) == {"Three": "edit", "Four": "edit"}


def test_the_path_that_openclaw_computed_is_taken(db, tmp_path):
    events = [header("a"), *chat("a", 1, "One", "Two"), *chat("b", 9, "Side", "Aside", parent="a1")]
    path = log.write_store(tmp_path / "o.sqlite", {"a": events}, active={"a": [1, 2]})
    (conversation,) = heard(db, path)
    assert said(conversation) == ["One", "Two"]


def test_a_compaction_keeps_the_history_and_its_summary_is_the_programs(db, tmp_path):
    summary = {"type": "compaction", "id": "k", "parentId": "a1", "timestamp": at(9), "summary": "They counted."}
    events = [header("a"), *chat("a", 1, "One", "Two"), summary, *chat("b", 11, "Three", "Four", parent="k")]
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", {"a": events}))
    assert said(conversation) == ["One", "Two", "They counted.", "Three", "Four"]
    assert [m.author for m in kept_path(conversation)][2] == "program"
    assert len(turns(conversation)) == 2


PROGRAMS_WORDS = [
    {"content": "[OpenClaw heartbeat poll]"},
    {"content": "Report", "provenance": {"kind": "internal_system", "sourceTool": "heartbeat"}},
    {"content": "From a sister", "provenance": {"kind": "inter_session", "sourceSessionKey": "agent:b:main"}},
    {"content": "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nfacts\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>"},
]


@pytest.mark.parametrize("body", PROGRAMS_WORDS)
def test_what_a_program_writes_in_the_persons_place_is_not_the_person(db, tmp_path, body):
    events = [header("a"), log.message("u", None, 1, {"role": "user", **body}), assistant("v", "u", 2, "NO_REPLY")]
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", {"a": events}))
    assert [message.author for message in conversation.messages] == ["program", "program"]
    assert turns(conversation) == ()


@pytest.mark.parametrize("key", ["cron:tidy", "hook:1", "agent:main:subagent:7"])
def test_nobody_types_into_a_session_of_a_schedule_a_hook_or_another_agent(db, tmp_path, key):
    path = log.write_store(
        tmp_path / "o.sqlite", {"a": [header("a"), *chat("a", 1, "Tidy up", "Done")]}, keys={"a": key}
    )
    (conversation,) = heard(db, path)
    assert turns(conversation) == ()


def test_another_member_of_a_group_is_not_the_person(db, tmp_path):
    mine = user("u", None, 1, "Mine", __openclaw={"senderIsOwner": True})
    theirs = user("v", "u", 2, "Theirs", __openclaw={"senderIsOwner": False})
    path = log.write_store(tmp_path / "o.sqlite", {"a": [header("a"), mine, theirs]}, chat_type="group")
    (conversation,) = heard(db, path)
    assert [message.author for message in conversation.messages] == ["person", "program"]


ENVELOPES = [
    "[Fri 2026-11-20 08:32 UTC] Where is Lund?",
    "[Telegram Alice id:77 +5m 2026-11-20 08:32 UTC] Where is Lund?\n[message_id: 12]",
    'Conversation info (untrusted metadata):\n```json\n{"a": 1}\n```\n\nWhere is Lund?',
    "Where is Lund?\n\n<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nsecretly\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>",
    "Where is Lund?\n\nRuntime: agent=main | session=agent:main:main",
]


@pytest.mark.parametrize("text", ENVELOPES)
def test_what_a_channel_puts_around_the_words_is_taken_off(db, tmp_path, text):
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", {"a": [header("a"), user("u", None, 1, text)]}))
    assert said(conversation)[0].strip() == "Where is Lund?"
    assert len(turns(conversation)) == 1


def test_the_persons_own_brackets_stay(db, tmp_path):
    text = "[draft] Runtime: agent is slow\n[x]"
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", {"a": [header("a"), user("u", None, 1, text)]}))
    assert said(conversation) == [text]


def test_the_exit_code_is_read_and_the_flag_is_not_taken_for_it(db, tmp_path):
    events = [
        header("a"),
        user("u", None, 1, "Run it"),
        assistant("v", "u", 2, "", call("c", "exec", command="make"), stopReason="toolUse"),
        result("w", "v", 3, "exec", "boom", details={"exitCode": 1}, isError=False),
        result("x", "w", 4, "exec", "boom\n\n(Command exited with code 2)", isError=False),
        result("y", "x", 5, "read", "a file that says (Command exited with code 3)", isError=False),
    ]
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", {"a": events}))
    results = [part for message in conversation.messages for part in message.parts if part.kind == "tool_result"]
    assert [part.exit_code for part in results] == [1, 2, None]
    assert [part.is_error for part in results] == [False, False, False]
    (asked,) = [part for message in conversation.messages for part in message.parts if part.kind == "tool_call"]
    assert (asked.name, asked.arguments) == ("exec", {"command": "make"})


def test_thinking_is_kept_apart_from_the_answer(db, tmp_path):
    thought = {"type": "thinking", "thinking": "Sweden, surely.", "thinkingSignature": "s"}
    events = [header("a"), user("u", None, 1, "Where is Lund?"), assistant("v", "u", 2, "In Sweden.", thought)]
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", {"a": events}))
    assert conversation.messages[1].text == "In Sweden."
    assert [part.text for part in conversation.messages[1].parts if part.kind == "thinking"] == ["Sweden, surely."]


TOOL = {"name": "read", "description": "Read a file", "parameters": {"type": "object", "properties": {}}}


def test_system_prompt_and_tools_come_from_the_flight_recorder(db, tmp_path):
    events = [header("a"), *chat("a", 5, "One", "Two")]
    recorder = {"a": [{"type": "session.started"}, log.compiled(4, "Be brief.", [TOOL, "[Truncated]"])]}
    (conversation,) = heard(db, log.write_store(tmp_path / "o.sqlite", {"a": events}, trajectories=recorder))
    assert conversation.system == "Be brief."
    assert [tool["function"]["name"] for tool in conversation.tools] == ["read"]
    assert conversation.tools[0]["type"] == "function"


def test_the_flight_recorder_beside_a_file_is_read_too(db, tmp_path):
    folder = tmp_path / "sessions"
    log.write_file(folder, [header("a"), *chat("a", 5, "One", "Two")])
    (folder / "a.trajectory.jsonl").write_text(log.text_of(log.compiled(4, "Be brief.", [TOOL])) + "\n")
    (conversation,) = heard(db, folder)
    assert conversation.system == "Be brief."


def test_a_line_that_was_lost_does_not_cut_the_conversation(db, tmp_path):
    events: list[log.Event | str] = [header("a"), *chat("a", 1, "One", "Two", "Three", "Four")]
    events[3] = '{"type":"message","id":"a2", cut'
    path = log.write_file(tmp_path / "sessions", events)
    imported = intake.import_path(db, path)
    assert imported.messages == 3
    assert [skip.where for skip in imported.skipped] == [f"{path}:4"]
    assert said(store.all_conversations(db)[0]) == ["One", "Two", "Four"]


def test_what_was_deleted_in_openclaw_is_not_imported_and_said_so(db, tmp_path):
    folder = tmp_path / "agents" / "main" / "sessions"
    log.write_file(folder, [header("a"), *chat("a", 1, "One", "Two")])
    deleted = log.write_file(folder, [header("d"), *chat("d", 1, "Forget me", "Yes")])
    deleted.rename(folder / "d.jsonl.deleted.2026-11-20T09-02-34.488Z")
    imported = intake.import_path(db, tmp_path)
    assert imported.conversations == 1
    assert "deleted" in imported.skipped[0].why
    assert "Forget" not in "".join(message.text for c in store.all_conversations(db) for message in c.messages)


def test_a_transcript_that_a_reset_put_aside_is_history(db, tmp_path):
    folder = tmp_path / "sessions"
    log.write_file(folder, [header("a"), *chat("a", 1, "One", "Two")])
    log.write_file(folder, [header("b"), *chat("b", 1, "Three", "Four")]).rename(folder / "b.jsonl.reset.2026-11-20")
    assert intake.import_path(db, tmp_path).conversations == 2


def test_a_live_store_is_read_while_it_is_written_and_not_a_byte_changes(db, tmp_path):
    path = log.write_store(tmp_path / "live" / "o.sqlite", {"a": [header("a"), *chat("a", 1, "One", "Two")]}, wal=True)
    writer = sqlite3.connect(path, isolation_level=None)
    row = ("a", 3, log.text_of(user("z", "a1", 9, "Three")), None, None, None)
    writer.execute("INSERT INTO transcript_events VALUES (?, ?, ?, 0, ?, ?, ?)", row)
    writer.execute("BEGIN IMMEDIATE")
    before = {file: file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith("-shm")}
    assert intake.import_path(db, path).messages == 3
    assert {file: file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith("-shm")} == before
    writer.execute("ROLLBACK")
    writer.close()


def test_reading_a_store_at_rest_leaves_no_file_beside_it(db, tmp_path):
    path = log.write_store(tmp_path / "rest" / "o.sqlite", {"a": [header("a"), *chat("a", 1, "One", "Two")]}, wal=True)
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()}
    intake.import_path(db, path)
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()} == before


def test_a_copied_store_is_read_with_its_log(db, tmp_path):
    path = log.write_store(tmp_path / "live" / "o.sqlite", {"a": [header("a"), *chat("a", 1, "One", "Two")]}, wal=True)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    row = ("a", 3, log.text_of(user("z", "a1", 9, "Three")), None, None, None)
    writer.execute("INSERT INTO transcript_events VALUES (?, ?, ?, 0, ?, ?, ?)", row)
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("o.sqlite", "o.sqlite-wal"):
        (copy / name).write_bytes((path.parent / name).read_bytes())
    writer.close()
    assert intake.import_path(db, copy / "o.sqlite").messages == 3
    assert sorted(file.name for file in copy.iterdir()) == ["o.sqlite", "o.sqlite-wal"]
