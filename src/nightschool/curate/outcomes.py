"""Rows from what became of answers: accepted ones to imitate, pairs made by asking again, and single outcomes.

Pure. Loss falls on what the assistant said and called; what tools gave back is prompt. An answer that any signal
speaks against is never imitated, nor one that ran out of room, nor a call that failed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from nightschool import rules
from nightschool.curate.dataset import example
from nightschool.curate.instances import CLEAR, Place, spoken, untold, whole
from nightschool.records import Example, Lesson, Message, Signal
from nightschool.turns import chat_message, final_answer, prompt_before, prompt_key


def verdict(signals: Iterable[Signal]) -> int:
    """What the clear signals of one turn say together: -1 as soon as one speaks against it."""
    clear = {signal.polarity for signal in signals if signal.strength >= CLEAR}
    return -1 if -1 in clear else int(1 in clear)


def imitations(place: Place, kept: Sequence[Lesson], left_out: Counter[str]) -> list[Example]:
    """Rows of an accepted turn: one per message of the assistant."""
    rows = []
    failed = _failed(place)
    for message in place.turn.messages:
        if message.role != "assistant" or message.author != "assistant":
            continue
        chat = spoken(message)
        if not chat.get("content", "").strip() and not chat.get("tool_calls"):
            continue
        if message.id in failed:
            left_out["failed call"] += 1
        elif not whole(message):
            left_out["cut off"] += 1
        elif _breaks(kept, place, message):
            left_out["breaks a lesson"] += 1
        else:
            rows.append(
                example(
                    "sft",
                    untold(prompt_before(place.conversation, message.id)),
                    chat,
                    source=(place.turn.id, message.id),
                    conversation_id=place.conversation.id,
                )
            )
    return rows


def alternates(place: Place) -> list[Example]:
    """Pairs that the person made: an answer undone or asked for anew, against the one kept, under one prompt."""
    kept = final_answer(place.turn)
    if kept is None or not whole(kept) or not kept.text.strip():
        return []
    prompt = prompt_before(place.conversation, kept.id)
    rows = []
    for run in place.turn.alternates:
        left = run[0]
        if (
            len(run) > 1
            or left.author != "assistant"
            or left.text.strip() in ("", kept.text.strip())
            or not whole(left)
        ):
            continue
        if left.alternate in ("regenerate", "retry", "swipe", "undo") and prompt_key(
            prompt_before(place.conversation, left.id)
        ) == prompt_key(prompt):
            rows.append(
                example(
                    "dpo",
                    untold(prompt),
                    spoken(kept),
                    rejected=spoken(left),
                    source=(place.turn.id, kept.id, left.id),
                    conversation_id=place.conversation.id,
                )
            )
    return rows


def single(place: Place, polarity: int) -> Example | None:
    """One answer with its label, where there is nothing to pair it with."""
    answer = final_answer(place.turn)
    if answer is None or not answer.text.strip() or not whole(answer):
        return None
    return example(
        "kto",
        untold(prompt_before(place.conversation, answer.id)),
        spoken(answer),
        label=polarity > 0,
        source=(place.turn.id, answer.id),
        conversation_id=place.conversation.id,
    )


def balanced(singles: Sequence[Example], left_out: Counter[str]) -> list[Example]:
    """As many of one label as of the other, at most four to three; nothing where a label is missing.

    Accepted answers are imitated anyway, so only complaints without a counterpart count as left out.
    """
    good = sorted((row for row in singles if row.label), key=lambda row: row.id)
    bad = sorted((row for row in singles if not row.label), key=lambda row: row.id)
    if not good or not bad:
        left_out["one-sided outcomes"] += len(bad)
        return []
    return [*good[: -(-len(bad) * 4 // 3)], *bad[: -(-len(good) * 4 // 3)]]


def _failed(place: Place) -> Collection[str]:
    """Ids of messages whose tool calls did not work."""
    failed: set[str] = set()
    calling: Message | None = None
    for message in place.turn.messages:
        if message.role == "assistant":
            calling = message
        elif calling is not None and any(part.exit_code or part.is_error for part in message.parts):
            failed.add(calling.id)
    return failed


def _breaks(kept: Sequence[Lesson], place: Place, message: Message) -> bool:
    """Whether an answer is not as some kept lesson wants it."""
    chat = chat_message(message)
    return any(
        rules.follows(lesson.rule, chat) is False
        for lesson in kept
        if lesson.rule is not None and lesson.rule.kind != "tool" and rules.applies(lesson.rule, place.question, chat)
    )
