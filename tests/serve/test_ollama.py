"""Ollama's own addresses."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize("name", ["nobody", "\ud83d"])
@pytest.mark.parametrize("path", ["/api/chat", "/api/generate"])
def test_a_model_that_nothing_stands_behind_is_not_said_to_be_loaded(client, path, name):
    told = client.post(path, content=json.dumps({"model": name}))
    assert told.status_code == 404 and "There is no model" in told.json()["error"]
