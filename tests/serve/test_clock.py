"""The server as the night's clock, and as what tells a night that somebody is back."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from datetime import datetime, timedelta

import pytest

from nightschool.config import Config, ScheduleConfig, write_config
from nightschool.night import machine, vigil
from nightschool.night.machine import Reading
from nightschool.serve import clock, indexing
from nightschool.serve.people import People

QUIET = Reading(idle_seconds=7200.0, mains=True)


@pytest.fixture
def person(home, monkeypatch):
    monkeypatch.setattr(machine, "read", lambda awake: QUIET)
    monkeypatch.setattr(vigil.due_or_why, "__defaults__", (lambda awake: QUIET,))
    return People(home).owner


def settings(person, **values):
    at = datetime.now()  # noqa: DTZ005
    span = f"{at - timedelta(hours=1):%H:%M}-{at + timedelta(hours=2):%H:%M}"
    write_config(person.home.config_file, Config(schedule=ScheduleConfig(window=span, **values)))


def test_the_server_begins_a_due_night_where_the_settings_say_so(person):
    begun = []
    settings(person)
    assert not clock.look(person, begun.append)
    settings(person, by_server=True)
    assert clock.look(person, begun.append)
    assert begun == [person]


def test_a_night_that_is_held_back_is_not_begun(person, monkeypatch):
    settings(person, by_server=True)
    monkeypatch.setattr(vigil.due_or_why, "__defaults__", (lambda awake: Reading(idle_seconds=3.0),))
    assert not clock.look(person, pytest.fail)


@pytest.mark.parametrize("kept_up", [clock.run, indexing.run])
def test_what_breaks_in_one_round_does_not_end_the_next_ones(client, home, monkeypatch, kept_up):
    serving, rounds = client.app.state.serving, []

    def everyone():
        rounds.append(1)
        raise ValueError("profiles.json is damaged")

    monkeypatch.setattr(serving.people, "everyone", everyone)
    monkeypatch.setattr(clock, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(indexing, "EVERY_SECONDS", 0.01)

    async def some():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(kept_up(serving), 0.5)

    asyncio.run(some())
    assert len(rounds) > 1


def test_a_question_over_the_api_wakes_and_a_look_at_a_page_does_not(client, home):
    client.get("/v1/models")
    assert not home.awake.exists()
    client.post("/v1/chat/completions", json={"model": "champion", "messages": [{"role": "user", "content": "Hi"}]})
    assert machine.idle_seconds(home.awake, terminals=home.path / "none") < 30
    past = time.time() - 900
    os.utime(home.awake, (past, past))
    time.sleep(1.1)
    client.post("/v1/chat/completions", json={"model": "champion", "messages": [{"role": "user", "content": "Hi"}]})
    assert time.time() - home.awake.stat().st_mtime < 30
