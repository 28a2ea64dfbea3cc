"""When a night is due, and what holds it back: pure decisions over settings, a clock and one look at the machine.

A night belongs to the last opening of the window. One that did not happen, because the machine was off or in
use, is caught up as soon as nothing else holds it back, once: a night reads all that is new, however old.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from nightschool.config import ScheduleConfig
from nightschool.errors import UserError
from nightschool.night.machine import Reading
from nightschool.records import Night

GIGABYTE = 1e9
COOLER = 5.0
"""A night that paused for heat goes on when it is so many degrees below its limit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A span of local time in which a night may begin."""

    opens: time
    closes: time

    def opened(self, now: float) -> float:
        """The last moment, not after now, at which the window opened."""
        today = datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0)  # noqa: DTZ006
        moments = [(today - timedelta(days=back)).replace(hour=self.opens.hour, minute=self.opens.minute)
                   for back in (0, 1)]  # fmt: skip
        return next(stamp for stamp in (moment.timestamp() for moment in moments) if stamp <= now)

    def closed(self, opened: float) -> float:
        """When the window that opened at a moment closes."""
        start = datetime.fromtimestamp(opened)  # noqa: DTZ006
        end = start.replace(hour=self.closes.hour, minute=self.closes.minute)
        return (end if end > start else end + timedelta(days=1)).timestamp()


def window(text: str) -> Window:
    """Read `01:00-06:00`; UserError where it is none."""
    found = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*", text)
    if found:
        hours = [int(part) for part in found.groups()]
        if max(hours[0], hours[2]) < 24 and max(hours[1], hours[3]) < 60 and hours[:2] != hours[2:]:
            return Window(opens=time(hours[0], hours[1]), closes=time(hours[2], hours[3]))
    raise UserError(f"{text!r} is no span of time", hint="Write it as 01:00-06:00, in local time")


Due = Literal["tonight", "missed", ""]


def due(span: Window, now: float, last: Night | None, *, since: float, not_before: float = 0.0) -> Due:
    """Tell whether a night is due now; `since` is when the schedule was made, so that nothing older is caught up."""
    opened = span.opened(now)
    if now < not_before:
        return ""
    if last is not None and last.started >= opened and last.state in ("done", "failed"):
        return ""
    if now < span.closed(opened):
        return "tonight"
    return "missed" if since <= span.closed(opened) else ""


def held(config: ScheduleConfig, now: Reading, *, running: bool = False, hot: bool = False) -> tuple[str, ...]:
    """Say what holds a night back, or pauses one that is running; `hot` where it was heat that paused it."""
    reasons: list[str] = []
    idle = now.idle_seconds
    if config.idle_minutes and idle is not None and idle < config.idle_minutes * 60:
        ago = f"{idle / 60:.0f} minutes ago" if idle >= 120 else "just now"
        reasons.append(f"somebody used this machine {ago}, and it waits for {config.idle_minutes} minutes of quiet")
    if config.mains and now.mains is False:
        reasons.append("it runs on battery")
    if config.gpu_free_gb and not running:
        free = max((card.free_bytes for card in now.gpus), default=0) / GIGABYTE
        if free < config.gpu_free_gb:
            reasons.append(f"{free:.1f} GB of GPU memory are free, and it waits for {config.gpu_free_gb:g}")
    limit = config.max_degrees - (COOLER if hot else 0.0)
    if config.max_degrees and now.degrees is not None and now.degrees > limit:
        reasons.append(f"the hottest sensor shows {now.degrees:.0f} °C, and the limit is {config.max_degrees:g}")
    return tuple(reasons)


def spent(config: ScheduleConfig, *, minutes: float, watt_hours: float | None) -> str:
    """Say which limit a running night has reached; empty where none."""
    if config.max_minutes and minutes >= config.max_minutes:
        return f"it has worked for its limit of {config.max_minutes:g} minutes"
    if config.max_watt_hours and watt_hours is not None and watt_hours >= config.max_watt_hours:
        return f"it has used its limit of {config.max_watt_hours:g} watt-hours"
    return ""


def unmeasured(config: ScheduleConfig, now: Reading, watt_hours: float | None) -> tuple[str, ...]:
    """Name the conditions that this machine cannot tell, and that therefore hold nothing back."""
    checks: Sequence[tuple[bool, str]] = (
        (bool(config.idle_minutes) and now.idle_seconds is None, "whether somebody uses it"),
        (bool(config.max_degrees) and now.degrees is None, "its temperature"),
        (bool(config.max_watt_hours) and watt_hours is None, "the energy that it uses"),
    )
    return tuple(what for missing, what in checks if missing)
