"""Who is let in."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from nightschool.config import Config
from nightschool.serve.app import app
from nightschool.serve.people import People
from nightschool.serve.proxy import Proxy


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


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/feedback", "/v1/messages", "/api/chat"])
def test_who_sends_no_key_is_told_that_one_is_missing_and_not_that_it_is_wrong(home, engine, path):
    People(home).add("owner")
    with TestClient(app(home, Config(), engine), base_url="http://localhost") as client:
        for headers, said in (({}, "A key is missing"), ({"authorization": "Bearer "}, "A key is missing"),
                              ({"x-api-key": "ns-wrong"}, "This key belongs to nobody here")):  # fmt: skip
            told = client.post(path, headers=headers, json={})
            assert told.status_code == 401 and said in told.text


def test_a_server_in_front_of_another_asks_for_the_key_too(home):
    People(home).add("owner")
    with TestClient(app(home, Config(), Proxy("http://127.0.0.1:9")), base_url="http://localhost") as client:
        told = client.post("/v1/chat/completions", json={})
        assert told.status_code == 401 and "A key is missing" in told.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/v1/models", "/api/tags", "/facts"])
def test_a_damaged_list_of_profiles_lets_nobody_in_and_says_so(home, engine, path):
    People(home).add("owner")
    (home.path / "profiles.json").write_text("[{")
    with TestClient(app(home, Config(), engine), base_url="http://localhost") as client:
        told = client.get(path)
        assert told.status_code == 500 and "damaged" in told.text
