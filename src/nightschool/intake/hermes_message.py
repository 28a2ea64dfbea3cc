"""One row of Hermes' `messages` table: who wrote it, what it says, and what state it is in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from nightschool.intake.message import arguments, clean, exit_code_in, image, whole
from nightschool.records import Author, Json, Part, Role

SUMMARIES = ("[CONTEXT COMPACTION — REFERENCE ONLY]", "[CONTEXT COMPACTION - REFERENCE ONLY]", "[CONTEXT SUMMARY]:")
SUMMARY_END = "--- END OF CONTEXT SUMMARY — respond to the message below, not the summary above ---"
NOTES = ("[System note", "[SYSTEM:", "[IMPORTANT: Background process")
STOPS = {"stop": "stop", "length": "length", "tool_calls": "tool", "error": "error", "interrupted": "aborted"}
ROLES: dict[str, tuple[Role, Author]] = {
    "system": ("system", "program"),
    "user": ("user", "person"),
    "assistant": ("assistant", "assistant"),
    "tool": ("tool", "tool"),
}

State = Literal["live", "compacted", "undone"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row with what is needed to find its place."""

    position: int
    id: str
    role: Role
    author: Author
    parts: tuple[Part, ...]
    created: float
    state: State
    is_summary: bool
    follows_summary: bool = False
    """A summary was merged into this row; it was taken off."""
    model: str | None = None
    stop: str | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """What a copy of this row has in common with it."""
        return (self.role, self.author, tuple(part for part in map(_comparable, self.parts) if part))


def _comparable(part: Part) -> tuple[Any, ...] | None:
    if part.kind == "thinking":
        # Branches drop the reasoning of the rows that they copy in some releases.
        return None
    return (part.kind, part.text, part.name, part.call_id, json.dumps(part.arguments, sort_keys=True))


def row_of(value: Json, position: int, *, by_program: bool) -> Row | None:
    """Read a row, or None where its role is unknown.

    A summary that was merged into the first kept message is taken off it.
    """
    if value["role"] not in ROLES:
        return None
    role, author = ROLES[value["role"]]
    parts = _result(value) if role == "tool" else _parts(value)
    text = next((part.text for part in parts if part.kind == "text"), "").lstrip()
    is_summary = text.startswith(SUMMARIES)
    rest = text.partition(SUMMARY_END)[2].strip() if is_summary else ""
    if rest:
        parts, is_summary = (Part(kind="text", text=rest), *(part for part in parts if part.kind != "text")), False
    if is_summary or (role == "user" and (by_program or text.startswith(NOTES) or not parts)):
        author = "program"
    return Row(
        position=position,
        id=str(value["id"]),
        role=role,
        author=author,
        parts=parts,
        created=float(value.get("timestamp") or 0),
        state=_state(value),
        is_summary=is_summary,
        follows_summary=bool(rest),
        stop=STOPS.get(str(value.get("finish_reason"))),
    )


def _state(value: Json) -> State:
    if value.get("active", 1):
        return "live"
    return "compacted" if value.get("compacted") else "undone"


def _parts(value: Json) -> tuple[Part, ...]:
    thinking = value.get("reasoning_content") or value.get("reasoning")
    parts = [Part(kind="thinking", text=clean(thinking))] if isinstance(thinking, str) and thinking else []
    parts += _content(value.get("content"))
    calls = value.get("tool_calls")
    if isinstance(calls, str):
        calls = _loaded(calls)
    for call in calls if isinstance(calls, list) else []:
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict):
            parts.append(
                Part(
                    kind="tool_call",
                    name=clean(function.get("name") or ""),
                    arguments=arguments(function.get("arguments")),
                    call_id=clean(call["id"]) if call.get("id") else None,
                )
            )
    return tuple(parts)


def _content(content: Any) -> list[Part]:
    if isinstance(content, bytes):
        content = content.decode("utf-8", errors="replace")
    blocks = _loaded(content.removeprefix("\0json:")) if _is_packed(content) else None
    if blocks is None:
        return [Part(kind="text", text=clean(content))] if content else []
    parts = []
    for block in blocks if isinstance(blocks, list) else [blocks]:
        if isinstance(block, dict) and isinstance(block.get("text"), str):
            parts.append(Part(kind="text", text=clean(block["text"])))
        elif isinstance(block, dict):
            parts.append(image(block.get("type"), block))
    return parts


def _is_packed(content: Any) -> bool:
    return isinstance(content, str) and content.startswith("\0json:")


def _result(value: Json) -> tuple[Part, ...]:
    text = "\n".join(part.text for part in _content(value.get("content")))
    name = clean(value["tool_name"]) if value.get("tool_name") else None
    found = _loaded(text) if text.startswith("{") else None
    found = found if isinstance(found, dict) else {}
    code = whole(found.get("exit_code"))
    return (
        Part(
            kind="tool_result",
            text=text,
            name=name,
            call_id=clean(value["tool_call_id"]) if value.get("tool_call_id") else None,
            exit_code=exit_code_in(text, name) if code is None else code,
            is_error=bool(found["error"]) if "error" in found else None,
        ),
    )


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
