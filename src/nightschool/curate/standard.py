"""Rows and conversations in the forms that other trainers read: OpenAI messages, TRL pairs, KTO rows, ShareGPT.

Pure. What a form cannot hold is left out and counted by who calls, never bent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from nightschool.records import Conversation, Example, Json
from nightschool.turns import chat_message, kept_path

Form = Literal["openai", "trl", "kto", "sharegpt"]
FORMS: tuple[Form, ...] = ("openai", "trl", "kto", "sharegpt")
_SPEAKERS = {"system": "system", "user": "human", "assistant": "gpt", "tool": "observation"}


def examples(rows: Iterable[Example], form: Form) -> Iterator[Json]:
    """Set the rows of a dataset that a form can hold."""
    for row in rows:
        tools = {"tools": list(row.prompt.tools)} if row.prompt.tools else {}
        prompt = [openai(message) for message in row.prompt.messages]
        if form == "trl" and row.objective == "dpo" and row.rejected is not None:
            yield {"prompt": prompt, "chosen": [openai(row.chosen)], "rejected": [openai(row.rejected)]} | tools
        elif form == "kto" and row.objective == "kto":
            yield {"prompt": prompt, "completion": [openai(row.chosen)], "label": bool(row.label)} | tools
        elif form == "openai" and row.objective == "sft":
            yield {"messages": [*prompt, openai(row.chosen)]} | tools
        elif form == "sharegpt" and row.objective == "sft":
            yield sharegpt([*row.prompt.messages, row.chosen], row.prompt.tools)


def conversation(talk: Conversation, form: Form) -> Json:
    """Set the kept path of a whole conversation, as OpenAI messages or ShareGPT."""
    messages = [chat_message(message) for message in kept_path(talk)]
    if talk.system and not (messages and messages[0]["role"] == "system"):
        messages.insert(0, {"role": "system", "content": talk.system})
    if form == "sharegpt":
        return sharegpt(messages, talk.tools)
    tools = {"tools": list(talk.tools)} if talk.tools else {}
    return {"messages": [openai(message) for message in messages]} | tools


def openai(message: Json) -> Json:
    """A message with the arguments of its calls as the text that OpenAI's form has there."""
    if not message.get("tool_calls"):
        return dict(message)
    calls = []
    for at, call in enumerate(message["tool_calls"]):
        function = call.get("function", call)
        given = function.get("arguments") or {}
        arguments = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
        named = {"name": function.get("name", ""), "arguments": arguments}
        calls.append({"id": call.get("id") or f"call_{at}", "type": "function", "function": named})
    return {**message, "tool_calls": calls}


def sharegpt(messages: Sequence[Json], tools: Sequence[Json]) -> Json:
    """A conversation in ShareGPT's form, each call a turn of its own."""
    turns: list[Json] = []
    for message in messages:
        text = str(message.get("content") or "")
        if text or not message.get("tool_calls"):
            turns.append({"from": _SPEAKERS.get(str(message["role"]), str(message["role"])), "value": text})
        for call in message.get("tool_calls") or ():
            function = call.get("function", call)
            called = {"name": function.get("name", ""), "arguments": function.get("arguments") or {}}
            turns.append({"from": "function_call", "value": json.dumps(called, ensure_ascii=False)})
    return {"conversations": turns} | ({"tools": json.dumps(list(tools), ensure_ascii=False)} if tools else {})
