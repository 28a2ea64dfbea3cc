"""`bench independence`: facts and preferences apart, and no value where telling gives nothing."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from nightschool.bench import independence
from nightschool.bench.independence import Answers, asked, figures
from nightschool.bench.life import play
from nightschool.cli.main import cli
from nightschool.records import Answer

FIELDS = {"name": "pupil", "fingerprint": "f", "context_tokens": 4096, "parameters": 1}


def answers(told, untold, base):
    return Answers(
        told=tuple(told), untold=tuple(untold), base=tuple(base), about=tuple(str(n) for n in range(len(told)))
    )


def test_all_of_what_memory_gives_is_there_untold():
    found = figures(answers([True] * 12, [True] * 12, [False] * 12), 1)
    assert found["independence"] == pytest.approx(1.0) and found["n"] == 12
    half = figures(answers([True] * 12, [True, False] * 6, [False] * 12), 1)
    assert half["independence"] == pytest.approx(0.5) and half["ci"][0] < 0.5 < half["ci"][1]


def test_there_is_no_value_where_telling_gives_nothing():
    found = figures(answers([False] * 12, [True] * 12, [False] * 12), 1)
    assert found["independence"] is None and found["ci"] is None


def test_a_fact_is_asked_told_untold_and_of_the_base():
    plan = play.plan(1, 3, 20)
    seen = []

    class Living:
        def reply(self, prompts, *, told, at, base=False):
            seen.append((told, base))
            return [Answer(text="I do not know.") for _ in prompts]

    found = asked(Living(), plan, 1)
    assert seen == [(True, False), (False, False), (False, True)]
    assert len(found.told) == len(found.about) > 3 and not any(found.told)


def test_the_days_are_reviewed_and_the_last_night_is_a_whole_one(monkeypatch):
    slept = []

    class Living:
        arm, home = independence.ARMS["memory-only"], None
        nights = (SimpleNamespace(state="done", output=lambda stage: {}),)

        def answers(self, at):
            return None

        def sleep(self, day):
            slept.append(self.arm.sleeps)

    monkeypatch.setattr(play, "talked", lambda *a: [])
    monkeypatch.setattr(play, "keep", lambda *a: None)
    independence.lived(Living(), play.plan(1, 3, 20), lambda line: None)
    assert slept == ["review", "review", "night"]


def test_the_command_prints_facts_and_preferences(monkeypatch):
    monkeypatch.setattr(independence.models, "load", lambda *a: SimpleNamespace(**FIELDS))
    monkeypatch.setattr(independence, "lived", lambda *a: None)
    monkeypatch.setattr(
        independence, "_ended", lambda *a: {"facts": {"independence": 1.0}, "preferences": {"independence": None}}
    )
    result = CliRunner().invoke(cli, ["bench", "independence", "--json"], catch_exceptions=False)
    found = json.loads(result.stdout)
    assert found["facts"]["independence"] == 1.0 and found["preferences"]["independence"] is None
    assert found["base"] == "pupil" and found["days"] == 5
