"""Which form of explanation works for this person: after which they go on, and after which they ask again.

Pure. A form that helps clearly more often than its absence is proposed, as a wish of everything or of one topic; it
is told only when the person keeps it, since nobody said it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nightschool.curate.instances import CLEAR
from nightschool.records import Conversation, Lesson, Signal, Turn
from nightschool.statistics import fisher
from nightschool.turns import final_answer, turns

REASON = "explained so"
LEAST = 5
"""Explanations with a form, and without it, before anything is concluded."""
ALPHA = 0.05
_ASKS = re.compile(
    r"(?i)\b(?:explain|how (?:does|do|did|is|are|come)|why (?:is|are|does|do|did|would|can)|what (?:does|do)"
    r" .{1,60}\bmean|what(?:'s| is| are) (?:the )?(?:idea|difference|point|meaning|concept)|help me understand|teach me"
    r"|walk me through)\b"
)
_EXAMPLE = re.compile(r"(?i)\b(?:for example|for instance|e\.g\.|say you|suppose|let's take|take the case)\b|```")
_ANALOGY = re.compile(
    r"(?i)\b(?:think of (?:it|this|that|them|a|an|the) .{0,40}\b(?:as|like)\b|imagine (?:it|this|that|a|an|you)"
    r"|(?:is|are|works?|acts?) (?:a bit |much |rather |just )?like (?:a|an|the|your|when)\b"
    r"|picture (?:a|it|this)|as if)"
)
_CODE = re.compile(
    r"(?i)```|\b(?:function|class|code|python|javascript|rust|regex|sql|git|compiler?|variable|loop|async)\b"
)
SHORT, DEEP = 60, 180
"""Words up to which an explanation is short, and from which on it goes deep."""
WORDS = {
    "example": "Begin an explanation{topic} with an example.",
    "analogy": "Explain{topic} with an analogy.",
    "steps": "Explain{topic} step by step, in a numbered list.",
    "short": "Keep explanations{topic} short.",
    "deep": "Explain{topic} in depth.",
}
TOPICS = {"": "", "code": " of code", "other": " of things other than code"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """One explanation with what became of it."""

    conversation: Conversation
    turn: Turn
    forms: frozenset[str]
    topic: str
    worked: bool
    at: float


def lessons(conversations: Sequence[Conversation], signals: Mapping[str, Sequence[Signal]]) -> list[Lesson]:
    """Propose the forms that work, the whole before its topics."""
    found = [each for one in conversations for each in explained(one, signals.get(one.id, ()))]
    made: list[Lesson] = []
    for topic in TOPICS:
        some = [each for each in found if topic in ("", each.topic)]
        better = [form for form in WORDS if helps(some, form)]
        made += [_lesson(some, form, topic) for form in better if not topic or not helps(found, form)]
    return made


def explained(conversation: Conversation, signals: Sequence[Signal]) -> Iterator[Explained]:
    """List the explanations of a conversation of which it is known whether they worked."""
    clear: dict[str, int] = {}
    for signal in signals:
        if signal.strength >= CLEAR:
            clear[signal.turn_id] = min(signal.polarity, clear.get(signal.turn_id, 1))
    told = turns(conversation)
    for turn in told:
        answer = final_answer(turn)
        went_on = turn.index + 1 < len(told)
        outcome = clear.get(turn.id, 1 if went_on else 0)
        if answer is None or not outcome or not _ASKS.search(turn.messages[0].text):
            continue
        code = _CODE.search(f"{turn.messages[0].text}\n{answer.text}")
        yield Explained(
            conversation=conversation,
            turn=turn,
            forms=forms(answer.text),
            topic="code" if code else "other",
            worked=outcome > 0,
            at=turn.messages[0].created or conversation.started,
        )


def forms(answer: str) -> frozenset[str]:
    """Name the forms that an explanation has."""
    opening = " ".join(re.split(r"(?<=[.!?:])\s+", answer.strip())[:2])
    words = len(answer.split())
    has = {
        "example": bool(_EXAMPLE.search(opening)),
        "analogy": bool(_ANALOGY.search(answer)),
        "steps": len(re.findall(r"(?m)^\s*\d+[.)] ", answer)) >= 3,
        "short": words <= SHORT,
        "deep": words >= DEEP,
    }
    return frozenset(form for form, there in has.items() if there)


def helps(some: Sequence[Explained], form: str) -> bool:
    """Tell whether explanations of a form worked more often than others, beyond chance."""
    sides = [[each.worked for each in some if (form in each.forms) is there] for there in (True, False)]
    if min(map(len, sides)) < LEAST:
        return False
    (good, bad), (other_good, other_bad) = [(sum(side), len(side) - sum(side)) for side in sides]
    return good / len(sides[0]) > other_good / len(sides[1]) and fisher(good, bad, other_good, other_bad) < ALPHA


def _lesson(some: Sequence[Explained], form: str, topic: str) -> Lesson:
    seen = sorted((each for each in some if form in each.forms and each.worked), key=lambda each: each.at)
    return Lesson(
        id=f"l-{hashlib.sha256(f'explained {form} {topic}'.encode()).hexdigest()[:16]}",
        kind="preference",
        text=WORDS[form].format(topic=TOPICS[topic]),
        durable=True,
        source=tuple(each.turn.id for each in seen),
        conversation_id=seen[0].conversation.id,
        created=seen[-1].at,
        state="asked",
        reason=REASON,
        recurrence=len(seen),
        by="model",
    )
