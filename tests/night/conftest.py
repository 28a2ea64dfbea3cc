"""Homes with one week of history, and the stand-ins that make a night of it quick."""

from __future__ import annotations

import pytest

from nightschool.config import Home
from nightschool.intake import import_path
from nightschool.store.database import open_database
from tests.night import stand_ins


@pytest.fixture(scope="session")
def week():
    """A short week, as scripts."""
    return stand_ins.short_week()


@pytest.fixture(scope="session")
def logs(tmp_path_factory, week):
    """The short week as an OpenClaw store."""
    return stand_ins.write_logs(tmp_path_factory.mktemp("logs"), week)


@pytest.fixture
def home(tmp_path, logs):
    """A home that has imported the week."""
    home = Home(tmp_path / "home").create()
    db = open_database(home.database)
    import_path(db, logs)
    db.close()
    return home
