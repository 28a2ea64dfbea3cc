"""Examine and decide: the versions sit one exam, and the gate reads it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from nightschool.curate import dataset
from nightschool.errors import UserError
from nightschool.exam import battery, gate, items, sitting
from nightschool.exam.tasks import OLD_LESSONS, PERSONAL
from nightschool.memory import context as memory
from nightschool.models import shelf
from nightschool.night import independence
from nightschool.night.context import Context
from nightschool.night.edits import worn
from nightschool.night.report import MOST_CHANGES
from nightschool.records import Decision, Exam, Item, Json, Prompt, Version, to_json
from nightschool.store import facts, lessons, nights, versions


def examine(context: Context) -> Json:
    """Let base, champion, the best earlier versions and the challenger sit the same items, told and untold."""
    db, challenger = context.db, context.outputs["train"]["version"]
    if not challenger:
        return {}
    history = context.history().conversations
    kept, held_out = lessons.lessons(db, states=["kept"]), lessons.sealed(db, context.run)
    remembered = facts.live(db)
    own, skipped = items.personal(history, kept, lessons.signals(db), held_out, remembered)
    old = items.old_lessons(lessons.probes(db), kept, history)
    settings = context.config
    asked = (*own, *old, *battery.items(settings.base.name, settings.exam.battery_items, settings.train.seed))
    earlier = _best_earlier(context, challenger)
    model = context.base.get()

    def remember(prompt: Prompt) -> Prompt:
        question = next((m["content"] for m in reversed(prompt.messages) if m["role"] == "user"), "")
        return memory.told(prompt, memory.choose(remembered, str(question), settings.memory))

    sat = [context.champion, challenger, *earlier]
    exam = sitting.sit(
        model,
        asked,
        sitting.arms(context.champion, earlier, challenger),
        worn(
            context,
            {name: shelf.check(context.home, versions.get(db, name), model.fingerprint) for name in ("base", *sat)},
        ),
        remember,
        run=context.run,
        champion=context.champion,
        challenger=challenger,
        dataset=dataset.read(context.datasets, context.outputs["compose"]["dataset"]),
        skipped=skipped,
        max_tokens=settings.exam.max_answer_tokens,
        progress=context.advance,
    )
    nights.add_exam(db, exam)
    lessons.mark_examined(db, context.run)
    independence.try_wishes(db, exam, kept, context.run)
    added = {
        item.id: sum(memory.tokens(str(m["content"])) for m in remember(item.prompt).messages)
        - sum(memory.tokens(str(m["content"])) for m in item.prompt.messages)
        for item in (*own, *old)
    }
    texts = {lesson.id: lesson.text for lesson in kept}
    return {
        "exam": exam.id,
        "items": len(exam.items),
        "champion": exam.champion,
        "challenger": exam.challenger,
        "results": to_json(exam.results),
        "skipped": dict(exam.skipped),
        "lessons": _by_lesson(exam, PERSONAL, texts),
        "old_lessons": _by_lesson(exam, OLD_LESSONS, texts),
        "changes": _changes(exam),
        "independence": independence.measure(exam, kept, added),
    }


def decide(context: Context) -> Json:
    """Ask the gate; without a challenger nothing changes."""
    trained = context.outputs["train"]
    if not trained["version"]:
        return _json(Decision(outcome="keep", reasons=(trained["reason"],)))
    exam = nights.exam(context.db, context.outputs["examine"]["exam"])
    base = context.outputs["compose"]["base"]
    known = versions.list_versions(context.db)
    return _json(gate.decide(exam, gate.Policy.of(context.config.exam, base=base, versions=known)))


def _json(decision: Decision) -> Json:
    written: Json = to_json(decision)
    return written


def _best_earlier(context: Context, challenger: str) -> list[str]:
    """Former champions whose adapters are still here, by how they last did on the person's own questions."""
    best: dict[str, float] = {}
    for night in nights.list_nights(context.db):
        for result in night.output("examine").get("results", ()):
            if result["task"] == PERSONAL and "+" not in result["arm"]:
                best[result["arm"]] = result["value"]
    here = [version for version in versions.list_versions(context.db) if _answers(context, version, challenger)]
    here.sort(key=lambda version: (-best.get(version.id, 0.0), version.id))
    return [version.id for version in here[: context.config.exam.earlier]]


def _answers(context: Context, version: Version, challenger: str) -> bool:
    """Whether a version was champion once and its adapter is still whole."""
    if version.state != "earlier" or version.id in (context.champion, challenger):
        return False
    try:
        return shelf.check(context.home, version, context.outputs["compose"]["base"]) is not None
    except UserError:
        return False


def _by_lesson(exam: Exam, task: str, texts: Mapping[str, str]) -> list[Json]:
    """The share of a lesson's questions that champion and challenger got right without memory."""
    items = {item.id: item.lesson_id for item in exam.items if item.task == task and item.lesson_id}
    right: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for score in exam.scores:
        lesson = items.get(score.item)
        if lesson and score.arm in (exam.champion, exam.challenger):
            right[lesson][score.arm].append(score.value)
    return [
        {
            "lesson": lesson,
            "text": texts.get(lesson, lesson),
            "n": len(arms[exam.champion]),
            "champion": _mean(arms[exam.champion]),
            "challenger": _mean(arms[str(exam.challenger)]),
        }
        for lesson, arms in right.items()
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _changes(exam: Exam) -> list[Json]:
    """Questions that the challenger answers otherwise, gained ones first, no lesson twice while there are others."""
    answers: dict[str, dict[str, tuple[float, str]]] = defaultdict(dict)
    for score in exam.scores:
        answers[score.arm][score.item] = (score.value, score.output)
    before, after = answers[exam.champion], answers[str(exam.challenger)]
    flipped = [
        item
        for item in exam.items
        if item.task == PERSONAL and item.id in before and item.id in after and before[item.id][0] != after[item.id][0]
    ]
    seen: dict[str | None, int] = defaultdict(int)
    ranked = []
    for item in flipped:
        seen[item.lesson_id] += 1
        ranked.append((after[item.id][0] < before[item.id][0], seen[item.lesson_id], item))
    ranked.sort(key=lambda pair: pair[:2])
    return [_change(exam, item, before[item.id], after[item.id]) for _, _, item in ranked[:MOST_CHANGES]]


def _change(exam: Exam, item: Item, before: tuple[float, str], after: tuple[float, str]) -> Json:
    question = next((message["content"] for message in reversed(item.prompt.messages) if message["role"] == "user"), "")
    return {
        "question": str(question),
        "before": _said(before[1]),
        "before_by": exam.champion,
        "after": _said(after[1]),
        "after_by": str(exam.challenger),
        "better": after[0] > before[0],
    }


def _said(output: str) -> str:
    """What an answer said; a tool call, which the exam writes as JSON, in the form that people know."""
    lines = []
    for line in output.splitlines():
        try:
            call = json.loads(line)
            given = ", ".join(f"{key}: {value}" for key, value in call["arguments"].items())
            lines.append(f"[calls {call['name']}({given})]")
        except (ValueError, TypeError, KeyError, AttributeError):
            lines.append(line)
    return "\n".join(lines)
