"""Review: redacted turns to signals, signals to lessons and facts, kept lessons to memory.

Everything is read again each night, so that a better reading reaches old conversations too; what
was found before is found again under its old id and changes nothing.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Sequence

from nightschool.curate import explanations, extract, late, projects, reader, replay, scopes, signals
from nightschool.curate.reconcile import as_fact, reconcile, while_it_lasts
from nightschool.night import repositories
from nightschool.night.context import Context
from nightschool.records import Answer, Fact, Json, Lesson, Prompt, Signal
from nightschool.redact.found import MARK
from nightschool.store import conversations, facts, lessons
from nightschool.turns import turns


def review(context: Context) -> Json:
    """Read every conversation for signals, lessons and facts, and store what is new."""
    db, history = context.db, context.history()
    remembered = {fact.id for fact in facts.live(db)}
    apart = context.config.curate.apart
    found: list[Lesson] = []
    read: Counter[str] = Counter()
    outcomes, problems = _outcomes(context)
    for conversation in history.conversations:
        outcome = outcomes[conversation.id]
        lessons.put_signals(db, conversation.id, outcome)
        read.update(signal.kind for signal in outcome)
        found += scopes.apart(extract.lessons(conversation, outcome), conversation, apart)
        _remember(db, scopes.apart(extract.facts(conversation), conversation, apart))
        _remember(db, projects.facts(conversation, outcome))
    found += explanations.lessons(history.conversations, outcomes)
    found += _read_by_base(context)
    settled = reconcile(
        found, lessons.lessons(db), now=time.time(), candidate_days=context.config.curate.candidate_days
    )
    lessons.put(db, settled.lessons)
    _remember(db, (as_fact(lesson) for lesson in settled.kept()))
    _remember(db, while_it_lasts(settled.lessons))
    live = facts.live(db)
    new = [fact for fact in live if fact.id not in remembered]
    states = Counter(lesson.state for lesson in settled.lessons)
    return {
        "conversations": len(history.conversations),
        "turns": sum(len(turns(conversation)) for conversation in history.conversations),
        "secrets": history.masked,
        "turns_dropped": history.turns_dropped,
        "signals": dict(read),
        "lessons": {"kept": 0} | dict(states),
        "facts": {"live": len(live), "new": len(new)},
        "problems": problems,
        "left_out": _left_out(settled.lessons, settled.duplicates),
        "facts_learnt": [_told(db, fact) for fact in new],
    }


def _outcomes(context: Context) -> tuple[dict[str, list[Signal]], list[str]]:
    """The signals of every conversation, late ones included, and which repositories could not be read."""
    told = context.history().conversations
    found = {conversation.id: list(signals.read(conversation)) for conversation in told}
    folders = context.config.curate.repositories
    kept, problems = repositories.outcomes(folders, [e for c in told for e in late.edits(c)]) if folders else ([], [])
    for conversation_id, signal in (*late.said(told), *kept):
        found[conversation_id].append(signal)
    return found, problems


def _read_by_base(context: Context) -> tuple[Lesson, ...]:
    """Let the base read what the patterns did not, where the settings say so; facts go to memory at once."""
    config = context.config
    if config.curate.reader != "base":
        return ()
    db, told, model = context.db, context.history().conversations, context.base.get()

    def ask(prompts: Sequence[Prompt]) -> list[Answer]:
        return replay.answers(model, prompts, config, context.datasets / "base", max_tokens=reader.LIST_TOKENS)

    read = reader.read(told, model, ask)
    _remember(db, read.facts)
    return (*read.lessons, *reader.hints(told, lessons.signals(db), model, ask))


def _remember(db: sqlite3.Connection, found: Iterable[Fact]) -> None:
    """Offer facts to memory; what was masked in them makes them worthless."""
    for fact in found:
        if not MARK.search(fact.sentence):
            facts.add(db, fact)


def _left_out(found: Sequence[Lesson], duplicates: int) -> dict[str, int]:
    """Wishes that were not taken up, by reason; what was said for the moment only is counted by `compose`."""
    aside = [lesson for lesson in found if lesson.state in ("dropped", "asked", "proposed", "superseded")]
    counts = Counter(_code(lesson.reason) for lesson in aside if lesson.reason != "passing")
    if duplicates:
        counts["said before"] = duplicates
    return dict(counts)


def _code(reason: str) -> str:
    """The reason without the rival that it names."""
    for opening in ("contradicts", "superseded"):
        if reason.startswith(opening):
            return opening
    return reason


def _told(db: sqlite3.Connection, fact: Fact) -> Json:
    conversation = conversations.message_conversation(db, fact.source[0]) if fact.source else None
    return {
        "id": fact.id,
        "kind": fact.kind,
        "text": fact.sentence,
        "conversation": conversation or "",
        "created": fact.known_from,
    }
