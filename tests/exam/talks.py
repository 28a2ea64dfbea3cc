"""Short conversations for tests, written as lines of who says what."""

from __future__ import annotations

from typing import Any

from nightschool.records import Conversation, Json, Lesson, Message, Part, Rule, Signal

WEATHER: Json = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"place": {"type": "string"}}}},
}
MILES = Rule(kind="unit", value="miles", instead="km", topic=("far", "distance"))
BULLETS = Rule(kind="bullets")
TOOL = Rule(kind="tool", value="weather", topic=("weather",))


def call(name: str, **arguments: Any) -> Json:
    return {"name": name, "arguments": arguments}


def talk(name: str, *lines: tuple[str, Any], tools: tuple[Json, ...] = (WEATHER,), aside: str = "") -> Conversation:
    """Lines are (role, text or call); `aside` is an answer to the first input that was regenerated."""
    messages: list[Message] = []
    for index, (role, said) in enumerate(lines):
        part = (
            Part(kind="text", text=said)
            if isinstance(said, str)
            else Part(kind="tool_call", name=said["name"], arguments=said["arguments"])
        )
        if role == "tool":
            part = Part(kind="tool_result", text=str(said), name="weather")
        author = {"user": "person", "assistant": "assistant", "tool": "tool"}[role]
        messages.append(
            Message(
                id=f"{name}-{index}",
                parent_id=messages[-1].id if messages else None,
                role=role,  # type: ignore[arg-type]
                author=author,  # type: ignore[arg-type]
                parts=(part,),
                created=float(index),
            )
        )
    if aside:
        left = Message(
            id=f"{name}-aside",
            parent_id=f"{name}-0",
            role="assistant",
            author="assistant",
            parts=(Part(kind="text", text=aside),),
            created=0.0,
            alternate="regenerate",
        )
        messages.insert(1, left)
    return Conversation(id=name, program="openai", source_id=name, started=0.0, messages=tuple(messages), tools=tools)


def signal(turn: str, kind: str, strength: float = 0.9) -> Signal:
    polarity = -1 if kind in ("correction", "reask", "undone", "abandoned") else 1
    return Signal(turn_id=turn, kind=kind, polarity=polarity, strength=strength, source=(turn,), by="person")  # type: ignore[arg-type]


def lesson(rule: Rule | None, name: str = "l-1", **more: Any) -> Lesson:
    made: dict[str, Any] = {"state": "kept", "kind": "preference", "text": "Well.", "durable": True} | more
    return Lesson(id=name, source=("m",), conversation_id="c", created=0.0, rule=rule, **made)
