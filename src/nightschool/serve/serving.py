"""What every route of the server needs, made once: who is served, by what, and where it is kept."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from starlette.requests import HTTPConnection

from nightschool.config import Config, Home
from nightschool.models.generation import Embedded
from nightschool.records import Json
from nightschool.serve.ask import Ask, Event, Offered
from nightschool.serve.commands import Commands
from nightschool.serve.desk import Desk
from nightschool.serve.people import People, Person
from nightschool.serve.recorder import Recorder
from nightschool.serve.ward import Ward

COOKIE = "nightschool_key"
"""Holds a person's key in their browser."""


class Engine(Protocol):
    """What answers: the model in this process, or a server that the person runs already."""

    @property
    def name(self) -> str:
        """The base's name, or the address of what stands behind."""

    async def offered(self, person: Person) -> list[Offered]:
        """Return the models that this person can name."""

    def answer(self, ask: Ask, person: Person) -> AsyncGenerator[Event, None]:
        """Yield an answer as it is generated, its end last; generation stops with the generator."""

    def say(self, model: str, messages: Sequence[Json], person: Person) -> AsyncIterator[str]:
        """Answer one conversation, piece by piece."""

    async def embed(self, texts: Sequence[str]) -> Embedded:
        """Return a vector per text."""

    async def count(self, ask: Ask) -> int:
        """Count the tokens of a prompt."""

    async def close(self) -> None:
        """Let go of weights and connections."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """One running server."""

    home: Home
    """The owner's."""
    config: Config
    engine: Engine
    people: People
    recorder: Recorder
    desk: Desk
    """Reads what answers need; never busy with writing."""
    commands: Commands
    ward: Ward = field(default_factory=Ward)
    clock: Callable[[], float] = time.time
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("nightschool.serve"))

    def person(self, connection: HTTPConnection) -> Person | None:
        """Return who asks, by the key that was sent; None where the key is nobody's."""
        return self.people.of(key_of(connection))


def key_of(connection: HTTPConnection) -> str | None:
    """Return the key of a request, in OpenAI's or in Anthropic's header."""
    bearer = connection.headers.get("authorization", "")
    if bearer[:7].lower() == "bearer ":
        return bearer[7:].strip()
    return connection.headers.get("x-api-key")
