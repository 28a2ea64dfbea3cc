"""The engine in this process: one base, every version of every person on it, answers batched.

A conversation stays with the version that it began with; the next one gets the champion of then.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nightschool.errors import UserError
from nightschool.models import embedding
from nightschool.models.generation import Embedded, Finished, Piece, Wanted
from nightschool.models.model import Adapter
from nightschool.records import Fact, Json, Prompt
from nightschool.serve import chain, names
from nightschool.serve.ask import Ask, Busy, Done, Event, Offered, UnknownModel
from nightschool.serve.desk import Desk
from nightschool.serve.people import Person
from nightschool.store import versions
from nightschool.store.database import open_database
from nightschool.wake import recall
from nightschool.wake.speaker import Speaker, speaker

if TYPE_CHECKING:
    from nightschool.models.batcher import Batcher
    from nightschool.models.transformers_backend import TransformersModel


MOST_WAITING = 256
"""More than that would wait longer than any client does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """What an answer needs, looked up."""

    version: str
    adapter: Adapter
    prompt: Prompt
    memory: tuple[str, ...]


class Local:
    """Answers with the model in this process."""

    def __init__(self, batcher: Batcher) -> None:
        self._batcher = batcher
        self._model = batcher.model
        self._desk = Desk("versions")
        self._begun = chain.Noted()

    @property
    def name(self) -> str:
        """The base's name."""
        return self._model.name

    async def offered(self, person: Person) -> list[Offered]:
        """Return the champion, the base and every version that can answer on this base."""
        return await self._desk.run(person, self._offered)

    def _offered(self, db: sqlite3.Connection, person: Person) -> list[Offered]:
        champion = versions.pointer(db, "champion")
        ours = [v for v in versions.list_versions(db) if v.base == self._model.fingerprint and v.adapter]
        listed = [(names.CHAMPION, champion, time.time())]
        listed += [(v.id, v.id, v.created) for v in reversed(ours) if v.state != "blocked"]
        listed.append(("base", versions.BASE, 0.0))
        return [self._offer(name + suffix, version, created, bool(suffix))
                for name, version, created in listed for suffix in (names.MEMORY, "")]  # fmt: skip

    def _offer(self, name: str, version: str, created: float, memory: bool) -> Offered:
        return Offered(
            id=name,
            version=version,
            memory=memory,
            created=created,
            context_tokens=self._model.context_tokens,
            parameters=self._model.parameters,
            architecture=str(self._model.network.config.model_type),
            digest=hashlib.sha256(f"{self._model.fingerprint} {version}".encode()).hexdigest(),
        )

    async def answer(self, ask: Ask, person: Person) -> AsyncGenerator[Event, None]:
        """Yield an answer as it is generated, its end last; generation stops with the generator."""
        began = time.monotonic()
        said = ask.prompt.messages
        begun = self._begun.of(person.name, chain.keys(said))
        if self._batcher.waiting >= MOST_WAITING:
            raise Busy(f"{MOST_WAITING} others are waiting for an answer already: come back in a moment")
        ready = await self._desk.run(person, lambda db, who: self._ready(db, who, ask, begun))
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[Piece | Finished | Exception]()
        wanted = Wanted(prompt=ready.prompt, adapter=ready.adapter, sampling=ask.sampling)

        def told(event: Piece | Finished | Exception) -> None:
            loop.call_soon_threadsafe(queue.put_nowait, event)

        row = self._batcher.submit(wanted, told)
        first = 0.0
        try:
            while True:
                event = await queue.get()
                if isinstance(event, Exception):
                    raise event
                first = first or time.monotonic() - began
                if isinstance(event, Finished):
                    break
                yield event
        finally:
            row.cancelled = True
        self._begun.note(person.name, chain.keys([*said, event.answer.message()])[-1], ready.version)
        yield Done(
            finished=event,
            version=ready.version,
            memory=ready.memory,
            seconds=time.monotonic() - began,
            first_seconds=first,
        )

    async def say(self, model: str, messages: Sequence[Json], person: Person) -> AsyncIterator[str]:
        """Answer one conversation, piece by piece."""
        ask = Ask(model=model, prompt=Prompt(messages=tuple(messages)))
        async with aclosing(self.answer(ask, person)) as events:
            async for event in events:
                if isinstance(event, Piece) and event.text:
                    yield event.text

    async def embed(self, texts: Sequence[str]) -> Embedded:
        """Return a vector per text, from the base."""
        from nightschool.models.states import embed

        return await asyncio.wrap_future(self._batcher.between(lambda model: embed(model, texts)))

    async def count(self, ask: Ask) -> int:
        """Count the tokens of a prompt."""
        return await asyncio.wrap_future(self._batcher.between(lambda model: model.count_tokens(ask.prompt)))

    def learn(self, told: Sequence[Fact], person: Person, version: str) -> None:
        """Write facts into the weights of the version that answers, once nobody waits for an answer.

        Nothing where edits were never measured on it: facts stay in memory then, until a night.
        """

        def write(model: TransformersModel) -> None:
            from nightschool.edit import ground
            from nightschool.wake.learning import Learner

            with closing(open_database(person.home.database)) as db:
                asked_for = None if version == versions.pointer(db, "champion") else version
                learner = Learner(db, person.home, speaker(db, person.home, model, asked_for), asked_for)
                if learner.can_write and ground.of(person.home, model, learner.speaker.skill) is not None:
                    learner.learn(told)

        self._batcher.when_idle(write)

    async def close(self) -> None:
        """Let go of the model and the stores."""
        await asyncio.to_thread(self._batcher.close)
        await asyncio.to_thread(self._desk.close)

    def _ready(self, db: sqlite3.Connection, person: Person, ask: Ask, begun: str | None) -> Ready:
        named = names.parse(ask.model)
        who = self._speaker(db, person, named.version, begun)
        if not named.memory:
            return Ready(version=who.version, adapter=who.adapter, prompt=ask.prompt, memory=())
        config = person.config
        told = recall.tell(
            db,
            ask.prompt,
            config.memory,
            apart=config.curate.apart,
            embedder=embedding.there(config.memory.embedder),
            roomy=self._model.context_tokens > recall.ROOMY,
            who=who,
        )
        return Ready(
            version=who.version,
            adapter=who.adapter,
            prompt=told.prompt,
            memory=tuple(fact.id for fact in told.facts),
        )

    def _speaker(self, db: sqlite3.Connection, person: Person, version: str | None, begun: str | None) -> Speaker:
        """Return who answers: the version that was named, that of the conversation, or the champion."""
        if version is None and begun not in (None, versions.pointer(db, "champion")):
            try:
                return speaker(db, person.home, self._model, begun)
            except UserError:
                # Blocked, or removed from the disk since: the champion goes on with it.
                version = None
        try:
            return speaker(db, person.home, self._model, version)
        except UserError as error:
            if version is None or version == versions.BASE:
                raise
            raise UnknownModel(error.message, hint=error.hint) from error
