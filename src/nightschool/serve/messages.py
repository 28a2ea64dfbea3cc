"""Messages and tools of any client, as the one form that prompts have inside.

Roles are system, user, assistant and tool; contents are texts; arguments of calls are objects.
What clients send beyond that is passed over, never refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nightschool.intake.message import arguments, clean, openai_tool
from nightschool.records import Json
from nightschool.serve.ask import BadRequest

_ROLES = {"developer": "system", "function": "tool"}
_TEXT_TYPES = ("text", "input_text", "output_text", "refusal")
_PICTURES = ("image", "image_url", "input_image")
_MOST = 1 << 62


def chat(values: Sequence[Any], where: str = "messages") -> tuple[Json, ...]:
    """Return chat messages as OpenAI's and Ollama's clients send them."""
    return tuple(_message(value, f"{where}[{index}]") for index, value in enumerate(values))


def _message(value: Any, where: str) -> Json:
    if not isinstance(value, dict):
        raise BadRequest(f"{where} is no object", where)
    role = value.get("role")
    role = _ROLES.get(role, role) if isinstance(role, str) else role
    if role not in ("system", "user", "assistant", "tool"):
        raise BadRequest(f"{where} has the unknown role {role!r}", where)
    message: Json = {"role": role, "content": text(value.get("content"))}
    if role == "assistant":
        thinking = value.get("reasoning_content") or value.get("reasoning") or value.get("thinking")
        if isinstance(thinking, str) and thinking:
            message["reasoning_content"] = clean(thinking)
        calls = _calls(value)
        if calls:
            message["tool_calls"] = calls
    if role == "tool":
        name = value.get("name") or value.get("tool_name")
        message |= {"name": clean(name)} if name else {}
        message |= {"tool_call_id": clean(value["tool_call_id"])} if value.get("tool_call_id") else {}
    return message


def _calls(value: Json) -> list[Json]:
    given = value.get("tool_calls")
    if not given and isinstance(value.get("function_call"), dict):
        given = [{"function": value["function_call"]}]
    found = []
    for one in given if isinstance(given, list) else []:
        function = one.get("function") if isinstance(one, dict) else None
        if isinstance(function, dict):
            found.append(call(function.get("name"), function.get("arguments"), one.get("id")))
    return found


def call(name: Any, given: Any, call_id: Any = None) -> Json:
    """Return one tool call."""
    made: Json = {"type": "function", "function": {"name": clean(name or ""), "arguments": arguments(given)}}
    return made | ({"id": clean(call_id)} if call_id else {})


def text(content: Any) -> str:
    """Return the text of a content, whether it came as one, as blocks or as nothing."""
    if content is None:
        return ""
    if isinstance(content, str):
        return clean(content)
    if not isinstance(content, list):
        return clean(content)
    found = []
    for block in content:
        if isinstance(block, str):
            found.append(clean(block))
        elif isinstance(block, dict):
            kind = block.get("type", "text")
            if kind in _TEXT_TYPES and isinstance(block.get(kind, block.get("text")), str):
                found.append(clean(block.get(kind) if kind == "refusal" else block.get("text")))
            elif kind in _PICTURES:
                found.append("[image]")
    return "\n".join(found)


def tools(values: Any, choice: Any = None) -> tuple[Json, ...]:
    """Return the tools on offer in OpenAI form; other kinds than functions are passed over."""
    if choice == "none" or (isinstance(choice, dict) and choice.get("type") == "none"):
        return ()
    given = values if isinstance(values, list) else []
    found = [openai_tool(tool) for tool in given if isinstance(tool, dict) and _is_function(tool)]
    named = _named(choice)
    return tuple(tool for tool in found if tool and named in (None, tool["function"]["name"]))


def insisted(choice: Any, offered: Sequence[Json]) -> tuple[str, ...] | None:
    """Return the names of the tools of which one must be called, None where the model may choose."""
    kind = choice.get("type") if isinstance(choice, dict) else choice
    if kind in ("required", "any"):
        return tuple(tool["function"]["name"] for tool in offered)
    named = _named(choice)
    return None if named is None else (named,)


def _is_function(tool: Json) -> bool:
    return tool.get("type", "function") in ("function", "custom") and (
        isinstance(tool.get("function"), dict) or tool.get("type") != "custom" or "input_schema" in tool
    )


def _named(choice: Any) -> str | None:
    """The one tool that a client insists on: only that one is offered then."""
    if not isinstance(choice, dict):
        return None
    function = choice.get("function")
    name = function.get("name") if isinstance(function, dict) else choice.get("name")
    return name if isinstance(name, str) else None


def spoken(arguments_: Json) -> str:
    """Write a call's arguments as the text that OpenAI's clients insist on."""
    return json.dumps(arguments_, ensure_ascii=False)


def whole(value: Any, name: str, least: int = 1) -> int | None:
    """Return a whole number or nothing; BadRequest for anything else."""
    if value is None:
        return None
    whole_ = isinstance(value, int) and not isinstance(value, bool)
    if not whole_ and not (isinstance(value, float) and value.is_integer()):
        raise BadRequest(f"{name} is no whole number", name)
    return min(_MOST, max(least, int(value)))


def limit(value: Any, name: str) -> int | None:
    """Return how many tokens an answer may have, as it was asked for: below one means something to some servers."""
    return whole(value, name, -_MOST)


def number(value: Any, name: str, default: float, low: float, high: float) -> float:
    """Return a number within bounds; BadRequest for anything else."""
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise BadRequest(f"{name} must be a number from {low:g} to {high:g}", name)
    return float(value)


def stops(value: Any) -> tuple[str, ...]:
    """Return the texts that end an answer, given as one, as several or not at all."""
    if value is None or value == "":
        return ()
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise BadRequest("stop must be a text or a list of texts", "stop")
    return tuple(one for one in given if one)[:16]
