"""Copies every exchange behind its last byte, and reads what was said out of the copy.

It never touches what passes: the client's bytes are on their way before it hears of them, and
whatever fails here is logged and costs nobody an answer.
"""

from __future__ import annotations

import logging
import sqlite3
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from nightschool.errors import UserError
from nightschool.serve import chain, commands, heard, side_calls, transcript
from nightschool.serve.ask import Ask, Done, Event
from nightschool.serve.desk import Desk
from nightschool.serve.heard import Heard
from nightschool.serve.people import Person
from nightschool.store import conversations, exchanges
from nightschool.store.conversations import View
from nightschool.store.database import transaction

OFF = "x-nightschool-off-the-record"
log = logging.getLogger("nightschool.serve")

Notice = Callable[[sqlite3.Connection, Person, View, str], None]
"""Called with every new turn of a person, on the recorder's desk."""


@dataclass(kw_only=True)
class Exchange:
    """One exchange while it passes: the only thing here that changes, because bytes come one by one."""

    id: str
    person: Person
    path: str
    client: str
    off: bool
    request: bytes
    started: float
    began: float
    status: int = 0
    content_type: str = ""
    encoding: str = ""
    response: list[bytes] = field(default_factory=list)
    first: float = 0.0
    whole: bool = False
    version: str = ""
    memory: tuple[str, ...] = ()
    arm: str = ""

    @classmethod
    def begin(cls, request: Request, person: Person, raw: bytes) -> Exchange:
        """Open the copy of a request."""
        return cls.of(request.url.path, request.headers, person, raw)

    @classmethod
    def of(cls, path: str, headers: Mapping[str, str], person: Person, raw: bytes) -> Exchange:
        """Open the copy of a request, from its parts."""
        return cls(
            id=uuid.uuid4().hex,
            person=person,
            path=path,
            client=headers.get("user-agent", ""),
            off=headers.get(OFF, "").strip().lower() not in ("", "0", "false", "no"),
            request=raw,
            started=time.time(),
            began=time.monotonic(),
        )

    async def noted(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        """Pass events on and note at their end who answered."""
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Done):
                    self.version, self.memory = event.version, event.memory
                yield event

    def add(self, data: bytes) -> None:
        """Copy what has just been sent."""
        if not self.response:
            self.first = time.monotonic() - self.began
        self.response.append(data)


class Recorder:
    """Keeps exchanges, each in the store of the person it belongs to."""

    def __init__(self, desk: Desk, notice: Notice | None = None, *, record: bool = True) -> None:
        self.desk = desk
        self._notice = notice
        self.records = record

    def copied(self, response: Response, exchange: Exchange) -> Response:
        """Return the same response, copied as it passes."""
        exchange.status = response.status_code
        exchange.content_type = response.headers.get("content-type", "")
        if isinstance(response, StreamingResponse):
            response.body_iterator = self._passing(response.body_iterator, exchange)
        else:
            exchange.add(bytes(response.body))
            exchange.whole = True
            self.put(exchange)
        return response

    async def _passing(self, chunks: object, exchange: Exchange) -> AsyncIterator[bytes]:
        try:
            async for chunk in chunks:  # type: ignore[attr-defined]
                exchange.add(chunk)
                yield chunk
            exchange.whole = True
        finally:
            self.put(exchange)

    def put(self, exchange: Exchange) -> Future[None]:
        """Queue an exchange to be kept; what goes wrong is logged."""
        seconds = time.monotonic() - exchange.began
        return self.desk.put(exchange.person, lambda db, person: self._guarded(db, person, exchange, seconds))

    def _guarded(self, db: sqlite3.Connection, person: Person, exchange: Exchange, seconds: float) -> None:
        try:
            self._keep(db, person, exchange, seconds)
        except Exception:
            # A full disk, a bug: the client has its answer, and nothing of the words may reach the log.
            log.exception("An exchange could not be kept")

    def _keep(self, db: sqlite3.Connection, person: Person, exchange: Exchange, seconds: float) -> None:
        response = b"".join(exchange.response)
        ask = heard.asked(exchange.path, exchange.request)
        if ask is not None:
            arrived(person, ask)
        if not self.records:
            return
        answer = heard.answered(exchange.path, response, exchange.encoding) if exchange.status == 200 else None
        if ask is not None and (exchange.off or commands.is_off(ask.prompt.messages)):
            _leave_out(db, ask, answer)
            return
        if exchange.off:
            return
        kind = _kind(exchange, ask, answer)
        with transaction(db):
            view = _view(db, exchange, ask, answer) if kind in ("main", "command") and ask and answer else None
            exchanges.add(db, _kept(exchange, kind, seconds, response, ask, answer, view))
        if view is not None and kind == "main" and self._notice is not None:
            self._notice(db, person, view, exchange.version)


