"""What a doctor looks at: each check is one small function, and one that crashes is its own finding."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from nightschool import __version__, models
from nightschool.config import Config, Home, read_config
from nightschool.errors import UserError
from nightschool.models import shelf
from nightschool.models.threads import cores
from nightschool.night import machine, schedule, timer
from nightschool.night.machine import Gpu, Meter
from nightschool.night.phrases import plural
from nightschool.store import conversations, nights, versions
from nightschool.store.database import damaged, open_database
from nightschool.train import Job, estimate

Status = Literal["ok", "warn", "fail", "skip"]
NEEDED_DISK_GB = 2.0
SHARE = 0.85
"""Of the memory there is, what a training may take."""
ROWS, ROW_TOKENS = 200, 400
"""A usual night, for the estimate of the largest base."""
GPU_PROBE = (
    "import json, torch; print(json.dumps({'cuda': torch.version.cuda, 'seen': torch.cuda.is_available(),"
    " 'mps': torch.backends.mps.is_available()}))"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One finding: how it stands, what was found, and what to do where something is wrong."""

    id: str
    title: str
    status: Status
    found: str
    fix: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """What the checks look at."""

    home: Home
    config: Config | None
    """None where the settings cannot be read."""
    cards: tuple[Gpu, ...]


def examine(home: Home) -> tuple[Check, ...]:
    """Run every check and return what each found, in their order."""
    found: dict[str, Check] = {}
    look(home, lambda check: found.update({check.id: check}))
    return tuple(found[name] for name, _, _ in CHECKS)


def look(home: Home, told: Callable[[Check], None]) -> None:
    """Run every check, all at once since most only wait, and tell each finding as it comes."""
    config: Config | None = None
    with contextlib.suppress(UserError):
        config = read_config(home.config_file)
    patient = Patient(home=home, config=config, cards=machine.gpus())
    with ThreadPoolExecutor(len(CHECKS), thread_name_prefix="check") as pool:
        asked = [pool.submit(_run, name, title, check, patient) for name, title, check in CHECKS]
        for one in as_completed(asked):
            told(one.result())


def _run(name: str, title: str, check: Callable[[Patient], tuple[Status, str, str]], patient: Patient) -> Check:
    try:
        status, found, fix = check(patient)
    except UserError as error:
        status, found, fix = "fail", error.message, error.hint or ""
    except Exception as error:  # A check that breaks must not hide the others.
        status, found, fix = "fail", f"The check itself broke: {type(error).__name__}: {error}", ""
    return Check(id=name, title=title, status=status, found=found, fix=fix)


def program(patient: Patient) -> tuple[Status, str, str]:
    """Versions of what does the work, and whether they are the ones that are asked for."""
    wrong = [line for text in importlib.metadata.requires("nightschool") or () if (line := _unmet(text))]
    torch = importlib.metadata.version("torch")
    found = f"nightschool {__version__}, Python {platform.python_version()}, torch {torch}"
    if wrong:
        return "fail", f"{found}; {'; '.join(wrong)}", f"`{sys.executable} -m pip install --upgrade nightschool`"
    return "ok", found, ""


def _unmet(text: str) -> str:
    from packaging.requirements import Requirement

    wanted = Requirement(text)
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
        return ""
    try:
        have = importlib.metadata.version(wanted.name)
    except importlib.metadata.PackageNotFoundError:
        return f"{wanted.name} is missing"
    return (
        "" if wanted.specifier.contains(have, prereleases=True) else f"{wanted.name} {have} is not {wanted.specifier}"
    )


def settings(patient: Patient) -> tuple[Status, str, str]:
    """Whether the settings can be read."""
    read_config(patient.home.config_file)
    there = patient.home.config_file.exists()
    return "ok", str(patient.home.config_file) if there else "all defaults; no settings file yet", ""


def folder(patient: Patient) -> tuple[Status, str, str]:
    """Whether the home belongs to its owner alone, and has room."""
    path = patient.home.path
    free = shutil.disk_usage(path).free / 1e9
    mode = path.stat().st_mode & 0o777
    if os.name == "posix" and mode & 0o077:
        return "warn", f"{path} can be read by others (mode {mode:o})", f"`chmod 700 {path}`"
    if free < NEEDED_DISK_GB:
        return "fail", f"{free:.1f} GB are free at {path}", "Free some space; a night needs about 2 GB"
    return "ok", f"{path}, {free:,.0f} GB free", ""


