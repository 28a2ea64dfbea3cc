"""The history as every stage of the night sees it: redacted, with what was masked counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from nightschool.records import Conversation
from nightschool.redact import clean
from nightschool.store import conversations


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """All conversations after redaction."""

    conversations: tuple[Conversation, ...]
    masked: int
    """How many secrets and pieces of contact data have a mark in their place."""
    turns_dropped: int
    """Turns left out whole, because the second scan still found something."""


def redacted(db: sqlite3.Connection, advance: Callable[[int, int], None]) -> History:
    """Redact every conversation; nothing in the night but this function sees an original."""
    kept, masked, dropped = [], 0, 0
    everything = conversations.all_conversations(db)
    for done, conversation in enumerate(everything):
        advance(done, len(everything))
        result = clean(conversation)
        kept.append(result.conversation)
        masked += result.masked
        dropped += len(result.dropped)
    return History(conversations=tuple(kept), masked=masked, turns_dropped=dropped)
