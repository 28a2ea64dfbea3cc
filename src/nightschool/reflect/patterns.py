"""What keeps coming back: procedures that worked again and again, and lessons that are complained of when followed.

Pure. Few changes a night: what is rare is no pattern.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from nightschool import rules
from nightschool.records import Conversation, Lesson, Message, Reflection, Signal, Turn
from nightschool.reflect.questions import CLEAR
from nightschool.turns import chat_message, final_answer, turns

TIMES = 3
"""Conversations in which a procedure must have worked."""
COMPLAINTS = 2
"""Complaints about answers that follow a lesson, after which it is asked about."""
COMPLAINED = "complained of when followed"


def weakened(
    lessons: Sequence[Lesson], conversations: Sequence[Conversation], signals: Sequence[Signal]
) -> tuple[Lesson, ...]:
    """Kept lessons whose followers were complained of: back to a question to the person."""
    said = [turn for conversation in conversations for turn in turns(conversation)]
    against = {
        s.turn_id for s in signals if s.polarity < 0 and s.strength >= CLEAR and s.kind in ("correction", "undone")
    }
    found = []
    for lesson in lessons:
        if lesson.state != "kept" or lesson.rule is None or lesson.reason.startswith("by the person"):
            continue
        failed = [turn for turn in said if turn.id in against and _followed(lesson, turn)]
        if len(failed) >= COMPLAINTS:
            found.append(replace(lesson, state="asked", reason=COMPLAINED))
    return tuple(found)


def _followed(lesson: Lesson, turn: Turn) -> bool:
    answer = final_answer(turn)
    if answer is None or lesson.rule is None or turn.messages[0].created <= lesson.created:
        return False
    said = chat_message(answer)
    return rules.applies(lesson.rule, turn.messages[0].text, said) and rules.follows(lesson.rule, said) is True


def procedures(conversations: Sequence[Conversation], signals: Sequence[Signal]) -> tuple[Reflection, ...]:
    """Runs of two or more tools that ended well in several conversations: noted as skills, taught by nobody."""
    well = {s.turn_id for s in signals if s.polarity > 0 and s.strength >= CLEAR}
    seen: dict[tuple[str, ...], dict[str, Turn]] = defaultdict(dict)
    for conversation in conversations:
        for turn in turns(conversation):
            steps = _steps(turn.messages)
            if turn.id in well and len(steps) >= 2:
                seen[steps].setdefault(conversation.id, turn)
    noted = []
    for steps, places in sorted(seen.items()):
        if len(places) < TIMES:
            continue
        asked = [turn.messages[0].text for turn in places.values()]
        noted.append(
            Reflection(
                id="r-" + hashlib.sha256("\0".join(steps).encode()).hexdigest()[:10],
                kind="pattern",
                about=" → ".join(steps),
                asked=asked[0],
                before="",
                after=f"{' → '.join(steps)} worked in {len(places)} conversations",
                checks={f"it ended well in {TIMES} conversations": True},
                source=tuple(turn.id for turn in places.values()),
                state="noted",
            )
        )
    return tuple(noted)


def _steps(messages: Sequence[Message]) -> tuple[str, ...]:
    called = [part.name or "" for message in messages for part in message.parts if part.kind == "tool_call"]
    return tuple(name for place, name in enumerate(called) if not place or called[place - 1] != name)
