"""`nightschool demo` as a person types it, with a model and a trainer that know the week by heart."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from nightschool import models
from nightschool.cli.main import cli
from nightschool.demo import play
from nightschool.night import conduct
from tests.night import stand_ins

SEED = 3


class Bracketed(stand_ins.Parrot):
    """Answers that hold what a terminal could take for its own markup."""

    def _one(self, messages, wishes):
        said = super()._one(messages, wishes)
        return stand_ins._said("[/red] see [1]\x1b[2J") if said.text == "All right." else said


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """Play the demo in an empty home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".hermes").mkdir()
    sleep = conduct.sleep

    def played(*options, broken=False):
        week = stand_ins.week(SEED, bad="--bad-night" in options)
        trainer = stand_ins.trainer(week, broken=broken)
        monkeypatch.setattr(models, "load", lambda *_, **__: Bracketed(week))
        monkeypatch.setattr(play, "sleep", lambda *places, **more: sleep(*places, **more, trainer=trainer))
        return CliRunner().invoke(
            cli, ["--home", str(tmp_path / "home"), "demo", "--seed", str(SEED), *options], catch_exceptions=False
        )

    return played


def test_the_last_screen_says_what_was_left_out_how_to_undo_and_what_to_do_next(demo):
    done = demo()
    assert done.exit_code == 0, done.output
    for told in ("secret", "order", "mood", "Memory emptied", "versions rollback", "Hermes (found here)", "--dry-run"):
        assert told in done.stdout, told
    assert "[/red] see [1]" in done.stdout and "\x1b[2J" not in done.stdout


def test_json_is_one_document_with_the_night_and_the_questions_before_and_after(demo):
    done = demo("--json")
    told = json.loads(done.stdout)
    assert told["night"]["decision"] == "promote"
    assert told["imported"]["conversations"] == sum(told["week"].values())
    assert told["replies"] and {"question", "before", "after", "wanted", "is_learnt"} <= set(told["replies"][0])


def test_where_nothing_is_promoted_the_base_still_answers(demo):
    done = demo("--bad-night", broken=True)
    assert done.exit_code == 0, done.output
    assert "base still answers" in done.stdout and "Kept yesterday" in done.stdout


def test_many_weeks_are_counted_with_an_interval_and_tell_on_stderr_how_far_they_are(demo):
    done = demo("--bad-night", "--seeds", "1", "--json", broken=True)
    told = json.loads(done.stdout)
    assert told["decisions"]["refuse"]["count"] == told["decisions"]["refuse"]["n"] == len(told["rows"]) == 1
    low, high = told["decisions"]["refuse"]["interval"]
    assert 0 < low < high <= 1
    assert "Examining" in done.stderr
