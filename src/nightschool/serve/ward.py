"""What a doctor finds in each home: looked up beside the pages, kept for a minute.

Hashing a large base, asking a driver or reading a long history takes longer than a page may: what is
not known in time is said to be so, and known the next time.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nightschool.config import Home

if TYPE_CHECKING:
    from nightschool.night.checks import Check

PATIENCE = 1.5
"""Seconds that a page waits for what is being looked up."""
KEPT = 60.0
log = logging.getLogger("nightschool.serve")


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """How one home stands, as far as it is known."""

    checks: tuple[Check, ...]
    """All of them, in their order; what is not known yet says so."""
    waiting: tuple[str, ...]
    """Titles of those."""
    age_seconds: float
    """Since the looking began."""


class Ward:
    """The last look at every home."""

    def __init__(self) -> None:
        self._looks: dict[Path, Look] = {}
        self._lock = threading.Lock()

    def findings(self, home: Home, *, again: bool = False, patience: float | None = None) -> Findings:
        """Return what is known of a home within the patience; `again` looks anew unless it is being looked at."""
        with self._lock:
            look = self._looks.get(home.path)
            if look is None or (look.ended and (again or look.age > KEPT)):
                look = self._looks[home.path] = Look(home)
        return look.findings(PATIENCE if patience is None else patience)


class Look:
    """One look at one home, in a thread of its own."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._began = time.monotonic()
        self._known: dict[str, Check] = {}
        self._ended = threading.Event()
        threading.Thread(target=self._run, name="doctor", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether all is known that will be."""
        return self._ended.is_set()

    @property
    def age(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    def findings(self, patience: float) -> Findings:
        """Wait, but not for long, and return what is known."""
        from nightschool.night.checks import CHECKS, Check

        self._ended.wait(patience)
        known = dict(self._known)
        told = tuple(
            known.get(name) or Check(id=name, title=title, status="skip", found="not known yet")
            for name, title, _ in CHECKS
        )
        waiting = tuple(title for name, title, _ in CHECKS if name not in known)
        return Findings(checks=told, waiting=waiting, age_seconds=round(self.age, 1))

    def _run(self) -> None:
        from nightschool.night.checks import look

        try:
            look(self._home, lambda check: self._known.update({check.id: check}))
        except Exception:
            log.exception("The doctor's look broke off")
        finally:
            self._ended.set()
