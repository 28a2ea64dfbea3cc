"""Turns an exchange into the conversation it belongs to: what is new of it is added, nothing twice.

Clients resend the whole history with every request. What is known of it is recognised by its chain
of keys; an answer that was asked for again becomes an alternate of the first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from nightschool.intake.message import clean, conversation_id, message
from nightschool.records import AlternateKind, Answer, Author, Conversation, Json, Message, Part, Prompt
from nightschool.serve import chain, commands, words
from nightschool.serve.side_calls import author
from nightschool.store import conversations, exchanges
from nightschool.store.conversations import View
from nightschool.turns import apart

PROGRAM = "nightschool"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One exchange, read."""

    id: str
    prompt: Prompt
    answer: Answer
    version: str
    client: str
    asked: float
    now: float
    whole: bool = True
    """False where the client hung up before the end."""


def keep(db: sqlite3.Connection, said: Said) -> View:
    """Store what is new of a conversation and return how it stands now."""
    spoken = words.spoken(said.prompt.messages)
    system = "\n\n".join(value["content"] for value in said.prompt.messages if value["role"] == "system")
    keys = chain.keys(spoken)
    # The last message is what is being answered; an answer stands at most before it.
    standing = exchanges.standing(db, keys[:-1])
    known, ours, parent = _standing(db, standing, said.id)
    new = _messages(ours, parent, spoken[known:], said.asked)
    answer = message(
        conversation=ours,
        parent=new[-1],
        role="assistant",
        author="program" if commands.read(spoken) else "assistant",
        parts=parts(said.answer.message() | {"reasoning_content": said.answer.thinking}),
        created=said.now,
        source_id=said.id,
        model=said.version or None,
        stop=said.answer.stop if said.whole else "aborted",
    )
    before = conversations.get(db, ours)
    view = View(
        conversation_id=ours,
        program=PROGRAM,
        session_id=said.id if before is None else before.source_id,
        messages=(*new, answer),
        leaf=answer.id,
        opened=said.asked if before is None else before.started,
        latest=said.now,
        left=_left(before, (*new, answer)),
        ratings={} if before is None else {m.id: m.rating for m in before.messages if m.rating},
        system=clean(system) or None,
        tools=said.prompt.tools,
        agent=said.client or None,
    )
    conversations.add(db, view)
    exchanges.link(db, chain.keys([*spoken, said.answer.message()])[-1], answer, ours)
    return view


def _standing(
    db: sqlite3.Connection, standing: tuple[int, str, str] | None, exchange: str
) -> tuple[int, str, Message | None]:
    if standing is not None:
        known, ours, message_id = standing
        conversation = conversations.get(db, ours)
        for each in conversation.messages if conversation else ():
            if each.id == message_id:
                return known, ours, each
    return 0, conversation_id(PROGRAM, exchange), None


def _messages(conversation: str, parent: Message | None, values: Sequence[Json], created: float) -> list[Message]:
    made: list[Message] = []
    for value in values:
        command = commands.read([value])
        writer: Author = "program" if command or (made and _answers_command(made[-1])) else author(value)
        parent = message(
            conversation=conversation,
            parent=parent,
            role=value["role"],
            author=writer,
            parts=parts(value),
            created=created,
        )
        made.append(parent)
    return made


def _answers_command(asked: Message) -> bool:
    return commands.read([{"role": asked.role, "content": asked.text}]) is not None


def _left(before: Conversation | None, path: Sequence[Message]) -> dict[str, AlternateKind]:
    """Return what is left behind: an answer that was asked for again, a question said anew, and all below them."""
    if before is None:
        return {}
    ours = {message.id for message in path}
    roles = {message.parent_id: message.role for message in path}
    left: dict[str, AlternateKind] = {}
    for old in before.messages:
        if old.id in ours:
            continue
        if old.parent_id in left:
            left[old.id] = left[old.parent_id]
        elif old.alternate is not None and old.alternate != "fork":
            left[old.id] = old.alternate
        elif old.parent_id in roles and old.role == roles[old.parent_id]:
            left[old.id] = "edit" if old.role == "user" else "regenerate"
    return left


def parts(value: Json) -> list[Part]:
    """Return a chat message's parts."""
    text, inline = clean(value.get("content") or ""), ""
    if value["role"] == "assistant":
        inline, text = apart(text)
    if value["role"] == "tool":
        return [Part(kind="tool_result", text=text, name=value.get("name"), call_id=value.get("tool_call_id"))]
    thinking = value.get("reasoning_content") or inline
    found = [Part(kind="thinking", text=clean(thinking))] if thinking else []
    if text or not value.get("tool_calls"):
        found.append(Part(kind="text", text=text))
    for call in value.get("tool_calls") or ():
        function = call["function"]
        found.append(
            Part(
                kind="tool_call",
                name=function["name"],
                arguments=function["arguments"],
                call_id=call.get("id") or function.get("id"),
            )
        )
    return found
