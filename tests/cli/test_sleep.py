"""`nightschool sleep` and `nightschool report` as a person types them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re

import pytest
from click.testing import CliRunner

from nightschool.cli.main import cli
from nightschool.errors import UserError
from nightschool.night import conduct, plan
from nightschool.night.lock import only_one
from nightschool.store import conversations
from nightschool.store.database import open_database
from tests.night import stand_ins


@pytest.fixture
def wired():
    """The model and the trainer that commands use in these tests."""
    week = stand_ins.short_week()
    return {"model": stand_ins.Parrot(week), "trainer": stand_ins.trainer(week)}


@pytest.fixture
def home(tmp_path, monkeypatch, wired):
    """A home with one imported week."""
    folder = tmp_path / "home"
    monkeypatch.setenv("NIGHTSCHOOL_HOME", str(folder))
    logs = stand_ins.write_logs(tmp_path / "logs", stand_ins.short_week())
    assert run("import", str(logs)).exit_code == 0
    sleep, planned = conduct.sleep, plan.plan
    monkeypatch.setattr(conduct, "sleep", lambda *places, **more: sleep(*places, **more, **wired))
    monkeypatch.setattr(plan, "plan", lambda *places, **more: planned(*places, **more, model=wired["model"]))
    return folder


def run(*arguments):
    return CliRunner().invoke(cli, list(arguments))


def raising(error):
    def train(job, folder, progress=None):
        raise error

    return train


def state(folder):
    """Every file of the home with its content, the lock and SQLite's side files left out."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def test_json_holds_the_decision_its_reasons_and_every_figure_with_its_interval(home):
    done = run("sleep", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert {"run", "decision", "reasons", "counts", "exam", "champion_before", "champion_after", "seconds"} <= set(told)
    assert (told["decision"], told["headline"], told["state"]) == ("promote", "promoted", "done")
    assert (told["champion_before"], told["champion_after"]) == ("base", "v-0001")
    personal = told["exam"]["personal"]
    assert set(personal) == {"base", "base+memory", "v-0001", "v-0001+memory"}
    low, high = personal["v-0001"]["interval"]
    assert low <= personal["v-0001"]["value"] <= high and personal["v-0001"]["n"] >= 36
    assert told["stages"][0]["name"] == "collect"


def test_a_dry_run_tells_what_it_would_do_and_changes_nothing(home):
    before = state(home)
    done = run("sleep", "--dry-run", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert state(home) == before
    assert told["sources"][0]["program"] == "openclaw" and told["examples"]["dpo"] > 0 and told["minutes"] > 0
    spoken = run("sleep", "--dry-run")
    assert "Would train on" in spoken.stdout and "Nothing was changed" in spoken.stdout
    assert state(home) == before


def test_the_report_can_be_read_again_in_each_form(home, tmp_path):
    told = json.loads(run("sleep", "--json").stdout)
    assert "Promoted" in run("report").stdout
    assert run("report", told["run"][:12], "--markdown").stdout.startswith("# Promoted")
    assert json.loads(run("report", "--json").stdout)["run"] == told["run"]
    page = tmp_path / "morning.html"
    assert run("report", "--html", str(page)).exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads(run("report", "--list", "--json").stdout)[0]["run"] == told["run"]


def test_what_is_shared_holds_the_figures_and_no_word_of_anybody(home):
    run("sleep")
    done = run("report", "--share")
    assert done.exit_code == 0, done.output
    given = json.loads(done.stdout)
    assert (given["headline"], given["decision"], given["compared"]) == ("promoted", "promote", [])
    assert given["exam"] and given["weeks"][0]["turns"] > 0
    with contextlib.closing(open_database(home / "nightschool.db")) as db:
        told = [message.text for each in conversations.all_conversations(db) for message in each.messages]
    said = {word for text in told for word in re.findall(r"[A-Z]\w{4,}", text)}
    assert len(said) > 20 and not any(word in done.stdout for word in said)
    assert str(home) not in done.stdout


def test_a_home_without_nights_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSCHOOL_HOME", str(tmp_path / "home"))
    with pytest.raises(UserError, match="no night yet"):
        CliRunner().invoke(cli, ["report"], catch_exceptions=False)
    with pytest.raises(UserError, match="no night 'r-x'"):
        CliRunner().invoke(cli, ["report", "r-x"], catch_exceptions=False)


def test_an_interrupted_night_ends_with_code_130_and_names_the_next_step(home, wired):
    wired["trainer"] = raising(KeyboardInterrupt())
    done = run("sleep")
    assert done.exit_code == 130 and "`nightschool sleep`" in done.stderr
    wired["trainer"] = stand_ins.trainer(stand_ins.short_week())
    assert "Promoted" in run("sleep").stdout


def test_a_failed_night_is_one_sentence_with_the_place_of_its_log(home, wired):
    wired["trainer"] = raising(ZeroDivisionError("odd"))
    with pytest.raises(UserError, match="'train' failed") as told:
        CliRunner().invoke(cli, ["sleep"], catch_exceptions=False)
    assert "night.log" in str(told.value.hint)
    assert "Stopped" in run("report").stdout


def test_a_second_night_at_once_is_one_sentence(home):
    from nightschool.config import Home

    with only_one(Home(home).lock), pytest.raises(UserError, match="Another night is running"):
        CliRunner().invoke(cli, ["sleep"], catch_exceptions=False)
