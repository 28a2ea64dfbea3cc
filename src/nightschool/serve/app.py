"""The application: every route of the server on one port."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from nightschool.config import Config, Home
from nightschool.errors import UserError
from nightschool.serve import api, clock, commands, feedback, indexing, refusals, relay
from nightschool.serve.commands import Commands
from nightschool.serve.desk import Desk
from nightschool.serve.guard import Guard
from nightschool.serve.noticing import noticing
from nightschool.serve.pages import routes as shown
from nightschool.serve.people import People, Person
from nightschool.serve.presence import Presence
from nightschool.serve.proxy import Proxy
from nightschool.serve.recorder import Recorder
from nightschool.serve.serving import Engine, Serving


def app(
    home: Home,
    config: Config,
    engine: Engine,
    *,
    hosts: Sequence[str] = (),
    record: bool = True,
    keyless: bool = True,
    night: Callable[[Person], bool] = commands.begun,
    pages: Callable[[Serving], Sequence[BaseRoute]] = shown,
) -> Starlette:
    """Make the application of one home; `hosts` are further names that it answers for.

    Without `keyless` nobody is let in while nobody has a key.
    """
    recorder = Recorder(Desk("recorder"), noticing(engine), record=record)
    serving = Serving(
        home=home,
        config=config,
        engine=engine,
        people=People(home, keyless=keyless),
        recorder=recorder,
        desk=Desk("reader"),
        commands=Commands(recorder.desk, night),
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        beside = [asyncio.create_task(clock.run(serving)), asyncio.create_task(indexing.run(serving))]
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
            await engine.close()
            recorder.desk.close()
            serving.desk.close()

    answers = relay.routes(serving, engine) if isinstance(engine, Proxy) else api.routes(serving)
    routes = [*feedback.routes(serving), *answers, Greeting("/", _running), *pages(serving)]
    doors = [Middleware(Guard, hosts=hosts), Middleware(Presence, serving=serving)]
    troubles = {HTTPException: _astray, UserError: _troubled}
    made = Starlette(routes=routes, middleware=doors, lifespan=lifespan, exception_handlers=troubles)
    made.state.serving = serving
    return made


class Greeting(Route):
    """The root for programs; people, whose browsers ask for HTML, get the page behind it."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Leave whoever asks for HTML to the pages."""
        wants_html = "text/html" in Headers(scope=scope).get("accept", "")
        return (Match.NONE, {}) if wants_html else super().matches(scope)


async def _running(request: Request) -> Response:
    """Answer clients that look whether anybody is here, in the words that Ollama's expect."""
    return PlainTextResponse("Ollama is running")


async def _astray(request: Request, error: Exception) -> Response:
    """Tell programs in their API's own shape that they asked at the wrong address; its libraries read nothing else."""
    assert isinstance(error, HTTPException)
    headers, path = error.headers or {}, request.url.path
    if not path.startswith(("/v1/", "/api/")):
        return PlainTextResponse(error.detail, error.status_code, headers)
    told = refusals.astray(error.status_code, request.method, path, headers.get("Allow", ""))
    response = refusals.response(told, refusals.shape(path))
    response.headers.update(headers)
    return response


async def _troubled(request: Request, error: Exception) -> Response:
    """Say in a sentence what keeps every address from answering, such as a damaged file."""
    path, told = request.url.path, dataclasses.replace(refusals.refusal(error), status=500)
    if not path.startswith(("/v1/", "/api/")):
        return PlainTextResponse(told.message, told.status)
    return refusals.response(told, refusals.shape(path))
