"""`init`, `ask`, `chat` and `versions` as a person types them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from dataclasses import replace

import pytest

from nightschool import models
from nightschool.config import read_config, write_config
from nightschool.errors import UserError
from nightschool.records import Fact
from nightschool.store import conversations, facts, versions
from tests import tiny


def test_init_says_what_the_base_can_do_and_writes_it_down(run, home, base):
    shown = json.loads(run("init", "--base", str(base), "--json").stdout)
    assert shown["fingerprint"] == models.fingerprint(base)
    assert shown["architecture"] == "Qwen2ForCausalLM"
    assert shown["context_tokens"] == 2048
    assert shown["parameters"] == sum(weight.numel() for weight in tiny.network("qwen2").parameters())
    assert shown["trainable"] == ["answers", "tool calls", "answers to tool results"]
    assert shown["tools"] == "own form"
    assert shown["other_versions"] == []
    assert tomllib.loads(home.config_file.read_text())["base"]["name"] == str(base)
    said = run("init", "--base", str(base)).stdout
    assert "2,048 tokens" in said and "Qwen2ForCausalLM" in said


def test_a_refused_base_leaves_the_home_as_it_was(chosen, home, tmp_path):
    before = home.config_file.read_text()
    with pytest.raises(UserError):
        chosen("init", "--base", str(tiny.make(tmp_path / "gpt2", "gpt2")))
    with pytest.raises(UserError):
        chosen("init", "--base", "some/where-else")
    assert home.config_file.read_text() == before


def test_another_base_leaves_the_versions_which_cannot_answer_on_it(learnt, db, home, base, tmp_path):
    other = tiny.make(tmp_path / "llama", "llama")
    shown = json.loads(learnt("init", "--base", str(other), "--json").stdout)
    assert shown["other_versions"] == ["v-0001"]
    assert "v-0001" in learnt("init", "--base", str(other)).stdout
    assert json.loads(learnt("ask", "Hello", "--json").stdout)["version"] == "base"
    with pytest.raises(UserError, match="another base"):
        learnt("ask", "Hello", "--version", "v-0001")
    with pytest.raises(UserError, match="another base"):
        learnt("versions", "promote", "v-0001")
    learnt("init", "--base", str(base))
    learnt("versions", "promote", "v-0001")
    assert json.loads(learnt("ask", "Hello", "--json").stdout)["version"] == "v-0001"


def test_ask_prints_one_json_document(chosen, db):
    facts.add(db, Fact(id="f-1", kind="preference", sentence="Give me distances in miles."))
    shown = json.loads(chosen("ask", "How far?", "--json").stdout)
    assert {"answer", "version", "base", "told", "memory", "tokens", "seconds"} <= shown.keys()
    assert (shown["told"], shown["memory"], shown["version"], shown["tokens"]) == (True, ["f-1"], "base", 8)
    untold = json.loads(chosen("ask", "How far?", "--json", "--no-memory").stdout)
    assert (untold["told"], untold["memory"]) == (False, [])
    assert untold["answer"] != shown["answer"]
    assert {each.id for each in conversations.all_conversations(db)} == {shown["conversation"], untold["conversation"]}


def test_ask_reads_a_question_from_stdin_and_can_stay_off_the_record(chosen, db):
    assert chosen("ask", "-", "--off-the-record", said="Hello").stdout.strip()
    assert conversations.all_conversations(db) == []


def test_the_champion_answers_with_its_adapter_and_the_base_without(learnt, base, skill):
    champion = json.loads(learnt("ask", "Hello", "--json").stdout)
    untouched = json.loads(learnt("ask", "Hello", "--json", "--version", "base").stdout)
    assert (champion["version"], untouched["version"]) == ("v-0001", "base")
    assert champion["answer"] != untouched["answer"]


def test_chat_goes_on_through_a_pipe_until_the_input_ends(chosen, db):
    shown = chosen("chat", "--json", said="Hello\n\n/help\n/memory\nAnd now?\n/new\nHello\n/quit\nnever asked\n")
    replies = json.loads(shown.stdout)
    assert len(replies) == 3
    assert replies[0]["conversation"] == replies[1]["conversation"] != replies[2]["conversation"]
    kept = {each.id: len(each.messages) for each in conversations.all_conversations(db)}
    assert kept == {replies[0]["conversation"]: 4, replies[2]["conversation"]: 2}
    # The second question was asked after the first one, not by itself.
    assert replies[0]["answer"] == replies[2]["answer"] != replies[1]["answer"]


def test_chat_streams_the_answer_to_stdout_and_talks_of_itself_on_stderr(chosen):
    shown = chosen("chat", said="Hello")
    assert shown.stdout.strip()
    assert "/quit" in shown.stderr and "/quit" not in shown.stdout


def test_a_question_too_long_for_the_base_does_not_end_the_chat(chosen):
    shown = chosen("chat", "--json", said="Oslo " * 4000 + "\nHello\n")
    assert "reads only 2,048" in shown.stderr
    assert len(json.loads(shown.stdout)) == 1


def test_ctrl_c_stops_an_answer_and_the_chat_goes_on(chosen, home, monkeypatch):
    """The first answer has no end, however slow the machine is; the second one is the model's own."""
    script = (
        "import itertools, time\n"
        "from nightschool.models.transformers_backend import TransformersModel as Model\n"
        "own = Model.stream\n"
        "def endless(self, prompt, **options):\n"
        "    Model.stream = own\n"
        "    for _ in itertools.count():\n"
        "        yield 'Well, '\n"
        "        time.sleep(0.02)\n"
        "Model.stream = endless\n"
        "from nightschool.cli.main import cli\n"
        f"cli(['--home', {str(home.path)!r}, 'chat'])\n"
    )
    chat = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert chat.stdin and chat.stdout
    chat.stdin.write(b"Hello\n")
    chat.stdin.flush()
    assert chat.stdout.read(1)
    chat.send_signal(signal.SIGINT)
    chat.stdin.write(b"Again\n/quit\n")
    chat.stdin.flush()
    out, err = chat.communicate(timeout=600)
    assert chat.returncode == 0, err.decode()
    _, after = out.decode(errors="replace").split("…", 1)
    assert "Well, " not in after and after.strip()
    assert b"Traceback" not in err


