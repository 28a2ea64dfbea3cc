"""Criticise answers that the person complained of, where no lesson has been read from the complaint.

The model says in one line what the person wanted, answers again with that line told, and a rule compares the two.
What passes is a candidate lesson that goes through the same editor as any other, marked as the model's own reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nightschool import rules
from nightschool.memory import context
from nightschool.models.model import Model
from nightschool.records import Conversation, Fact, Json, Lesson, Prompt, Reflection, Signal
from nightschool.reflect import checks
from nightschool.reflect.budget import Budget
from nightschool.reflect.revisit import ROOM
from nightschool.turns import chat_message, final_answer, prompt_before, turns
from nightschool.world import formats

READ_BY_THE_MODEL = "the model's own reading"
"""The reason that a candidate from here carries."""


Prefers = Callable[["Trouble", str], bool]
"""Whether judges prefer a new answer to the old one, whichever they are shown first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """An answer with the complaint about it."""

    conversation_id: str
    turn_id: str
    asked: str
    answer: Json
    complaint: str
    complaint_id: str
    created: float
    prompt: Prompt


def troubles(
    conversations: Sequence[Conversation], signals: Sequence[Signal], lessons: Sequence[Lesson], closed: Collection[str]
) -> Iterator[Trouble]:
    """List complained-of answers that no lesson rests on, the newest first; closed conversations give none."""
    cited = {message for lesson in lessons for message in lesson.source}
    against = {signal.turn_id for signal in signals if signal.kind == "correction" and signal.polarity < 0}
    for conversation in sorted(conversations, key=lambda one: -one.started):
        if conversation.id in closed:
            continue
        said = turns(conversation)
        for turn, following in pairwise(said):
            answer, complaint = final_answer(turn), following.messages[0]
            if turn.id not in against or answer is None or not answer.text.strip() or complaint.id in cited:
                continue
            yield Trouble(
                conversation_id=conversation.id,
                turn_id=turn.id,
                asked=turn.messages[0].text,
                answer=chat_message(answer),
                complaint=complaint.text,
                complaint_id=complaint.id,
                created=complaint.created,
                prompt=prompt_before(conversation, answer.id),
            )


def criticise(
    trouble: Trouble, model: Model, budget: Budget, *, others: Sequence[str] = (), prefers: Prefers | None = None
) -> tuple[Reflection, Lesson | None]:
    """Think about one answer; the lesson is there only where every check passed. CalledOff ends it midway.

    `others` are the answers that were given again to other questions; `prefers` are the judges, where there are some.
    """
    asked = formats.complaint(trouble.asked, str(trouble.answer.get("content") or ""), trouble.complaint)
    question = Prompt(messages=({"role": "user", "content": asked},))
    budget.look()
    hinted = model.answer([question], max_tokens=ROOM, progress=budget.look)[0]
    budget.spend(hinted.tokens)
    hint = hinted.text.strip().splitlines()[0] if hinted.text.strip() else ""
    rule = rules.parse(hint)
    told = context.told(trouble.prompt, [Fact(id="hint", kind="preference", sentence=hint)]) if hint else trouble.prompt
    budget.look()
    again = model.answer([told], max_tokens=ROOM, progress=budget.look)[0]
    budget.spend(again.tokens)
    passed = {
        "the hint can be checked": rule is not None,
        "the hint comes from the complaint": checks.rests_on(hint, trouble.complaint),
        "the new answer keeps it and the old one does not": rule is not None
        and checks.mends(rule, trouble.asked, trouble.answer, again.message()),
        "it is no answer to every question": checks.varied(again.text, others),
    }
    if prefers is not None and all(passed.values()):
        passed["the judges prefer it, whichever comes first"] = prefers(trouble, again.text)
    name = hashlib.sha256(f"{trouble.complaint_id}\0{hint}".encode(errors="replace")).hexdigest()[:10]
    lesson = None
    if all(passed.values()):
        lesson = Lesson(
            id=f"l-{name}",
            kind="correction",
            text=hint,
            durable=True,
            source=(trouble.complaint_id, trouble.turn_id),
            conversation_id=trouble.conversation_id,
            created=trouble.created,
            state="proposed",
            reason=READ_BY_THE_MODEL,
            rule=rule,
            by="model",
        )
    return (
        Reflection(
            id=f"r-{name}",
            kind="critique",
            about=trouble.turn_id,
            asked=trouble.asked,
            before=str(trouble.answer.get("content") or ""),
            after=again.text,
            checks=passed,
            source=(trouble.complaint_id, trouble.turn_id),
            state="proposed" if lesson else "failed",
            lesson_id=lesson.id if lesson else None,
            tokens=hinted.tokens + again.tokens,
        ),
        lesson,
    )
