"""/nap and /sleep inside a chat."""

from __future__ import annotations

import pytest

from nightschool.records import Night


def test_nap_goes_over_the_facts_and_sleep_asks_before_it_trains(chosen, monkeypatch):
    monkeypatch.setattr("nightschool.night.conduct.sleep", lambda *_, **__: pytest.fail("nobody said so"))
    said = chosen("chat", said="/nap\n/sleep\ntonight\n/quit\n").stderr
    assert said.count("Nothing is written into the weights yet") == 2
    assert "Train now?" in said and "nightschool schedule" in said


def test_sleep_now_runs_the_night_on_the_loaded_base(chosen, monkeypatch):
    nights = []

    def sleep(home, config, *, model, progress):
        nights.append(model.name)
        return Night(run="r-1", started=0.0, state="failed", error="The disk is full\nFree some space")

    monkeypatch.setattr("nightschool.night.conduct.sleep", sleep)
    said = chosen("chat", said="/sleep\nnow\n/quit\n").stderr
    assert len(nights) == 1 and "The disk is full. base answers" in said
