"""Passes requests to the server behind and its answers back: bytes in, the same bytes out.

Nothing is rewritten. Only a client that asks for `MODEL+memory` gets one message more, beside its
own; and where anything of ours fails, its request goes through as if we were not there.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Iterable
from functools import partial

import aiohttp
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount
from starlette.types import Receive, Scope, Send
from yarl import URL

from nightschool.records import Json
from nightschool.serve import (
    anthropic,
    commands,
    heard,
    names,
    ollama,
    openai_chat,
    refusals,
    responses,
    telling,
    words,
)
from nightschool.serve.answering import Writer, stream, whole
from nightschool.serve.ask import Ask
from nightschool.serve.people import Person
from nightschool.serve.proxy import Proxy, remembered
from nightschool.serve.recorder import OFF, Exchange
from nightschool.serve.refusals import Refusal
from nightschool.serve.serving import COOKIE, Serving, key_of

HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "host", "content-length", OFF,
})  # fmt: skip
"""Headers that belong to one connection, or to us."""
MEMORY_SECONDS = 0.5
"""Longest that memory may hold a request up; after that it goes on without."""
LISTS = {"/v1/models": ("data", "id"), "/api/tags": ("models", "name")}
"""Where clients look for models: the list's key and that of a name."""
WRITERS: dict[str, Callable[[Ask, str], Writer]] = {
    "/v1/chat/completions": openai_chat.Writer,
    "/v1/responses": responses.Writer,
    "/v1/messages": anthropic.Writer,
    "/api/chat": ollama.Writer,
    "/api/generate": partial(ollama.Writer, chat=False),
}
# Most bodies hold no command; those that may are read, the others pass unread.
_MAY_COMMAND = re.compile(rb"[/!](?:sleep|off|forget)", re.IGNORECASE)

log = logging.getLogger("nightschool.serve")


