"""Recall: what of the history bears on a question, facts and what was said in one ranking.

Several lists, each good at something else, joined by reciprocal-rank fusion. With k = 10 the top of
one list counts for more than the middle of two; the usual 60 buries a sure hit of a single list.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from nightschool.config import kept_apart
from nightschool.errors import UserError
from nightschool.memory.window import window
from nightschool.records import Fact
from nightschool.store import facts, said, vectors
from nightschool.store.said import Said, Where

if TYPE_CHECKING:
    import numpy as np

K = 10
DEPTH = 100
WEIGHTS = {
    "facts": 1.0, "facts by meaning": 1.0, "your words": 1.0, "your words by meaning": 1.0, "the answers": 0.4,
    "what the answers answered": 0.4, "the time asked about": 1.0, "standing wishes": 0.5,
    "beside its fact": 0.5, "beside its message": 0.5,
}  # fmt: skip
STANDING_DEPTH = 5
_BREVITY = 0.3
"""How much a short hit goes before a long one when a budget is filled."""
NEIGHBOURS = 2
"""Of so many best hits the message before and after is added, where the budget allows."""
STOP = frozenset(
    re.findall(
        r"\w+",
        "a an the and or but if of to in on at by for with from as is are was were be been being do does did "
        "has have had having i you he she it we they me him her us them my your his its our their this that "
        "these those what which who whom whose when where why how would could should can will shall may might "
        "must not no nor so than too very s t just about into over after before between during there here "
        "then once all any both each few more most other some such only own same again further out up down "
        "off under until while because",
    )
)
_MOST_WORDS = 64


class Embedder(Protocol):
    """What turns texts into directions of meaning."""

    @property
    def name(self) -> str:
        """Changes whenever its directions do."""
        ...

    def embed(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Return one row per text; models that ask for a prompt before questions get it with `query`."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One thing that was found, with why."""

    kind: Literal["fact", "said"]
    id: str
    """Of the fact, or of the message."""
    text: str
    author: str
    created: float
    score: float
    why: tuple[str, ...]
    """Which lists named it, each with its rank."""
    conversation: str = ""
    piece: Said | None = None
    fact: Fact | None = None


def terms(text: str) -> list[str]:
    """Return the words of a query, without those that say nothing; all of them where nothing else is left."""
    text = text.encode("utf-8", "replace").decode().replace("\0", " ")
    words = list(dict.fromkeys(word.lower() for word in re.findall(r"\w+", text)))
    return ([word for word in words if word not in STOP] or words)[:_MOST_WORDS]


def unnamed(text: str, names: Sequence[str]) -> str:
    """Return a text without the names of those whose history it is.

    Everything there is by or about them; a direction of meaning would go to the lines that greet them.
    """
    if not names:
        return text
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    rest = " ".join(re.sub(rf"(?i)\b(?:{either})\b(?:['’]s)?", " ", text).split()) if either else text
    return rest if re.search(r"\w", rest) else text


def in_scope(fact: Fact, *, project: str | None = None, agent: str | None = None) -> bool:
    """Tell whether a fact may be told here: everywhere, or within its own project or agent."""
    return fact.scope in ("everywhere", f"project:{project}", f"agent:{agent}")


def recall(
    db: sqlite3.Connection,
    question: str,
    *,
    now: float,
    project: str | None = None,
    agent: str | None = None,
    apart: str = "",
    without: str = "",
    names: Sequence[str] = (),
    embedder: Embedder | None = None,
    kinds: Iterable[str] = ("fact", "said"),
    limit: int = 50,
) -> list[Hit]:
    """Return what bears on a question, best first. Any text is safe.

    `names` are of those whose history it is, beside what facts say the person is called; `apart` is the setting.
    """
    words = terms(question)
    where = Where(project=project, agent=agent, apart=kept_apart(apart), without=without)
    found = _Ranking()
    meant = unnamed(question, [*names, *facts.own_names(db)]) if embedder else ""
    query = _direction(embedder, meant) if embedder and words else None
    if "fact" in kinds:

        def tellable(some: Iterable[Fact]) -> list[Fact]:
            return [fact for fact in some if in_scope(fact, project=project, agent=agent)]

        found.facts("facts", tellable(facts.search(db, " ".join(words), DEPTH)))
        if embedder is not None and query is not None:
            numbers = vectors.nearest(db, embedder.name, "fact", query, DEPTH)
            found.facts("facts by meaning", tellable(facts.by_number(db, numbers)))
    if "said" in kinds:
        _said_lists(db, words, where, found)
        if embedder is not None and query is not None:
            near = said.by_number(db, vectors.nearest(db, embedder.name, "said", query, DEPTH), where)
            found.said("your words by meaning", [piece for piece in near if piece.author == "person"])
            found.said("the answers", [piece for piece in near if piece.author == "assistant"])
        span = window(question, now)
        if span is not None:
            _in_window(db, words, replace(where, window=span), found)
    found.join_facts_and_messages()
    return found.best(limit)


def _direction(embedder: Embedder, text: str) -> np.ndarray | None:
    """Where a question points, None where the embedder is away: words find something too."""
    try:
        direction: np.ndarray = embedder.embed([text], query=True)[0]
    except UserError:
        return None
    return direction


