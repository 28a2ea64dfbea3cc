"""`judges`, `judge`, `turns`, `lessons` and `export` as a person types them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from nightschool.cli.main import cli
from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.night import conduct, turn_files
from nightschool.night.judge import today
from nightschool.night.stages import STAGES
from nightschool.records import Lesson
from nightschool.store import judges as store
from nightschool.store import lessons
from nightschool.store.database import open_database
from tests.judging import asked, is_right, serving, sound, verdict
from tests.night import stand_ins


def run(*arguments):
    return CliRunner().invoke(cli, list(arguments))


def document(*arguments):
    done = run(*arguments, "--json")
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout)


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def panel(folder, *urls, more="min_sound = 1\ncontrols = 8\nseconds = 3.0"):
    tables = "".join(
        f'[[judges.panel]]\nname = "judge {at}"\nurl = "{url}"\nmodel = "m"\napi = "openai"\n'
        for at, url in enumerate(urls)
    )
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(f"[judges]\n{more}\n{tables}")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home."""
    folder = tmp_path / "home"
    monkeypatch.setenv("NIGHTSCHOOL_HOME", str(folder))
    return folder


@pytest.fixture(scope="module")
def slept(tmp_path_factory):
    """A home after a night up to its dataset, for commands that only look."""
    folder = tmp_path_factory.mktemp("slept") / "home"
    week = stand_ins.short_week()
    logs = stand_ins.write_logs(tmp_path_factory.mktemp("logs"), week)
    assert CliRunner().invoke(cli, ["--home", str(folder), "import", str(logs)]).exit_code == 0
    from nightschool.config import Config

    stages = [step for step in STAGES if step.name in ("collect", "review", "compose")]
    night = conduct.sleep(
        Home(folder), Config(), model=stand_ins.Parrot(week), trainer=stand_ins.trainer(week), stages=stages
    )
    assert night.state == "done", night.error
    return folder


@pytest.fixture
def used(slept, monkeypatch):
    monkeypatch.setenv("NIGHTSCHOOL_HOME", str(slept))
    return slept


def test_without_judges_the_commands_say_how_to_set_one_up(home):
    listed = run("judges", "list")
    assert listed.exit_code == 0 and "[[judges.panel]]" in listed.output
    assert document("judges", "list") == []
    done = run("judges", "calibrate")
    assert isinstance(done.exception, UserError) and "[[judges.panel]]" in done.exception.hint


def test_calibrate_says_who_is_sound_and_list_and_show_remember_it(home):
    with serving(sound) as (good, _), serving(lambda body: verdict(8)) as (kind, _):
        panel(home, good, kind)
        tested = document("judges", "calibrate")
        assert [one["sound"] for one in tested["panel"]] == [True, False] and len(tested["sound"]) == 1
    listed = document("judges", "list")
    assert [one["name"] for one in listed] == ["judge 0", "judge 1"]
    assert listed[0]["sensitivity"] == {"count": 8, "n": 8, "low": pytest.approx(0.676, abs=0.01), "high": 1.0}
    assert listed[1]["inflation"]["count"] == 8 and "junk" in listed[1]["reasons"][0]
    told = run("judges", "show", "judge 1").output
    assert "has no vote" in told and "asks for a ten" in told
    assert len(document("judges", "show", "judge 0")["last"]) == 8
    missing = run("judges", "show", "judge1")
    assert isinstance(missing.exception, UserError) and "Did you mean" in missing.exception.hint


def test_the_question_of_the_day_is_shown_answered_and_measures(home):
    assert document("judges", "ask") is None
    with contextlib.closing(open_database(Home(home).database)) as db:
        store.ask(db, store.Question(day=today(), turn_id="t1", conversation_id="c1"))
    assert document("judges", "ask")["said"] is None
    assert document("judges", "ask", "bad")["said"] == "bad"
    with contextlib.closing(open_database(Home(home).database)) as db:
        assert store.labels(db) == {"t1": -1}


