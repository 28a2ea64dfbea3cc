"""A night that waits while it is told to, and says how far it is."""

from __future__ import annotations

import json
import threading
import time

import pytest

from nightschool.config import Config, Home
from nightschool.night import pacing
from nightschool.night.conduct import sleep
from nightschool.night.pacing import Paced, hold, release, standing
from nightschool.night.progress import Quiet
from nightschool.night.stages import Step


def test_a_stage_does_not_go_on_while_the_pause_file_is_there(tmp_path):
    paced = Paced(Quiet(), pause=tmp_path / "pause", file=tmp_path / pacing.FILE)
    paced.begin("Examining")
    hold(tmp_path / "pause", "somebody used the machine")
    passed = threading.Event()
    thread = threading.Thread(target=lambda: (paced.advance(3, 10), passed.set()))
    thread.start()
    assert not passed.wait(0.6)
    assert standing(tmp_path).paused == "somebody used the machine"
    release(tmp_path / "pause")
    assert passed.wait(2.0)
    assert standing(tmp_path).paused == ""
    assert (standing(tmp_path).done, standing(tmp_path).total) == (3, 10)


def test_finished_stages_stay_readable(tmp_path):
    paced = Paced(Quiet(), pause=tmp_path / "pause", file=tmp_path / pacing.FILE)
    paced.begin("Training")
    paced.end("Training", 61.0, "version v-0001")
    assert standing(tmp_path).finished == ("Training: version v-0001, 61.0 s",)
    assert json.loads((tmp_path / pacing.FILE).read_text())["stage"] == ""


def test_a_file_that_is_half_written_says_nothing(tmp_path):
    (tmp_path / pacing.FILE).write_text('{"stage": "Tra')
    assert standing(tmp_path) is None


@pytest.fixture
def two_steps():
    def work(context):
        for done in range(200):
            context.advance(done, 200)
            time.sleep(0.005)
        return {}

    return (Step(name="work", title="Working", run=work, say=lambda output: "done"),)


def test_a_night_waits_and_goes_on_and_leaves_no_pause_behind(tmp_path, two_steps):
    home = Home(tmp_path / "home").create()
    hold(home.pause, "left behind by a night that was killed")
    ended = threading.Event()
    night = []

    def run():
        night.append(sleep(home, Config(), stages=two_steps))
        ended.set()

    threading.Thread(target=run).start()
    while not list(home.runs.glob("*/progress.json")):
        time.sleep(0.01)
    hold(home.pause, "on battery")
    assert not ended.wait(2.0), "two hundred advances take one second"
    folder = next(home.runs.iterdir())
    assert standing(folder).paused == "on battery"
    release(home.pause)
    assert ended.wait(5.0)
    assert night[0].state == "done"
    assert not home.pause.exists()
