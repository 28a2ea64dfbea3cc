"""Chat files in OpenAI form: `messages` lines, preference pairs, and labelled completions.

They carry no ids and no times, so a conversation is named after its content. Of a pair the chosen
answer is the kept path and the rejected one an alternate, each with the person's rating.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nightschool.intake.batch import Batch, Reading
from nightschool.intake.lines import Line, Skipped, check_encoding, parse, read_bytes, split
from nightschool.intake.message import (
    arguments,
    clean,
    conversation_id,
    exit_code_in,
    image,
    message,
    openai_tool,
    whole,
)
from nightschool.records import AlternateKind, Author, Json, Message, Part, Role
from nightschool.store.conversations import Origin, View
from nightschool.store.originals import Document

PROGRAM = "openai"
ROLES: dict[str, tuple[Role, Author]] = {
    "system": ("system", "program"),
    "developer": ("system", "program"),
    "user": ("user", "person"),
    "assistant": ("assistant", "assistant"),
    "tool": ("tool", "tool"),
    "function": ("tool", "tool"),
}
PAIR = frozenset({"input", "preferred_output", "non_preferred_output"})
COMPLETION = frozenset({"prompt", "completion"})
CHOSEN = frozenset({"chosen", "rejected"})
LINES_AT_ONCE = 500


class Unreadable(ValueError):
    """A line that is JSON but no conversation; the text says why."""


def is_chat(value: Json) -> bool:
    """Tell a line of one of the known forms by its keys."""
    keys = value.keys()
    is_hermes_export = {"source", "started_at"} <= keys
    return ("messages" in keys and not is_hermes_export) or any(form <= keys for form in (PAIR, COMPLETION, CHOSEN))


def read_file(path: Path) -> Reading:
    """Open one JSONL file."""
    data = read_bytes(path)
    check_encoding(path, data)
    lines = split(data)
    return Reading(program=PROGRAM, size=1 + len(lines) // LINES_AT_ONCE, batches=_batches(path, lines))


def _batches(path: Path, lines: tuple[bytes, ...]) -> Iterator[Batch]:
    documents: tuple[Document, ...] = (Document(name=str(path), lines=lines),)
    views: list[View] = []
    skipped: list[Skipped] = []
    for item in parse(lines, str(path)):
        if isinstance(item, Skipped):
            skipped.append(item)
            continue
        try:
            views.append(_view(item, path))
        except Unreadable as error:
            skipped.append(Skipped(where=f"{path}:{item.position + 1}", why=str(error)))
        if len(views) == LINES_AT_ONCE:
            yield Batch(documents=documents, views=tuple(views), skipped=tuple(skipped))
            documents, views, skipped = (), [], []
    yield Batch(documents=documents, views=tuple(views), skipped=tuple(skipped))


def _view(line: Line, path: Path) -> View:
    value = line.value
    if not is_chat(value):
        raise Unreadable("it holds no `messages` and no pair")
    prompt, kept, rejected, rating = _form(value)
    tools = _tools(value)
    said = json.dumps([prompt, kept, rejected, tools], sort_keys=True)
    conversation = conversation_id(PROGRAM, said)
    nodes = _chain(conversation, None, [*prompt, *kept])
    stem = nodes[len(prompt) - 1] if prompt else None
    others = _chain(conversation, stem, rejected) if rejected else []
    left: dict[str, AlternateKind] = {node.id: "regenerate" for node in others if node not in nodes}
    ratings = {nodes[-1].id: rating} if rating else {}
    if left:
        ratings[others[-1].id] = -1
    unique = {node.id: node for node in (*nodes, *others)}
    system = next((node.text for node in nodes[:1] if node.role == "system"), None)
    name = value.get("id") or value.get("conversation_id")
    return View(
        conversation_id=conversation,
        program=PROGRAM,
        session_id=clean(name) if isinstance(name, str) else f"{path.name}:{line.position + 1}",
        messages=tuple(unique.values()),
        leaf=nodes[-1].id,
        left=left,
        ratings=ratings,
        origins=tuple(Origin(document=str(path), position=line.position, message_id=key) for key in unique),
        system=system,
        tools=tools,
    )


def _form(value: Json) -> tuple[list[Json], list[Json], list[Json], int]:
    """Return the prompt, the kept messages, the rejected ones, and the rating of the kept ones."""
    if "messages" in value:
        return [], _messages(value["messages"], "user"), [], 0
    if value.keys() >= PAIR:
        given = value["input"].get("messages") if isinstance(value["input"], dict) else value["input"]
        chosen, rejected = value["preferred_output"], value["non_preferred_output"]
        return _messages(given, "user"), _messages(chosen, "assistant"), _messages(rejected, "assistant"), 1
    if value.keys() >= COMPLETION:
        given, answer = _messages(value["prompt"], "user"), _messages(value["completion"], "assistant")
        label = value.get("label")
        return given, answer, [], (1 if label else -1) if isinstance(label, (bool, int)) else 0
    chosen, rejected = _messages(value["chosen"], "assistant"), _messages(value["rejected"], "assistant")
    if "prompt" in value:
        prompt = _messages(value["prompt"], "user")
        if chosen[: len(prompt)] == prompt and rejected[: len(prompt)] == prompt and len(chosen) > len(prompt):
            return prompt, chosen[len(prompt) :], rejected[len(prompt) :], 1
        return prompt, chosen, rejected, 1
    shared = 0
    while shared < min(len(chosen), len(rejected)) - 1 and chosen[shared] == rejected[shared]:
        shared += 1
    return chosen[:shared], chosen[shared:], rejected[shared:], 1


def _messages(value: Any, role: str) -> list[Json]:
    """Return a list of messages; a bare text is one message of `role`."""
    found = [{"role": role, "content": value}] if isinstance(value, str) else value
    if not isinstance(found, list) or not found:
        raise Unreadable("it holds no messages")
    for number, one in enumerate(found, 1):
        if not isinstance(one, dict):
            raise Unreadable(f"message {number} is not an object")
        if not isinstance(one.get("role"), str) or one["role"] not in ROLES:
            raise Unreadable(f"message {number} has the unknown role {one.get('role')!r}")
    return found


def _chain(conversation: str, parent: Message | None, messages: Sequence[Json]) -> list[Message]:
    nodes = []
    for value in messages:
        role, author = ROLES[value["role"]]
        parent = message(
            conversation=conversation,
            parent=parent,
            role=role,
            author=author,
            parts=_result(value) if role == "tool" else _parts(value),
            model=value["model"] if isinstance(value.get("model"), str) else None,
        )
        nodes.append(parent)
    return nodes


def _result(value: Json) -> tuple[Part, ...]:
    text = "\n".join(part.text for part in _text(value.get("content")))
    name = clean(value["name"]) if value.get("name") else None
    call_id = clean(value["tool_call_id"]) if value.get("tool_call_id") else None
    code = exit_code_in_json(text)
    return (
        Part(
            kind="tool_result",
            text=text,
            name=name,
            call_id=call_id,
            exit_code=exit_code_in(text, name) if code is None else code,
        ),
    )


def exit_code_in_json(text: str) -> int | None:
    """Read `exit_code` from a result that is a JSON object."""
    if not text.startswith("{") or "exit" not in text:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    code = value.get("exit_code", value.get("exitCode")) if isinstance(value, dict) else None
    return whole(code)


def _parts(value: Json) -> tuple[Part, ...]:
    thinking = value.get("reasoning_content") or value.get("reasoning")
    parts = [Part(kind="thinking", text=clean(thinking))] if isinstance(thinking, str) and thinking else []
    parts += _text(value.get("content"))
    calls = value.get("tool_calls") or ()
    if isinstance(value.get("function_call"), dict):
        calls = ({"function": value["function_call"]},)
    for call in calls if isinstance(calls, (list, tuple)) else ():
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


def _text(content: Any) -> list[Part]:
    if isinstance(content, str):
        return [Part(kind="text", text=clean(content))] if content else []
    parts = []
    for block in content if isinstance(content, list) else []:
        if isinstance(block, dict) and isinstance(block.get("text"), str):
            parts.append(Part(kind="text", text=clean(block["text"])))
        elif isinstance(block, dict) and block.get("type") in ("image_url", "image", "input_image"):
            parts.append(image(block.get("type"), block.get("image_url") or block.get("source")))
    return parts


def _tools(value: Json) -> tuple[Json, ...]:
    given = value.get("tools")
    if given is None and isinstance(value.get("input"), dict):
        given = value["input"].get("tools")
    if isinstance(given, str):
        given = arguments(f'{{"tools": {given}}}').get("tools")
    found = [openai_tool(tool) for tool in given] if isinstance(given, list) else []
    return tuple(tool for tool in found if tool)