class Relay:
    """One server in front of another, as an ASGI application."""

    def __init__(self, serving: Serving, engine: Proxy, prefix: str) -> None:
        self._serving = serving
        self._engine = engine
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        path = self._prefix + scope["path"].removeprefix(scope.get("root_path", ""))
        request = Request(scope)
        key = key_of(request)
        person = self._serving.people.of(key)
        if person is None:
            await refusals.response(refusals.unknown(key), refusals.shape(path))(scope, receive, send)
            return
        raw = await _body(receive)
        exchange = Exchange.of(path, request.headers, person, raw)
        exchange.whole = False
        if _MAY_COMMAND.search(raw) and await self._commanded(path, raw, person, exchange, scope, receive, send):
            return
        sent = await self._with_memory(path, raw, person, exchange)
        try:
            await self._pass(scope, receive, send, sent, exchange)
        finally:
            if scope["method"] == "POST":
                self._serving.recorder.put(exchange)

    async def _pass(self, scope: Scope, receive: Receive, send: Send, body: bytes, exchange: Exchange) -> None:
        """Send a request on and its answer back, chunk by chunk as it comes; stop where the client hangs up."""
        gone = asyncio.ensure_future(_disconnected(receive))
        passing = asyncio.ensure_future(self._relayed(scope, send, body, exchange))
        try:
            await asyncio.wait({gone, passing}, return_when=asyncio.FIRST_COMPLETED)
            if passing.done():
                passing.result()
        finally:
            for task in (gone, passing):
                task.cancel()
            await asyncio.gather(gone, passing, return_exceptions=True)

    async def _relayed(self, scope: Scope, send: Send, body: bytes, exchange: Exchange) -> None:
        headers = self._forwarded(Headers(scope=scope))
        query = scope["query_string"].decode("latin-1")
        url = f"{self._engine.address}{scope['raw_path'].decode('latin-1')}" + (f"?{query}" if query else "")
        begun = False
        try:
            async with self._engine.session.request(
                scope["method"], URL(url, encoded=True), data=body or None, headers=headers, allow_redirects=False
            ) as response:
                if scope["method"] == "GET" and exchange.path in LISTS and response.status == 200:
                    await _listed(response, exchange.path, send)
                    return
                exchange.status = response.status
                exchange.content_type = response.headers.get("content-type", "")
                exchange.encoding = response.headers.get("content-encoding", "")
                await send({"type": "http.response.start", "status": response.status,
                            "headers": _returned(response.raw_headers)})  # fmt: skip
                begun = True
                async for chunk in response.content.iter_any():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    exchange.add(chunk)
                await send({"type": "http.response.body", "body": b""})
                exchange.whole = True
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            if begun:
                # The answer broke off behind us; ending ours whole would hide it.
                raise ConnectionAbortedError(f"{self._engine.address} broke off: {error}") from error
            exchange.status = 502
            told = Refusal(status=502, message=f"{self._engine.address} cannot be reached: {error}", code="unreachable")
            await refusals.response(told, refusals.shape(exchange.path))(scope, _nothing, send)

    def _forwarded(self, headers: Headers) -> list[tuple[str, str]]:
        """Return a client's headers for the server behind; our own keys stay here."""
        ours = bool(self._serving.people.profiles())
        keys = {"authorization", "x-api-key"} if ours or self._engine.key else set()
        sent = ((name, _foreign(value) if name == "cookie" else value) for name, value in headers.items())
        passed = [(name, value) for name, value in sent if value is not None and name not in HOP and name not in keys]
        return [*passed, ("authorization", f"Bearer {self._engine.key}")] if self._engine.key else passed

    async def _with_memory(self, path: str, raw: bytes, person: Person, exchange: Exchange) -> bytes:
        """Return what is sent on: the client's own bytes, unless it named a model with memory."""
        if names.MEMORY.encode() not in raw:
            return raw
        try:
            body = json.loads(raw)
            if not isinstance(body, dict) or not telling.asks_memory(body, names.MEMORY):
                return raw
            sent = telling.plain(body, names.MEMORY)
        except (ValueError, RecursionError):
            return raw
        try:
            block, ids = await asyncio.wait_for(self._remembered(path, raw, person), MEMORY_SECONDS)
            exchange.memory = ids
            sent = telling.told(path, sent, block) if block else sent
        except Exception:
            log.exception("Memory could not be asked; the request goes on without it")
        # Escaped, because half of a character pair, which clients cut texts in, cannot be written otherwise.
        return json.dumps(sent).encode()

    async def _remembered(self, path: str, raw: bytes, person: Person) -> tuple[str, tuple[str, ...]]:
        ask = heard.asked(path, raw)
        asked = words.asked(ask.prompt.messages) if ask else ""
        if not asked:
            return "", ()
        return await self._serving.desk.run(person, lambda db, who: remembered(db, who, asked))

    async def _commanded(
        self, path: str, raw: bytes, person: Person, exchange: Exchange, scope: Scope, receive: Receive, send: Send
    ) -> bool:
        """Carry out what the person says to us, where the last message is a command; False where it is none."""
        ask = heard.asked(path, raw)
        command = commands.read(ask.prompt.messages) if ask else None
        if ask is None or command is None or path not in WRITERS:
            return False
        events = exchange.noted(self._serving.commands.answer(command, ask, person))
        writer = WRITERS[path](ask, exchange.id)
        answer = await (stream(events, writer) if ask.stream else whole(events, writer, Request(scope, receive)))
        await self._serving.recorder.copied(answer, exchange)(scope, receive, send)
        return True


def routes(serving: Serving, engine: Proxy) -> list[BaseRoute]:
    """Return the routes of a server that stands in front of another."""
    return [Mount("/v1", Relay(serving, engine, "/v1")), Mount("/api", Relay(serving, engine, "/api"))]


def _foreign(cookies: str) -> str | None:
    """Return a browser's cookies without ours; None where no other is left."""
    kept = "; ".join(each for each in cookies.split("; ") if not each.startswith(f"{COOKIE}="))
    return kept or None


def _returned(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the answer's headers; its length stays, since its bytes do."""
    dropped = {name.encode() for name in HOP} - {b"content-length"}
    return [(name.lower(), value) for name, value in headers if name.lower() not in dropped]


async def _listed(response: aiohttp.ClientResponse, path: str, send: Send) -> None:
    """Answer with the server's own list, and behind it every name with memory; unchanged where it is no list."""
    data = await response.read()
    headers = _returned(response.raw_headers)
    plain = heard.unpacked(data, response.headers.get("content-encoding", ""))
    key, name = LISTS[path]
    try:
        listed = json.loads(plain or b"")
        told = [
            one | {each: one[each] + names.MEMORY for each in (name, "model") if each in one} for one in listed[key]
        ]
        data = json.dumps(listed | {key: [*listed[key], *told]}, ensure_ascii=False).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(data)).encode())]
    except (ValueError, KeyError, TypeError):
        log.warning("The list of models could not be read; it passes as it is")
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": data})


async def _body(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return b"".join(chunks)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _nothing() -> Json:
    return {"type": "http.disconnect"}
