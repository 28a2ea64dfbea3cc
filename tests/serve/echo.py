"""An engine without a model, and a server of another kind to stand in front of; both on real ports."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time

import uvicorn

from nightschool.models.generation import Embedded, Finished, Piece, TooLong, Usage
from nightschool.records import Answer
from nightschool.serve import names
from nightschool.serve.ask import Done, Offered

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Weather of a place",
        "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
    },
}


class Echo:
    """Says back what was asked, a word at a time; calls the first tool on offer; thinks where it is told to."""

    name = "echo"

    def __init__(self, pause=0.0):
        self.asked = []
        self.pause = pause
        self.running = 0
        self.saying = "You said"

    async def offered(self, person):
        pairs = [(f"{name}{suffix}", bool(suffix)) for name in ("champion", "base") for suffix in ("+memory", "")]
        return [
            Offered(id=name, version="v-0001", memory=memory, context_tokens=4096, architecture="llama", digest="d")
            for name, memory in pairs
        ]

    async def answer(self, ask, person):
        names.parse(ask.model)
        self.asked.append((person.name, ask))
        self.running += 1
        try:
            last = ask.prompt.messages[-1]
            if len(str(last["content"])) > 50_000:
                raise TooLong(20_000, 4096)
            if "break" in str(last["content"]):
                yield Piece(text="Half ")
                raise RuntimeError("the card fell out")
            thinking = "Let me see." if "think" in str(last["content"]) else ""
            calls = ()
            text = f"{self.saying}: {last['content']}"
            if ask.prompt.tools and last["role"] == "user":
                tool = ask.prompt.tools[0]["function"]["name"]
                text, calls = "", ({"name": tool, "arguments": {"place": "Oslo"}},)
            if thinking:
                yield Piece(thinking=thinking)
            for word in text.split(" ") if text else []:
                await asyncio.sleep(self.pause)
                yield Piece(text=word if word == text.split(" ")[0] else f" {word}")
            answer = Answer(text=text, tool_calls=calls, thinking=thinking, raw=text)
            used = Usage(prompt=10, completion=len(text.split()), cached=3, reasoning=3 if thinking else 0)
            yield Done(finished=Finished(answer=answer, usage=used), version="v-0001")
        finally:
            self.running -= 1

    async def say(self, model, messages, person):
        yield "said"

    async def embed(self, texts):
        return Embedded(vectors=[[0.6, 0.8] for _ in texts], tokens=sum(len(text.split()) for text in texts))

    async def count(self, ask):
        return 7

    async def close(self):
        pass


@contextlib.contextmanager
def served(application):
    """Run an ASGI application on a loopback port and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=port, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)


def until(condition, seconds=20.0):
    """Wait for what another thread does; return what it came to."""
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


class Upstream:
    """A server that sends exactly the bytes it was given, and remembers what it got."""

    def __init__(
        self, chunks=(), *, status=200, headers=((b"content-type", b"text/event-stream"),), pause=0.0, cut=False
    ):
        self.chunks, self.status, self.headers, self.pause, self.cut = list(chunks), status, list(headers), pause, cut
        self.got = []
        self.hung_up = False

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.got.append((scope["method"], scope["raw_path"], dict(scope["headers"]), body))
        if scope["path"] in ("/v1/models", "/api/tags"):
            key, name = ("data", "id") if scope["path"] == "/v1/models" else ("models", "name")
            listed = json.dumps({key: [{name: "llama3", "odd": {"kept": 1}}], "extra": True}).encode()
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
            )
            await send({"type": "http.response.body", "body": listed})
            return
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        for chunk in self.chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await asyncio.sleep(self.pause)
        if self.cut:
            raise ConnectionAbortedError
        await send({"type": "http.response.body", "body": b""})
