"""Turns set aside for ever, two for each kept lesson, to ask on every night to come whether it still holds.

Pure. A probe's question must not be answered by its own prompt: turns that come after the wish in the same
conversation are taken last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nightschool import rules
from nightschool.curate import extract
from nightschool.curate.instances import Place, bears_on, places
from nightschool.records import Conversation, Lesson, Probe, Rule

PER_LESSON = 2
SPARE = 6
"""With fewer places than this open to training, probes are taken from the held-out conversations."""


def reserve(
    lessons: Sequence[Lesson],
    conversations: Sequence[Conversation],
    *,
    held_out: Collection[str] = (),
    trained: Collection[str] = (),
    existing: Sequence[Probe] = (),
) -> tuple[Probe, ...]:
    """Choose the probes still missing, from different conversations where there are several."""
    taken = {probe.turn_id for probe in existing}
    everywhere = [place for place in places(conversations, closed=trained) if place.turn.id not in taken]
    cited = {message for lesson in lessons if lesson.state == "kept" for message in lesson.source}
    made: list[Probe] = []
    for lesson in lessons:
        missing = PER_LESSON - sum(probe.lesson_id == lesson.id for probe in existing)
        if lesson.state != "kept" or lesson.rule is None or missing <= 0:
            continue
        rule = lesson.rule
        fit = [place for place in everywhere if place.turn.id not in taken and _asks(rule, place)]
        chosen = _spread(_ordered(fit, lesson, cited, held_out), missing)
        taken |= {place.turn.id for place in chosen}
        made += [
            Probe(lesson_id=lesson.id, conversation_id=place.conversation.id, turn_id=place.turn.id) for place in chosen
        ]
    return tuple(made)


def _ordered(fit: list[Place], lesson: Lesson, cited: set[str], held_out: Collection[str]) -> list[Place]:
    """Best first: untaught by the prompt, not the evidence itself, and from where there is enough to spare."""
    open_places = sum(place.conversation.id not in held_out for place in fit)
    spare = open_places >= SPARE

    def order(place: Place) -> tuple[object, ...]:
        told = [message.id for message in place.conversation.messages]
        before = told[: told.index(place.turn.id)]
        taught_by_prompt = not set(lesson.source).isdisjoint(before)
        return (
            taught_by_prompt,
            (place.conversation.id in held_out) == spare,
            place.turn.id in cited,
            place.turn.index,
            place.conversation.started,
            place.turn.id,
        )

    return sorted(fit, key=order)


def _asks(rule: Rule, place: Place) -> bool:
    """A question that the rule bears on and that does not say the wish itself."""
    asked = extract.wish_in(place.question)
    return bears_on(rule, place) and (asked is None or rules.slot(asked, place.question) != rules.slot(rule))


def _spread(ordered: list[Place], count: int) -> list[Place]:
    """Take from different conversations first."""
    seen: set[str] = set()
    first: list[Place] = []
    rest: list[Place] = []
    for place in ordered:
        (rest if place.conversation.id in seen else first).append(place)
        seen.add(place.conversation.id)
    return [*first, *rest][:count]
