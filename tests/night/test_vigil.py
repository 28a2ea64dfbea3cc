"""A scheduled night: begun where it is due, paused while somebody is there, ended at its limits."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest

from nightschool.config import Config, Home, ScheduleConfig
from nightschool.night import vigil
from nightschool.night.conduct import sleep
from nightschool.night.machine import Reading
from nightschool.night.stages import Step
from nightschool.store import nights
from nightschool.store.database import open_database

QUIET = Reading(idle_seconds=7200.0, mains=True)


def hour(shift: float) -> str:
    return (datetime.now() + timedelta(hours=shift)).strftime("%H:%M")  # noqa: DTZ005


def settings(**values) -> Config:
    return Config(schedule=ScheduleConfig(window=f"{hour(-1)}-{hour(2)}", **values))


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home").create()
    vigil.note_made(home, time.time() - 7 * 86_400)
    return home


@pytest.fixture
def night(monkeypatch):
    """A real night with one stage of two seconds' work."""
    monkeypatch.setattr(vigil, "LOOK_SECONDS", 0.1)

    def work(context):
        for done in range(100):
            context.advance(done, 100)
            time.sleep(0.02)
        return {}

    stages = (Step(name="work", title="Working", run=work, say=lambda output: "done"),)
    return lambda home, config, progress: sleep(home, config, progress=progress, stages=stages)


def test_a_due_night_runs_once(home, night):
    first = vigil.tick(home, settings(), look=lambda awake: QUIET, night=night)
    assert (first.due, first.night.state) == ("tonight", "done")
    again = vigil.tick(home, settings(), look=lambda awake: QUIET, night=night)
    assert (again.due, again.night) == ("", None)


def test_no_night_begins_while_somebody_is_there(home, night):
    found = vigil.tick(home, settings(), look=lambda awake: Reading(idle_seconds=5.0, mains=True), night=night)
    assert found.night is None
    assert "somebody used this machine just now" in found.held[0]
    with open_database(home.database) as db:
        assert nights.latest(db) is None


def test_somebody_who_comes_back_pauses_the_night_until_they_have_left(home, night):
    came = []

    def look(awake):
        if not list(home.runs.glob("*/progress.json")):
            return QUIET
        came.append(time.monotonic())
        return Reading(idle_seconds=1.0, mains=True) if came[-1] - came[0] < 1.5 else QUIET

    found = vigil.tick(home, settings(), look=look, night=night)
    assert found.night.state == "done"
    assert found.paused_seconds > 1.0
    assert not home.pause.exists()


def test_a_limit_stops_the_night_and_the_next_tick_leaves_it_alone(home, night):
    config = settings(max_minutes=0.01)
    found = vigil.tick(home, config, look=lambda awake: QUIET, night=night)
    assert found.night.state == "stopped"
    assert "limit" in found.stopped
    assert vigil.tick(home, config, look=lambda awake: QUIET, night=night).due == ""
    tomorrow = time.time() + 86_400
    assert vigil.standing(home, config.schedule, tomorrow) == "tonight"


def test_a_home_that_was_never_scheduled_catches_nothing_up(tmp_path, night):
    home = Home(tmp_path / "other").create()
    config = Config(schedule=ScheduleConfig(window=f"{hour(-5)}-{hour(-4)}"))
    assert vigil.tick(home, config, look=lambda awake: QUIET, night=night).due == ""
    vigil.note_made(home, time.time() - 86_400)
    assert vigil.tick(home, config, look=lambda awake: QUIET, night=night).night.state == "done"
