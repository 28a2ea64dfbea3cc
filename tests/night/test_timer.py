"""Clocks of the system that tick for us."""

from __future__ import annotations

import plistlib
import shutil
import stat
import subprocess
import sys

import pytest

from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.night import timer


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / 'my "home" 100% $sure').create()


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """A system with programs of our own making: they write down what they are asked."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def program(name, script):
        file = folder / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    tab = tmp_path / "tab"
    program("crontab", f'if [ "$1" = -l ]; then cat {tab} 2>/dev/null || exit 1; else cat > {tab}; fi')
    program("systemctl", f'echo "$@" >> {tmp_path / "asked"}')
    program("launchctl", f'echo "$@" >> {tmp_path / "asked"}')
    return tmp_path


def test_a_systemd_timer_is_written_begun_and_taken_away(home, tools):
    wanted = timer.timer(home, "systemd")
    timer.install(wanted)
    asked = (tools / "asked").read_text()
    assert "--user enable --now" in asked
    assert timer.installed(home) == ("systemd",)
    assert timer.remove(wanted)
    assert timer.installed(home) == ()
    assert "--user disable --now" in (tools / "asked").read_text()
    assert not timer.remove(wanted)


def test_the_units_name_this_python_and_this_home_whatever_its_name(home, tools):
    service = timer.timer(home, "systemd").files[0][1]
    assert f'"{sys.executable}"' in service
    assert 'my \\"home\\" 100%% $$sure' in service


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_units_as_they_are(home, tools, monkeypatch):
    (tools / "run").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tools / "run"))
    wanted = timer.timer(home, "systemd")
    for file, text in wanted.files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    files = [str(file) for file, _ in wanted.files]
    told = subprocess.run(["systemd-analyze", "--user", "verify", *files], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_a_timer_that_the_system_refuses_leaves_nothing_behind(home, tools):
    (tools / "bin" / "systemctl").write_text("#!/bin/sh\necho no bus >&2; exit 1\n")
    with pytest.raises(UserError, match="no bus"):
        timer.install(timer.timer(home, "systemd"))
    assert timer.installed(home) == ()


def test_a_launchd_agent_is_a_property_list_that_runs_us(home, tools):
    (file, text) = timer.timer(home, "launchd").files[0]
    settings = plistlib.loads(text.encode())
    assert settings["ProgramArguments"][-2:] == ["schedule", "run"]
    assert str(home.path) in settings["ProgramArguments"]
    assert file.name == f"{settings['Label']}.plist"


def test_a_cron_line_is_added_beside_the_others_and_taken_out_alone(home, tools):
    (tools / "tab").write_text("0 5 * * * backup\n")
    wanted = timer.timer(home, "cron")
    timer.install(wanted)
    timer.install(wanted)
    lines = (tools / "tab").read_text().splitlines()
    assert lines[0] == "0 5 * * * backup"
    assert len(lines) == 2
    assert "100\\% $sure" in lines[1]
    assert timer.installed(home) == ("cron",)
    assert timer.remove(wanted)
    assert (tools / "tab").read_text() == "0 5 * * * backup\n"


def test_two_homes_have_two_clocks(home, tmp_path):
    other = Home(tmp_path / "other").create()
    assert timer.timer(home, "cron").name != timer.timer(other, "cron").name
