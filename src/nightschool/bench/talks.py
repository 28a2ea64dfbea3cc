"""Conversations from the messages of a labelled item."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from nightschool.records import Conversation, Json, Message, Part


def conversation(name: str, messages: Sequence[Json]) -> Conversation:
    """Build a conversation of messages in OpenAI form; tool calls may be plain or wrapped in `function`."""
    built: list[Message] = []
    for index, message in enumerate(messages):
        role = message["role"]
        parent = built[-1].id if built else None
        key = json.dumps([parent or name, role, message], sort_keys=True, default=str)
        built.append(
            Message(
                id=hashlib.sha256(key.encode()).hexdigest()[:16],
                parent_id=parent,
                role=role,
                author={"user": "person", "assistant": "assistant", "tool": "tool"}.get(role, "program"),  # type: ignore[arg-type]
                parts=_parts(message),
                created=float(index + 1),
                source_id=f"{name}/{index}",
            )
        )
    return Conversation(id=name, program="openai", source_id=name, started=0.0, messages=tuple(built))


def _parts(message: Json) -> tuple[Part, ...]:
    content = message.get("content") or ""
    if message["role"] == "tool":
        return (Part(kind="tool_result", text=content, name=message.get("name"), exit_code=message.get("exit_code")),)
    parts = [Part(kind="text", text=content)] if content else []
    for call in message.get("tool_calls") or ():
        function = call.get("function", call)
        parts.append(Part(kind="tool_call", name=function.get("name"), arguments=function.get("arguments") or {}))
    return tuple(parts)
