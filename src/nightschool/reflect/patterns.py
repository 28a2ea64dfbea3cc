"""What keeps coming back: procedures that worked again and again, wishes that are had everywhere, lessons that failed.

Pure. Few changes a night: what is rare is no pattern.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from nightschool import rules
from nightschool.records import DOUBTED, Conversation, Lesson, Message, Reflection, Rule, Signal, Turn
from nightschool.reflect.critique import READ_BY_THE_MODEL
from nightschool.reflect.questions import CLEAR
from nightschool.turns import chat_message, final_answer, turns

TIMES = 3
"""Conversations in which a procedure must have worked, or topics for which one wish must be had."""
COMPLAINTS = 2
"""Complaints about answers that follow a lesson, after which it is doubted."""
_EVERYWHERE = {
    ("max_words", rules.SHORT): "Keep your answers short.",
    ("max_words", rules.BARE): "Give me only the answer.",
    ("min_words", rules.LONG): "Answer in at least two sentences.",
    ("json", ""): "Answer in JSON.",
}
"""Wishes that can be had for every question, in plain words."""


def weakened(
    lessons: Sequence[Lesson], conversations: Sequence[Conversation], signals: Sequence[Signal]
) -> tuple[Lesson, ...]:
    """Kept lessons whose followers were complained of since they were last said.

    The person's own becomes a question to them; what only the model had read is dropped.
    """
    said = [turn for conversation in conversations for turn in turns(conversation)]
    when = {message.id: message.created for conversation in conversations for message in conversation.messages}
    against = {
        s.turn_id for s in signals if s.polarity < 0 and s.strength >= CLEAR and s.kind in ("correction", "undone")
    }
    found = []
    for lesson in lessons:
        if lesson.state != "kept" or lesson.rule is None or lesson.reason.startswith("by the person"):
            continue
        last = max([lesson.created, *(when[source] for source in lesson.source if source in when)])
        failed = [turn for turn in said if turn.id in against and _followed(lesson.rule, turn, last)]
        if len(failed) >= COMPLAINTS:
            found.append(replace(lesson, state="dropped" if lesson.by == "model" else "asked", reason=DOUBTED))
    return tuple(found)


def _followed(rule: Rule, turn: Turn, since: float) -> bool:
    answer = final_answer(turn)
    if answer is None or turn.messages[0].created <= since:
        return False
    said = chat_message(answer)
    return rules.applies(rule, turn.messages[0].text, said) and rules.follows(rule, said) is True


def general(
    lessons: Sequence[Lesson], conversations: Sequence[Conversation], signals: Sequence[Signal]
) -> tuple[tuple[Reflection, Lesson], ...]:
    """One wish that is had for several topics, proposed for every question, with all its instances.

    A condition is easily lost where it mattered: what the person took well elsewhere must not go against it.
    """
    alike: dict[tuple[str, str], list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        if lesson.rule is not None and lesson.state in ("kept", "asked") and lesson.scope == "everywhere":
            alike[lesson.rule.kind, lesson.rule.value].append(lesson)
    found = []
    for key, instances in sorted(alike.items()):
        topics = {one.rule.topic for one in instances if one.rule is not None}
        sentence = _EVERYWHERE.get(key, "")
        rule = rules.parse(sentence) if sentence else None
        if rule is None or rule.topic or () in topics or len(topics) < TIMES:
            continue
        source = tuple(dict.fromkeys(message for one in instances for message in one.source))
        name = _name("general", sentence)
        passed = {
            f"it is wished for {TIMES} topics": True,
            "nothing that was taken well goes against it": not _against(rule, conversations, signals),
        }
        if not all(passed.values()):
            continue
        lesson = Lesson(
            id=f"l-{name}", kind="preference", text=sentence, durable=True, source=source,
            conversation_id=instances[0].conversation_id, created=max(one.created for one in instances),
            reason=READ_BY_THE_MODEL, rule=rule, by="model",
        )  # fmt: skip
        thought = Reflection(
            id=f"r-{name}", kind="pattern", about=lesson.id, asked="\n".join(one.text for one in instances), before="",
            after=sentence, checks=passed, source=source, state="proposed", lesson_id=lesson.id,
        )  # fmt: skip
        found.append((thought, lesson))
    return tuple(found)


def _against(rule: Rule, conversations: Sequence[Conversation], signals: Sequence[Signal]) -> bool:
    well = {s.turn_id for s in signals if s.polarity > 0 and s.strength >= CLEAR}
    for turn in (turn for conversation in conversations for turn in turns(conversation)):
        answer = final_answer(turn) if turn.id in well else None
        if answer is not None and answer.text.strip() and rules.follows(rule, chat_message(answer)) is False:
            return True
    return False


def procedures(
    conversations: Sequence[Conversation], signals: Sequence[Signal]
) -> tuple[tuple[Reflection, Lesson], ...]:
    """Runs of two or more tools that ended well in several conversations, each proposed as a skill."""
    well = {s.turn_id for s in signals if s.polarity > 0 and s.strength >= CLEAR}
    seen: dict[tuple[str, ...], dict[str, Turn]] = defaultdict(dict)
    for conversation in conversations:
        for turn in turns(conversation):
            steps = _steps(turn.messages)
            if turn.id in well and len(steps) >= 2:
                seen[steps].setdefault(conversation.id, turn)
    found = []
    for steps, places in sorted(seen.items()):
        if len(places) < TIMES:
            continue
        worked = sorted(places.values(), key=lambda turn: turn.messages[0].created)
        name, source = _name(*steps), tuple(turn.id for turn in worked)
        # Only the person's own request and the names of tools: what a tool wrote has no part in a skill.
        asked = " ".join(worked[0].messages[0].text.split())
        lesson = Lesson(
            id=f"l-{name}", kind="skill", text=f"When I ask “{asked}”: {', then '.join(steps)}.", durable=True,
            source=source, conversation_id=worked[0].conversation_id, created=worked[-1].messages[0].created,
            reason=READ_BY_THE_MODEL, by="model",
        )  # fmt: skip
        thought = Reflection(
            id=f"r-{name}", kind="pattern", about=" → ".join(steps), asked=asked, before="",
            after=f"{' → '.join(steps)} worked in {len(places)} conversations",
            checks={f"it ended well in {TIMES} conversations": True}, source=source, state="proposed",
            lesson_id=lesson.id,
        )  # fmt: skip
        found.append((thought, lesson))
    return tuple(found)


def _steps(messages: Sequence[Message]) -> tuple[str, ...]:
    called = [part.name or "" for message in messages for part in message.parts if part.kind == "tool_call"]
    return tuple(name for place, name in enumerate(called) if not place or called[place - 1] != name)


def _name(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:10]
