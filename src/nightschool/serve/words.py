"""What was really said in a conversation, told from what agents put around it and take back again.

OpenClaw dates each message, adds its runtime to the first and shows a message of context behind the
newest, which is gone from the next request.
"""

from __future__ import annotations

from collections.abc import Sequence

from nightschool.intake.openclaw_message import without_envelope
from nightschool.records import Json


def spoken(messages: Sequence[Json]) -> list[Json]:
    """Return the messages without system prompts and passing context, the person's in their own words."""
    found = []
    for message in messages:
        if message["role"] == "user" and message.get("content"):
            words = without_envelope(str(message["content"]))
            if words:
                found.append(message if words == message["content"] else message | {"content": words})
        elif message["role"] != "system":
            found.append(message)
    return found


def asked(messages: Sequence[Json]) -> str:
    """Return the newest thing that was asked, or nothing."""
    return next((str(message["content"]) for message in reversed(spoken(messages)) if message["role"] == "user"), "")
