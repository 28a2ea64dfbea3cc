"""The doctor's page."""

from __future__ import annotations

from nightschool.records import to_json
from nightschool.serve.pages.visit import View, Visit


def doctor(visit: Visit) -> View:
    """What is installed, what this machine can train, what is wrong, and what to do."""
    # It looks at everything, the rooms that train too, which no other page needs.
    from nightschool.night.checks import examine

    found = examine(visit.home)
    failed = sum(check.status == "fail" for check in found)
    return View(title="Doctor", template="doctor.html", data={"checks": to_json(found), "failed": failed})