def test_tool_use_turns_are_exported_redacted_dated_and_judged_in_place(used, tmp_path):
    folder = tmp_path / "turns"
    made = document("turns", "export", str(folder))
    assert made["turns"] > 10 and made["without_tools"] > 0 and len(made["files"]) >= 1
    rows = [row for file in made["files"] for row in read(file)]
    assert len(rows) == made["turns"] and {row["date"] for row in rows} == {Path(file).stem for file in made["files"]}
    assert all(any(message.get("tool_calls") for message in row["messages"]) for row in rows)
    first = made["files"][0]
    count = len(read(first))
    with serving(sound) as (url, _):
        panel(used, url)
        try:
            told = document("judge", first, "--in-place")
        finally:
            (used / "config.toml").unlink()
    assert told["outcomes"].get("good", 0) + told["outcomes"].get("bad", 0) == count
    judged = read(first)
    assert all(row["judged"]["scores"]["overall"] in (9, 2) and "judge 0" in row["judged"]["by"] for row in judged)
    document("turns", "export", str(folder))
    assert read(first) == judged, "scores are kept"


def rows_file(path, count):
    with open(path, "w", encoding="utf-8") as file:
        for at in range(count):
            # Agents ask the same again and again; what is equal is judged once.
            thing = at % 1900
            answer = "That is wrong." if thing % 5 == 0 else f"Thing {thing} is on the shelf."
            question = {"role": "user", "content": f"Where is thing number {thing}?"}
            row = {"id": f"t{at}", "messages": [question, {"role": "assistant", "content": answer}]}
            # As an export writes it: what is sealed needs no second redaction.
            file.write(json.dumps(row | {"redacted": turn_files.seal(row)}) + "\n")


def test_lines_that_are_no_turns_stay_as_they_are(home, tmp_path):
    file = tmp_path / "rows.jsonl"
    rows_file(file, 2)
    kept = '{"no": "turn",   "at": 1}\nnot json\n\n{"messages": [{"role": "user", "content": "Hm?"}]}\n'
    secret = {"messages": [{"role": "user", "content": "My key is ghp_16C7e42F292c6912E7710c838347Ae178B4a, keep it."},
                           {"role": "assistant", "content": "I would rather not keep that for you."}]}  # fmt: skip
    file.write_text(file.read_text() + kept + json.dumps(secret) + "\n")
    with serving(sound) as (url, server):
        panel(home, url)
        counts = document("judge", str(file), "--in-place")
        assert "ghp_16" not in json.dumps(server.requests)
    assert kept in file.read_text() and counts["noise"]["not read"] == 3
    assert "judged" in json.loads(file.read_text().splitlines()[0])


def test_bad_files_get_one_sentence(home, tmp_path):
    panel(home, "http://127.0.0.1:9")
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    for name in ("missing.jsonl", "empty.jsonl", "binary.jsonl"):
        done = run("judge", str(tmp_path / name), "--in-place")
        assert isinstance(done.exception, UserError) and "\n" not in done.exception.message


def test_thousands_of_turns_survive_a_kill(tmp_path):
    home, file = tmp_path / "home", tmp_path / "turns.jsonl"
    count = 9500
    rows_file(file, count)
    before = file.read_bytes()
    environment = os.environ | {"NIGHTSCHOOL_HOME": str(home), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "nightschool", "judge", str(file), "--in-place", "--json"]

    def quick(body):
        text = asked(body)
        return sound(body) if "thing number" not in text else verdict(9 if is_right(text) else 2)

    with serving(quick) as (url, server):
        panel(home, url, more="min_sound = 1\ncontrols = 8")
        first = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 300
        while len(server.requests) < 700 and time.monotonic() < deadline:
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
        first.wait()
        lines = file.read_text().splitlines()
        assert len(lines) == count and all(json.loads(line)["id"] for line in lines)
        assert len(before.splitlines()) == count
        with contextlib.closing(open_database(home / "nightschool.db")) as db:
            kept = len(store.opinions(db))
        assert kept > 500
        asked_before = len(server.requests)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
        assert done.returncode == 0, done.stderr
        again = len(server.requests) - asked_before
    counts = json.loads(done.stdout)
    assert counts["outcomes"] == {"good": 7600, "bad": 1900}
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert [row["id"] for row in rows] == [f"t{at}" for at in range(count)]
    assert all(row["judged"]["outcome"] == ("bad" if at % 5 == 0 else "good") for at, row in enumerate(rows))
    assert again <= 1900 + 100 - kept, "what was said before the kill is not asked again"
    assert not list(tmp_path.glob(".turns.jsonl.*"))


