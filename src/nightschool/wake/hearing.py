"""A typed sentence as facts: the same reading as of what is said in a conversation."""

from __future__ import annotations

import dataclasses
import re
import time

from nightschool.curate import extract
from nightschool.curate.told import telling
from nightschool.errors import UserError
from nightschool.intake.message import conversation_id, message
from nightschool.records import Conversation, Fact, Part
from nightschool.store.facts import MANY_VALUED
from nightschool.store.revision import new_id
from nightschool.wake.talk import PROGRAM


def typed(sentence: str, now: float) -> list[Fact]:
    """Read a typed sentence: the facts it tells, or itself as one of no known relation.

    Raises UserError where it says two different things of the same.
    """
    heard = [fact for fact in extract.facts(_talk(sentence, now)) if fact.relation]
    said: dict[tuple[str, str], Fact] = {}
    for fact in [*heard, *_halves(sentence, now)]:
        rival = said.setdefault((fact.subject, fact.relation), fact)
        if fact.relation not in MANY_VALUED and rival.object.casefold() != fact.object.casefold():
            raise UserError(
                f"The sentence contradicts itself: {rival.object!r} and {fact.object!r}",
                hint="Tell the one that holds",
            )
    heard = heard or [_of_known_wording(sentence)]
    return [
        dataclasses.replace(
            fact, id=new_id(fact.sentence, now), source=(), known_from=now, valid_from=None,
            sentence=sentence if len(heard) == 1 else fact.sentence,
        )
        for fact in heard
    ]  # fmt: skip


def one(sentence: str, *, preference: bool = False, scope: str = "everywhere") -> Fact:
    """Make one fact of a typed sentence, whole as it is: what it says of whom is read where it is one thing."""
    now, sentence = time.time(), sentence.strip()
    subject, relation, object_ = ("", "", "") if preference else meaning(sentence) or ("", "", "")
    return Fact(
        id=new_id(sentence, now), kind="preference" if preference else "fact", sentence=sentence, subject=subject,
        relation=relation, object=object_, known_from=now, scope=scope,
    )  # fmt: skip


def meaning(sentence: str) -> tuple[str, str, str] | None:
    """Return subject, relation and object of a typed sentence, or None where it tells none or several."""
    told = telling.told(sentence)
    return (told[0].subject, told[0].relation, told[0].object) if len(told) == 1 else None


def _of_known_wording(sentence: str) -> Fact:
    """A sentence that no pattern of speech knows: in the words that edits know, or without a relation."""
    from nightschool.edit.phrasing import parse

    fact = parse(sentence)
    if fact is None:
        return Fact(id="", kind="fact", sentence=sentence)
    subject = fact.role or fact.name or fact.thing or "user"
    return Fact(id="", kind="fact", sentence=sentence, subject=subject, relation=fact.relation, object=fact.object)


def _halves(sentence: str, now: float) -> list[Fact]:
    """What the parts of a sentence joined by `and` or `but` tell on their own."""
    parts = re.split(r",? (?:and|but) |; ", sentence)
    return [fact for part in parts if len(parts) > 1 for fact in extract.facts(_talk(part, now)) if fact.relation]


def _talk(sentence: str, now: float) -> Conversation:
    name = conversation_id(PROGRAM, "typed")
    said = message(
        conversation=name, parent=None, role="user", author="person", created=now,
        parts=[Part(kind="text", text=sentence)],
    )  # fmt: skip
    return Conversation(id=name, program=PROGRAM, source_id="typed", started=now, messages=(said,))
