"""Clean a whole conversation: mask every text in it, then drop each turn that is still in doubt."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nightschool.records import Conversation, Message, Part
from nightschool.redact.found import Found
from nightschool.redact.scan import redact
from nightschool.redact.second import is_clean

DOUBTFUL_LINE = "[secret:line]"
_TELLTALE = 6
"""Characters from which on a secret is looked for everywhere; a PIN would hit other numbers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """A conversation without secrets, and what that cost."""

    conversation: Conversation
    masked: int
    """Stretches replaced by marks."""
    dropped: tuple[str, ...]
    """Ids of the turns that were dropped whole, because the second scan was not sure of them."""


def clean(conversation: Conversation, *, keep_contact: bool = False) -> Cleaned:
    """Mask secrets, and contact data unless it may stay; drop the turns that are still in doubt.

    Ids stay as they were. What stands behind a dropped message hangs on the nearest one before it
    that is left. Text that belongs to no turn keeps its sure lines.
    """
    secrets = _secrets(conversation)
    count = 0
    masked: list[Message] = []
    for message in conversation.messages:
        parts = []
        for part in message.parts:
            cleaned, found = _part(part, keep_contact, secrets)
            parts.append(cleaned)
            count += found
        masked.append(dataclasses.replace(message, parts=tuple(parts)))
    doubtful = {message.id for message in masked if not all(_sure(part, keep_contact) for part in message.parts)}
    in_turn = _openings(conversation)
    dropped = tuple(dict.fromkeys(in_turn[m.id] for m in masked if m.id in doubtful and m.id in in_turn))
    gone = {m.id for m in masked if in_turn.get(m.id) in dropped or (m.id in doubtful and m.alternate is not None)}
    kept = [_sure_lines(m, keep_contact) if m.id in doubtful else m for m in masked]
    system, in_system = _text(conversation.system or "", keep_contact, secrets)
    title, in_title = _text(conversation.title or "", keep_contact, secrets)
    result = dataclasses.replace(
        conversation,
        messages=_without(kept, gone),
        system=_lines(system, keep_contact) if conversation.system is not None else None,
        title=_lines(title, keep_contact) if conversation.title is not None else None,
    )
    return Cleaned(conversation=result, masked=count + in_system + in_title, dropped=dropped)


def _openings(conversation: Conversation) -> dict[str, str]:
    """Message id -> id of the person's message that opens its turn, along the kept path."""
    openings: dict[str, str] = {}
    opening = None
    for message in conversation.messages:
        if message.alternate is None:
            if message.role == "user" and message.author == "person":
                opening = message.id
            if opening is not None:
                openings[message.id] = opening
    return openings


def _secrets(conversation: Conversation) -> dict[str, str]:
    """Every secret that is told anywhere, with its mark: it is masked where nothing gives it away, too."""
    texts = [conversation.system or ""]
    for message in conversation.messages:
        for part in message.parts:
            texts += [part.text, *(text for _, text in _named(part.arguments or {}, ""))]
    told = {}
    for text in texts:
        for each in _found(text):
            value = text[each.start : each.end]
            if not each.contact and len(value) >= _TELLTALE and "\n" not in value:
                told[value] = each.mark
    return dict(sorted(told.items(), key=lambda pair: -len(pair[0])))


@functools.lru_cache(maxsize=512)
def _found(text: str) -> tuple[Found, ...]:
    """An agent's long system prompt comes back with every conversation, and is scanned once."""
    return redact(text).found


@functools.lru_cache(maxsize=512)
def _redacted(text: str, keep_contact: bool) -> tuple[str, int]:
    redacted = redact(text, keep_contact=keep_contact)
    return redacted.text, len(redacted.found)


def _text(text: str, keep_contact: bool, secrets: dict[str, str]) -> tuple[str, int]:
    """The masked text and how much was masked."""
    masked, count = _redacted(text, keep_contact)
    for value, mark in secrets.items():
        if value in masked:
            # A secret that is a plain word is masked as a word only.
            pattern = rf"\b{value}\b" if value.isalpha() else re.escape(value)
            masked, more = re.subn(pattern, mark, masked)
            count += more
    return masked, count


def _part(part: Part, keep_contact: bool, secrets: dict[str, str]) -> tuple[Part, int]:
    text, found = _text(part.text, keep_contact, secrets)
    if part.arguments is None:
        return dataclasses.replace(part, text=text), found
    arguments, more = _values(part.arguments, "", keep_contact, secrets)
    return dataclasses.replace(part, text=text, arguments=arguments), found + more


def _values(value: Any, name: str, keep_contact: bool, secrets: dict[str, str]) -> tuple[Any, int]:
    """Mask the strings of a tool call's arguments, each under the name it is given there."""
    if isinstance(value, dict):
        pairs = {key: _values(item, str(key), keep_contact, secrets) for key, item in value.items()}
        return {key: item for key, (item, _) in pairs.items()}, sum(n for _, n in pairs.values())
    if isinstance(value, list):
        items = [_values(item, name, keep_contact, secrets) for item in value]
        return [item for item, _ in items], sum(n for _, n in items)
    if not isinstance(value, str):
        return value, 0
    text, count = _text(value, keep_contact, secrets)
    lead = f'{name}="'
    told = f'{lead}{value}"'
    if not count and _is_plain(value) and any(f.start >= len(lead) for f in _found(told) if not f.contact):
        masked, count = _redacted(told, keep_contact)
        text = masked[len(lead) : -1]
    return text, count


def _named(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """The strings of a tool call's arguments, alone and under their names."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _named(item, str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, name)
    elif isinstance(value, str):
        yield name, value
        if _is_plain(value):
            yield name, f'{name}="{value}"'


def _is_plain(value: str) -> bool:
    return '"' not in value and "\n" not in value


def _sure(part: Part, keep_contact: bool) -> bool:
    texts = [part.text, *(f"{name}: {text}" for name, text in _named(part.arguments or {}, ""))]
    return all(is_clean(text, keep_contact=keep_contact) for text in texts if text)


def _sure_lines(message: Message, keep_contact: bool) -> Message:
    parts = tuple(
        dataclasses.replace(
            part, text=_lines(part.text, keep_contact), arguments=None if part.arguments is None else {}
        )
        for part in message.parts
    )
    return dataclasses.replace(message, parts=parts)


def _lines(text: str, keep_contact: bool) -> str:
    """The text with a mark for each line that is in doubt, or one mark where the whole is."""
    if is_clean(text, keep_contact=keep_contact):
        return text
    lines = [line if is_clean(line, keep_contact=keep_contact) else DOUBTFUL_LINE for line in text.split("\n")]
    return "\n".join(lines) if is_clean("\n".join(lines), keep_contact=keep_contact) else DOUBTFUL_LINE


def _without(messages: list[Message], gone: set[str]) -> tuple[Message, ...]:
    """The tree without some messages and without the abandoned answers that hung on them."""
    parents: dict[str, str | None] = {message.id: message.parent_id for message in messages}
    left: list[Message] = []
    removed = set(gone)
    for message in messages:
        if message.id in removed or (message.alternate is not None and message.parent_id in removed):
            removed.add(message.id)
            continue
        parent = message.parent_id
        while parent in removed:
            parent = parents[parent]
        left.append(dataclasses.replace(message, parent_id=parent))
    return tuple(left)
