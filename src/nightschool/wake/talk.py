"""One conversation with our own program: what was said so far, and how it is kept.

What memory put into the prompt is not recorded as said: it is told anew each time, and nothing
that a person did not say in a conversation is ever read out of one.
"""

from __future__ import annotations

import sqlite3
import uuid
from dataclasses import dataclass, replace
from typing import Literal

from nightschool.intake.message import clean, conversation_id, message
from nightschool.records import Answer, Message, Part, Prompt
from nightschool.store import conversations
from nightschool.store.conversations import View
from nightschool.turns import chat_message

PROGRAM = "nightschool"
Stop = Literal["stop", "length", "aborted"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """A conversation that is going on."""

    id: str
    session: str
    opened: float
    messages: tuple[Message, ...] = ()

    def prompt(self, question: str) -> Prompt:
        """Everything said so far, and the question."""
        said = [chat_message(each) for each in self.messages]
        # Thinking belongs to the answer it led to; templates drop it from what lies behind.
        history = [{key: value for key, value in each.items() if key != "reasoning_content"} for each in said]
        return Prompt(messages=(*history, {"role": "user", "content": question}))


def begin(now: float) -> Talk:
    """Begin a conversation."""
    session = uuid.uuid4().hex
    return Talk(id=conversation_id(PROGRAM, session), session=session, opened=now)


def exchange(talk: Talk, question: str, answer: Answer, *, version: str, stop: Stop, asked: float, now: float) -> Talk:
    """Return the conversation with a question and its answer added."""
    asking = message(
        conversation=talk.id,
        parent=talk.messages[-1] if talk.messages else None,
        role="user",
        author="person",
        parts=[Part(kind="text", text=clean(question))],
        created=asked,
    )
    answering = message(
        conversation=talk.id,
        parent=asking,
        role="assistant",
        author="assistant",
        parts=_parts(answer),
        created=now,
        model=version,
        stop=stop,
    )
    return replace(talk, messages=(*talk.messages, asking, answering))


def keep(db: sqlite3.Connection, talk: Talk) -> None:
    """Store what is new of a conversation."""
    if talk.messages:
        view = View(
            conversation_id=talk.id,
            program=PROGRAM,
            session_id=talk.session,
            messages=talk.messages,
            leaf=talk.messages[-1].id,
            opened=talk.opened,
            latest=talk.messages[-1].created,
        )
        conversations.add(db, view)


def _parts(answer: Answer) -> list[Part]:
    parts = [Part(kind="thinking", text=clean(answer.thinking))] if answer.thinking else []
    parts.append(Part(kind="text", text=clean(answer.text)))
    for call in answer.tool_calls:
        parts.append(Part(kind="tool_call", name=call["name"], arguments=call["arguments"], call_id=call.get("id")))
    return parts
