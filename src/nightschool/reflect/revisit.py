"""Ask an open question again with today's memory, and settle it only where the answer can be checked.

The question is asked twice, once where it stood and once alone. What the two say alike, and what rests on the
person's own words or on a tool that the person allowed, settles it; anything less is another try, and after a few of
them the question is closed as beyond this base. A failed call that the person allowed is simply made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from nightschool.models.model import Model
from nightschool.records import Answer, Conversation, Fact, Json, Message, Part, Prompt, Question, Reflection
from nightschool.reflect import checks, tools
from nightschool.reflect.budget import Budget
from nightschool.turns import kept_path, prompt_before, prompt_key

Remember = Callable[[Prompt], Prompt]
"""Adds what memory holds to a prompt."""
MOST_TRIES = 3
MOST_CALLS = 3
"""Tools that one answer may use."""
ROOM = 128
WARM = 0.7
RUNS = "the failed call ends well now"


def revisit(
    question: Question,
    conversation: Conversation | None,
    facts: Sequence[Fact],
    model: Model,
    remember: Remember,
    budget: Budget,
    *,
    run: tools.Run = tools.nothing,
    seen: Collection[str] = (),
    night: str = "",
) -> tuple[Question, Reflection | None]:
    """Answer one question again; return it as it stands now, with the thought where one was had.

    What was shown to the same model before, as `seen` tells, is not asked again. CalledOff ends it midway.
    """
    if question.kind == "contradiction" or conversation is None:
        return question, None
    path = {message.id: message for message in kept_path(conversation)}
    asked = path.get(question.source[0])
    if asked is None:
        return replace(question, state="closed", note="the conversation it stood in is gone"), None
    if question.kind == "failed" and (again := _run_again(question, conversation, run, night)) is not None:
        return again
    answered = path.get(question.source[1]) if len(question.source) > 1 else None
    where = prompt_before(conversation, answered.id) if answered is not None else _after(conversation, asked.id)
    alone = Prompt(messages=({"role": "user", "content": question.text},), tools=())
    shown = [remember(where), remember(alone)]
    name = _hash(getattr(model, "fingerprint", ""), *map(prompt_key, shown))
    if name in seen:
        return question, None
    # Where the question stands alone, both prompts are one: the second answer is drawn, or it would only repeat.
    warm = WARM if prompt_key(shown[0]) == prompt_key(shown[1]) else 0.0
    first, results = _answer(shown[0], model, budget, run)
    second, _ = _answer(shown[1], model, budget, run, warm)
    budget.spend(first.tokens + second.tokens)
    later = [m.text for m in path.values() if m.author == "person" and m.created >= asked.created and m.id != asked.id]
    live = [fact for fact in facts if fact.state == "live"]
    words = [fact.sentence for fact in live] + later
    passed = {
        "it claims to know": checks.knows(first.text),
        "two answers agree": checks.agree(first.text, second.text),
        "it rests on the person's words": checks.grounded(first.text, question.text, words),
    }
    if results:
        passed["it rests on the person's words"] = checks.grounded(first.text, question.text, [*words, *results])
    thought = Reflection(
        id=f"r-{_hash(question.id, str(question.tries), first.text)[:10]}",
        kind="revisit",
        about=question.id,
        asked=question.text,
        before=answered.text if answered is not None else "",
        after=first.text,
        checks=passed,
        # With the facts that it says again, so that forgetting one of them finds it.
        source=(*question.source, *(f.id for f in live if checks.grounded(first.text, question.text, [f.sentence]))),
        state="noted" if all(passed.values()) else "failed",
        tokens=first.tokens + second.tokens,
        seen=name,
    )
    return _judged(question, thought), thought


def _answer(
    prompt: Prompt, model: Model, budget: Budget, run: tools.Run, temperature: float = 0.0
) -> tuple[Answer, list[str]]:
    """Answer with the tools that the person allowed; what they said comes beside it."""
    results: list[str] = []
    while True:
        budget.look()
        answer = model.answer([prompt], max_tokens=ROOM, temperature=temperature, seed=1, progress=budget.look)[0]
        call = answer.tool_calls[0] if answer.tool_calls else None
        ran = run(str(call["name"]), call["arguments"]) if call is not None and len(results) < MOST_CALLS else None
        if ran is None:
            return answer, results
        budget.spend(answer.tokens)
        results.append(ran.text)
        said: tuple[Json, ...] = (
            answer.message(),
            {"role": "tool", "name": str(call["name"]) if call else "", "content": ran.text},
        )
        prompt = Prompt(messages=(*prompt.messages, *said), tools=prompt.tools)


def _run_again(
    question: Question, conversation: Conversation, run: tools.Run, night: str
) -> tuple[Question, Reflection | None] | None:
    """Make the failed call of a turn again; None where there is none that the person allowed."""
    call = _failed_call(conversation, question.source[0])
    ran = run(call.name or "", call.arguments or {}) if call is not None else None
    if ran is None:
        return None
    well = ran.exit_code == 0
    # Only how it ended is said of it: what a tool writes is nobody's word.
    note = f"`{ran.command}` ends well now" if well else f"`{ran.command}` still ends with {ran.exit_code}"
    thought = Reflection(
        id=f"r-{_hash(question.id, night, note)[:10]}",
        kind="revisit",
        about=question.id,
        asked=question.text,
        before="",
        after=note,
        checks={RUNS: well},
        source=question.source,
        state="noted" if well else "failed",
    )
    if not well:
        return question, thought
    return replace(question, state="settled", note=note, tries=question.tries + 1), thought


def _failed_call(conversation: Conversation, turn_id: str) -> Part | None:
    """The last call of a turn whose result tells that it failed; the last call where none has an exit code."""
    calls: dict[str, Part] = {}
    failed = None
    for message in _of_turn(conversation, turn_id):
        for part in message.parts:
            if part.kind == "tool_call":
                calls[part.call_id or ""] = part
            elif part.kind == "tool_result" and (part.exit_code or part.is_error):
                failed = calls.get(part.call_id or "")
    return failed or next(reversed(calls.values()), None)


def _of_turn(conversation: Conversation, turn_id: str) -> list[Message]:
    found: list[Message] = []
    for message in kept_path(conversation):
        if found and message.author == "person":
            break
        if found or message.id == turn_id:
            found.append(message)
    return found


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


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()
