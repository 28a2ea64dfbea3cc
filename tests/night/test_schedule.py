"""When a night is due, and what holds it back."""

from __future__ import annotations

import dataclasses
import os
import time
from datetime import datetime

import pytest

from nightschool.config import ScheduleConfig
from nightschool.errors import UserError
from nightschool.night.machine import Gpu, Meter, Reading, idle_seconds
from nightschool.night.schedule import due, held, spent, unmeasured, window
from nightschool.records import Night

NIGHT = window("23:00-05:00")


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def night(text: str, state="done") -> Night:
    return Night(run="r-1", started=at(text), state=state)


def test_a_night_is_due_inside_its_window_alone():
    since = at("2026-11-20 12:00")
    assert due(NIGHT, at("2026-11-20 23:10"), None, since=since) == "tonight"
    assert due(NIGHT, at("2026-11-21 04:50"), None, since=since) == "tonight", "the window passes midnight"
    assert due(NIGHT, at("2026-11-20 22:50"), None, since=since) == ""


def test_one_night_a_window():
    since = at("2026-11-01 12:00")
    assert due(NIGHT, at("2026-11-21 01:00"), night("2026-11-20 23:20"), since=since) == ""
    assert due(NIGHT, at("2026-11-21 23:10"), night("2026-11-20 23:20"), since=since) == "tonight"
    assert due(NIGHT, at("2026-11-21 01:00"), night("2026-11-20 23:20", "failed"), since=since) == ""


def test_a_night_that_was_cut_off_goes_on():
    since = at("2026-11-01 12:00")
    assert due(NIGHT, at("2026-11-21 01:00"), night("2026-11-20 23:20", "stopped"), since=since) == "tonight"
    assert due(NIGHT, at("2026-11-21 09:00"), night("2026-11-20 23:20", "running"), since=since) == "missed"


def test_a_missed_night_is_caught_up_once_by_day():
    since = at("2026-11-01 12:00")
    assert due(NIGHT, at("2026-11-21 09:00"), night("2026-11-18 23:20"), since=since) == "missed"
    assert due(NIGHT, at("2026-11-21 09:30"), night("2026-11-21 09:00"), since=since) == ""


def test_nothing_from_before_the_schedule_is_caught_up():
    assert due(NIGHT, at("2026-11-21 09:00"), None, since=at("2026-11-21 08:00")) == ""


def test_a_night_that_reached_a_limit_waits_for_the_next_window():
    since, last = at("2026-11-01 12:00"), night("2026-11-20 23:20", "stopped")
    later = at("2026-11-21 23:00")
    assert due(NIGHT, at("2026-11-21 01:00"), last, since=since, not_before=later) == ""
    assert due(NIGHT, at("2026-11-21 23:05"), last, since=since, not_before=later) == "tonight"


@pytest.fixture
def berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has no tzset")
def test_the_window_keeps_to_the_wall_clock_when_the_clocks_change(berlin):
    span, since = window("02:30-04:00"), at("2026-01-01 12:00")
    assert due(span, at("2026-10-25 03:30"), None, since=since) == "tonight"
    assert due(span, at("2026-03-29 03:40"), night("2026-03-28 02:40"), since=since) == "tonight"


@pytest.mark.parametrize("text", ["", "1-5", "25:00-26:00", "01:00-01:00", "01:60-02:00", "tonight"])
def test_what_is_no_span_of_time_is_refused(text):
    with pytest.raises(UserError):
        window(text)


QUIET = Reading(idle_seconds=7200.0, mains=True)


def test_each_condition_holds_a_night_back():
    config = ScheduleConfig(idle_minutes=20, gpu_free_gb=6.0, max_degrees=80.0)
    card = Gpu(name="c", total_bytes=8 * 10**9, free_bytes=7 * 10**9, watts=30.0, degrees=50.0, driver="1")
    good = dataclasses.replace(QUIET, gpus=(card,), degrees=60.0)
    assert held(config, good) == ()
    assert "somebody used" in held(config, dataclasses.replace(good, idle_seconds=240.0))[0]
    assert "battery" in held(config, dataclasses.replace(good, mains=False))[0]
    busy = dataclasses.replace(card, free_bytes=2 * 10**9)
    assert "GPU memory" in held(config, dataclasses.replace(good, gpus=(busy,)))[0]
    assert "°C" in held(config, dataclasses.replace(good, degrees=91.0))[0]


def test_the_memory_that_the_night_itself_takes_does_not_pause_it():
    assert held(ScheduleConfig(gpu_free_gb=6.0), QUIET, running=True) == ()


def test_a_night_paused_for_heat_waits_until_it_is_cooler():
    config = ScheduleConfig(max_degrees=80.0)
    warm = dataclasses.replace(QUIET, degrees=78.0)
    assert held(config, warm) == ()
    assert held(config, warm, hot=True)


def test_what_cannot_be_read_holds_nothing_back_and_is_named():
    blind = Reading()
    config = ScheduleConfig(max_degrees=80.0, max_watt_hours=100.0)
    assert held(config, blind) == ()
    assert len(unmeasured(config, blind, None)) == 3
    assert unmeasured(ScheduleConfig(), QUIET, None) == ()


def test_limits_end_a_night():
    assert "30 minutes" in spent(ScheduleConfig(max_minutes=30.0), minutes=30.1, watt_hours=None)
    assert "watt-hours" in spent(ScheduleConfig(max_watt_hours=5.0), minutes=1.0, watt_hours=5.2)
    assert spent(ScheduleConfig(), minutes=1e6, watt_hours=1e6) == ""


def test_a_question_and_a_keystroke_both_count_as_somebody(tmp_path):
    awake, terminals = tmp_path / "awake", tmp_path / "pts"
    terminals.mkdir()
    now = time.time()
    awake.touch()
    os.utime(awake, (now - 900, now - 900))
    (terminals / "0").touch()
    os.utime(terminals / "0", (now - 3600, now - 3600))
    assert 895 < idle_seconds(awake, terminals=terminals) < 910
    os.utime(terminals / "0", (now - 30, now))
    assert 25 < idle_seconds(awake, terminals=terminals) < 40


def test_energy_is_added_up_across_the_counters_turn(tmp_path):
    zone = tmp_path / "intel-rapl:0"
    zone.mkdir()
    (zone / "max_energy_range_uj").write_text("10000000\n")
    (zone / "energy_uj").write_text("9000000\n")
    meter = Meter(tmp_path)
    (zone / "energy_uj").write_text("2600000\n")
    meter.look(())
    assert meter.watt_hours == pytest.approx(3.6 / 3600)
