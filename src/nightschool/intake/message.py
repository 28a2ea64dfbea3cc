"""How one message is made, whatever program it came from.

An id is the hash of everything that came before and of the message itself, and of nothing that a
copy changes (times, row ids). So the copies that forks, rewinds and compactions leave fall together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from nightschool.records import Author, Json, Message, Part, Role, to_json

COMMAND_TOOLS = frozenset({"bash", "exec", "execute", "process", "run", "shell", "terminal"})
_EXIT = re.compile(
    r"(?:\(?(?:command|process) exited with (?:exit )?code|exit code:?)\s*(-?\d+)\)?\s*\Z", re.IGNORECASE
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def conversation_id(program: str, root: str) -> str:
    """Return the id of the conversation that began with `root`, the program's own id of that beginning."""
    return sha256(f"{program}\0{root}".encode()).hexdigest()[:16]


def message(
    *,
    conversation: str,
    parent: Message | None,
    role: Role,
    author: Author,
    parts: Sequence[Part],
    created: float = 0.0,
    source_id: str = "",
    model: str | None = None,
    stop: str | None = None,
) -> Message:
    """Build a message and its id from what it follows and what it says."""
    said = [{key: value for key, value in to_json(part).items() if value is not None} for part in parts]
    text = json.dumps([parent.id if parent else conversation, role, author, said], sort_keys=True)
    return Message(
        id=sha256(text.encode()).hexdigest()[:32],
        parent_id=parent.id if parent else None,
        role=role,
        author=author,
        parts=tuple(parts),
        created=created,
        source_id=clean(source_id),
        model=clean(model) if model else None,
        stop=stop,
    )


def clean(value: object) -> str:
    """Return a text that can be stored; half of a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return _SURROGATE.sub("\ufffd", text)


def clean_json(value: Any) -> Any:
    """Return the same JSON value with every text cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): clean_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_json(item) for item in value]
    return value


def arguments(value: object) -> Json:
    """Return a tool call's arguments as a dict, whether they came as one or as JSON text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {"_raw": clean(value)}
    if isinstance(value, dict):
        return dict(clean_json(value))
    return {} if value is None else {"_raw": clean(value)}


def image(mime: object, data: object) -> Part:
    """Return a picture's mark; its bytes stay in the originals."""
    digest = sha256(clean(data).encode()).hexdigest()[:16]
    return Part(kind="image", text=f"[image {clean(mime or 'unknown')} {digest}]")


def exit_code_in(text: str, tool: str | None) -> int | None:
    """Read the exit code that a command's output ends with; other tools may show such a line from a file."""
    if (tool or "").lower() not in COMMAND_TOOLS:
        return None
    found = _EXIT.search(text[-200:])
    return int(found.group(1)) if found else None


def whole(value: object) -> int | None:
    """Return an exit code as an int, or None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31 else None


def openai_tool(tool: object) -> Json | None:
    """Return a tool's schema in OpenAI form, or None where it is no schema (such as a truncation mark)."""
    if not isinstance(tool, dict):
        return None
    function = tool.get("function") if isinstance(tool.get("function"), dict) else tool
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        return None
    parameters = function.get("parameters", function.get("input_schema"))
    return {
        "type": "function",
        "function": {
            "name": clean(function["name"]),
            "description": clean(function.get("description") or ""),
            "parameters": clean_json(parameters)
            if isinstance(parameters, dict)
            else {"type": "object", "properties": {}},
        },
    }
