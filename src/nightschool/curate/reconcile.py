"""Merge what says the same, let the newer of two contradictions stand, and give every lesson its state with a reason.

Pure. It sees all occurrences ever found, so the same night twice gives the same lessons.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nightschool import rules
from nightschool.curate import speech
from nightschool.curate.speech import DAY
from nightschool.records import DOUBTED, Fact, Lesson, LessonState, Rule

CORRECTIONS_NEEDED = 2
MENTIONS_NEEDED = 3
BY_THE_PERSON = "by the person"
"""A reason that begins so was given by hand and is never changed here."""
FADED = "faded"
"""A candidate that nobody repeated in time; said once more it is a candidate again."""
_VAGUE = (rules.SHORT, rules.BARE, rules.LONG)
_NEAR = 0.8


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciled:
    """All lessons as they stand now."""

    lessons: tuple[Lesson, ...]
    superseded: tuple[Lesson, ...]
    """Those of them that a newer contradiction has ended."""
    duplicates: int
    """How many found lessons, not known before, were another wording or another occurrence of one."""

    def kept(self) -> tuple[Lesson, ...]:
        """The lessons that may be taught and remembered."""
        return tuple(lesson for lesson in self.lessons if lesson.state == "kept")


@dataclass(kw_only=True, slots=True)
class _Group:
    """Lessons that say the same, oldest first; the eldest's id stays."""

    members: list[Lesson]

    @property
    def newest(self) -> float:
        return max(member.created for member in self.members)


def reconcile(
    new: Iterable[Lesson], existing: Sequence[Lesson], *, now: float | None = None, candidate_days: int = 0
) -> Reconciled:
    """Bring what was found together with what was known; candidates that nobody repeats fade."""
    found = list(new)
    passing = {
        lesson.id: lesson
        for lesson in (*found, *existing)
        if lesson.state == "dropped" and lesson.reason != FADED and not _by_hand(lesson)
    }
    groups: list[_Group] = []
    for lesson in [*existing, *sorted(found, key=lambda x: (x.created, x.id))]:
        if lesson.id in passing:
            continue
        home = next((group for group in groups if _same(group.members[0], lesson)), None)
        if home is None:
            groups.append(_Group(members=[lesson]))
        else:
            home.members.append(lesson)
    merged = [(group, _merge(group.members)) for group in groups]
    judged = _contradictions(merged)
    if now is not None and candidate_days:
        judged = [
            _faded(lesson) if group.newest and now - group.newest > candidate_days * DAY else lesson
            for (group, _), lesson in zip(merged, judged, strict=True)
        ]
    cited = {message for lesson in existing for message in lesson.source}
    fresh = [lesson for lesson in found if lesson.id not in passing and lesson.source[0] not in cited]
    known = {lesson.id for lesson in existing}
    return Reconciled(
        lessons=(*judged, *passing.values()),
        superseded=tuple(lesson for lesson in judged if lesson.state == "superseded"),
        duplicates=max(0, len(fresh) - sum(lesson.id not in known for lesson in judged)),
    )


def _faded(lesson: Lesson) -> Lesson:
    if lesson.state not in ("proposed", "asked") or _by_hand(lesson):
        return lesson
    return dataclasses.replace(lesson, state="dropped", reason=FADED)


def while_it_lasts(lessons: Iterable[Lesson]) -> list[Fact]:
    """Put wishes that say how long they hold as memory holds them: with an end, and in nobody's place."""
    held = []
    for lesson in lessons:
        days = speech.days(lesson.text)
        if lesson.reason == "passing" and days:
            held.append(dataclasses.replace(as_fact(lesson), relation="", valid_to=lesson.created + days * DAY))
    return held


def as_fact(lesson: Lesson) -> Fact:
    """Put a kept lesson as memory holds it: a preference, which a newer one on the same thing replaces."""
    relation = f"wish about {rules.slot(lesson.rule, lesson.text)}" if lesson.rule is not None else ""
    return Fact(
        id=f"f-{lesson.id}",
        kind="preference",
        sentence=lesson.text,
        subject="user" if lesson.scope != "project" else lesson.scope,
        relation=relation,
        object=lesson.rule.value if lesson.rule is not None else "",
        source=lesson.source,
        valid_from=lesson.created or None,
        known_from=lesson.created,
        # Where no log names the project, it is told everywhere rather than nowhere.
        scope=lesson.scope if ":" in lesson.scope else "everywhere",
    )


