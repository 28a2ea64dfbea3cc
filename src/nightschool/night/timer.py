"""The system's own clock as ours: a systemd user timer, a launchd agent or a cron line that ticks every ten minutes.

A tick where no night is due ends at once; what is due, and what holds it back, is decided in `schedule`.
"""

from __future__ import annotations

import hashlib
import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nightschool.config import Home, find_home
from nightschool.errors import UserError

Kind = Literal["systemd", "launchd", "cron"]
KINDS: tuple[Kind, ...] = ("systemd", "launchd", "cron")
EVERY_MINUTES = 10
MARK = "# nightschool"


@dataclass(frozen=True, kw_only=True, slots=True)
class Timer:
    """What has to be written and run so that the system ticks for one home."""

    kind: Kind
    name: str
    files: tuple[tuple[Path, str], ...] = ()
    start: tuple[tuple[str, ...], ...] = ()
    """Commands that begin it once the files are there."""
    stop: tuple[tuple[str, ...], ...] = ()
    line: str = ""
    """For cron."""


def kind_here() -> Kind:
    """The best clock of this machine."""
    if sys.platform == "darwin":
        return "launchd"
    if shutil.which("systemctl") and _works(["systemctl", "--user", "show-environment"]):
        return "systemd"
    return "cron"


def timer(home: Home, kind: Kind) -> Timer:
    """Describe the timer of a home."""
    name = _name(home)
    command = [sys.executable, "-m", "nightschool", "--home", str(home.path), "schedule", "run"]
    if kind == "systemd":
        return _systemd(name, command)
    return _launchd(name, command) if kind == "launchd" else _cron(name, command)


def _name(home: Home) -> str:
    """Homes beside the usual one get a clock of their own."""
    if home.path == find_home(None).path and "NIGHTSCHOOL_HOME" not in os.environ:
        return "nightschool"
    return f"nightschool-{hashlib.sha256(str(home.path).encode()).hexdigest()[:8]}"


def _systemd(name: str, command: list[str]) -> Timer:
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    # systemd reads % as a specifier, $ as a variable and quotes as a shell does.
    words = " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in command)
    service = (
        "[Unit]\nDescription=One night of nightschool, where one is due\n\n"
        f"[Service]\nType=oneshot\nExecStart={words.replace('%', '%%').replace('$', '$$')}\n"
        "Nice=15\nIOSchedulingClass=idle\nTimeoutStartSec=infinity\nTimeoutStopSec=60\n"
    )
    clock = (
        f"[Unit]\nDescription=Look every {EVERY_MINUTES} minutes whether a night is due\n\n"
        f"[Timer]\nOnCalendar=*:0/{EVERY_MINUTES}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )
    unit = f"{name}.timer"
    return Timer(
        kind="systemd",
        name=name,
        files=((folder / f"{name}.service", service), (folder / unit, clock)),
        start=(("systemctl", "--user", "daemon-reload"), ("systemctl", "--user", "enable", "--now", unit)),
        stop=(("systemctl", "--user", "disable", "--now", unit), ("systemctl", "--user", "daemon-reload")),
    )


def _launchd(name: str, command: list[str]) -> Timer:
    label = f"org.{name}"
    file = Path.home() / "Library" / "LaunchAgents" / f"{label}.plist"
    settings = {
        "Label": label,
        "ProgramArguments": command,
        "StartInterval": EVERY_MINUTES * 60,
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "Nice": 15,
    }
    domain = f"gui/{os.getuid() if hasattr(os, 'getuid') else 0}"
    return Timer(
        kind="launchd",
        name=name,
        files=((file, plistlib.dumps(settings).decode()),),
        start=(("launchctl", "bootstrap", domain, str(file)),),
        stop=(("launchctl", "bootout", f"{domain}/{label}"),),
    )


def _cron(name: str, command: list[str]) -> Timer:
    # A bare % ends a command in a crontab.
    words = " ".join(shlex.quote(part) for part in command).replace("%", "\\%")
    line = f"*/{EVERY_MINUTES} * * * * nice -n 15 {words} >/dev/null 2>&1 {MARK} {name}"
    return Timer(kind="cron", name=name, line=line)


def install(wanted: Timer) -> None:
    """Write a timer and begin it; UserError where the system refuses, with everything taken back."""
    remove(wanted)
    if wanted.kind == "cron":
        _write_crontab([*_crontab(), wanted.line])
        return
    try:
        for file, text in wanted.files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        for command in wanted.start:
            _run(command)
    except (OSError, UserError) as error:
        remove(wanted)
        if isinstance(error, UserError):
            raise
        raise UserError(f"The timer could not be written: {error}", hint="Try `--kind cron`, or `--print`") from error


def remove(wanted: Timer) -> bool:
    """Stop a timer and take its files away; False where there was none."""
    if wanted.kind == "cron":
        lines = _crontab()
        kept = [line for line in lines if not line.endswith(f"{MARK} {wanted.name}")]
        if kept != lines:
            _write_crontab(kept)
        return kept != lines
    there = [file for file, _ in wanted.files if file.exists()]
    if not there:
        return False
    for command in wanted.stop[:1]:
        _works(list(command))
    for file in there:
        file.unlink()
    for command in wanted.stop[1:]:
        _works(list(command))
    return True


def installed(home: Home) -> tuple[Kind, ...]:
    """The clocks that tick for a home."""
    found: list[Kind] = []
    for kind in KINDS:
        wanted = timer(home, kind)
        if kind == "cron":
            there = any(line.endswith(f"{MARK} {wanted.name}") for line in _crontab())
        else:
            there = all(file.exists() for file, _ in wanted.files)
        if there:
            found.append(kind)
    return tuple(found)


def _crontab() -> list[str]:
    if shutil.which("crontab") is None:
        return []
    listed = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
    return listed.stdout.splitlines() if listed.returncode == 0 else []


def _write_crontab(lines: list[str]) -> None:
    if shutil.which("crontab") is None:
        raise UserError(
            "This machine has neither systemd for users, launchd nor cron",
            hint="Set `by_server = true` in [schedule]; then `nightschool serve` begins the nights",
        )
    text = "".join(f"{line}\n" for line in lines)
    told = subprocess.run(["crontab", "-"], input=text, capture_output=True, text=True, check=False)
    if told.returncode:
        raise UserError(f"cron refused: {told.stderr.strip() or told.returncode}", hint="Add the line of `--print`")


def _run(command: tuple[str, ...]) -> None:
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"`{shlex.join(command)}` failed: {error}", hint="Try `--kind cron`, or `--print`") from error
    if told.returncode:
        said = (told.stderr or told.stdout).strip().splitlines()
        why = said[-1] if said else f"exit code {told.returncode}"
        raise UserError(f"`{shlex.join(command)}` failed: {why}", hint="Try `--kind cron`, or `--print`")


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
