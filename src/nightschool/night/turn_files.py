"""Dated files of tool-use turns: one JSON line each, redacted, whole, with what the person did next.

A row is in OpenAI's form with the turn at its end. Its seal tells that its text is still as it was redacted, so
that reading it again costs nothing. Scores that an earlier judging left in a file are carried over.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from nightschool.curate.instances import Place, places, untold
from nightschool.curate.judges import evidence
from nightschool.curate.judges.evidence import Evidence
from nightschool.errors import UserError
from nightschool.records import Conversation, Json, Signal, json_lines
from nightschool.redact import is_clean, redact
from nightschool.turns import chat_message, prompt_before

JUDGED = "judged"
MOST_EARLIER = 40_000
"""Letters of earlier messages that a row carries, whole messages only: in all, a long session would be squared."""
_SEALED = ("messages", "tools", "next")


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What an export wrote."""

    files: tuple[Path, ...]
    turns: int
    without_tools: int
    noise: int


def export(
    conversations: Sequence[Conversation],
    signals: Iterable[Signal],
    folder: Path,
    *,
    everything: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Exported:
    """Write the tool-use turns of a redacted history into one file for each day; with `everything`, the others too."""
    spoken: dict[str, list[Json]] = {}
    for signal in signals:
        kept = {"kind": signal.kind, "polarity": signal.polarity, "strength": signal.strength, "by": signal.by}
        spoken.setdefault(signal.turn_id, []).append(kept)
    days: dict[str, list[Json]] = {}
    without = noise = 0
    for done, conversation in enumerate(conversations):
        progress(done, len(conversations))
        for place in places([conversation], ()):
            if evidence.noise(evidence.of_turn(place)):
                noise += 1
            elif not everything and not _uses_tools(place):
                without += 1
            else:
                made = row(place, spoken.get(place.turn.id, []))
                days.setdefault(str(made["date"]), []).append(made)
    files = [_written(folder / f"{day}.jsonl", rows) for day, rows in sorted(days.items())]
    turns = sum(len(rows) for rows in days.values())
    return Exported(files=tuple(files), turns=turns, without_tools=without, noise=noise)


def row(place: Place, signals: Sequence[Json] = ()) -> Json:
    """Set one turn as a row."""
    first = place.turn.messages[0]
    prompt = untold(prompt_before(place.conversation, first.id))
    told = [message for message in prompt.messages if message.get("role") == "system"]
    before = [message for message in prompt.messages if message.get("role") != "system"]
    kept, left = 0, MOST_EARLIER
    for message in reversed(before):
        left -= len(json.dumps(message, ensure_ascii=False))
        if left < 0:
            break
        kept += 1
    moment = datetime.fromtimestamp(first.created or place.conversation.started, tz=UTC)
    made: Json = {
        "id": first.id,
        "conversation": place.conversation.id,
        "date": moment.date().isoformat(),
        "program": place.conversation.program,
        "model": next((message.model for message in reversed(place.turn.messages) if message.model), None),
        "messages": [*told, *before[len(before) - kept :], *(chat_message(message) for message in place.turn.messages)],
        "earlier_left_out": len(before) - kept,
        "tools": list(prompt.tools),
        "next": place.following.messages[0].text if place.following else "",
        "signals": list(signals),
    }
    return made | {"redacted": seal(made)}


def seal(made: Json) -> str:
    """Hash of what a row shows."""
    shown = json.dumps([made.get(key) for key in _SEALED], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def shown(made: Json) -> Evidence | None:
    """What judges may see of a row: redacted, or None where something private might be left in it.

    Raises ValueError where the row holds no answered turn.
    """
    found = evidence.of_row(made)
    if made.get("redacted") == seal(made):
        return found
    steps = tuple(dataclasses.replace(step, text=redact(step.text).text) for step in found.steps)
    masked = dataclasses.replace(
        found,
        question=redact(found.question).text,
        steps=steps,
        system=redact(found.system).text,
        earlier=tuple(redact(message).text for message in found.earlier),
        reaction=redact(found.reaction).text,
    )
    texts = (masked.question, masked.system, *masked.earlier, masked.reaction, *(step.text for step in steps))
    return masked if all(is_clean(text) for text in texts) else None


def replace(path: Path, lines: Iterable[str]) -> None:
    """Put a file in another one's place, whole or not at all, with the same mode."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    try:
        with open(
            partial, "w", encoding="utf-8", newline="", opener=lambda name, flags: os.open(name, flags, mode)
        ) as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UserError(
            f"{path} cannot be written: {error.strerror}", hint="It is as it was; mend that and go on"
        ) from error


def _written(path: Path, rows: Sequence[Json]) -> Path:
    judged = {}
    with contextlib.suppress(OSError, ValueError):
        for line in json_lines(path.read_text(encoding="utf-8")):
            old = json.loads(line)
            if JUDGED in old and old.get("redacted") == seal(old):
                judged[old["id"], old["redacted"]] = old[JUDGED]
    for made in rows:
        if (made["id"], made["redacted"]) in judged:
            made[JUDGED] = judged[made["id"], made["redacted"]]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{path.parent} cannot be made: {error.strerror}", hint="Name another folder") from error
    replace(path, (f"{json.dumps(made, ensure_ascii=False)}\n" for made in rows))
    return path


def _uses_tools(place: Place) -> bool:
    return any(part.kind == "tool_call" for message in place.turn.messages for part in message.parts)
