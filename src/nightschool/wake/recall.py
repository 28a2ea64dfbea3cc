"""What memory adds to a prompt, and why: one way for chat, server and the `context` command alike."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nightschool.config import MemoryConfig
from nightschool.intake.openclaw_message import without_envelope
from nightschool.memory import context, notes, search
from nightschool.memory.search import Embedder, Hit
from nightschool.records import Fact, Prompt
from nightschool.store import facts, graduation, said
from nightschool.wake.speaker import Speaker

ROOMY = 4096
"""Tokens of context above which a base has room for what was said before."""
_CATCH_UP_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """One thing that is told."""

    id: str
    kind: Literal["preference", "fact", "said"]
    text: str
    place: Literal["always", "with the question"]
    tokens: int
    why: tuple[str, ...]
    source: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """One thing that memory holds and does not tell here."""

    id: str
    text: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a model is asked, with what memory added to it."""

    prompt: Prompt
    facts: tuple[Fact, ...] = ()
    items: tuple[Chosen, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    always: str = ""
    """The stable block, in the system message."""
    retrieved: str = ""
    """The block next to the question."""

    @property
    def tokens(self) -> int:
        """About how many tokens memory adds."""
        return sum(context.tokens(text) for text in (self.always, self.retrieved) if text)


def tell(
    db: sqlite3.Connection,
    prompt: Prompt,
    config: MemoryConfig,
    *,
    project: str | None = None,
    agent: str | None = None,
    apart: str = "",
    without: str = "",
    embedder: Embedder | None = None,
    roomy: bool = False,
    who: Speaker | None = None,
) -> Told:
    """Add to a prompt what memory knows that bears on its last question.

    `without` names the conversation that the prompt holds anyway, `apart` is the setting. `who` answers:
    what its weights do not hold is told; without it, the champion is taken to hold what graduated. Where
    everything fits, all facts stand in the stable block; else a roomy base gets the ones that bear on the
    question beside it.
    """
    asked = (str(m.get("content") or "") for m in reversed(prompt.messages) if m.get("role") == "user")
    question = next(filter(None, map(without_envelope, asked)), "")
    held, left = _tellable(db, project, agent, who)
    chosen = context.choose(held, question, config)
    overflow = len(chosen) < len(held)
    if overflow and roomy:
        chosen = [fact for fact in chosen if fact.kind == "preference"]
    hits: list[Hit] = []
    if roomy and config.retrieved_tokens and notes.worth_recalling(question):
        said.catch_up(db, seconds=_CATCH_UP_SECONDS)
        kinds = ("fact", "said") if overflow else ("said",)
        found = search.recall(
            db, question, now=time.time(), project=project, agent=agent, apart=apart, without=without,
            embedder=embedder, kinds=kinds,
        )  # fmt: skip
        before = [str(message.get("content") or "") for message in prompt.messages[:-1]]
        found = [hit for hit in found if not _stands_in(before, hit)]
        hits = _worth_it(db, found, question, held, config.retrieved_tokens)
        hits = [hit for hit in hits if not _stands_in(before, hit)]
    told = settled(db, chosen)
    retrieved = notes.block(hits, question)
    told_ids = {fact.id for fact in chosen} | {hit.id for hit in hits}
    left += [LeftOut(id=f.id, text=f.sentence, why="no room left") for f in held if f.id not in told_ids]
    return Told(
        prompt=notes.placed(context.told(prompt, told), retrieved),
        facts=(*chosen, *(hit.fact for hit in hits if hit.fact is not None)),
        items=(*_always(told, question, overflow), *(_beside(hit, question) for hit in hits)),
        left_out=tuple(left),
        always=context.block(told),
        retrieved=retrieved,
    )


def _tellable(
    db: sqlite3.Connection, project: str | None, agent: str | None, who: Speaker | None
) -> tuple[list[Fact], list[LeftOut]]:
    """What may be told here, and what may not with the reason."""
    held, left = [], []
    in_weights = graduation.graduated(db, version=who.version, mounted=who.holds) if who else graduation.graduated(db)
    for fact in facts.live(db):
        if not search.in_scope(fact, project=project, agent=agent):
            left.append(LeftOut(id=fact.id, text=fact.sentence, why=f"belongs to {fact.scope.replace(':', ' ')}"))
        elif fact.id in in_weights:
            left.append(LeftOut(id=fact.id, text=fact.sentence, why="graduated: the weights hold it"))
        else:
            held.append(fact)
    return held, left


def _stands_in(before: Sequence[str], hit: Hit) -> bool:
    """Whether the conversation that goes on holds a message anyway: a client's is not known by its name."""
    return hit.kind == "said" and any(hit.text in text for text in before)


def _worth_it(
    db: sqlite3.Connection, found: Sequence[Hit], question: str, held: Sequence[Fact], room: int
) -> list[Hit]:
    tellable = {fact.id for fact in held}
    fit = [
        hit
        for hit in found
        if notes.bears_on(question, hit) and (hit.kind == "said" or hit.id in tellable)
    ]  # fmt: skip
    return search.with_neighbours(db, fit, room - context.tokens(notes.HEADING), lambda hit: notes.cost(hit, question))


def settled(db: sqlite3.Connection, chosen: Sequence[Fact]) -> list[Fact]:
    """Word a fact that another one contradicts as the open question that it is."""
    from dataclasses import replace

    rivals = {old.id: new.sentence for new, old in facts.asked(db)}
    return [
        replace(fact, sentence=f"Not settled: “{fact.sentence}” or “{rivals[fact.id]}”") if fact.id in rivals else fact
        for fact in chosen
    ]


def _always(chosen: Sequence[Fact], question: str, overflow: bool) -> list[Chosen]:
    def why(fact: Fact) -> str:
        if fact.kind == "preference":
            return "a wish: always told"
        if not overflow:
            return "fits"
        return "picked by the words of the question" if context.bears_on(fact, question) else "newest of the rest"

    return [
        Chosen(
            id=fact.id,
            kind=fact.kind,
            text=fact.sentence,
            place="always",
            tokens=context.tokens(fact.sentence) + 1,
            why=(why(fact),),
            source=fact.source,
        )
        for fact in chosen
    ]


def _beside(hit: Hit, question: str) -> Chosen:
    return Chosen(
        id=hit.id,
        kind="said" if hit.fact is None else hit.fact.kind,
        text=notes.excerpt(hit.text, question),
        place="with the question",
        tokens=notes.cost(hit, question),
        why=hit.why,
        source=(hit.conversation,) if hit.conversation else hit.fact.source if hit.fact else (),
    )
