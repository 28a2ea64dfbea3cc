"""A night's seconds are split into training, examining and the rest, and training is timed beside TRL run by hand."""

from __future__ import annotations

import json

import pytest

from nightschool.bench import night as bench
from nightschool.errors import UserError
from nightschool.records import Night, Stage
from tests.train import tiny


def a_night(**seconds):
    return Night(
        run="r-1", started=0.0, state="done", champion_before="base",
        stages=tuple(Stage(name=name, seconds=each, output={}) for name, each in seconds.items()),
    )  # fmt: skip


def test_what_is_neither_training_nor_examining_is_overhead():
    found = bench.overhead(a_night(collect=1.0, train=60.0, examine=40.0, report=2.0), 105.0)
    assert found["training_and_examining"] == 100.0
    assert found["between_stages"] == 2.0
    assert found["overhead"] == pytest.approx(0.05)
    assert bench.overhead(a_night(collect=1.0), 1.0)["overhead"] is None


def test_each_round_is_held_against_its_neighbour():
    quick, slow = bench.Laps(setup=2.0, step=1.0), bench.Laps(setup=0.0, step=2.0)
    assert bench.ratio([quick, slow, quick], [quick, slow, slow], 8) == 1.0
    assert bench.ratio([quick], [slow], 8) == 1.6
    assert bench.ratio([quick], [slow], 0) == 2.0


def test_both_train_all_objectives_on_the_same_rows(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bench, "STEPS", 2)
    base = tiny.save_base(tmp_path / "base")
    rows = [make(index) for make in (tiny.sft, tiny.dpo, tiny.kto) for index in range(6)]
    told = []
    found = bench.speed(tiny.job(base=base), rows, rounds=2, tell=told.append)
    assert set(found) == {"sft", "dpo", "kto"}
    assert all(len(each["ours"]) == len(each["by_hand"]) == 2 and each["ratio"] > 0 for each in found.values())
    assert told[:4] == ["sft: by hand, 1 of 2", "sft: ours, 1 of 2", "sft: ours, 2 of 2", "sft: by hand, 2 of 2"]
    assert json.dumps(found)
    assert capsys.readouterr().out == ""


def test_a_night_that_trains_nothing_is_a_sentence(tmp_path, monkeypatch):
    stopped = a_night(compose=1.0)
    monkeypatch.setattr(bench, "sleep", lambda *_, **__: stopped)
    with pytest.raises(UserError, match="trained nothing"):
        bench.measure(None, None, rounds=1, progress=None, tell=print)
