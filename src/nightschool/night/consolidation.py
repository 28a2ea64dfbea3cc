"""Consolidation: facts that are proven in the weights, as rows to train on, so that their edits can be let go.

Every fact is taught in several wordings, one wording of all before the next one of any, beside questions
near it with the base's own answers. What a new version then recalls by itself gets no edit there
(`Editor.derive`); everything else keeps its own. Off by default: `[memory] consolidate = true`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from nightschool.curate import replay
from nightschool.curate.dataset import example
from nightschool.edit import mounting
from nightschool.edit.editor import words_of
from nightschool.edit.passage import scenes
from nightschool.edit.phrasing import Key, Phrasing, phrasing
from nightschool.night.context import Context
from nightschool.records import Answer, Example, Fact, Prompt
from nightschool.store import conversations, facts, versions

WORDINGS = 8
"""Of each fact, in contexts as an edit is made with."""
NEAR = 4
"""Questions near each fact that keep the base's answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proven:
    """One fact to be taught."""

    phrasing: Phrasing
    source: tuple[str, ...]
    """What its rows rest on: the fact's id, then its messages."""
    conversation_id: str | None = None
    """One that it was told in and that the exam does not use."""


def material(context: Context, held_out: Collection[str]) -> list[Example]:
    """Make the rows of a night; none unless the settings ask for them.

    None either while the untouched base is the champion: it sits the exam without edits, so that a
    version would be promoted for facts that were known before.
    """
    if not context.config.memory.consolidate or context.champion == versions.BASE:
        return []
    model, config = context.base.get(), context.config
    known = [found for fact in _in_weights(context) if (found := _proven(context, fact, held_out))]
    told = [phrasing(fact.sentence, fact.object) for fact in facts.live(context.db)]
    return rows(
        known[: config.curate.max_rows // (WORDINGS + NEAR)],
        {each.key for each in told if each is not None},
        lambda prompts: replay.answers(model, prompts, config, context.datasets / "base"),
    )


def rows(
    known: Sequence[Proven],
    told: Collection[Key],
    ask: Callable[[Sequence[Prompt]], Sequence[Answer]],
    general: Sequence[str] = (),
) -> list[Example]:
    """Make rows of facts, then of what must stay: near and general questions, as `ask` has them answered.

    Questions that a fact of `told` answers are no near ones.
    """
    scened = [scenes(number, each.phrasing, WORDINGS) for number, each in enumerate(known)]
    taught = [
        example(
            "sft", scene.prompt, {"role": "assistant", "content": scene.asked.answer}, origin="fact",
            source=known[scene.fact].source, conversation_id=known[scene.fact].conversation_id,
        )
        for breadth in zip(*scened, strict=True)
        for scene in breadth
    ]  # fmt: skip
    free = [[n.question for n in each.phrasing.negatives if n.key not in told][:NEAR] for each in known]
    asked = dict.fromkeys([*(question for some in free for question in some), *general])
    prompts = [Prompt(messages=({"role": "user", "content": question},)) for question in asked]
    kept = [
        example("sft", prompt, answer.message(), origin="base")
        for prompt, answer in zip(prompts, ask(prompts) if prompts else (), strict=True)
        if answer.stop == "stop"
    ]
    return [*taught, *kept]


def _in_weights(context: Context) -> list[Fact]:
    """The facts that the champion holds, by an edit or by an earlier training."""
    db, model = context.db, context.base.get()
    skill = versions.get(db, context.champion).adapter_hash or ""
    held = mounting.facts(db, context.home, model.fingerprint, skill, str(getattr(model, "precision", "")))
    return [fact for fact in facts.live(db) if fact.id in held]


def _proven(context: Context, fact: Fact, held_out: Collection[str]) -> Proven | None:
    """Word a fact that may be trained: weights know neither projects nor dates, and the exam's talks stay unseen."""
    talks = [conversations.message_conversation(context.db, message) for message in fact.source]
    free = [talk for talk in talks if talk and talk not in held_out]
    words, _ = words_of(fact)
    if words is None or fact.scope != "everywhere" or fact.valid_to is not None or (fact.source and not free):
        return None
    return Proven(phrasing=words, source=(fact.id, *fact.source), conversation_id=free[0] if free else None)
