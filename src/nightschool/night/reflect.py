"""Reflect: a night's last work, when the decision is made, so that what is proposed waits for the next review."""

from __future__ import annotations

from typing import cast

from nightschool.memory import context as memory
from nightschool.models import shelf
from nightschool.models.model import Adapter, Model
from nightschool.night.context import Context
from nightschool.records import Answer, Json, Lesson, Prompt, Question, Reflection
from nightschool.reflect.budget import Budget
from nightschool.reflect.think import Material, think
from nightschool.store import facts, lessons, reflections, versions

MOST_TOLD = 3
"""Settled questions that the report names."""


def reflect(context: Context) -> Json:
    """Think within the budget; nothing where the person has not asked for it."""
    settings, db = context.config.reflect, context.db
    if not settings.enabled:
        return {}
    remembered, everything = facts.live(db), facts.history(db)
    left: list[tuple[Question | None, Reflection | None, Lesson | None]] = []

    def keep(question: Question | None, thought: Reflection | None, lesson: Lesson | None) -> None:
        reflections.keep(db, context.run, question, thought, lesson)
        left.append((question, thought, lesson))

    def remember(prompt: Prompt) -> Prompt:
        return memory.remember(prompt, remembered, context.config.memory)

    material = Material(
        conversations=context.history().conversations,
        signals=lessons.signals(db),
        lessons=lessons.lessons(db),
        facts=everything,
        open=reflections.questions(db),
        thought={thought.reflection.about for thought in reflections.thoughts(db)}
        | {thought.reflection.id for thought in reflections.thoughts(db)},
        held_out=lessons.sealed(db, context.run),
    )
    ended = think(
        material,
        _champion(context),
        remember,
        Budget(tokens=settings.max_tokens, seconds=60 * settings.max_minutes, is_called_off=context.home.pause.exists),
        keep,
        most_changes=settings.max_changes,
        progress=context.advance,
    )
    return _summed(left, ended, reflections.questions(db, ["open"]))


def _champion(context: Context) -> Model:
    """Whoever answers thinks: the base with the champion's adapter on."""
    base = context.base.get()
    adapter = shelf.check(
        context.home, versions.get(context.db, versions.pointer(context.db, "champion")), base.fingerprint
    )
    return base if adapter is None else cast(Model, _Wearing(base, adapter))


class _Wearing:
    """A model that always answers with one adapter."""

    def __init__(self, model: Model, adapter: Adapter) -> None:
        self._model, self._adapter = model, adapter

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)

    def answer(self, prompts: list[Prompt], **more: object) -> list[Answer]:
        """Answer with the adapter on."""
        answers: list[Answer] = self._model.answer(prompts, **{**more, "adapter": self._adapter})  # type: ignore[arg-type]
        return answers


def _summed(
    left: list[tuple[Question | None, Reflection | None, Lesson | None]], ended: str, waiting: list[Question]
) -> Json:
    settled = [question for question, _, _ in left if question is not None and question.state == "settled"]
    proposed = [lesson.text for _, _, lesson in left if lesson is not None and lesson.state == "proposed"]
    asked = next((question for question in waiting if question.kind == "contradiction"), None)
    return {
        "thoughts": sum(thought is not None for _, thought, _ in left),
        "settled": len(settled),
        "open": len(waiting),
        "proposed": proposed,
        "asked_again": [lesson.text for _, _, lesson in left if lesson is not None and lesson.state == "asked"],
        "told": [{"question": question.text, "answer": question.note} for question in settled[:MOST_TOLD]],
        "tokens": sum(thought.tokens for _, thought, _ in left if thought is not None),
        "ended": ended,
        "question": f"Which of the two is true? {asked.text}" if asked is not None else "",
    }
