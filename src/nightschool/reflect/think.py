"""One night's thinking: lessons in doubt first, then open questions, then answers that went wrong, then patterns.

Every thought is handed over as soon as it is had, so that a night cut short keeps what it thought and repeats
nothing. A thought that is broken off leaves nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from nightschool.models.model import Model
from nightschool.records import Conversation, Fact, Lesson, Question, Reflection, Signal
from nightschool.reflect import critique, patterns, questions, tools
from nightschool.reflect.budget import Budget, CalledOff
from nightschool.reflect.critique import Prefers
from nightschool.reflect.revisit import Remember, revisit

ENOUGH = "enough was proposed for one night"


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """What a night thinks about; conversations are cleaned of secrets."""

    conversations: Sequence[Conversation]
    signals: Sequence[Signal]
    lessons: Sequence[Lesson]
    facts: Sequence[Fact]
    open: Sequence[Question]
    """Questions that are stored already, whatever their state."""
    thought: Collection[str]
    """Ids of thoughts that were had already, and of the turns that were criticised."""
    held_out: Collection[str]
    """Conversations that an exam asks about: no candidate may rest on them."""
    seen: Collection[str] = ()
    """What was shown to which model before."""
    tonight: Collection[str] = ()
    """Ids of what this very night thought about before it was cut off."""
    run: str = ""
    """This night."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mind:
    """Who thinks, and what they may use."""

    model: Model
    remember: Remember
    budget: Budget
    most_changes: int
    """Candidates and doubts of one night, all together."""
    run: tools.Run = tools.nothing
    prefers: Prefers | None = None
    """The judges, where some are believed."""
    rest: Callable[[], bool] = lambda: False
    """Waits while the person is there; tells whether to go on then."""


Keep = Callable[[Question | None, Reflection | None, Lesson | None], None]
"""Stores what one thought left, all of it or nothing."""
Left = tuple[Question | None, Reflection | None, Lesson | None]


def find(material: Material) -> list[Question]:
    """List what is open now: what was stored, and what is new in history; what history has answered is settled."""
    known = {question.id: question for question in material.open}
    by_turn: dict[str, list[Signal]] = {}
    for signal in material.signals:
        by_turn.setdefault(signal.turn_id, []).append(signal)
    found: dict[str, Question] = {}
    for conversation in material.conversations:
        own = [signal for message in conversation.messages for signal in by_turn.get(message.id, ())]
        found |= {question.id: question for question in questions.find(conversation, own)}
    found |= {question.id: question for question in questions.contradictions(material.facts)}
    here = {conversation.id for conversation in material.conversations} | {""}
    for question in known.values():
        if question.state == "open" and question.id not in found and question.conversation_id in here:
            known[question.id] = replace(question, state="settled", note=questions.SAID)
    return sorted((found | known).values(), key=lambda one: (-one.opened, one.id))


@dataclass(kw_only=True)
class _Night:
    """What was left so far, and how many changes are left."""

    mind: Mind
    keep: Keep
    progress: Callable[[int, int], None]
    answers: list[str] = field(default_factory=list)
    changes: int = 0

    def leave(self, question: Question | None, thought: Reflection | None, lesson: Lesson | None) -> None:
        """Hand a thought over."""
        self.changes += lesson is not None
        self.keep(question, thought, lesson)
        if thought is not None and thought.kind != "pattern" and thought.after:
            self.answers.append(thought.after)

    @property
    def full(self) -> bool:
        return self.changes >= self.mind.most_changes


def think(
    material: Material, mind: Mind, keep: Keep, progress: Callable[[int, int], None] = lambda done, total: None
) -> str:
    """Think until the budget or the matter ends; return why it ended early, or nothing."""
    night = _Night(mind=mind, keep=keep, progress=progress)
    stored = {question.id: question for question in material.open}
    everything = find(material)
    for question in everything:
        if stored.get(question.id) != question:
            keep(question, None, None)
    for lesson in patterns.weakened(material.lessons, material.conversations, material.signals):
        if not night.full:
            night.leave(None, None, lesson)
    waiting = [q for q in everything if q.state == "open" and q.id not in material.tonight]
    wrong = [
        trouble
        for trouble in critique.troubles(material.conversations, material.signals, material.lessons, material.held_out)
        if trouble.turn_id not in material.thought
    ]
    steps = [*_revisits(material, mind, waiting), *_critiques(night, mind, wrong)]
    for done, step in enumerate(steps):
        progress(done, len(steps))
        while True:
            if ended := mind.budget.ended:
                if mind.budget.is_called_off() and mind.rest():
                    continue
                return ended
            try:
                left = step()
            except CalledOff:
                continue
            break
        if left is None:
            return ENOUGH
        night.leave(*left)
    progress(len(steps), len(steps))
    return _patterns(material, night)


Step = Callable[[], Left | None]


def _revisits(material: Material, mind: Mind, waiting: Sequence[Question]) -> Iterator[Step]:
    conversations = {conversation.id: conversation for conversation in material.conversations}

    def step(question: Question) -> Left:
        again, thought = revisit(
            question, conversations.get(question.conversation_id), material.facts, mind.model, mind.remember,
            mind.budget, run=mind.run, seen=material.seen, night=material.run,
        )  # fmt: skip
        return again, thought, None

    for question in waiting:
        yield lambda question=question: step(question)  # type: ignore[misc]


def _critiques(night: _Night, mind: Mind, wrong: Sequence[critique.Trouble]) -> Iterator[Step]:
    def step(trouble: critique.Trouble) -> Left | None:
        if night.full:
            return None
        thought, lesson = critique.criticise(
            trouble, mind.model, mind.budget, others=night.answers, prefers=mind.prefers
        )
        return None, thought, lesson

    for trouble in wrong:
        yield lambda trouble=trouble: step(trouble)  # type: ignore[misc]


def _patterns(material: Material, night: _Night) -> str:
    """Propose what keeps coming back, as far as the night's changes go; nothing from what an exam asks about."""
    open_ = [one for one in material.conversations if one.id not in material.held_out]
    found = [
        *patterns.general(material.lessons, open_, material.signals),
        *patterns.procedures(open_, material.signals),
    ]
    for thought, lesson in found:
        if thought.id in material.thought:
            continue
        if night.full:
            return ENOUGH
        night.leave(None, thought, lesson)
    return ""