def test_lessons_are_listed_with_reasons_and_decided_by_hand(used):
    listed = document("lessons", "list")
    assert listed and all(lesson["reason"] for lesson in listed)
    kept = document("lessons", "list", "--state", "kept")
    one = next(lesson for lesson in kept if "miles" in lesson["text"].lower())
    assert document("lessons", "drop", one["id"][:9])["state"] == "dropped"
    assert document("lessons", "revise", one["id"], "Give me every distance in miles.")["reason"].startswith(
        "by the person"
    )
    assert document("lessons", "keep", one["id"])["state"] == "kept"
    told = document("lessons", "why", one["id"])
    assert [past["reason"] for past in told["history"]][-1] == "by the person: kept" and told["words"]
    assert "miles" in run("lessons", "why", one["id"]).output
    missing = run("lessons", "show", "l-nothing")
    assert isinstance(missing.exception, UserError) and "The nearest is" in missing.exception.hint


def test_a_kept_correction_is_the_persons_verdict_on_the_corrected_answer(home):
    lesson = Lesson(
        id="l-1", kind="correction", text="In miles, please.", durable=True, source=("said", "asked", "answered"),
        conversation_id="c", created=1.0, state="asked", reason="corrected once",
    )  # fmt: skip
    with contextlib.closing(open_database(Home(home).create().database)) as db:
        lessons.put(db, [lesson])
        document("lessons", "keep", "l-1")
        assert store.labels(db) == {"asked": -1}
        document("lessons", "drop", "l-1")
        assert store.labels(db) == {"asked": 0}


def test_what_is_trained_is_shown_token_by_token(used):
    lesson = next(
        one for one in document("lessons", "list", "--state", "kept") if document("lessons", "show", one["id"])["rows"]
    )
    shown = document("lessons", "show", lesson["id"], "--tokens")
    row, parts = shown["rows"][0], shown["tokens"][0]
    assert [part["target"] for part in parts] == (["chosen", "rejected"] if row["rejected"] else ["chosen"])
    tokens = parts[0]["tokens"]
    said = "".join(text for text, trained in tokens if trained)
    masked = "".join(text for text, trained in tokens if not trained)
    assert sum(trained for _, trained in tokens) == parts[0]["trained"] > 0
    assert (row["chosen"]["content"] or row["chosen"]["tool_calls"][0]["function"]["name"]) in said
    assert row["prompt"]["messages"][-1]["content"] in masked
    assert "⟦" in run("lessons", "show", lesson["id"], "--tokens").output


def test_marks_stay_through_another_export_whatever_line_breaks_the_words_hold(tmp_path):
    row = {"id": "t-1", "messages": [{"role": "user", "content": "one\u2028two\x85three"}], "tools": [], "next": ""}
    row |= {"redacted": turn_files.seal(row)}
    file = tmp_path / "turns.jsonl"
    turn_files.replace(file, [json.dumps(row | {turn_files.JUDGED: {"overall": 7}}, ensure_ascii=False) + "\n"])
    turn_files._written(file, [dict(row)])
    assert read(file)[0][turn_files.JUDGED] == {"overall": 7}


@pytest.mark.parametrize(
    ("form", "keys"),
    [
        ("openai", {"messages"}),
        ("trl", {"prompt", "chosen", "rejected"}),
        ("sharegpt", {"conversations"}),
    ],
)
def test_rows_are_exported_in_standard_forms(used, tmp_path, form, keys):
    rows = document("export", "--format", form)
    assert rows and all(keys <= set(row) <= keys | {"tools"} for row in rows)
    out = tmp_path / "rows.jsonl"
    assert document("export", "--format", form, "--out", str(out))["rows"] == len(rows)
    assert read(out) == rows


def test_whole_conversations_are_exported_redacted(used):
    for form in ("openai", "sharegpt"):
        assert document("export", "--format", form, "--history")
    assert isinstance(run("export", "--format", "kto", "--history").exception, UserError)


def test_exports_load_in_trl(used, tmp_path):
    datasets = pytest.importorskip("datasets")
    out = tmp_path / "pairs.jsonl"
    document("export", "--format", "trl", "--out", str(out))
    loaded = datasets.Dataset.from_list(read(out))
    assert {"prompt", "chosen", "rejected"} <= set(loaded.column_names)


def test_an_empty_home_has_nothing_to_export(home):
    done = run("export", "--format", "trl")
    assert isinstance(done.exception, UserError) and "sleep" in done.exception.hint
