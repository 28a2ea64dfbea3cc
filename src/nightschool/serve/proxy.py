"""The engine in front of a server that the person runs already."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import closing, contextmanager

import aiohttp
from yarl import URL

from nightschool.errors import UserError
from nightschool.memory import context, search
from nightschool.models.generation import Embedded, Finished, Piece, Usage
from nightschool.records import Json, Prompt
from nightschool.serve import heard, names, telling, words
from nightschool.serve.ask import Ask, Done, Event, Offered
from nightschool.serve.people import Person
from nightschool.store import facts
from nightschool.store.database import open_database
from nightschool.wake import recall

CONNECT_SECONDS = 10.0


class Proxy:
    """Answers by asking another server; `serve.relay` passes clients' requests through it."""

    def __init__(self, url: str, key: str = "") -> None:
        address = URL(url.rstrip("/").removesuffix("/v1"))
        if address.scheme not in ("http", "https") or not address.host:
            raise UserError(f"{url!r} is no address of a server", hint="Name it like `http://127.0.0.1:11434`")
        self.address = str(address).rstrip("/")
        self.key = key
        """Sent instead of whatever a client sends, where it is not empty."""
        self._session: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        """The address of what stands behind."""
        return self.address

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections to the server behind, as many as there are requests."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30.0),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
                auto_decompress=False,
                # Cookies are the clients': kept here, one person's would go out with the next one's request.
                cookie_jar=aiohttp.DummyCookieJar(),
                # The client's own headers go through; none of the library's is put beside them.
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                read_bufsize=1 << 18,
            )
        return self._session

    async def offered(self, person: Person) -> list[Offered]:
        """Return what the server behind offers, each with memory and without."""
        url = f"{self.address}/v1/models"
        with self._reached():
            async with self.session.get(url, headers=self._headers()) as response:
                listed = await response.json(content_type=None)
        told = listed.get("data") if isinstance(listed, dict) else None
        found = [one.get("id") for one in told or () if isinstance(one, dict)]
        return [Offered(id=f"{name}{suffix}", version="", memory=bool(suffix))
                for name in found if name for suffix in ("", names.MEMORY)]  # fmt: skip

    async def answer(self, ask: Ask, person: Person) -> AsyncGenerator[Event, None]:
        """Ask in OpenAI's form, for our own pages."""
        body: Json = {"model": ask.model, "messages": list(ask.prompt.messages), "stream": True}
        body |= {"max_tokens": ask.sampling.max_tokens} if ask.sampling.max_tokens else {}
        path = "/v1/chat/completions"
        if telling.asks_memory(body, names.MEMORY):
            block, _ = await asyncio.to_thread(_told, person, words.asked(ask.prompt.messages))
            body = telling.plain(body, names.MEMORY)
            body = telling.told(path, body, block) if block else body
        got, shown = heard.Heard(), ""
        with self._reached():
            async with self.session.post(f"{self.address}{path}", json=body, headers=self._headers()) as response:
                if response.status != 200:
                    raise UserError(f"{self.address} answered with status {response.status}")
                async for line in response.content:
                    got.read(path, line)
                    text = got.answer().text
                    if len(text) > len(shown):
                        yield Piece(text=text[len(shown) :])
                        shown = text
        usage = Usage(prompt=0, completion=got.answer().tokens)
        yield Done(finished=Finished(answer=got.answer(), usage=usage), version=got.model)

    async def say(self, model: str, messages: Sequence[Json], person: Person) -> AsyncIterator[str]:
        """Answer one conversation, piece by piece."""
        async for event in self.answer(Ask(model=model, prompt=Prompt(messages=tuple(messages))), person):
            if isinstance(event, Piece) and event.text:
                yield event.text

    async def embed(self, texts: Sequence[str]) -> Embedded:
        """Refuse: clients ask the server behind, through the relay."""
        raise UserError("Embeddings come from the server behind")

    async def count(self, ask: Ask) -> int:
        """Refuse: clients ask the server behind, through the relay."""
        raise UserError("Tokens are counted by the server behind")

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn a server that is away, or speaks no JSON, into a sentence."""
        try:
            yield
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise UserError(f"{self.address} cannot be reached: {error}", hint="Start it, and ask again") from error

    def _headers(self) -> dict[str, str]:
        plain = {"content-type": "application/json"}
        return plain | ({"authorization": f"Bearer {self.key}"} if self.key else {})


def remembered(db: sqlite3.Connection, person: Person, asked: str) -> tuple[str, tuple[str, ...]]:
    """Return what memory says to a question, as a text and as the ids of its facts."""
    # No project and no agent is named here: what belongs to one stays out.
    chosen = context.choose([fact for fact in facts.live(db) if search.in_scope(fact)], asked, person.config.memory)
    return context.block(recall.settled(db, chosen)), tuple(fact.id for fact in chosen)


def _told(person: Person, asked: str) -> tuple[str, tuple[str, ...]]:
    with closing(open_database(person.home.database)) as db:
        return remembered(db, person, asked)
