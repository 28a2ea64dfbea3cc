"""The doctor: each check can pass and can fail, and none hides another."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time

import pytest

from nightschool.config import Config, Home, ScheduleConfig
from nightschool.intake import import_path
from nightschool.night import checks, machine, timer
from nightschool.night.checks import Patient, examine
from nightschool.night.machine import Gpu
from nightschool.store import nights, versions
from nightschool.store.database import open_database

CARD = Gpu(name="Card 24", total_bytes=24 * 10**9, free_bytes=20 * 10**9, watts=30.0, degrees=40.0, driver="570.1")


@pytest.fixture
def patient(tmp_path):
    return Patient(home=Home(tmp_path / "home").create(), config=Config(), cards=())


def test_a_fresh_home_has_nothing_that_needs_mending(patient):
    found = {check.id: check for check in examine(patient.home)}
    assert [check for check in found.values() if check.status == "fail"] == []
    assert found["history"].status == "warn"
    assert "nightschool import" in found["history"].fix


def test_a_check_that_breaks_is_its_own_finding(patient, monkeypatch):
    def broken(patient):
        raise RuntimeError("no such thing")

    monkeypatch.setattr(checks, "CHECKS", (("a", "A", broken), *checks.CHECKS[:2]))
    found = examine(patient.home)
    assert [check.status for check in found] == ["fail", "ok", "ok"]
    assert "no such thing" in found[0].found


def test_the_doctor_needs_no_torch_where_nothing_begins_nights():
    """Loading it takes half a minute on a busy machine, for one line of thirteen."""
    code = "import sys, nightschool.night.checks; print('torch' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_a_setting_that_does_not_exist_is_named(patient):
    patient.home.config_file.write_text("[train]\nepoch = 3\n")
    found = {check.id: check for check in examine(patient.home)}
    assert "epoch" in found["settings"].found
    assert "epochs" in found["settings"].fix
    assert found["base"].status == "skip"


def test_a_package_of_the_wrong_version_is_named(patient, monkeypatch):
    monkeypatch.setattr(checks.importlib.metadata, "requires", lambda name: ["click>=99", "no-such-thing-at-all"])
    status, found, fix = checks.program(patient)
    assert status == "fail"
    assert "click" in found
    assert "no-such-thing-at-all is missing" in found
    assert "pip install" in fix


@pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX")
def test_a_home_that_others_can_read_is_said(patient):
    patient.home.path.chmod(0o755)
    status, found, fix = checks.folder(patient)
    assert (status, "755" in found, "chmod 700" in fix) == ("warn", True, True)


def test_a_damaged_database_is_said(patient):
    open_database(patient.home.database).close()
    assert checks.history(patient)[0] == "warn"
    patient.home.database.write_bytes(b"not a database at all" * 100)
    assert {check.id: check.status for check in examine(patient.home)}["history"] == "fail"


def test_a_source_that_is_gone_is_named(patient, tmp_path):
    log = tmp_path / "chats.jsonl"
    log.write_text('{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n')
    with open_database(patient.home.database) as db:
        import_path(db, log)
    assert checks.sources(patient)[0] == "ok"
    assert checks.history(patient)[0] == "ok"
    log.unlink()
    status, found, _ = checks.sources(patient)
    assert (status, str(log) in found) == ("warn", True)


def test_a_base_that_is_not_here_is_a_finding(patient):
    found = checks._run("base", "Base", checks.base, patient)
    assert found.status == "ok"
    other = Config(base=dataclasses.replace(Config().base, name="nobody/nothing"))
    found = checks._run("base", "Base", checks.base, dataclasses.replace(patient, config=other))
    assert (found.status, "not on this machine" in found.found) == ("fail", True)


def test_a_champion_whose_adapter_is_gone_is_a_finding(patient):
    assert checks.champion(patient)[0] == "ok"
    with open_database(patient.home.database) as db:
        made = versions.create(db, base="f" * 64, adapter_hash="a" * 64)
        versions.promote(db, made.id)
    found = checks._run("champion", "Champion", checks.champion, patient)
    assert found.status == "fail"
    assert "another base" in found.found


def test_more_memory_trains_a_larger_base(patient):
    job = checks.Job.of(Config(), base="pupil", fingerprint="", dataset=checks.Path("d"), dataset_hash="")
    sizes = [checks._largest(job, room * 1e9, gpu=True) for room in (4, 8, 24)]
    assert sizes == sorted(set(sizes))
    assert "24 GB on Card 24" in checks.memory(dataclasses.replace(patient, cards=(CARD,)))[1]


def test_a_card_that_torch_does_not_see_is_a_finding(patient, monkeypatch):
    monkeypatch.setattr(checks, "GPU_PROBE", 'print(\'{"cuda": null, "seen": false, "mps": false}\')')
    status, found, _ = checks.card(dataclasses.replace(patient, cards=(CARD,)))
    assert (status, "torch does not" in found) == ("fail", True)
    monkeypatch.setattr(checks, "GPU_PROBE", 'print(\'{"cuda": "12", "seen": true, "mps": false}\')')
    assert checks.card(dataclasses.replace(patient, cards=(CARD,)))[0] == "ok"
    monkeypatch.setattr(checks, "GPU_PROBE", "raise SystemExit('libcuda.so is missing')")
    assert checks.card(dataclasses.replace(patient, cards=(CARD,)))[0] == "fail"


def test_a_night_that_failed_is_said(patient):
    assert checks.last_night(patient)[0] == "skip"
    with open_database(patient.home.database) as db:
        nights.begin(db, run="r-1", started=time.time(), champion="base")
        nights.set_state(db, "r-1", "failed", champion="base", error="The disk is full\nFree some space")
    status, found, _ = checks.last_night(patient)
    assert (status, "The disk is full" in found) == ("warn", True)


def test_a_schedule_on_a_machine_that_cannot_tell_who_is_there_is_said(patient, monkeypatch):
    monkeypatch.setattr(timer, "installed", lambda home: ("cron",))
    monkeypatch.setattr(machine, "read", lambda awake: machine.Reading())
    assert checks.schedule_(patient)[0] == "warn"
    monkeypatch.setattr(machine, "read", lambda awake: machine.Reading(idle_seconds=5.0))
    status, found, _ = checks.schedule_(patient)
    assert (status, "by cron" in found) == ("ok", True)
    monkeypatch.setattr(timer, "installed", lambda home: ())
    assert checks.schedule_(patient)[0] == "skip"
    server = Config(schedule=ScheduleConfig(by_server=True))
    assert "the server" in checks.schedule_(dataclasses.replace(patient, config=server))[1]


def test_a_battery_holds_scheduled_nights_back(patient, monkeypatch):
    monkeypatch.setattr(machine, "on_mains", lambda: False)
    assert checks.power(patient)[0] == "warn"
    monkeypatch.setattr(machine, "on_mains", lambda: True)
    assert checks.power(patient) == ("ok", "mains", "")


def test_files_from_the_future_are_said(patient):
    assert checks.clock(patient)[0] == "ok"
    late = time.time() + 86_400
    (patient.home.path / "x").touch()
    os.utime(patient.home.path / "x", (late, late))
    assert checks.clock(patient)[0] == "warn"
