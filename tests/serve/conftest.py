"""Homes, servers and clients."""

from __future__ import annotations

from contextlib import closing

import pytest
from starlette.testclient import TestClient

from nightschool.config import Config, Home
from nightschool.serve.app import app
from nightschool.store.database import open_database
from tests.serve.echo import Echo


@pytest.fixture
def home(tmp_path):
    """A fresh home with its store."""
    made = Home(tmp_path / "home").create()
    open_database(made.database).close()
    return made


@pytest.fixture
def engine():
    """An engine without a model."""
    return Echo()


@pytest.fixture
def client(home, engine):
    """A client of the application, in this process."""
    made = app(home, Config(), engine, pages=lambda serving: [])
    with TestClient(made, base_url="http://localhost", raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def store(home):
    """The store as another process sees it."""
    with closing(open_database(home.database)) as db:
        yield db
