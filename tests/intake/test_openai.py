"""Chat files in OpenAI form: messages, preference pairs, labelled completions, tools."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nightschool import intake
from nightschool.records import Conversation
from nightschool.store import conversations as store
from nightschool.turns import kept_path, turns

QUESTION = {"role": "user", "content": "Where is Lund?"}
RIGHT = {"role": "assistant", "content": "In Sweden."}
WRONG = {"role": "assistant", "content": "In Norway."}


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "chats.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def heard(db, tmp_path: Path, *lines: object) -> list[Conversation]:
    intake.import_path(db, written(tmp_path, *lines))
    return store.all_conversations(db)


def test_a_messages_line_is_a_conversation(db, tmp_path):
    system = {"role": "system", "content": "Be brief."}
    imported = intake.import_path(db, written(tmp_path, {"messages": [system, QUESTION, RIGHT]}))
    (conversation,) = store.all_conversations(db)
    assert (imported.program, imported.conversations, imported.turns, imported.messages) == ("openai", 1, 1, 3)
    assert conversation.system == "Be brief."
    assert [message.author for message in conversation.messages] == ["program", "person", "assistant"]


def test_the_same_line_twice_is_one_conversation(db, tmp_path):
    imported = intake.import_path(db, written(tmp_path, *[{"messages": [QUESTION, RIGHT]}] * 2))
    assert (imported.conversations, imported.messages, imported.duplicates) == (1, 2, 2)


def test_tools_and_calls_are_read(db, tmp_path):
    function = {"name": "read", "description": "Read", "parameters": {"type": "object", "properties": {}}}
    call = {"id": "c1", "type": "function", "function": {"name": "read", "arguments": '{"path": "a"}'}}
    answer = {"role": "tool", "tool_call_id": "c1", "content": '{"exit_code": 3}'}
    lines = {
        "messages": [QUESTION, {"role": "assistant", "tool_calls": [call]}, answer, RIGHT],
        "tools": [{"type": "function", "function": function}],
    }
    (conversation,) = heard(db, tmp_path, lines)
    assert conversation.tools == ({"type": "function", "function": function},)
    assert conversation.messages[1].parts[0].arguments == {"path": "a"}
    assert conversation.messages[2].parts[0].exit_code == 3


PAIRS = [
    {"input": {"messages": [QUESTION]}, "preferred_output": [RIGHT], "non_preferred_output": [WRONG]},
    {"prompt": [QUESTION], "chosen": [RIGHT], "rejected": [WRONG]},
    {"prompt": "Where is Lund?", "chosen": "In Sweden.", "rejected": "In Norway."},
    {"chosen": [QUESTION, RIGHT], "rejected": [QUESTION, WRONG]},
    {"prompt": [QUESTION], "chosen": [QUESTION, RIGHT], "rejected": [QUESTION, WRONG]},
]


@pytest.mark.parametrize("pair", PAIRS)
def test_of_a_pair_the_chosen_answer_is_kept_and_the_rejected_one_an_alternate(db, tmp_path, pair):
    (conversation,) = heard(db, tmp_path, pair)
    assert [message.text for message in kept_path(conversation)] == ["Where is Lund?", "In Sweden."]
    ((rejected,),) = turns(conversation)[0].alternates
    assert (rejected.text, rejected.alternate, rejected.rating) == ("In Norway.", "regenerate", -1)
    assert kept_path(conversation)[-1].rating == 1


@pytest.mark.parametrize(("label", "rating"), [(True, 1), (False, -1)])
def test_a_labelled_completion_is_rated(db, tmp_path, label, rating):
    (conversation,) = heard(db, tmp_path, {"prompt": "Where is Lund?", "completion": "In Sweden.", "label": label})
    assert kept_path(conversation)[-1].rating == rating


def test_a_line_that_is_no_conversation_is_reported_and_the_rest_goes_in(db, tmp_path):
    bad = [{"messages": []}, {"messages": [{"role": "oracle", "content": "x"}]}, {"messages": "hello", "a": 1}]
    path = written(tmp_path, {"messages": [QUESTION, RIGHT]}, *bad[:2])
    with path.open("a", encoding="utf-8") as file:
        file.write("{not json}\n[1]\n")
    imported = intake.import_path(db, path)
    assert imported.messages == 2
    assert [skip.where for skip in imported.skipped] == [f"{path}:{line}" for line in (2, 3, 4, 5)]
    assert "'oracle'" in imported.skipped[1].why


def test_a_line_keeps_its_own_name(db, tmp_path):
    (conversation,) = heard(db, tmp_path, {"id": "mine", "messages": [QUESTION, RIGHT]})
    assert conversation.source_id == "mine"


def test_data_files_beside_a_programs_store_are_not_the_persons_words(db, tmp_path):
    from tests.intake import openclaw_logs as log

    log.write_store(tmp_path / "agent" / "o.sqlite", {"a": [log.header("a"), *log.chat("a", 1, "One", "Two")]})
    written(tmp_path, {"messages": [QUESTION, RIGHT]})
    assert intake.import_path(db, tmp_path).messages == 2
    assert [conversation.program for conversation in store.all_conversations(db)] == ["openclaw"]
