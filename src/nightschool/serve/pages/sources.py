"""Where something was said: one conversation, redacted, with the signals read from it."""

from __future__ import annotations

from nightschool import redact
from nightschool.records import Json, Message, Turn, to_json
from nightschool.serve.pages.visit import Missing, View, Visit
from nightschool.store import conversations, lessons
from nightschool.turns import turns

LONGEST = 4000
"""Letters of one message that are shown; the export has all of it."""


def conversation(visit: Visit) -> View:
    """The kept path, turn by turn; each message can be linked to by its id."""
    with visit.store() as db:
        found = conversations.get(db, visit.asked("id"))
        if found is None:
            raise Missing("There is no such conversation")
        signals = [to_json(signal) for signal in lessons.signals(db, found.id)]
    cleaned = redact.clean(found)
    by_turn: dict[str, list[Json]] = {}
    for signal in signals:
        by_turn.setdefault(signal["turn_id"], []).append(signal)
    data: Json = {
        "id": found.id,
        "program": found.program,
        "started": found.started,
        "name": redact.redact(found.title or "").text,
        "masked": cleaned.masked,
        "dropped": len(cleaned.dropped),
        "turns": [_turn(turn, by_turn.get(turn.id, [])) for turn in turns(cleaned.conversation)],
    }
    return View(title=data["name"] or "Conversation", template="conversation.html", data=data)


def _turn(turn: Turn, signals: list[Json]) -> Json:
    return {
        "id": turn.id,
        "messages": [_message(message) for message in turn.messages],
        "left": [[_message(message) for message in run] for run in turn.alternates],
        "signals": signals,
    }


def _message(message: Message) -> Json:
    calls = [part.name or "tool" for part in message.parts if part.kind == "tool_call"]
    results = [part.text for part in message.parts if part.kind == "tool_result"]
    return {
        "id": message.id,
        "author": message.author,
        "model": message.model,
        "text": (message.text or "\n".join(results))[:LONGEST],
        "calls": calls,
    }
