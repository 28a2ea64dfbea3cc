"""Read tool calls back out of a completion, in the form that the model's family writes them.

Pure. Each form takes the text of a completion and returns what stands around the calls and the
calls; malformed markup stays text and makes no call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from nightschool.records import Json


class Spoken(NamedTuple):
    """A completion taken apart."""

    text: str
    calls: tuple[Json, ...]


Form = Callable[[str], Spoken]

_TAGGED = re.compile(r"<tool_call>(.*?)</tool_call>", re.DOTALL)
_FUNCTION = re.compile(r"<function=([^>\n]+)>(.*?)</function>", re.DOTALL)
_NAMED = re.compile(r"([\w.-]+)(?:\[CALL_ID\]\w+)?(?:\[ARGS\])?\s*(\{.*\})", re.DOTALL)
_PARAMETER = re.compile(r"<parameter=([^>\n]+)>\n?(.*?)\n?</parameter>", re.DOTALL)


def tagged(text: str) -> Spoken:
    """Read `<tool_call>{"name": ..., "arguments": {...}}</tool_call>`, as Hermes and Qwen write it."""
    return _between_tags(text, _json_call)


def tagged_xml(text: str) -> Spoken:
    """Read `<tool_call><function=name><parameter=key>value</parameter></function></tool_call>`."""
    return _between_tags(text, _xml_call)


def bare_json(text: str) -> Spoken:
    """Read an answer that is nothing but one JSON call, as Llama 3 writes it."""
    call = _json_call(text.strip().removeprefix("<|python_tag|>"))
    return Spoken("", (call,)) if call else Spoken(text, ())


def listed(text: str) -> Spoken:
    """Read `[TOOL_CALLS] [{...}, {...}]`, as Mistral writes it."""
    before, mark, after = text.partition("[TOOL_CALLS]")
    if not mark:
        return Spoken(text, ())
    try:
        values, end = json.JSONDecoder().raw_decode(after.strip())
    except ValueError:
        return Spoken(text, ())
    calls = [_checked(value) for value in values] if isinstance(values, list) else []
    if not calls or not all(calls) or after.strip()[end:].strip():
        return Spoken(text, ())
    return Spoken(before, tuple(call for call in calls if call))


def named(text: str) -> Spoken:
    """Read `[TOOL_CALLS]name[ARGS]{...}`, as later Mistral models write it."""
    before, *said = text.split("[TOOL_CALLS]")
    matches = [_NAMED.fullmatch(part.strip()) for part in said]
    calls = [_json_call(f'{{"name": {json.dumps(match[1])}, "arguments": {match[2]}}}') for match in matches if match]
    if not calls or len(calls) < len(said) or not all(calls):
        return Spoken(text, ())
    return Spoken(before, tuple(call for call in calls if call))


FORMS: tuple[Form, ...] = (tagged, tagged_xml, listed, named, bare_json)


def typed(calls: Sequence[Json], tools: Sequence[Json]) -> tuple[Json, ...]:
    """Turn arguments that came as bare text into what the tools' schemas say they are."""
    schemas = {tool["function"]["name"]: tool["function"].get("parameters", {}).get("properties", {}) for tool in tools}
    return tuple(
        {
            **call,
            "arguments": {
                key: _as_said(value, schemas.get(call["name"], {}).get(key, {}))
                for key, value in call["arguments"].items()
            },
        }
        for call in calls
    )


def _as_said(value: object, schema: Json) -> object:
    if not isinstance(value, str) or schema.get("type") not in ("integer", "number", "boolean"):
        return value
    try:
        return json.loads(value.lower())
    except ValueError:
        return value


def _between_tags(text: str, read: Callable[[str], Json | None]) -> Spoken:
    """Take out every well-formed call; one malformed call leaves the whole completion text."""
    found = [read(inside) for inside in _TAGGED.findall(text)]
    calls = tuple(call for call in found if call)
    if not calls or len(calls) < len(found):
        return Spoken(text, ())
    return Spoken(_TAGGED.sub("", text), calls)


def _json_call(text: str) -> Json | None:
    try:
        return _checked(json.loads(text))
    except ValueError:
        return None


def _xml_call(text: str) -> Json | None:
    match = _FUNCTION.fullmatch(text.strip())
    if not match:
        return None
    return {"name": match[1], "arguments": {key: _value(value) for key, value in _PARAMETER.findall(match[2])}}


def _value(text: str) -> object:
    """The form writes strings bare and all else as JSON."""
    try:
        return json.loads(text) if text[:1] in "[{" else text
    except ValueError:
        return text


def _checked(value: object) -> Json | None:
    """Return a call with its name and arguments, or None where it is no call."""
    if not isinstance(value, dict) or not isinstance(value.get("name"), str) or not value["name"]:
        return None
    arguments = value.get("arguments", value.get("parameters"))
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            return None
    if not isinstance(arguments, dict):
        return None
    call: Json = {"name": value["name"], "arguments": arguments}
    # Some templates print the id inside the call; a call trained as generated keeps it.
    return call | ({"id": value["id"]} if isinstance(value.get("id"), str) else {})
