"""What the machine says of itself: who uses it, what power it has, how hot it is, what it may compute with.

Every reading is None where this machine does not give it; nothing here guesses.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nightschool.train.plan import Machine

TERMINALS = Path("/dev/pts")
POWERCAP = Path("/sys/class/powercap")
PATIENCE_SECONDS = 5.0
GPU_FIELDS = "name,memory.total,memory.free,power.draw,temperature.gpu,driver_version"


@dataclass(frozen=True, kw_only=True, slots=True)
class Gpu:
    """One NVIDIA card, as its driver describes it."""

    name: str
    total_bytes: int
    free_bytes: int
    watts: float | None
    degrees: float | None
    driver: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One look at the machine."""

    idle_seconds: float | None = None
    """Since somebody last typed, moved the pointer or asked us something."""
    mains: bool | None = None
    """None also where there is no battery, and with it no question."""
    gpus: tuple[Gpu, ...] = ()
    degrees: float | None = None


def read(awake: Path) -> Reading:
    """Look at the machine now; `awake` is the file that a question of the person touches."""
    cards = gpus()
    return Reading(idle_seconds=idle_seconds(awake), mains=on_mains(), gpus=cards, degrees=degrees(cards))


def idle_seconds(awake: Path, *, terminals: Path = TERMINALS) -> float | None:
    """Seconds since anybody used this machine, by every means there is; None where there is none."""
    now = time.time()
    known = [_touched(awake, now), _typed(terminals, now), _session(now) if sys.platform == "linux" else None]
    known.append(_mac() if sys.platform == "darwin" else None)
    known.append(_windows() if sys.platform == "win32" else None)
    told = [seconds for seconds in known if seconds is not None]
    return max(0.0, min(told)) if told else None


def _touched(file: Path, now: float) -> float | None:
    with contextlib.suppress(OSError):
        return now - file.stat().st_mtime
    return None


def _typed(terminals: Path, now: float) -> float | None:
    """The kernel notes when somebody's typing was last read from a terminal."""
    ages = []
    with contextlib.suppress(OSError):
        for terminal in terminals.iterdir():
            with contextlib.suppress(OSError):
                if terminal.name.isdigit():
                    ages.append(now - terminal.stat().st_atime)
    return min(ages, default=None)


def _session(now: float) -> float | None:
    """The desktop's own word, through systemd's login manager: a hint that it is idle, and since when."""
    listed = _output(["loginctl", "list-sessions", "--no-legend"])
    ages = []
    for line in (listed or "").splitlines():
        fields = ["-p", "Type", "-p", "IdleHint", "-p", "IdleSinceHint"]
        shown = _output(["loginctl", "show-session", line.split()[0], *fields]) if line.split() else None
        values = dict(pair.partition("=")[::2] for pair in (shown or "").splitlines())
        if values.get("Type") in ("x11", "wayland", "mir"):
            since = int(values.get("IdleSinceHint") or 0) / 1e6
            ages.append(now - since if values.get("IdleHint") == "yes" and since else 0.0)
    return min(ages, default=None)


def _mac() -> float | None:
    found = re.search(r'"HIDIdleTime" = (\d+)', _output(["ioreg", "-c", "IOHIDSystem"]) or "")
    return int(found[1]) / 1e9 if found else None


def _windows() -> float | None:
    import ctypes

    class LastInput(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("time", ctypes.c_uint))

    last = LastInput(ctypes.sizeof(LastInput), 0)
    system = ctypes.windll  # type: ignore[attr-defined]
    if not system.user32.GetLastInputInfo(ctypes.byref(last)):
        return None
    return float((system.kernel32.GetTickCount() - last.time) % 2**32) / 1000


def on_mains() -> bool | None:
    """Whether the machine is plugged in; None where it has no battery."""
    import psutil

    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return None if battery is None else bool(battery.power_plugged)


def degrees(cards: Sequence[Gpu] = ()) -> float | None:
    """Celsius of the hottest sensor."""
    import psutil

    sensors = psutil.sensors_temperatures() if hasattr(psutil, "sensors_temperatures") else {}
    hot = [float(each.current) for each in (one for group in sensors.values() for one in group) if each.current]
    return max([*hot, *(card.degrees for card in cards if card.degrees is not None)], default=None)


def gpus() -> tuple[Gpu, ...]:
    """The NVIDIA cards of this machine, asked of their driver without loading torch."""
    told = _output(["nvidia-smi", f"--query-gpu={GPU_FIELDS}", "--format=csv,noheader,nounits"])
    return tuple(card for line in (told or "").splitlines() if (card := _card(line)) is not None)


def described(device: str | None = None, memory: float | None = None) -> Machine:
    """The machine at hand as a plan takes it, or one of another kind, or with so many gigabytes."""
    import psutil

    from nightschool.models.threads import cores
    from nightschool.train.plan import Machine

    card = max(gpus(), key=lambda each: each.total_bytes, default=None)
    kind = device or ("cuda" if card else "mps" if sys.platform == "darwin" else "cpu")
    there = float(card.total_bytes) if card and kind == "cuda" else float(psutil.virtual_memory().total)
    size = memory * 1e9 if memory else there
    names = {"cpu": f"the processor, {cores()} cores", "cuda": card.name if card else "a CUDA card", "mps": "Apple's"}
    return Machine(name=f"{names[kind]}, {size / 1e9:.0f} GB", device=kind, memory=size, cores=cores())  # type: ignore[arg-type]


def _card(line: str) -> Gpu | None:
    cells = [cell.strip() for cell in line.split(",")]
    if len(cells) != 6 or _number(cells[1]) is None:
        return None
    return Gpu(
        name=cells[0],
        total_bytes=int((_number(cells[1]) or 0.0) * 2**20),
        free_bytes=int((_number(cells[2]) or 0.0) * 2**20),
        watts=_number(cells[3]),
        degrees=_number(cells[4]),
        driver=cells[5],
    )


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _output(command: list[str]) -> str | None:
    """What a small program of the system prints; None where it is missing, fails or hangs."""
    if shutil.which(command[0]) is None:
        return None
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ended.stdout if ended.returncode == 0 else None


class Meter:
    """Adds up the energy that the machine has used, from the processor's counters and the cards' draw."""

    def __init__(self, powercap: Path = POWERCAP) -> None:
        self._powercap = powercap
        self._joules = 0.0
        self._counters = self._read()
        self._at = time.monotonic()

    @property
    def watt_hours(self) -> float | None:
        """Energy since the meter began; None where nothing here can be read."""
        return self._joules / 3600 if self._counters or any(card.watts for card in gpus()) else None

    def look(self, cards: Sequence[Gpu]) -> None:
        """Take in what was used since the last look."""
        now, counters = time.monotonic(), self._read()
        for name, (value, wraps) in counters.items():
            before = self._counters.get(name, (value, wraps))[0]
            self._joules += (value - before if value >= before else value + wraps - before) / 1e6
        self._joules += sum(card.watts or 0.0 for card in cards) * (now - self._at)
        self._counters, self._at = counters, now

    def _read(self) -> dict[str, tuple[int, int]]:
        """Counter of each processor package in microjoules, and where it begins again."""
        found = {}
        for zone in self._powercap.glob("intel-rapl:[0-9]*"):
            if zone.name.count(":") == 1:
                with contextlib.suppress(OSError, ValueError):
                    wraps = int((zone / "max_energy_range_uj").read_text())
                    found[zone.name] = (int((zone / "energy_uj").read_text()), wraps)
        return found
