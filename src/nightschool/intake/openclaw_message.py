"""One OpenClaw record as a message: who really wrote it, and what they wrote.

What OpenClaw puts around or in place of the person's words (channel envelopes, runtime context,
heartbeats) is taken off or marked as the program's. Exit codes are read, success flags are not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nightschool.intake.message import arguments, clean, exit_code_in, image, whole
from nightschool.records import Author, Json, Part, Role

SILENT = frozenset({"NO_REPLY", "HEARTBEAT_OK"})
STOPS = {"stop": "stop", "length": "length", "toolUse": "tool", "error": "error", "aborted": "aborted"}
MIRRORS = frozenset({"delivery-mirror", "gateway-injected"})
"""Models in whose name OpenClaw writes copies of what it delivered."""
_DATED = re.compile(r"\A\[[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? [A-Z+:0-9-]+\] ")
_CHANNEL = re.compile(
    r"\A\[(?:WhatsApp|Telegram|Discord|Slack|Signal|iMessage|BlueBubbles|Matrix|Teams|MSTeams|Mattermost|LINE|Zalo"
    r"|Feishu|Google Chat|WebChat|Nostr|Tlon|Twitch)\b[^\]\n]*\] "
)
_UNTRUSTED = re.compile(r"\A(?:[A-Z][^\n]{0,80}\(untrusted[^\n)]*\):\n```json\n.*?\n```\n+)+", re.DOTALL)
_INTERNAL = re.compile(r"<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>.*?(?:<<<END_OPENCLAW_INTERNAL_CONTEXT>>>|\Z)", re.DOTALL)
_RUNTIME = re.compile(r"\n+Runtime: agent=[^\n]*\|[^\n]*\Z")
_TAG = re.compile(r"\n?\[message_id: [^\]\n]*\]\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A record's content, before it has a place in the tree."""

    role: Role
    author: Author
    parts: tuple[Part, ...]
    created: float
    model: str | None = None
    stop: str | None = None


def said(event: Json, *, by_program: bool, in_group: bool) -> Said | None:
    """Return what a record adds to the model's context, or None where it adds nothing.

    `by_program` says that nobody typed into this session (cron, hook, subagent).
    """
    created = moment(event.get("timestamp"))
    kind = event.get("type")
    if kind == "message" and isinstance(event.get("message"), dict):
        return _message(event["message"], created, by_program=by_program, in_group=in_group)
    text = {
        "compaction": event.get("summary"),
        "branch_summary": event.get("summary"),
        "custom_message": event.get("content"),
    }.get(str(kind))
    parts = content(text)
    return Said(role="user", author="program", parts=parts, created=created) if parts else None


def _message(value: Json, created: float, *, by_program: bool, in_group: bool) -> Said | None:
    created = moment(value.get("timestamp")) or created
    role = value.get("role")
    if role == "toolResult":
        return Said(role="tool", author="tool", parts=(_result(value),), created=created)
    if role == "assistant":
        return _assistant(value, created)
    if role == "user":
        typed, injected = _typed(content(value.get("content")))
        foreign = by_program or _is_foreign(value, in_group) or not typed
        parts = typed if typed else injected
        is_poll = any(part.text.strip() == "[OpenClaw heartbeat poll]" for part in typed)
        return Said(role="user", author="program" if foreign or is_poll else "person", parts=parts, created=created)
    if role == "bashExecution" and not value.get("excludeFromContext"):
        text = f"$ {clean(value.get('command') or '')}\n{clean(value.get('output') or '')}"
        part = Part(kind="text", text=text, exit_code=whole(value.get("exitCode")))
        return Said(role="user", author="program", parts=(part,), created=created)
    if role in ("custom", "branchSummary", "compactionSummary", "system"):
        parts = content(value.get("content") or value.get("summary"))
        return Said(role="user", author="program", parts=parts, created=created) if parts else None
    return None


def _assistant(value: Json, created: float) -> Said:
    parts = content(value.get("content"))
    text = "\n".join(part.text for part in parts if part.kind == "text").strip()
    mirrored = value.get("provider") == "openclaw" and str(value.get("model")) in MIRRORS
    return Said(
        role="assistant",
        author="program" if text in SILENT or mirrored else "assistant",
        parts=parts,
        created=created,
        model=value["model"] if isinstance(value.get("model"), str) else None,
        stop=STOPS.get(str(value.get("stopReason"))),
    )


def _result(value: Json) -> Part:
    text = "\n".join(part.text for part in content(value.get("content")) if part.kind in ("text", "image"))
    details = value.get("details")
    code = whole(details.get("exitCode")) if isinstance(details, dict) else None
    name = clean(value["toolName"]) if value.get("toolName") else None
    flag = value.get("isError")
    return Part(
        kind="tool_result",
        text=text,
        name=name,
        call_id=clean(value["toolCallId"]) if value.get("toolCallId") else None,
        exit_code=exit_code_in(text, name) if code is None else code,
        is_error=flag if isinstance(flag, bool) else None,
    )


def content(value: Any) -> tuple[Part, ...]:
    """Return the parts of a record's content, which is a text or a list of blocks."""
    if isinstance(value, str):
        return (Part(kind="text", text=clean(value)),) if value else ()
    parts = [_block(block) for block in value] if isinstance(value, list) else []
    return tuple(part for part in parts if part)


def _block(block: Any) -> Part | None:
    if isinstance(block, str):
        return Part(kind="text", text=clean(block)) if block else None
    if not isinstance(block, dict):
        return None
    kind = block.get("type")
    if kind == "text" and block.get("text"):
        return Part(kind="text", text=clean(block["text"]))
    if kind == "thinking" and block.get("thinking"):
        return Part(kind="thinking", text=clean(block["thinking"]))
    if kind == "toolCall":
        return Part(
            kind="tool_call",
            name=clean(block.get("name") or ""),
            arguments=arguments(block.get("arguments")),
            call_id=clean(block["id"]) if block.get("id") else None,
        )
    if kind == "image":
        return image(block.get("mimeType"), block.get("data"))
    return None


def _typed(parts: Sequence[Part]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Split a user record into what was typed and, where nothing was, what the program put there."""
    typed = []
    for part in parts:
        if part.kind != "text":
            typed.append(part)
        elif text := without_envelope(part.text):
            typed.append(Part(kind="text", text=text))
    return tuple(typed), tuple(parts)


def without_envelope(text: str) -> str:
    """Return the person's own words, without what a channel or the runtime put around them."""
    text = _INTERNAL.sub("", text)
    text = _UNTRUSTED.sub("", text)
    for pattern in (_DATED, _CHANNEL, _DATED, _TAG, _RUNTIME):
        text = pattern.sub("", text)
    return text if text.strip() else ""


def _is_foreign(value: Json, in_group: bool) -> bool:
    """Tell a user record that the person did not write: another session, the system, another member."""
    provenance = value.get("provenance")
    if isinstance(provenance, dict) and provenance.get("kind") not in (None, "external_user"):
        return True
    marks = value.get("__openclaw")
    return in_group and isinstance(marks, dict) and marks.get("senderIsOwner") is False


def moment(value: Any) -> float:
    """Return seconds since the epoch from an ISO text or milliseconds; 0 where it is neither."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e14:
        return float(value) / 1000
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
        except (ValueError, OverflowError):
            return 0.0
    return 0.0
