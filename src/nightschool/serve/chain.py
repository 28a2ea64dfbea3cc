"""Tells which conversation a request goes on with: clients resend everything and name nothing.

Each message has a key made of all that was said up to it. System prompts are left out, because
agents rewrite theirs at every turn; so are thinking and call ids, which clients drop or renumber.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256

from nightschool.records import Json
from nightschool.serve import words

MOST = 20_000


def keys(messages: Sequence[Json]) -> list[str]:
    """Return one key per message that was spoken."""
    found: list[str] = []
    last = ""
    for message in words.spoken(messages):
        calls = [(call["function"]["name"], call["function"]["arguments"]) for call in message.get("tool_calls") or ()]
        said = [last, message["role"], " ".join(str(message.get("content") or "").split()), calls]
        last = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]
        found.append(last)
    return found


class Versions:
    """Which version each running conversation began with; it stays with it to the end."""

    def __init__(self) -> None:
        self._versions: OrderedDict[tuple[str, str], str] = OrderedDict()

    def of(self, person: str, messages: Sequence[Json]) -> str | None:
        """Return the version that gave the latest answer of this conversation, or None where it is new."""
        for key in reversed(keys(messages)):
            found = self._versions.get((person, key))
            if found:
                return found
        return None

    def note(self, person: str, messages: Sequence[Json], answer: Json, version: str) -> None:
        """Remember who answered."""
        self._versions[person, keys([*messages, answer])[-1]] = version
        while len(self._versions) > MOST:
            self._versions.popitem(last=False)
