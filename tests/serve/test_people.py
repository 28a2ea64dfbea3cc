"""Who is let in."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from nightschool.config import Config
from nightschool.serve.app import app
from nightschool.serve.people import People


@pytest.mark.parametrize(("keyless", "then"), [(True, 200), (False, 401)])
def test_who_takes_the_last_key_away_opens_loopback_and_nothing_else(home, engine, keyless, then):
    """Else the server that listens to the whole network would give every word to it."""
    key = People(home).add("owner")
    with TestClient(app(home, Config(), engine, keyless=keyless), base_url="http://localhost") as client:
        assert client.get("/v1/models", headers={"authorization": f"Bearer {key}"}).status_code == 200
        assert client.get("/v1/models").status_code == 401
        People(home).remove("owner")
        assert client.get("/v1/models").status_code == then
        assert client.get("/facts.json").status_code == then
