"""Ask an open question again with today's memory, and settle it only where the answer can be checked.

The question is asked twice, once where it stood and once alone. What the two say alike, and what rests on the
person's own words, settles it; anything less is another try, and after a few of them the question is closed as
beyond this base.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from nightschool.models.model import Model
from nightschool.records import Conversation, Fact, Prompt, Question, Reflection
from nightschool.reflect import checks
from nightschool.reflect.budget import Budget
from nightschool.turns import kept_path, prompt_before

Remember = Callable[[Prompt], Prompt]
"""Adds what memory holds to a prompt."""
MOST_TRIES = 3
ROOM = 128


def revisit(
    question: Question,
    conversation: Conversation | None,
    facts: Sequence[Fact],
    model: Model,
    remember: Remember,
    budget: Budget,
) -> tuple[Question, Reflection | None]:
    """Answer one question again; return it as it stands now, with the thought where one was had."""
    if question.kind == "contradiction" or conversation is None:
        return question, None
    path = {message.id: message for message in kept_path(conversation)}
    asked = path.get(question.source[0])
    if asked is None:
        return replace(question, state="closed", note="the conversation it stood in is gone"), None
    where = (
        prompt_before(conversation, question.source[1]) if len(question.source) > 1 else _after(conversation, asked.id)
    )
    alone = Prompt(messages=({"role": "user", "content": question.text},), tools=())
    first, second = model.answer([remember(where), remember(alone)], max_tokens=ROOM)
    budget.spend(first.tokens + second.tokens)
    later = [m.text for m in path.values() if m.author == "person" and m.created >= asked.created and m.id != asked.id]
    words = [fact.sentence for fact in facts if fact.state == "live"] + later
    passed = {
        "it claims to know": checks.knows(first.text),
        "two answers agree": checks.agree(first.text, second.text),
        "it rests on the person's words": checks.grounded(first.text, question.text, words),
    }
    before = path[question.source[1]].text if len(question.source) > 1 and question.source[1] in path else ""
    thought = Reflection(
        id="r-"
        + hashlib.sha256(f"{question.id}\0{question.tries}\0{first.text}".encode(errors="replace")).hexdigest()[:10],
        kind="revisit",
        about=question.id,
        asked=question.text,
        before=before,
        after=first.text,
        checks=passed,
        source=question.source,
        state="noted" if all(passed.values()) else "failed",
        tokens=first.tokens + second.tokens,
    )
    return _judged(question, thought), thought


def _after(conversation: Conversation, message_id: str) -> Prompt:
    """The prompt that ends in a message nobody answered."""
    before = prompt_before(conversation, message_id)
    text = next(message.text for message in conversation.messages if message.id == message_id)
    return Prompt(messages=(*before.messages, {"role": "user", "content": text}), tools=before.tools)


def _judged(question: Question, thought: Reflection) -> Question:
    tries = question.tries + 1
    if thought.state == "noted":
        return replace(question, state="settled", note=thought.after, tries=tries)
    if tries >= MOST_TRIES:
        return replace(question, state="closed", note="beyond this base", tries=tries)
    return replace(question, tries=tries)
