"""Read a conversation's tree: the kept path, its turns, and the prompt that stood before a message.

Pure. Messages that a program wrote in the person's place open no turn of their own: they are
carried in the prompt, because the model saw them, but nothing is learned from them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict

from nightschool.records import Conversation, Json, Message, Prompt, Turn

_INLINE = re.compile(r"\A\s*<think>(.*?)</think>\s*", re.DOTALL)


def apart(text: str) -> tuple[str, str]:
    """Split an answer into the thinking in front of it, where a server leaves that in the text, and what was said."""
    inline = _INLINE.match(text)
    return (inline[1].strip(), text[inline.end() :]) if inline else ("", text)


def kept_path(conversation: Conversation) -> tuple[Message, ...]:
    """The messages that the person kept, in order."""
    return tuple(message for message in conversation.messages if message.alternate is None)


def turns(conversation: Conversation) -> tuple[Turn, ...]:
    """Split the kept path at each message of the person; answers left behind hang on their turn.

    What stands before the person's first word belongs to no turn.
    """
    groups: list[list[Message]] = []
    for message in kept_path(conversation):
        if message.role == "user" and message.author == "person":
            groups.append([message])
        elif groups:
            groups[-1].append(message)
    return tuple(
        Turn(
            id=group[0].id,
            conversation_id=conversation.id,
            index=index,
            messages=tuple(group),
            alternates=_alternates(conversation, group),
        )
        for index, group in enumerate(groups)
    )


def _alternates(conversation: Conversation, group: list[Message]) -> tuple[tuple[Message, ...], ...]:
    """Runs of abandoned messages that branch off within this turn, before the person speaks again."""
    children: dict[str | None, list[Message]] = defaultdict(list)
    for message in conversation.messages:
        if message.alternate is not None:
            children[message.parent_id].append(message)
    runs = []
    for start in group:
        for first in children[start.id]:
            if first.role == "user":
                continue
            run = [first]
            while following := [child for child in children[run[-1].id] if child.role != "user"]:
                run.append(following[0])
            runs.append(tuple(run))
    return tuple(runs)


def final_answer(turn: Turn) -> Message | None:
    """The assistant's last message of a turn, or None where nothing was answered."""
    answers = [message for message in turn.messages if message.role == "assistant" and message.author == "assistant"]
    return answers[-1] if answers else None


def chat_message(message: Message) -> Json:
    """One stored message in OpenAI form; thinking is kept under `reasoning_content`."""
    if message.role == "tool":
        result = next((part for part in message.parts if part.kind == "tool_result"), None)
        name = result.name if result else None
        call_id = result.call_id if result else None
        text = result.text if result else message.text
        return (
            {"role": "tool", "content": text}
            | ({"name": name} if name else {})
            | ({"tool_call_id": call_id} if call_id else {})
        )
    chat: Json = {"role": message.role, "content": message.text}
    thinking = "\n".join(part.text for part in message.parts if part.kind == "thinking")
    if thinking:
        chat["reasoning_content"] = thinking
    calls = [part for part in message.parts if part.kind == "tool_call"]
    if calls:
        chat["tool_calls"] = [
            {"type": "function", "function": {"name": call.name or "", "arguments": call.arguments or {}}}
            | ({"id": call.call_id} if call.call_id else {})
            for call in calls
        ]
    return chat


def prompt_before(conversation: Conversation, message_id: str) -> Prompt:
    """Everything that the model had seen when it wrote a message, on that message's own branch.

    Raises KeyError where the conversation has no such message.
    """
    by_id = {message.id: message for message in conversation.messages}
    branch: list[Message] = []
    parent = by_id[message_id].parent_id
    while parent is not None:
        branch.append(by_id[parent])
        parent = by_id[parent].parent_id
    messages = [chat_message(message) for message in reversed(branch)]
    if conversation.system and not (messages and messages[0]["role"] == "system"):
        messages.insert(0, {"role": "system", "content": conversation.system})
    return Prompt(messages=tuple(messages), tools=conversation.tools)


def prompt_key(prompt: Prompt) -> str:
    """A text that is equal for equal prompts; pairs are only ever made under one key."""
    return json.dumps([prompt.messages, prompt.tools], sort_keys=True, ensure_ascii=False)
