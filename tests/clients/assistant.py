"""A scripted assistant for real clients: `python -m tests.clients.assistant PORT`.

It speaks every API that the server speaks, because the server speaks for it. It is wrong once, reads
a file with whatever tool the client offers, and says what stands in it.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

import uvicorn

from nightschool.config import Config, Home
from nightschool.models.generation import Embedded, Finished, Piece, Usage
from nightschool.records import Answer
from nightschool.serve import side_calls, words
from nightschool.serve.app import app
from nightschool.serve.ask import Done, Offered
from nightschool.store.database import open_database

MODEL = "scripted"
PAUSE = 0.1
READERS = ("read", "read_file", "get_notes", "view")
SHELLS = ("exec_command", "shell", "terminal", "exec", "bash")
CLOCKS = ("get_current_timestamp", "get_current_time")
SAID = (
    (re.compile(r"capital of Australia\?"), "The capital of Australia is Sydney, a large city in the south east."),
    (re.compile(r"that's wrong.*Canberra"), "You are right: the capital of Australia is Canberra and not Sydney."),
    (re.compile(r"Thanks, perfect"), "I am glad that it helped. Say so when there is something else to be done."),
)
CODENAME = re.compile(r"codename: (\w+)")


def first(names, tools):
    """The first of some tools that a client offers, with its parameters."""
    offered = {tool["function"]["name"]: tool["function"] for tool in tools}
    name = next((name for name in names if name in offered), None)
    return (name, offered[name].get("parameters", {}).get("properties", {})) if name else (None, {})


def reading(tools):
    """A call that brings the text of notes.txt, by whatever tool there is."""
    name, fields = first(READERS, tools)
    if name:
        field = next((key for key in fields if key in ("path", "file_path", "filename", "file")), "path")
        return {"name": name, "arguments": {field: "notes.txt"}}
    name, fields = first(SHELLS, tools)
    if name:
        field = next((key for key in fields if key in ("command", "cmd")), "command")
        as_list = fields.get(field, {}).get("type") == "array"
        return {"name": name, "arguments": {field: ["cat", "notes.txt"] if as_list else "cat notes.txt"}}
    return None


def reply(prompt):
    """What is said or called next: pure, from the messages alone."""
    if side_calls.kind(prompt) != "main":
        return '{"title": "A talk", "tags": ["talk"], "follow_ups": []}', ()
    said = words.spoken(prompt.messages)
    asked = max(place for place, message in enumerate(said) if message["role"] == "user")
    text, results = said[asked]["content"], [message for message in said[asked:] if message["role"] == "tool"]
    if "notes.txt" in text:
        if results:
            found = CODENAME.search(results[-1]["content"])
            codename = found[1] if found else "not there"
            return f"The project's codename in notes.txt is {codename}, as far as I can see.", ()
        call = reading(prompt.tools)
        return ("", (call,)) if call else ("I have no tool that reads files here.", ())
    if "time stamp" in text:
        if results:
            return f"The tool told me this time: {results[-1]['content']}", ()
        name, _ = first(CLOCKS, prompt.tools)
        return ("", ({"name": name, "arguments": {}},)) if name else ("I have no clock here.", ())
    return next((answer for pattern, answer in SAID if pattern.search(text)), "I have noted that."), ()


class Scripted:
    """The engine of the assistant."""

    name = "the scripted assistant"

    async def offered(self, person):
        return [
            Offered(id=MODEL, version="", memory=False, context_tokens=131_072, architecture="llama", digest="d" * 64)
        ]

    async def answer(self, ask, person):
        text, calls = reply(ask.prompt)
        for number, word in enumerate(text.split(" ") if text else ()):
            yield Piece(text=word if number == 0 else f" {word}")
            await asyncio.sleep(PAUSE)
        used = Usage(prompt=sum(len(m["content"]) for m in ask.prompt.messages) // 4, completion=len(text.split()))
        yield Done(finished=Finished(answer=Answer(text=text, tool_calls=calls, raw=text), usage=used))

    async def say(self, model, messages, person):
        yield ""

    async def embed(self, texts):
        return Embedded(vectors=[[0.6, 0.8] for _ in texts], tokens=len(texts))

    async def count(self, ask):
        return 7

    async def close(self):
        pass


def main():
    """Serve until the process is ended; nothing is kept."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home").create()
        open_database(home.database).close()
        made = app(home, Config(), Scripted(), record=False, pages=lambda serving: [])
        uvicorn.run(made, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", ws="none")


if __name__ == "__main__":
    main()
