"""One turn of the day: context, answer, record."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass

from nightschool.config import MemoryConfig
from nightschool.errors import UserError
from nightschool.memory.search import Embedder
from nightschool.models import embedding
from nightschool.records import Answer, Fact
from nightschool.wake import recall
from nightschool.wake.recall import Told
from nightschool.wake.speaker import Speaker
from nightschool.wake.talk import Stop, Talk, exchange, keep

MAX_TOKENS = 512


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One finished turn."""

    answer: Answer
    version: str
    base: str
    told: tuple[Fact, ...]
    """What memory put into the prompt."""
    seconds: float
    talk: Talk


def tell(
    db: sqlite3.Connection,
    talk: Talk,
    question: str,
    config: MemoryConfig,
    *,
    memory: bool,
    project: str | None = None,
    agent: str | None = None,
    apart: str = "",
    embedder: Embedder | None = None,
    roomy: bool = False,
    who: Speaker | None = None,
) -> Told:
    """Make the prompt of a question, with what memory adds unless it is not wanted."""
    if not question.strip():
        raise UserError("The question is empty", hint='Ask in quotes: `nightschool ask "Who are you?"`')
    prompt = talk.prompt(question)
    if not memory:
        return Told(prompt=prompt)
    return recall.tell(
        db, prompt, config, project=project, agent=agent, apart=apart, without=talk.id, embedder=embedder,
        roomy=roomy, who=who,
    )  # fmt: skip


def answer(
    db: sqlite3.Connection,
    speaker: Speaker,
    talk: Talk,
    question: str,
    config: MemoryConfig,
    *,
    memory: bool = True,
    record: bool = True,
    project: str | None = None,
    apart: str = "",
) -> Reply:
    """Answer one question and keep it in the history."""
    running = Running(db, speaker, talk, question, config, memory=memory, record=record, project=project, apart=apart)
    for _ in running.pieces():
        pass
    return running.reply()


class Running:
    """A turn whose answer comes piece by piece and may be stopped in between."""

    def __init__(
        self,
        db: sqlite3.Connection,
        speaker: Speaker,
        talk: Talk,
        question: str,
        config: MemoryConfig,
        *,
        memory: bool = True,
        record: bool = True,
        project: str | None = None,
        apart: str = "",
    ) -> None:
        self._db = db
        self._speaker = speaker
        self._talk = talk
        self._question = question
        self._record = record
        self._told = tell(
            db,
            talk,
            question,
            config,
            memory=memory,
            project=project,
            apart=apart,
            embedder=embedding.there(config.embedder) if memory else None,
            roomy=speaker.model.context_tokens > recall.ROOMY,
            who=speaker,
        )
        self._asked = time.time()
        self._raw = ""
        self._answer: Answer | None = None

    def pieces(self) -> Iterator[str]:
        """Yield the answer as it is generated."""
        stream = self._speaker.model.stream(self._told.prompt, adapter=self._speaker.adapter, max_tokens=MAX_TOKENS)
        while True:
            try:
                piece = next(stream)
            except StopIteration as end:
                self._answer = end.value
                return
            self._raw += piece
            yield piece

    def reply(self) -> Reply:
        """Return the turn as far as it came; what was stopped is kept as stopped."""
        now = time.time()
        said = self._answer or Answer(text=self._raw.strip(), raw=self._raw)
        stop: Stop = self._answer.stop if self._answer else "aborted"
        talk = exchange(
            self._talk, self._question, said, version=self._speaker.version, stop=stop, asked=self._asked, now=now
        )
        if self._record:
            keep(self._db, talk)
        return Reply(
            answer=said,
            version=self._speaker.version,
            base=self._speaker.model.name,
            told=self._told.facts,
            seconds=now - self._asked,
            talk=talk,
        )
