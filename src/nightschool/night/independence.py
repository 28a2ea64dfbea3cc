"""Told and known: how much of what memory gives the weights give by themselves, and which wishes need no telling.

Read from one exam, in which every arm answered the same items with memory and without. Wishes and
facts are counted apart; the items are the person's own and old lessons.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence

from nightschool.curate.reconcile import as_fact
from nightschool.exam.tasks import OLD_LESSONS, PERSONAL, points
from nightschool.records import Exam, Item, Json, Lesson
from nightschool.statistics import independence
from nightschool.store import graduation

FEWEST = 3
"""Answers that a wish has to be seen in before an exam says whether it was followed."""
FOLLOWED = 0.9
KINDS = {"fact": "facts", "preference": "preferences", "correction": "preferences"}


def measure(exam: Exam, lessons: Sequence[Lesson], tokens: Mapping[str, int]) -> Json:
    """Return independence per version and kind; `tokens` says what memory added to each item's prompt."""
    kinds = {lesson.id: KINDS.get(lesson.kind, "") for lesson in lessons}
    values = _values(exam)
    items: dict[str, list[Item]] = {"facts": [], "preferences": []}
    for item in exam.items:
        kind = kinds.get(item.lesson_id or "", "")
        if kind and item.task in (PERSONAL, OLD_LESSONS):
            items[kind].append(item)
    return {
        version: {kind: _one(some, values, version, tokens) for kind, some in items.items()}
        for version in dict.fromkeys([exam.champion, exam.challenger])
        if version
    }


def _one(
    items: Sequence[Item], values: Mapping[tuple[str, str], float], version: str, tokens: Mapping[str, int]
) -> Json:
    arms = (f"{version}+memory", version, "base")
    answered = [item for item in items if all((arm, item.id) in values for arm in arms)]
    told, untold, base = ([values[arm, item.id] for item in answered] for arm in arms)
    got = independence(told, untold, base, [item.conversation_id or item.id for item in answered])
    sent = [tokens[item.id] for item in answered if item.id in tokens]
    return {
        "independence": got.value,
        "ci": None if got.value is None else [got.low, got.high],
        "n": got.n,
        "told": _mean(told),
        "untold": _mean(untold),
        "base": _mean(base),
        "tokens_per_turn": _mean(sent),
    }


def _values(exam: Exam) -> dict[tuple[str, str], float]:
    items = {item.id: item for item in exam.items}
    return {
        (score.arm, score.item): points(items[score.item], score.value) for score in exam.scores if score.item in items
    }


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def try_wishes(db: sqlite3.Connection, exam: Exam, lessons: Sequence[Lesson], run: str) -> int:
    """Note for every examined wish and version whether it was followed with nothing told; return how many."""
    by_id = {lesson.id: lesson for lesson in lessons if KINDS.get(lesson.kind) == "preferences"}
    seen: dict[tuple[str, str], list[float]] = defaultdict(list)
    items = {item.id: item for item in exam.items if item.lesson_id in by_id and item.scorer != "margin"}
    for score in exam.scores:
        if score.item in items and score.arm in (exam.champion, exam.challenger):
            seen[str(items[score.item].lesson_id), score.arm].append(score.value)
    noted = 0
    for (lesson_id, version), marks in seen.items():
        if len(marks) >= FEWEST and version != "base":
            passed = sum(marks) / len(marks) >= FOLLOWED
            graduation.tried(db, as_fact(by_id[lesson_id]).id, run=run, passed=passed, version=version)
            noted += 1
    return noted
