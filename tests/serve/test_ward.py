"""The doctor's page answers at once, whatever it looks at."""

from __future__ import annotations

import threading

import pytest
from starlette.testclient import TestClient

from nightschool.config import Config
from nightschool.night import checks
from nightschool.serve import pages, ward
from nightschool.serve.app import app
from tests.serve.echo import until


@pytest.fixture
def client(home, engine):
    made = app(home, Config(), engine, pages=pages.routes)
    with TestClient(made, base_url="http://localhost", headers={"accept": "text/html"}) as made:
        yield made


def waiting(client):
    return client.get("/doctor.json").json()["waiting"]


def test_the_doctor_answers_at_once_and_says_what_is_not_known_yet(client, monkeypatch):
    """A base that takes minutes to hash is no reason for a blank page."""
    known = threading.Event()

    def slow(patient):
        assert known.wait(60)
        return "ok", "a large base", ""

    monkeypatch.setattr(ward, "PATIENCE", 0.05)
    monkeypatch.setattr(checks, "CHECKS", (("base", "Base", slow), ("settings", "Settings", checks.settings)))
    assert until(lambda: waiting(client) == ["Base"])
    text = client.get("/doctor").text
    assert "Not known yet: Base." in text and "every 2s" in text and "Nothing needs mending" not in text
    known.set()
    assert until(lambda: not waiting(client))
    text = client.get("/doctor").text
    assert "a large base" in text and "Nothing needs mending" in text and "every 2s" not in text


def test_the_doctor_looks_once_a_minute_and_when_it_is_asked_to(client, monkeypatch):
    looked = []

    def count(patient):
        looked.append(1)
        return "ok", str(len(looked)), ""

    monkeypatch.setattr(checks, "CHECKS", (("base", "Base", count),))
    for path, times in (("/doctor", 1), ("/doctor", 1), ("/doctor?again=1", 2)):
        client.get(path)
        assert until(lambda: not waiting(client)) and len(looked) == times
    monkeypatch.setattr(ward, "KEPT", 0.0)
    client.get("/doctor")
    assert until(lambda: len(looked) == 3)


def test_a_browser_that_asks_for_an_icon_by_itself_gets_it(client):
    """Else every twin in JSON leaves an error in the browser's console."""
    icon = client.get("/favicon.ico")
    assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml") and "<svg" in icon.text
