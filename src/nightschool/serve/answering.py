"""One answer on its way to a client: whole, or piece by piece as it is generated.

The status is decided before the first byte where that is soon known; a long wait is filled with
what the client's format has for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from nightschool.models.generation import Piece
from nightschool.records import Json
from nightschool.serve.ask import Done, Event
from nightschool.serve.refusals import refusal

PATIENCE = 2.0
"""Seconds to wait for a first piece before the client is told that an answer is coming."""
KEEP_ALIVE = 10.0

log = logging.getLogger("nightschool.serve")


class Writer(Protocol):
    """One API's way of writing an answer."""

    @property
    def media(self) -> str:
        """Content type of a stream."""

    @property
    def keep_alive(self) -> bytes:
        """What fills a long wait; empty where the format has nothing."""

    def opening(self) -> bytes:
        """Write what stands before everything else."""

    def piece(self, piece: Piece) -> bytes:
        """Write what came in one step."""

    def closing(self, done: Done) -> bytes:
        """Write the end."""

    def broken(self, error: Json) -> bytes:
        """Write that an answer which had begun cannot be finished."""

    def whole(self, pieces: Sequence[Piece], done: Done) -> Json:
        """Return the answer as one object."""


async def whole(events: AsyncGenerator[Event, None], writer: Writer, request: Request) -> Response:
    """Wait for the whole answer; generation stops where the client hangs up."""
    pieces: list[Piece] = []
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Done):
                return Response(
                    json.dumps(writer.whole(pieces, event), ensure_ascii=False), media_type="application/json"
                )
            pieces.append(event)
            if await request.is_disconnected():
                break
    return Response(status_code=499)


async def stream(events: AsyncGenerator[Event, None], writer: Writer) -> Response:
    """Answer piece by piece; what fails before the first piece raises."""
    first = asyncio.ensure_future(anext(events))
    await asyncio.wait({first}, timeout=PATIENCE)
    if first.done() and first.exception():
        await events.aclose()
        raise first.exception() or RuntimeError
    return StreamingResponse(
        _written(first, events, writer), media_type=writer.media, headers={"Cache-Control": "no-cache"}
    )


async def _written(
    following: asyncio.Future[Event], events: AsyncGenerator[Event, None], writer: Writer
) -> AsyncIterator[bytes]:
    try:
        opening = writer.opening()
        if opening:
            yield opening
        while True:
            await asyncio.wait({following}, timeout=KEEP_ALIVE)
            if not following.done():
                if writer.keep_alive:
                    yield writer.keep_alive
                continue
            event = following.result()
            if isinstance(event, Done):
                yield writer.closing(event)
                return
            if data := writer.piece(event):
                yield data
            following = asyncio.ensure_future(anext(events))
    except Exception as error:
        log.exception("An answer broke off")
        yield writer.broken(refusal(error).error)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await events.aclose()
