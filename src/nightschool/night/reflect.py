"""Reflect: a night's last work, when the decision is made, so that what is proposed waits for the next review."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Callable
from typing import cast

from nightschool.config import Home
from nightschool.curate.instances import places
from nightschool.curate.judges import evidence
from nightschool.curate.reconcile import as_fact
from nightschool.memory import context as memory
from nightschool.models import shelf
from nightschool.models.endpoint import Endpoint, key_from
from nightschool.models.model import Adapter, Model
from nightschool.models.remote import Remote
from nightschool.models.transport import EndpointError
from nightschool.night import judge
from nightschool.night.context import Context
from nightschool.records import Answer, Json, Lesson, Prompt, Question, Reflection
from nightschool.reflect import checks, tools
from nightschool.reflect.budget import Budget
from nightschool.reflect.critique import Prefers, Trouble
from nightschool.reflect.think import Left, Material, Mind, think
from nightschool.store import facts, lessons, reflections, revision, versions
from nightschool.store.database import transaction

MOST_TOLD = 3
"""Settled questions that the report names."""


def reflect(context: Context) -> Json:
    """Think within the budget; nothing where the person has not asked for it."""
    settings, db = context.config.reflect, context.db
    if not settings.enabled:
        return {}
    left: list[Left] = []

    def keep(question: Question | None, thought: Reflection | None, lesson: Lesson | None) -> None:
        with transaction(db):
            reflections.keep(db, context.run, question, thought, lesson)
            if lesson is not None and lesson.state == "dropped":
                _untell(context, lesson)
        left.append((question, thought, lesson))

    presence = Presence(context.home)

    def rest() -> bool:
        """Wait as long as the night is paused; without a pause the rest is for the next night."""
        if not context.home.pause.exists():
            return False
        context.advance(len(left))
        presence.look()
        return True

    run = tools.allowed(settings.tools, settings.tool_seconds)
    ended = ""
    try:
        model, who = _thinker(context)
        mind = Mind(
            model=model,
            remember=_remember(context),
            budget=Budget(
                tokens=settings.max_tokens, seconds=60 * settings.max_minutes, is_called_off=presence.is_back
            ),
            most_changes=settings.max_changes,
            run=run,
            prefers=_judges(context),
            rest=rest,
        )
        ended = think(_material(context), mind, keep, context.advance)
    except EndpointError as error:
        who, ended = settings.model or settings.url, f"its model gave no answer: {error}"
    return _summed(left, ended, reflections.questions(db, ["open"])) | {"by": who}


class Presence:
    """Whether the person came back: the night is paused, or something was asked since it began."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.look()

    def look(self) -> None:
        """Begin anew: what was asked until now is past."""
        self._since = self._asked()

    def is_back(self) -> bool:
        """Tell whether a night's thinking has to stop."""
        return self._home.pause.exists() or self._asked() > self._since

    def _asked(self) -> float:
        try:
            return self._home.awake.stat().st_mtime
        except OSError:
            return 0.0


def _material(context: Context) -> Material:
    db = context.db
    had = reflections.thoughts(db)
    return Material(
        conversations=context.history().conversations,
        signals=lessons.signals(db),
        lessons=lessons.lessons(db),
        facts=facts.history(db),
        open=reflections.questions(db),
        thought={one.reflection.about for one in had} | {one.reflection.id for one in had},
        held_out=lessons.sealed(db, context.run),
        seen=frozenset(one.reflection.seen for one in had if one.reflection.seen),
        tonight={one.reflection.about for one in had if one.run == context.run},
        run=context.run,
    )


def _remember(context: Context) -> Callable[[Prompt], Prompt]:
    remembered = facts.live(context.db)

    def told(prompt: Prompt) -> Prompt:
        return memory.remember(prompt, remembered, context.config.memory)

    return told


def _untell(context: Context, lesson: Lesson) -> None:
    """Let memory tell no more what is dropped."""
    told = as_fact(lesson)
    if any(fact.id == told.id for fact in facts.live(context.db)):
        revision.end(context.db, told.id, time.time())


def _judges(context: Context) -> Prefers | None:
    """The judges that are believed tonight, asked in both orders; None where there are none."""
    bench = judge.bench(context)
    if bench is None:
        return None
    shown = {place.turn.id: evidence.of_turn(place) for place in places(context.history().conversations, ())}

    def prefers(trouble: Trouble, again: str) -> bool:
        before = dataclasses.replace(shown[trouble.turn_id], reaction="", wish=trouble.complaint)
        said = evidence.Step(kind="said", text=again)
        return bench.prefers(dataclasses.replace(before, steps=(*before.steps[:-1], said)), before)

    return prefers


def _thinker(context: Context) -> tuple[Model, str]:
    """Who thinks and how it is called: the model that the settings name, else whoever answers by day."""
    settings, db = context.config.reflect, context.db
    if settings.url:
        endpoint = Endpoint(settings.url, settings.model, api=settings.api, key=key_from(settings.key_variable))
        return cast(Model, Remote(endpoint)), endpoint.model
    base, champion = context.base.get(), versions.pointer(db, "champion")
    adapter = shelf.check(context.home, versions.get(db, champion), base.fingerprint)
    return base if adapter is None else cast(Model, _Wearing(base, adapter, champion)), champion


class _Wearing:
    """A model that always answers with one adapter."""

    def __init__(self, model: Model, adapter: Adapter, version: str) -> None:
        self._model, self._adapter = model, adapter
        self.fingerprint = f"{model.fingerprint}\0{version}"

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)

    def answer(self, prompts: list[Prompt], **more: object) -> list[Answer]:
        """Answer with the adapter on."""
        answers: list[Answer] = self._model.answer(prompts, **{**more, "adapter": self._adapter})  # type: ignore[arg-type]
        return answers


def _summed(left: list[Left], ended: str, waiting: list[Question]) -> Json:
    settled = [question for question, _, _ in left if question is not None and question.state == "settled"]
    thoughts = [thought for _, thought, _ in left if thought is not None]
    again = [thought for thought in thoughts if thought.kind != "pattern"]
    asked = next((question for question in waiting if question.kind == "contradiction"), None)
    return {
        "thoughts": len(thoughts),
        "about": dict(Counter(thought.kind for thought in thoughts)),
        "settled": len(settled),
        "open": len(waiting),
        "proposed": [lesson.text for _, _, lesson in left if lesson is not None and lesson.state == "proposed"],
        "asked_again": [lesson.text for _, _, lesson in left if lesson is not None and lesson.state == "asked"],
        "dropped": [lesson.text for _, _, lesson in left if lesson is not None and lesson.state == "dropped"],
        "told": [{"question": question.text, "answer": question.note} for question in settled[:MOST_TOLD]],
        "diversity": {
            "then": checks.diversity([thought.before for thought in again]),
            "now": checks.diversity([thought.after for thought in again]),
            "n": len(again),
        },
        "tokens": sum(thought.tokens for thought in thoughts),
        "ended": ended,
        "question": f"Which of the two is true? {asked.text}" if asked is not None else "",
    }
