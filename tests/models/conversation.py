"""Rows that every template must be able to say: an answer, a tool call, an answer to a tool's result."""

from __future__ import annotations

from nightschool.records import Json, Prompt

TOOL: Json = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Weather of a place",
        "parameters": {
            "type": "object",
            "properties": {"place": {"type": "string", "description": "Where"}, "days": {"type": "integer"}},
            "required": ["place"],
        },
    },
}


def call(place: str, text: str = "") -> Json:
    """An assistant message with one tool call."""
    function = {"name": "weather", "arguments": {"place": place, "days": 2}}
    return {"role": "assistant", "content": text, "tool_calls": [{"type": "function", "function": function}]}


def user(text: str) -> Json:
    return {"role": "user", "content": text}


def said(text: str) -> Json:
    return {"role": "assistant", "content": text}


SYSTEM: Json = {"role": "system", "content": "You are kind."}
QUESTION = Prompt(messages=(SYSTEM, user("How far is it from Oslo to Bergen?")))
LATER = Prompt(messages=(SYSTEM, user("Hello"), said("Hello, what is it?"), user("How far is Bergen?")))
OFFER = Prompt(messages=(SYSTEM, user("What is the weather in Oslo?")), tools=(TOOL,))
RESULT = Prompt(
    messages=(*OFFER.messages, call("Oslo"), {"role": "tool", "name": "weather", "content": "rainy, 5 °C"}),
    tools=(TOOL,),
)
ROWS: dict[str, tuple[Prompt, Json]] = {
    "answer": (QUESTION, said("It is 304 miles.")),
    "answer in letters no tokenizer knows": (QUESTION, said("Σ 304 — ≈ 490 km 🙂")),
    "answer of many lines": (QUESTION, said("- Oslo\n- Bergen\n\nThat is all.")),
    "later answer": (LATER, said("304 miles.")),
    "tool call": (OFFER, call("Oslo")),
    "answer to a tool's result": (RESULT, said("It is rainy in Oslo.")),
    "second tool call": (RESULT, call("Bergen")),
}