def history(patient: Patient) -> tuple[Status, str, str]:
    """Whether the database is whole, and what it holds."""
    with contextlib.closing(open_database(patient.home.database)) as db:
        damage = damaged(db)
        if damage:
            return "fail", f"The database is damaged: {damage}", "Restore it from a backup before the next night"
        size = nights.size(db)
    if not size["messages"]:
        return "warn", "Nothing was imported yet", "`nightschool import ~/.openclaw`, or talk with `nightschool chat`"
    return "ok", f"{size['messages']:,} messages in {size['conversations']:,} conversations", ""


def sources(patient: Patient) -> tuple[Status, str, str]:
    """Whether the logs that each night reads again are still there."""
    with contextlib.closing(open_database(patient.home.database)) as db:
        known = conversations.sources(db)
    gone = [str(source.path) for source in known if not os.access(source.path, os.R_OK)]
    if gone:
        return (
            "warn",
            f"{gone[0]} cannot be read" + (f", and {len(gone) - 1} more" if gone[1:] else ""),
            ("Mend its permissions, or import it from where it lies now"),
        )
    return (
        ("ok", f"{len(known)} read again each night", "") if known else ("skip", "none; see `nightschool import`", "")
    )


def base(patient: Patient) -> tuple[Status, str, str]:
    """Whether the base is on this machine and can serve."""
    if patient.config is None:
        return "skip", "the settings cannot be read", ""
    name = patient.config.base.name
    place = models.base.find(name)
    models.base.refuse(place)
    size = sum(file.stat().st_size for file in models.base.weights(place)) / 1e9
    return "ok", f"{name}, {size:.2f} GB of weights", ""


def champion(patient: Patient) -> tuple[Status, str, str]:
    """Whether the version that answers is the one that was examined."""
    if patient.config is None:
        return "skip", "the settings cannot be read", ""
    with contextlib.closing(open_database(patient.home.database)) as db:
        version = versions.get(db, versions.pointer(db, "champion"))
    if version.id == versions.BASE:
        return "ok", "the untouched base answers", ""
    shelf.check(patient.home, version, models.fingerprint(patient.config.base.name))
    return "ok", f"{version.id} answers; its adapter is the one that was examined", ""


def memory(patient: Patient) -> tuple[Status, str, str]:
    """How large a base this machine can train."""
    import psutil

    config = patient.config or Config()
    ram = psutil.virtual_memory().total
    card = max(patient.cards, key=lambda each: each.total_bytes, default=None)
    room = (card.total_bytes if card else ram) * SHARE
    job = Job.of(config, base="pupil", fingerprint="", dataset=Path("dataset.jsonl"), dataset_hash="")
    largest = _largest(job, room, gpu=card is not None)
    cost = estimate(job, rows=ROWS, tokens=ROWS * ROW_TOKENS, parameters=largest, gpu=card is not None)
    here = f"{ram / 1e9:.0f} GB, {plural(cores(), 'core')}"
    where = f"{card.total_bytes / 1e9:.0f} GB on {card.name}" if card else here
    found = f"{where}: a base of up to about {_billions(largest)} parameters, a night of about {_hours(cost.minutes)}"
    return "ok", found, ""


def _largest(job: Job, room: float, *, gpu: bool) -> int:
    """The largest base whose training fits the memory and the time limit of a night."""
    low, high = 10**5, 10**12

    def fits(parameters: int) -> bool:
        cost = estimate(job, rows=ROWS, tokens=ROWS * ROW_TOKENS, parameters=parameters, gpu=gpu)
        return cost.peak_bytes <= room and cost.minutes <= job.max_minutes

    while high - low > low // 50:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _billions(count: int) -> str:
    return f"{count / 1e9:.1f} billion" if count >= 10**9 else f"{count / 1e6:.0f} million"


def _hours(minutes: float) -> str:
    return f"{minutes / 60:.1f} hours" if minutes >= 90 else f"{minutes:.0f} minutes"


