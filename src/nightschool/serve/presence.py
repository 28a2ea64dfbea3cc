"""Notes that the person is here: whoever asks something over the API wants the machine for themselves."""

from __future__ import annotations

import contextlib
import time

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from nightschool.serve.serving import Serving

EVERY_SECONDS = 1.0


class Presence:
    """Touch the file by which a running night sees that somebody came back."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        self._app, self._serving = app, serving
        self._noted: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note who asks, and let the request through whatever comes of that."""
        # What a client's program asks beside the person's turns is told apart by the recorder.
        is_page = scope["type"] == "http" and not scope["path"].startswith(("/v1/", "/api/"))
        if is_page and scope["method"] == "POST":
            with contextlib.suppress(OSError):  # A full disk must not cost an answer.
                self._note(scope)
        await self._app(scope, receive, send)

    def _note(self, scope: Scope) -> None:
        person = self._serving.person(HTTPConnection(scope))
        now = time.monotonic()
        if person is not None and now - self._noted.get(person.name, -EVERY_SECONDS) >= EVERY_SECONDS:
            self._noted[person.name] = now
            person.home.awake.touch()
