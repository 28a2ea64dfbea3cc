"""What memory adds to a request on its way to another server: one message beside the client's own.

A client's system prompt is never touched. Where a request has no room for a message of ours, it
goes through as it is.
"""

from __future__ import annotations

import copy

from nightschool.records import Json


def asks_memory(body: Json, suffix: str) -> bool:
    """Tell whether a request names a model with memory."""
    name = body.get("model")
    return isinstance(name, str) and name.removesuffix(":latest").endswith(suffix)


def plain(body: Json, suffix: str) -> Json:
    """Return the request for the model as the server behind knows it; everything else stays."""
    return body | {"model": str(body["model"]).replace(suffix, "")}


def told(path: str, body: Json, block: str) -> Json:
    """Return the request with what memory says."""
    added = copy.copy(body)
    if path in ("/v1/chat/completions", "/api/chat") and isinstance(body.get("messages"), list):
        added["messages"] = _behind_system(body["messages"], {"role": "system", "content": block})
    elif path == "/v1/responses":
        given = body.get("input", [])
        items = [{"role": "user", "content": given}] if isinstance(given, str) else given
        if isinstance(items, list):
            added["input"] = _behind_system(items, {"role": "developer", "content": block})
    elif path == "/v1/messages":
        ours, system = {"type": "text", "text": block}, body.get("system")
        if isinstance(system, str):
            added["system"] = [{"type": "text", "text": system}, ours]
        else:
            added["system"] = [*(system if isinstance(system, list) else ()), ours]
    elif path == "/api/generate" and not body.get("system"):
        added["system"] = block
    return added


def _behind_system(messages: list[Json], ours: Json) -> list[Json]:
    place = 0
    while place < len(messages) and _role(messages[place]) in ("system", "developer"):
        place += 1
    return [*messages[:place], ours, *messages[place:]]


def _role(message: object) -> object:
    return message.get("role") if isinstance(message, dict) else None
