"""One night's thinking: open questions first, then answers that went wrong, then what keeps coming back.

Every thought is handed over as soon as it is had, so that a night cut short keeps what it thought and repeats
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from nightschool.models.model import Model
from nightschool.records import Conversation, Fact, Lesson, Question, Reflection, Signal
from nightschool.reflect import critique, patterns, questions
from nightschool.reflect.budget import Budget
from nightschool.reflect.revisit import Remember, revisit


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """What a night thinks about; conversations are cleaned of secrets."""

    conversations: Sequence[Conversation]
    signals: Sequence[Signal]
    lessons: Sequence[Lesson]
    facts: Sequence[Fact]
    open: Sequence[Question]
    """Questions that are stored already, whatever their state."""
    thought: Collection[str]
    """Ids of turns that were criticised already."""
    held_out: Collection[str]
    """Conversations that an exam asks about: no candidate may rest on them."""


Keep = Callable[[Question | None, Reflection | None, Lesson | None], None]
"""Stores what one thought left, all of it or nothing."""


def find(material: Material) -> list[Question]:
    """List what is open now: what was stored, and what is new in history."""
    known = {question.id: question for question in material.open}
    by_conversation: dict[str, list[Signal]] = {}
    for signal in material.signals:
        by_conversation.setdefault(signal.turn_id, []).append(signal)
    for conversation in material.conversations:
        own = [signal for message in conversation.messages for signal in by_conversation.get(message.id, ())]
        for question in questions.find(conversation, own):
            known.setdefault(question.id, question)
    for question in questions.contradictions(material.facts):
        known.setdefault(question.id, question)
    return sorted(known.values(), key=lambda one: (-one.opened, one.id))


def think(
    material: Material,
    model: Model,
    remember: Remember,
    budget: Budget,
    keep: Keep,
    *,
    most_changes: int,
    progress: Callable[[int, int], None] | None = None,
) -> str:
    """Think until the budget or the matter ends; return why it ended early, or nothing."""
    conversations = {conversation.id: conversation for conversation in material.conversations}
    waiting = [question for question in find(material) if question.state == "open"]
    wrong = [
        trouble
        for trouble in critique.troubles(material.conversations, material.signals, material.lessons, material.held_out)
        if trouble.turn_id not in material.thought
    ]
    known = {question.id for question in material.open}
    for question in waiting:
        if question.id not in known:
            keep(question, None, None)
    total = len(waiting) + len(wrong)
    for done, question in enumerate(waiting):
        if budget.ended:
            return budget.ended
        again, thought = revisit(
            question, conversations.get(question.conversation_id), material.facts, model, remember, budget
        )
        keep(again, thought, None)
        if progress is not None:
            progress(done + 1, total)
    changes = 0
    for done, trouble in enumerate(wrong):
        if budget.ended or changes >= most_changes:
            return budget.ended or "enough was proposed for one night"
        thought, lesson = critique.criticise(trouble, model, budget)
        changes += lesson is not None
        keep(None, thought, lesson)
        if progress is not None:
            progress(len(waiting) + done + 1, total)
    for lesson in patterns.weakened(material.lessons, material.conversations, material.signals)[:most_changes]:
        keep(None, None, lesson)
    for thought in patterns.procedures(material.conversations, material.signals)[:most_changes]:
        if thought.id not in material.thought:
            keep(None, thought, None)
    return ""