def arrived(person: Person, ask: Ask) -> None:
    """Note that the person is there: a night that runs beside it makes room."""
    if side_calls.kind(ask.prompt, most_tokens=ask.sampling.max_tokens) == "main":
        person.home.awake.touch()


def rate(db: sqlite3.Connection, answer_id: str, rating: int) -> str:
    """Give an answer the person's thumb and return its conversation; UserError where it is unknown."""
    kept = exchanges.get(db, answer_id) or exchanges.get(db, answer_id.rpartition("-")[2].rpartition("_")[2])
    conversation = conversations.get(db, kept.conversation_id) if kept and kept.conversation_id else None
    if kept is None or conversation is None or kept.message_id is None:
        raise UserError(f"There is no answer {answer_id!r}", hint="Send the `id` that came with the answer")
    path = [message for message in conversation.messages if message.alternate is None]
    ratings = {message.id: message.rating for message in conversation.messages if message.rating}
    conversations.add(
        db,
        View(
            conversation_id=conversation.id,
            program=conversation.program,
            session_id="feedback",
            messages=(),
            leaf=path[-1].id,
            opened=time.time(),
            latest=max(message.created for message in path),
            ratings=ratings | {kept.message_id: rating},
        ),
    )
    return conversation.id


def _leave_out(db: sqlite3.Connection, ask: Ask, answer: Heard | None) -> None:
    """Keep an exchange out for good: what is stored of its conversation, and any log that tells it."""
    standing = exchanges.standing(db, chain.keys(ask.prompt.messages))
    if standing is not None:
        exchanges.set_aside(db, standing[1])
    if answer is not None and commands.read(ask.prompt.messages) is None:
        exchanges.unrecorded(db, [answer.answer().text])


def _kind(exchange: Exchange, ask: Ask | None, answer: Heard | None) -> str:
    if ask is None:
        return "other"
    if answer is None:
        return "unanswered"
    if commands.read(ask.prompt.messages):
        return "command"
    return side_calls.kind(ask.prompt, most_tokens=ask.sampling.max_tokens)


def _view(db: sqlite3.Connection, exchange: Exchange, ask: Ask, answer: Heard) -> View:
    return transcript.keep(
        db,
        transcript.Said(
            id=exchange.id,
            prompt=ask.prompt,
            answer=answer.answer(),
            version=exchange.version or answer.model,
            client=exchange.client,
            asked=exchange.started,
            now=time.time(),
            whole=exchange.whole or answer.ended,
        ),
    )


def _kept(
    exchange: Exchange, kind: str, seconds: float, response: bytes, ask: Ask | None, answer: Heard | None,
    view: View | None,
) -> exchanges.Kept:  # fmt: skip
    return exchanges.Kept(
        id=exchange.id,
        started=exchange.started,
        seconds=seconds,
        first_seconds=exchange.first,
        path=exchange.path,
        client=exchange.client,
        status=exchange.status,
        content_type=exchange.content_type,
        model=ask.model if ask else "",
        version=exchange.version,
        memory=exchange.memory,
        kind=kind,
        answer_id=answer.id if answer else "",
        request=exchange.request,
        response=response,
        conversation_id=view.conversation_id if view else None,
        message_id=view.leaf if view else None,
        arm=exchange.arm,
    )