def _same(one: Lesson, other: Lesson) -> bool:
    if one.id == other.id:
        return True
    if one.scope != other.scope:
        return False
    if one.rule is not None and other.rule is not None:
        return one.rule == other.rule or _agree(one.rule, other.rule)
    if one.rule is not None or other.rule is not None:
        return False
    left, right = _words(one.text), _words(other.text)
    return len(left & right) >= _NEAR * len(left | right)


def _agree(one: Rule, other: Rule) -> bool:
    """Two vague wishes for length are one wish, whatever their words."""
    return one.kind == other.kind and one.topic == other.topic and one.value in _VAGUE and other.value in _VAGUE


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _by_hand(lesson: Lesson) -> bool:
    return lesson.reason.startswith(BY_THE_PERSON)


def _merge(members: Sequence[Lesson]) -> Lesson:
    """Join occurrences into one lesson with all sources, in the plainest words, and judge it."""
    eldest = members[0]
    source = dict.fromkeys(eldest.source)
    seen = eldest.recurrence
    for member in members[1:]:
        if member.source[0] not in source:
            seen += 1
        source |= dict.fromkeys(member.source)
    stated = [member for member in members if member.kind == "preference" and member.reason == "stated as a rule"]
    own = [member for member in members if member.by == "person"]
    best = (stated or own or [eldest])[0]
    if _by_hand(eldest) or eldest.state == "forgotten":
        return dataclasses.replace(eldest, source=tuple(source), recurrence=seen)
    if eldest.reason == DOUBTED and len(source) == len(set(eldest.source)):
        return eldest
    if not own and eldest.kind != "correction":
        # A pattern that only the model saw is for the person to keep, however often it is seen.
        return dataclasses.replace(eldest, source=tuple(source), recurrence=seen)
    lesson = dataclasses.replace(
        eldest, text=best.text, rule=best.rule, kind=best.kind, source=tuple(source), recurrence=seen, by=best.by
    )
    corrected = seen if eldest.kind == "correction" else sum(member.kind == "correction" for member in members)
    state, reason = _verdict(bool(stated), corrected, seen)
    return dataclasses.replace(lesson, state=state, reason=reason)


def _verdict(stated: bool, corrected: int, seen: int) -> tuple[LessonState, str]:
    if stated:
        return "kept", "stated as a rule"
    if corrected >= CORRECTIONS_NEEDED:
        return "kept", "corrected again and again"
    if seen >= MENTIONS_NEEDED:
        return "kept", "said again and again"
    return ("asked", "corrected once") if corrected else ("proposed", "said once")


def _contradictions(merged: list[tuple[_Group, Lesson]]) -> list[Lesson]:
    """Of two kept wishes about one thing the newer stands; one that is not kept only asks."""
    judged = []
    for group, lesson in merged:
        rivals = [(other, rival) for other, rival in merged if other is not group and _contradict(lesson, rival)]
        newer = [rival for other, rival in rivals if rival.state == "kept" and other.newest > group.newest]
        if lesson.state == "kept" and newer and not _by_hand(lesson):
            lesson = dataclasses.replace(lesson, state="superseded", reason=f"superseded by {newer[-1].id}")
        elif lesson.state in ("proposed", "asked") and (
            held := [rival for _, rival in rivals if rival.state == "kept"]
        ):
            lesson = dataclasses.replace(lesson, state="asked", reason=f"contradicts {held[-1].id}")
        judged.append(lesson)
    return judged


def _contradict(one: Lesson, other: Lesson) -> bool:
    if one.rule is None or other.rule is None or one.scope != other.scope or _agree(one.rule, other.rule):
        return False
    slot = rules.slot(one.rule, one.text)
    return slot == rules.slot(other.rule, other.text) and one.rule != other.rule and not slot.startswith("word:")