def card(patient: Patient) -> tuple[Status, str, str]:
    """Whether torch sees the card that the driver sees."""
    if not patient.cards and sys.platform != "darwin":
        return "skip", "none found; training runs on the processor", ""
    told = subprocess.run([sys.executable, "-c", GPU_PROBE], capture_output=True, text=True, timeout=120, check=False)
    try:
        seen = json.loads(told.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        return "fail", f"torch does not start: {told.stderr.strip().splitlines()[-1:]}", "Install torch again"
    if patient.cards and not seen["seen"]:
        driver = f"driver {patient.cards[0].driver}, torch built for CUDA {seen['cuda'] or 'none'}"
        return (
            "fail",
            f"The driver sees a card and torch does not ({driver})",
            ("Install the torch build for your driver's CUDA, see pytorch.org"),
        )
    names = ", ".join(f"{each.name} ({each.free_bytes / 1e9:.0f} of {each.total_bytes / 1e9:.0f} GB free)"
                      for each in patient.cards)  # fmt: skip
    return "ok", names or ("Apple's own" if seen["mps"] else "none that torch can use"), ""


def last_night(patient: Patient) -> tuple[Status, str, str]:
    """How the last night ended."""
    with contextlib.closing(open_database(patient.home.database)) as db:
        night = nights.latest(db)
    if night is None:
        return "skip", "there was none yet", "`nightschool sleep --dry-run` says what one would do"
    ago = (time.time() - night.started) / 86_400
    when = f"{ago:.0f} days ago" if ago >= 1.5 else "within the last day or so"
    if night.state == "failed":
        return (
            "warn",
            f"{when}, failed: {night.error.splitlines()[0] if night.error else 'unknown'}",
            ("`nightschool report` says more"),
        )
    return "ok", f"{when}, {night.state}", ""


def schedule_(patient: Patient) -> tuple[Status, str, str]:
    """Whether nights begin by themselves, and what this machine cannot tell for that."""
    if patient.config is None:
        return "skip", "the settings cannot be read", ""
    config = patient.config.schedule
    clocks = [*timer.installed(patient.home), *(["the server"] if config.by_server else [])]
    if not clocks:
        return "skip", "nights begin only by hand", "`nightschool schedule install` makes a timer"
    missing = schedule.unmeasured(config, machine.read(patient.home.awake), Meter().watt_hours)
    if missing:
        return (
            "warn",
            f"by {', '.join(clocks)}; this machine does not tell {', '.join(missing)}",
            ("The window alone decides; see `nightschool schedule`"),
        )
    span, now = schedule.window(config.window), time.time()
    opens = next(at for days in (1, 2) if (at := span.opened(now + days * 86_400)) > now)
    # What runs a night loads torch, which takes longer than all other checks together.
    from nightschool.night import vigil

    state = vigil.standing(patient.home, config)
    what = {"tonight": "one is due now", "missed": "a missed one is to be caught up", "": ""}[state]
    text = f"by {', '.join(clocks)}; the next window opens at {datetime.fromtimestamp(opens):%H:%M}"  # noqa: DTZ006
    return "ok", f"{text}; {what}" if what else text, ""


def power(patient: Patient) -> tuple[Status, str, str]:
    """What powers the machine."""
    plugged = machine.on_mains()
    if plugged is False and patient.config is not None and patient.config.schedule.mains:
        return "warn", "on battery; scheduled nights wait", "Plug it in, or `nightschool schedule install --battery`"
    return "ok", "no battery" if plugged is None else "mains" if plugged else "battery", ""


def clock(patient: Patient) -> tuple[Status, str, str]:
    """Whether the clock is plausible: everything that is kept is ordered by it."""
    newest = max((file.stat().st_mtime for file in patient.home.path.iterdir()), default=0.0)
    if newest > time.time() + 3600:
        return "warn", "Files of this home are from the future", "Set the clock; the history is ordered by it"
    return "ok", re.sub(r"\.\d+", "", datetime.now().astimezone().isoformat(sep=" ")), ""


CHECKS: tuple[tuple[str, str, Callable[[Patient], tuple[Status, str, str]]], ...] = (
    ("program", "Program", program),
    ("settings", "Settings", settings),
    ("home", "Home", folder),
    ("history", "History", history),
    ("sources", "Sources", sources),
    ("base", "Base", base),
    ("champion", "Champion", champion),
    ("gpu", "Graphics card", card),
    ("memory", "Can train", memory),
    ("night", "Last night", last_night),
    ("schedule", "Schedule", schedule_),
    ("power", "Power", power),
    ("clock", "Clock", clock),
)
