"""Tells which conversation a request goes on with: clients resend everything and name nothing.

Each message has a key made of all that was said up to it. System prompts are left out, because
agents rewrite theirs at every turn; so are thinking, inline too, and call ids, which clients drop or renumber.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256

from nightschool.records import Json
from nightschool.serve import words
from nightschool.turns import apart

MOST = 20_000


def keys(messages: Sequence[Json]) -> list[str]:
    """Return one key per message that was spoken."""
    found: list[str] = []
    last = ""
    for message in words.spoken(messages):
        calls = [(call["function"]["name"], call["function"]["arguments"]) for call in message.get("tool_calls") or ()]
        content = str(message.get("content") or "")
        text = apart(content)[1] if message["role"] == "assistant" else content
        said = [last, message["role"], " ".join(text.split()), calls]
        last = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]
        found.append(last)
    return found


class Noted:
    """Who answers each running conversation; it stays with that to the end."""

    def __init__(self) -> None:
        self._noted: OrderedDict[tuple[str, str], str] = OrderedDict()

    def of(self, person: str, known: Sequence[str]) -> str | None:
        """Return what was noted last of a conversation with these keys, or None where it is new."""
        for key in reversed(known):
            found = self._noted.get((person, key))
            if found:
                return found
        return None

    def note(self, person: str, key: str, who: str) -> None:
        """Remember who answers from this key on."""
        self._noted[person, key] = who
        while len(self._noted) > MOST:
            self._noted.popitem(last=False)
