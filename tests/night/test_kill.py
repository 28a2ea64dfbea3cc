"""`kill -9` in every stage: the champion answers at once, and the next night works."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import sys

import pytest

from nightschool.config import Config, ExamConfig, Home
from nightschool.intake import import_path
from nightschool.models import shelf
from nightschool.night import conduct
from nightschool.night.stages import STAGES
from nightschool.records import Prompt
from nightschool.store import nights, versions
from tests.night import stand_ins
from tests.night.stand_ins import opened

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
NAMES = [step.name for step in STAGES]


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def within(run):
    """Run a stage and die with its first write still uncommitted; a stage that writes nothing dies at its end."""

    def killed(context):
        context.db.set_trace_callback(lambda statement: die() if statement == "COMMIT" else None)
        run(context)
        die()

    return killed


def at_the_end(run):
    """Run a stage and die before it is remembered."""

    def killed(context):
        run(context)
        die()

    return killed


def replaced(name, wrap):
    return [dataclasses.replace(step, run=wrap(step.run)) if step.name == name else step for step in STAGES]


@pytest.fixture(scope="module")
def homes(tmp_path_factory, logs, week):
    """A home as it stands before each stage of its second night; the first one's version is the champion."""
    folder = tmp_path_factory.mktemp("homes")
    home = Home(folder / "home").create()
    earlier = stand_ins.write_logs(folder / "earlier", week[: len(week) * 3 // 4])
    with opened(home) as db:
        import_path(db, earlier)
        version = versions.create(db, base=stand_ins.FINGERPRINT)
        stand_ins.write_adapter(home.versions / version.id / "adapter", [])
        versions.trained(db, version.id, stand_ins.Parrot.mounted(None, home.versions / version.id / "adapter"))
        versions.promote(db, version.id)
        import_path(db, logs)

    def kept(name, run):
        def copying(context):
            context.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copytree(home.path, folder / name)
            return run(context)

        return copying

    stages = [dataclasses.replace(step, run=kept(step.name, step.run)) for step in STAGES]
    night = slept(home, week, stages=stages)
    assert night.output("decide")["outcome"] == "promote", night.error or night.output("decide")
    return folder


QUICK = Config(exam=ExamConfig(battery_items=84, min_battery=60))


def slept(home, week, **more):
    parrot, trainer = stand_ins.Parrot(week, items=84), stand_ins.trainer(week)
    return conduct.sleep(home, QUICK, **({"model": parrot, "trainer": trainer} | more))


def killed(home, week, **more):
    """Let a child run the night until it is killed."""
    child = os.fork()
    if child == 0:
        try:
            slept(home, week, **more)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def check_champion_answers(home, week):
    with opened(home) as db:
        champion = versions.get(db, versions.pointer(db, "champion"))
        adapter = shelf.check(home, champion, stand_ins.FINGERPRINT)
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    question = {"role": "user", "content": next(iter(stand_ins.known(week)))}
    assert stand_ins.Parrot(week).answer([Prompt(messages=(question,))], adapter=adapter)[0].text
    return champion.id


@pytest.mark.parametrize("point", [within, at_the_end])
@pytest.mark.parametrize("name", NAMES)
def test_killed_in_any_stage_the_champion_answers_and_the_next_night_works(tmp_path, homes, week, name, point):
    home = Home(tmp_path / "home")
    shutil.copytree(homes / name, home.path)
    killed(home, week, stages=replaced(name, point))
    after = check_champion_answers(home, week)
    assert after == "v-0001" or name in ("publish", "reflect", "report")
    night = slept(home, week)
    assert (night.state, night.output("decide")["outcome"]) == ("done", "promote"), night.error
    assert night.champion_before == "v-0001" and night.champion_after == night.output("train")["version"]
    assert check_champion_answers(home, week) == night.champion_after
    with opened(home) as db:
        assert versions.pointer(db, "previous") == "v-0001"
        assert [other.state for other in nights.list_nights(db)].count("running") == 0


def test_killed_while_training_the_half_adapter_is_made_anew(tmp_path, homes, week):
    home = Home(tmp_path / "home")
    shutil.copytree(homes / "train", home.path)

    def half(job, folder, progress=None):
        stand_ins.write_adapter(folder / "adapter", ["half"])
        die()

    killed(home, week, trainer=half)
    assert check_champion_answers(home, week) == "v-0001"
    night = slept(home, week)
    adapter = home.versions / night.champion_after / "adapter"
    assert night.state == "done" and "half" not in stand_ins.taught(adapter)
    assert not list(home.path.rglob("*.partial"))


def test_a_night_that_was_killed_late_does_not_train_again(tmp_path, homes, week):
    home = Home(tmp_path / "home")
    shutil.copytree(homes / "examine", home.path)
    killed(home, week, stages=replaced("examine", at_the_end))

    def never(job, folder, progress=None):
        raise AssertionError("trained again")

    night = slept(home, week, trainer=never)
    assert night.state == "done" and len(night.stages) == len(NAMES)