def _said_lists(db: sqlite3.Connection, words: Sequence[str], where: Where, found: _Ranking) -> None:
    found.said("your words", said.search(db, words, "person", DEPTH, where))
    answers = said.search(db, words, "assistant", DEPTH, where)
    found.said("the answers", answers)
    # An answer repeats what was asked in other words: it points back at the message it answers.
    found.said("what the answers answered", said.asked_before(db, answers))
    standing = replace(where, standing=True)
    wishes = said.search(db, words, "person", STANDING_DEPTH, standing)
    wishes += said.newest(db, STANDING_DEPTH, standing)
    found.said("standing wishes", list(dict.fromkeys(wishes))[:STANDING_DEPTH])


def _in_window(db: sqlite3.Connection, words: Sequence[str], where: Where, found: _Ranking) -> None:
    inside = said.search(db, words, "person", DEPTH, where)
    found.said("the time asked about", inside or said.newest(db, DEPTH, where))


class _Ranking:
    """Lists that are being joined."""

    def __init__(self) -> None:
        self._scores: dict[tuple[str, str], float] = {}
        self._why: dict[tuple[str, str], list[str]] = {}
        self._first: dict[tuple[str, str], Fact | Said] = {}

    def facts(self, name: str, ranked: Sequence[Fact]) -> None:
        self._add(name, [(("fact", fact.id), fact) for fact in ranked])

    def said(self, name: str, ranked: Sequence[Said]) -> None:
        self._add(name, [(("said", piece.message_id), piece) for piece in ranked])

    def _add(self, name: str, ranked: Sequence[tuple[tuple[str, str], Fact | Said]]) -> None:
        """Give every message its best rank in this list."""
        seen: dict[tuple[str, str], None] = {}
        for key, item in ranked:
            if key not in seen:
                seen[key] = None
                self._scores[key] = self._scores.get(key, 0.0) + WEIGHTS[name] / (K + len(seen))
                self._why.setdefault(key, []).append(f"{name}: {len(seen)}")
                self._first.setdefault(key, item)

    def join_facts_and_messages(self) -> None:
        """Let a found fact lift the found messages that it was read from, and they it."""
        order = sorted(self._scores, key=lambda key: -self._scores[key])
        some = [item for key in order if isinstance(item := self._first[key], Fact)]
        messages = [key for key in order if key[0] == "said"]
        cited = [(("said", source), self._first.get(("said", source))) for fact in some for source in fact.source]
        lifted = [(("fact", fact.id), fact) for _, name in messages for fact in some if name in fact.source]
        self._add("beside its fact", [(key, item) for key, item in cited if item is not None])
        self._add("beside its message", lifted)

    def best(self, limit: int) -> list[Hit]:
        order = sorted(self._scores, key=lambda key: -self._scores[key])[:limit]
        return [self._hit(key, self._first[key]) for key in order]

    def _hit(self, key: tuple[str, str], item: Fact | Said) -> Hit:
        score, why = round(self._scores[key], 6), tuple(self._why[key])
        if isinstance(item, Fact):
            return Hit(
                kind="fact", id=item.id, text=item.sentence, author="person", created=item.known_from,
                score=score, why=why, fact=item,
            )  # fmt: skip
        return Hit(
            kind="said", id=item.message_id, text=item.words, author=item.author, created=item.created,
            score=score, why=why, conversation=item.conversation_id, piece=item,
        )  # fmt: skip


def within(hits: Sequence[Hit], tokens: int, count: Callable[[Hit], int]) -> list[Hit]:
    """Fill a budget in order, of two about equal hits the shorter first; what does not fit leaves its place.

    A message that a chosen fact was read from, or a fact whose messages are all there, waits until
    everything else had its turn.
    """
    chosen: list[Hit] = []
    repeated: list[Hit] = []
    told: set[str] = set()
    left = tokens
    for hit in sorted(hits, key=lambda hit: -hit.score / max(1, count(hit)) ** _BREVITY):
        says = _rests_on(hit)
        if says and says <= told:
            repeated.append(hit)
        elif count(hit) <= left:
            left -= count(hit)
            told |= says
            chosen.append(hit)
    for hit in repeated:
        if count(hit) <= left:
            left -= count(hit)
            chosen.append(hit)
    return chosen


def _rests_on(hit: Hit) -> set[str]:
    """The messages that a hit tells of."""
    return set(hit.fact.source) if hit.fact is not None else {hit.id}


def with_neighbours(db: sqlite3.Connection, hits: Sequence[Hit], tokens: int, count: Callable[[Hit], int]) -> list[Hit]:
    """Fill a budget, then add what stood before and after the best hits as far as room is left."""
    chosen = within(hits, tokens, count)
    left = tokens - sum(count(hit) for hit in chosen)
    there = {hit.id for hit in chosen}
    for hit in [hit for hit in chosen if hit.piece is not None][:NEIGHBOURS]:
        for piece in said.around(db, hit.piece) if hit.piece else ():
            neighbour = Hit(
                kind="said", id=piece.message_id, text=piece.words, author=piece.author, created=piece.created,
                score=0.0, why=(f"beside {hit.id[:12]}",), conversation=piece.conversation_id, piece=piece,
            )  # fmt: skip
            if neighbour.id not in there and count(neighbour) <= left:
                there.add(neighbour.id)
                left -= count(neighbour)
                chosen.append(neighbour)
    return chosen
