"""What history leaves open: asked and not answered, promised, failed, corrected in vain, contradicted.

Pure. It looks at the person's and the assistant's words and at outcomes; text from tools opens no question.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from nightschool import rules
from nightschool.records import Conversation, Fact, Question, QuestionKind, Signal, Turn
from nightschool.turns import final_answer, turns

_UNKNOWN = re.compile(
    r"\bI (?:do not|don[’']t|cannot|can[’']t|could not|couldn[’']t) (?:know|find|tell|say|access|see|determine"
    r"|answer)\b"
    r"|\b(?:no idea|not sure|unable to|I have no information|I am not able)\b|\bich weiß (?:es )?nicht\b"
    r"|\bje ne sais pas\b"
    r"|\bno lo sé\b",
    re.IGNORECASE,
)
_PROMISED = re.compile(
    r"\bI(?:[’']ll| will| shall) (?:look into|check|find out|get back|investigate|let you know|come back"
    r"|follow up|work on)\b"
    r"|\bget back to you\b|\bich (?:schaue|melde mich|kümmere mich)\b",
    re.IGNORECASE,
)
CLEAR = 0.5
"""Weaker signals settle nothing and open nothing."""
SAID = "settled by what you said since"
"""Note of a question that history or memory leaves open no longer."""


def find(conversation: Conversation, signals: Sequence[Signal]) -> tuple[Question, ...]:
    """List what a conversation leaves open; at most one question for each turn."""
    said = turns(conversation)
    found = []
    for place, turn in enumerate(said):
        kind = _kind(turn, said[place + 1 :], signals)
        if kind is not None:
            found.append(_question(conversation, turn, kind))
    return tuple(found)


def contradictions(facts: Iterable[Fact]) -> tuple[Question, ...]:
    """List facts that memory holds back because another one says otherwise and neither is known to be newer."""
    known = list(facts)
    found = []
    for fact in known:
        if fact.state != "asked":
            continue
        rival = next(
            (
                other
                for other in known
                if other.state == "live" and (other.subject, other.relation) == (fact.subject, fact.relation)
            ),
            None,
        )
        if rival is not None:
            found.append(
                Question(
                    id=_id("contradiction", fact.id, rival.id),
                    kind="contradiction",
                    text=f"{rival.sentence} / {fact.sentence}",
                    conversation_id="",
                    source=(rival.id, fact.id),
                    opened=fact.known_from,
                )
            )
    return tuple(found)


def _kind(turn: Turn, later: Sequence[Turn], signals: Sequence[Signal]) -> QuestionKind | None:
    mine = [signal for signal in signals if signal.turn_id == turn.id and signal.strength >= CLEAR]
    if any(signal.polarity > 0 for signal in mine):
        return None
    answer = final_answer(turn)
    asked = turn.messages[0].text
    if any(signal.kind in ("correction", "reask") for signal in mine):
        return None if _verified(later[:1], signals) else "unverified"
    if any(signal.kind in ("tool_failed", "abandoned") and signal.polarity < 0 for signal in mine):
        return "failed"
    if not rules.is_request(asked):
        return None
    if answer is None or not answer.text.strip():
        return "unanswered" if not _called(turn) else None
    if _PROMISED.search(answer.text):
        return "promised"
    return "unanswered" if _UNKNOWN.search(answer.text) else None


def _verified(following: Sequence[Turn], signals: Sequence[Signal]) -> bool:
    """Whether what came after a complaint was taken: an answer, and no second complaint."""
    for turn in following:
        against = any(s.turn_id == turn.id and s.polarity < 0 and s.strength >= CLEAR for s in signals)
        return final_answer(turn) is not None and not against
    return False


def _called(turn: Turn) -> bool:
    return any(part.kind == "tool_call" for message in turn.messages for part in message.parts)


def _question(conversation: Conversation, turn: Turn, kind: QuestionKind) -> Question:
    answer = final_answer(turn)
    return Question(
        id=_id(kind, conversation.id, turn.id),
        kind=kind,
        text=turn.messages[0].text,
        conversation_id=conversation.id,
        source=(turn.id, answer.id) if answer is not None else (turn.id,),
        opened=turn.messages[0].created,
    )


def _id(*parts: str) -> str:
    return "q-" + hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:10]
