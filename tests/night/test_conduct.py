"""A night's stages run once each, in order; cut off, it goes on; failing, it says why and harms nothing."""

from __future__ import annotations

import dataclasses
import errno
import os
import signal
import threading
import time

import pytest

from nightschool.config import Config, Home, TrainConfig
from nightschool.errors import UserError
from nightschool.night import conduct
from nightschool.night.lock import only_one
from nightschool.night.stages import STAGES, Step
from nightschool.records import Fact
from nightschool.store import facts, nights, versions
from nightschool.store.database import open_database

SECRET = "sk-proj-Zk8vQ2mX7rT4bN9wL3cF6hJ1dS5gP0aYuEoIiRtKqWmBxVnC"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").create()


NAMES = [step.name for step in STAGES]
ORDER = ["collect", "review", "compose", "train", "examine", "decide", "publish", "report"]
"""What every night does, whatever stands between."""


def steps(calls, **replaced):
    """Stages of the usual names that only note that they ran."""

    def step(name):
        def run(context):
            calls.append(name)
            return replaced[name](context) if name in replaced else {"did": name}

        return Step(name=name, title=name, run=run, say=lambda output: "")

    return [step(each.name) for each in STAGES]


def raising(error):
    def run(context):
        raise error

    return run


def test_the_stages_run_in_order_and_each_is_remembered(home):
    calls = []
    night = conduct.sleep(home, Config(), stages=steps(calls))
    assert calls == NAMES
    assert [name for name in calls if name in ORDER] == ORDER
    assert night.state == "done" and [stage.name for stage in night.stages] == calls
    assert night.output("train") == {"did": "train"}


def test_a_stage_reads_what_the_earlier_ones_left(home):
    seen = {}
    conduct.sleep(home, Config(), stages=steps([], train=lambda context: seen.update(context.outputs) or {}))
    assert seen["compose"] == {"did": "compose"}


@pytest.mark.parametrize("error", [KeyboardInterrupt(), UserError("The base is gone"), ValueError("odd")])
def test_a_night_that_was_cut_off_goes_on_behind_its_last_finished_stage(home, error):
    first, second = [], []
    cut = conduct.sleep(home, Config(), stages=steps(first, train=raising(error)))
    night = conduct.sleep(home, Config(), stages=steps(second))
    assert first == NAMES[: NAMES.index("train") + 1]
    assert second == NAMES[NAMES.index("train") :]
    assert night.run == cut.run and night.state == "done"


def test_a_finished_night_is_not_run_again(home):
    one = conduct.sleep(home, Config(), stages=steps([]))
    calls = []
    other = conduct.sleep(home, Config(), stages=steps(calls))
    assert other.run != one.run and len(calls) == len(STAGES)


@pytest.mark.parametrize("what", ["settings", "facts", "age", "asked"])
def test_a_night_starts_again_where_what_it_stood_on_has_changed(home, what, monkeypatch):
    cut = conduct.sleep(home, Config(), stages=steps([], train=raising(KeyboardInterrupt())))
    config, resume = Config(), True
    if what == "settings":
        config = Config(train=TrainConfig(rank=4))
    elif what == "facts":
        db = open_database(home.database)
        facts.add(db, Fact(id="f-1", kind="fact", sentence="My boat is called Petrel."))
        db.close()
    elif what == "age":
        now = time.time()
        monkeypatch.setattr(conduct.time, "time", lambda: now + conduct.SAME_NIGHT + 1)
    else:
        resume = False
    calls = []
    night = conduct.sleep(home, config, stages=steps(calls), resume=resume)
    assert night.run != cut.run and calls[0] == "collect"


def test_what_a_killed_night_left_running_is_closed_when_another_begins(home):
    db = open_database(home.database)
    nights.begin(db, run="r-old", started=1.0, champion="base")
    db.close()
    conduct.sleep(home, Config(), stages=steps([]))
    db = open_database(home.database)
    assert nights.get(db, "r-old").state == "stopped"
    db.close()


def test_ctrl_c_stops_the_night_and_leaves_the_champion(home):
    night = conduct.sleep(home, Config(), stages=steps([], examine=raising(KeyboardInterrupt())))
    assert night.state == "stopped" and night.champion_after == "base" and "examine" in night.error


