"""The commands as a person types them: counts, JSON, refusals, bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nightschool.cli import main as front

GOOD = '{"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi there"}]}\n'
SECRET = "sk-proj-" + "Ab3dEf6hIj9kLm2nOp5q" * 2
TALK = [
    {"role": "user", "content": "What is the capital of Australia?"},
    {"role": "assistant", "content": "The capital of Australia is Sydney."},
    {"role": "user", "content": "No, that's wrong. It is Canberra."},
    {"role": "assistant", "content": "You are right, it is Canberra."},
]


class Run:
    """One command in this process, with its output."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        self._home, self._patch, self._capture = home, monkeypatch, capfdbinary

    def __call__(self, *arguments: object) -> tuple[int, bytes, str]:
        self._patch.setattr(sys, "argv", ["nightschool", "--home", str(self._home), *map(str, arguments)])
        code = 0
        try:
            front.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = self._capture.readouterr()
        return code, out, err.decode()

    def json(self, *arguments: object) -> object:
        code, out, err = self(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def run(tmp_path, monkeypatch, capfdbinary):
    return Run(tmp_path / "home", monkeypatch, capfdbinary)


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    path = tmp_path / "chats.jsonl"
    path.write_text(json.dumps({"messages": TALK}) + "\n" + GOOD)
    return path


def test_import_says_what_is_new_and_again_that_nothing_is(run, chats):
    first = run.json("import", chats)
    assert first == {
        "program": "openai",
        "conversations": 2,
        "turns": 3,
        "messages": 6,
        "duplicates": 0,
        "skipped": [],
    }
    again = run.json("import", chats)
    assert (again["conversations"], again["turns"], again["messages"], again["duplicates"]) == (0, 0, 0, 6)


def test_import_reports_each_line_that_it_could_not_read(run, chats):
    with chats.open("a") as file:
        file.write("{broken\n")
    imported = run.json("import", chats)
    assert imported["messages"] == 6
    assert imported["skipped"][0]["where"] == f"{chats}:3"
    assert imported["skipped"][0]["why"].startswith("not JSON")


def test_import_without_json_prints_a_table_and_the_next_step(run, chats):
    code, out, _ = run("import", chats)
    assert code == 0
    assert b"new conversations" in out
    assert b"nightschool sleep --dry-run" in out


@pytest.mark.parametrize("content", [b"", b"\x89PNG\0\0", '{"ü": 1}'.encode("utf-16"), b'{"rain": 3}\n', None])
def test_bad_input_ends_with_code_2_and_a_sentence(run, tmp_path, content):
    path = tmp_path / "bad.jsonl"
    if content is not None:
        path.write_bytes(content)
    code, out, err = run("import", path, "--json")
    assert code == 2
    assert out == b""
    assert err.startswith("Error: ")
    assert "Traceback" not in err
    assert "bad.jsonl" in err
    assert len(err.strip().splitlines()) == 2


def test_a_store_of_a_newer_version_ends_with_code_2(run, tmp_path, chats):
    import sqlite3

    run("import", chats)
    with sqlite3.connect(tmp_path / "home" / "nightschool.db") as db:
        db.execute("INSERT INTO migrations VALUES (9999, 'future', 0)")
    code, _, err = run("import", chats)
    assert code == 2
    assert "schema version 9999" in err


def test_list_gives_one_row_per_conversation(run, chats):
    run("import", chats)
    rows = run.json("conversations", "list")
    assert [set(row) for row in rows] == [{"id", "program", "source_id", "turns", "messages", "started"}] * 2
    assert sorted((row["turns"], row["messages"]) for row in rows) == [(1, 2), (2, 4)]
    code, out, _ = run("conversations", "list")
    assert (code, len(out.splitlines())) == (0, 3)


def test_an_empty_home_lists_nothing_and_says_how_to_start(run):
    assert run.json("conversations", "list") == []
    assert b"nightschool import" in run("conversations", "list")[1]


def test_show_gives_turns_with_messages_and_the_signals_read_from_them(run, chats):
    run("import", chats)
    longest = max(run.json("conversations", "list"), key=lambda row: row["turns"])
    shown = run.json("conversations", "show", longest["id"])
    assert [[message["role"] for message in turn["messages"]] for turn in shown["turns"]] == [["user", "assistant"]] * 2
    signals = [signal for turn in shown["turns"] for signal in turn["signals"]]
    assert "correction" in [signal["kind"] for signal in signals]
    assert all({"kind", "polarity", "strength", "source"} <= set(signal) for signal in signals)
    code, out, _ = run("conversations", "show", longest["id"][:6])
    assert code == 0
    assert b"It is Canberra" in out


def test_show_and_a_plain_export_hold_no_secret_and_the_original_does(run, tmp_path):
    path = tmp_path / "chats.jsonl"
    line = {"messages": [{"role": "user", "content": f"My key is {SECRET}, keep it"}, TALK[1]]}
    path.write_text(json.dumps(line) + "\n")
    run("import", path)
    (row,) = run.json("conversations", "list")
    for arguments in (("show", row["id"]), ("show", row["id"], "--json"), ("export",), ("export", "--json")):
        code, out, err = run("conversations", *arguments)
        assert code == 0
        assert SECRET not in out.decode() + err
    assert SECRET in run("conversations", "export", "--original")[1].decode()


def test_export_original_gives_the_bytes_as_they_came(run, chats):
    data = chats.read_bytes() + b'{"broken": \xff\n\n{"messages": [{"role": "user", "content": "unended"}]}'
    chats.write_bytes(data)
    run("import", chats)
    assert run("conversations", "export", "--original")[1] == data


def test_export_original_of_one_conversation_gives_its_lines(run, chats):
    run("import", chats)
    shortest = min(run.json("conversations", "list"), key=lambda row: row["turns"])
    assert run("conversations", "export", shortest["id"], "--original")[1] == GOOD.encode()


def test_a_plain_export_can_be_imported_again(run, tmp_path, chats):
    run("import", chats)
    again = tmp_path / "again.jsonl"
    again.write_bytes(run("conversations", "export")[1])
    assert run.json("import", again)["messages"] == 0


def test_show_lets_no_log_write_to_the_terminal(run, tmp_path):
    path = tmp_path / "chats.jsonl"
    line = {"messages": [{"role": "user", "content": "red \x1b[31m and \x1b]0;title\x07"}, TALK[1]]}
    path.write_text(json.dumps(line) + "\n")
    run("import", path)
    (row,) = run.json("conversations", "list")
    assert b"\x1b" not in run("conversations", "show", row["id"])[1]


def test_an_unknown_id_names_the_nearest(run, chats):
    run("import", chats)
    (known, *_) = run.json("conversations", "list")
    wrong = known["id"][:-1] + "?"
    code, out, err = run("conversations", "show", wrong)
    assert (code, out) == (2, b"")
    assert known["id"] in err


def test_the_help_of_import_starts_without_anything_heavy():
    script = (
        "import sys; from nightschool.cli import import_, conversations;"
        "print([name for name in ('torch', 'transformers', 'numpy', 'rich') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip() == "[]"
