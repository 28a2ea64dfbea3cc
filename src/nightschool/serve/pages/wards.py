"""The doctor's page."""

from __future__ import annotations

from nightschool.records import to_json
from nightschool.serve.pages.visit import View, Visit


def doctor(visit: Visit) -> View:
    """What is installed, what this machine can train, what is wrong, and what to do."""
    found = visit.serving.ward.findings(visit.home, again=bool(visit.asked("again")))
    failed = sum(check.status == "fail" for check in found.checks)
    return View(title="Doctor", template="doctor.html", data=to_json(found) | {"failed": failed})