def test_a_polite_kill_stops_the_night_as_ctrl_c_does(home):
    def killed(context):
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(5)
        return {}

    night = conduct.sleep(home, Config(), stages=steps([], train=killed))
    assert night.state == "stopped"
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_a_failing_stage_ends_the_night_with_a_sentence_and_its_traceback_in_the_log(home):
    night = conduct.sleep(home, Config(), stages=steps([], examine=raising(ValueError("odd answer"))))
    log = (home.runs / night.run / "night.log").read_text()
    assert night.state == "failed" and "'examine' failed: ValueError: odd answer" in night.error
    assert "Traceback" in log and "odd answer" in log and str(home.runs / night.run) in night.error


def test_an_error_the_person_can_mend_is_told_in_its_own_words(home):
    night = conduct.sleep(home, Config(), stages=steps([], train=raising(UserError("The base is gone", hint="Get it"))))
    assert night.error == "The base is gone\nGet it"


def test_a_full_disk_is_called_by_its_name(home):
    night = conduct.sleep(home, Config(), stages=steps([], train=raising(OSError(errno.ENOSPC, "No space left"))))
    assert night.state == "failed" and night.error.startswith("The disk is full")


def test_a_store_that_is_full_is_said_so_although_nothing_more_can_be_written(home):
    def filled(context):
        pages = context.db.execute("PRAGMA page_count").fetchone()[0]
        context.db.execute(f"PRAGMA max_page_count = {pages}")
        return {"much": "x" * 100_000}

    night = conduct.sleep(home, Config(), stages=steps([], review=filled))
    assert night.state == "failed" and "disk is full" in night.error
    calls = []
    assert conduct.sleep(home, Config(), stages=steps(calls)).run == night.run
    assert calls[0] == "review"


def test_no_secret_reaches_the_log_or_the_sentence(home):
    night = conduct.sleep(home, Config(), stages=steps([], review=raising(ValueError(f"bad text {SECRET}"))))
    assert SECRET not in night.error
    assert SECRET not in (home.runs / night.run / "night.log").read_text()


def test_a_second_night_at_once_is_refused_and_changes_nothing(home):
    with only_one(home.lock), pytest.raises(UserError, match=f"process {os.getpid()}"):
        conduct.sleep(home, Config(), stages=steps([]))
    assert not home.database.exists()


def test_a_promotion_that_was_cut_off_before_it_was_remembered_is_not_made_twice(home):
    """Killed between moving the pointer and writing that the stage ended, the night must not start again."""

    def trained(context):
        version = versions.create(context.db, base="b", run=context.run)
        versions.trained(context.db, version.id, "hash")
        return {"version": version.id}

    def publish(context):
        versions.promote(context.db, context.outputs["train"]["version"])
        raise KeyboardInterrupt

    cut = conduct.sleep(home, Config(), stages=steps([], train=trained, publish=publish))
    calls = []

    def again(context):
        versions.promote(context.db, context.outputs["train"]["version"])
        return {}

    night = conduct.sleep(home, Config(), stages=steps(calls, publish=again))
    assert night.run == cut.run and calls == NAMES[NAMES.index("publish") :]
    assert (night.champion_before, night.champion_after) == ("base", "v-0001")
    db = open_database(home.database)
    assert versions.pointer(db, "previous") == "base"
    db.close()


def test_a_home_that_is_no_database_is_refused_with_its_place(home):
    home.database.write_bytes(b"this is not a database, but it is long enough to look at" * 40)
    with pytest.raises(UserError, match=r"nightschool\.db"):
        conduct.sleep(home, Config(), stages=steps([]))


def test_each_stage_is_told_when_it_begins_and_ends(home):
    told = []

    @dataclasses.dataclass
    class Ear:
        def begin(self, title):
            told.append(f"begin {title}")

        def advance(self, done, total=None, note=""):
            pass

        def end(self, title, seconds, summary):
            told.append(f"end {title}")

    conduct.sleep(home, Config(), stages=steps([]), progress=Ear())
    assert told[:2] == ["begin collect", "end collect"] and len(told) == 2 * len(STAGES)
