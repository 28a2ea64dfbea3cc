"""Hears what a person tells of themselves in any client, while they are awake.

It goes into memory at once, and into the weights when the model has a moment; where another server
answers, memory tells it until the next delivery.
"""

from __future__ import annotations

import sqlite3

from nightschool.curate import extract
from nightschool.records import Conversation, Fact
from nightschool.redact import clean
from nightschool.redact.found import MARK
from nightschool.serve.local import Local
from nightschool.serve.people import Person
from nightschool.serve.recorder import Notice
from nightschool.serve.serving import Engine
from nightschool.store import conversations, facts
from nightschool.store.conversations import View


def noticing(engine: Engine) -> Notice:
    """Return what the recorder calls with every new turn."""

    def notice(db: sqlite3.Connection, person: Person, view: View, version: str) -> None:
        told = remembered(db, view)
        if told and isinstance(engine, Local):
            engine.learn(told, person, version)

    return notice


def remembered(db: sqlite3.Connection, view: View) -> list[Fact]:
    """Put into memory what the newest messages of a conversation tell, and return what is new of it."""
    conversation = conversations.get(db, view.conversation_id)
    if conversation is None:
        return []
    new = {message.id for message in view.messages}
    known = {fact.id for fact in facts.live(db)}
    found = [fact for fact in _facts(conversation) if new & set(fact.source) and not MARK.search(fact.sentence)]
    stored = [facts.add(db, fact) for fact in found]
    return [fact for fact in stored if fact.id not in known and fact.state == "live"]


def _facts(conversation: Conversation) -> tuple[Fact, ...]:
    return extract.facts(clean(conversation).conversation)