def test_an_answer_cannot_steer_the_terminal(chosen, monkeypatch):
    from nightschool.models.transformers_backend import TransformersModel
    from nightschool.records import Answer

    def stream(self, prompt, **options):
        yield "a\x1b]52;c;aGk=\x07b\x9b2Jc\n"
        return Answer(text="a\x1b]52;c;aGk=\x07b\x9b2Jc")

    monkeypatch.setattr(TransformersModel, "stream", stream)
    for shown in (chosen("ask", "Hello"), chosen("chat", said="Hello")):
        assert shown.stdout.strip() == "a]52;c;aGk=b2Jc"


def test_versions_are_listed_shown_and_moved(learnt, db):
    rows = json.loads(learnt("versions", "list", "--json").stdout)
    assert [(row["id"], row["state"], row["pointers"]) for row in rows] == [
        ("base", "earlier", ["previous"]),
        ("v-0001", "champion", ["champion"]),
    ]
    assert "v-0001" in learnt("versions", "list").stdout
    shown = json.loads(learnt("versions", "show", "v-0001", "--json").stdout)
    assert shown["card"]["rows"] == 3 and shown["problem"] == ""
    assert "champion" in learnt("versions", "show", "v-0001").stdout
    assert "base answers now, before it was v-0001" in learnt("versions", "rollback").stdout
    assert json.loads(learnt("versions", "promote", "v-0001", "--json").stdout) == {
        "champion_before": "base",
        "champion_after": "v-0001",
        "deliveries": [],
    }
    assert json.loads(learnt("versions", "rollback", "--json").stdout)["champion_after"] == "base"
    assert versions.pointer(db, "champion") == "base"


def test_a_version_whose_folder_is_gone_is_shown_with_its_problem_and_does_not_answer(learnt, home):
    shutil.rmtree(home.versions / "v-0001")
    assert "no adapter" in json.loads(learnt("versions", "show", "v-0001", "--json").stdout)["problem"]
    with pytest.raises(UserError, match="no adapter"):
        learnt("ask", "Hello")
    learnt("versions", "promote", "base")
    assert learnt("ask", "Hello").stdout


def test_a_fresh_home_asks_the_small_model(run, monkeypatch, base):
    monkeypatch.setattr("nightschool.models.base.PUPIL", base)
    assert json.loads(run("ask", "Hello", "--json").stdout)["base"] == "pupil"


@pytest.mark.parametrize("command", ["context", "ask", "chat"])
def test_every_command_recalls_as_the_setting_keeps_things_apart(chosen, home, monkeypatch, command):
    asked: list[str] = []

    def recall(*_, apart, **__):
        asked.append(apart)
        return []

    monkeypatch.setattr("nightschool.wake.recall.ROOMY", 0)
    monkeypatch.setattr("nightschool.memory.search.recall", recall)
    config = read_config(home.config_file)
    write_config(home.config_file, replace(config, curate=replace(config.curate, apart="projects")))
    question = "Which boiler leaks?"
    chosen(*((command,) if command == "chat" else (command, question)), said=f"{question}\n/quit\n")
    assert asked == ["projects"]
