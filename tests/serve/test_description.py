"""Whatever is sent to what the description names, the server never falls over."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from nightschool.config import Config
from nightschool.serve.app import app
from nightschool.serve.description import document
from tests.serve.echo import Echo

FEW = settings(max_examples=8, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture
def application(home):
    """The application without its pages."""
    return app(home, Config(), Echo(), hosts=("testserver",), night=lambda person: True, pages=lambda serving: [])


def test_every_route_of_the_api_is_described(application):
    known = {route.path.replace("{name:path}", "{name}") for route in application.routes} - {"/", "/openapi.json"}
    assert known == set(document()["paths"])


def test_nothing_that_is_sent_makes_a_server_error(application):
    sent = []
    for operation in schemathesis.openapi.from_asgi("/openapi.json", application).get_all_operations():

        @FEW
        @given(case=operation.ok().as_strategy())
        def fuzz(case):
            sent.append(case.call().status_code)
            assert sent[-1] < 500

        fuzz()
    assert len(sent) >= 8 * 12 and 200 in sent and 400 in sent
