"""How much of the evidence recall brings up, beside the usual ways, on long conversations with questions.

No model judges: a turn that the file names as evidence is among the first k or it is not.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nightschool.bench import talk_sets
from nightschool.bench.talk_sets import Question, TalkSet
from nightschool.memory import directions, search
from nightschool.memory.search import Embedder, Hit
from nightschool.records import Fact, Json
from nightschool.statistics import mean_interval
from nightschool.store import facts, said, vectors
from nightschool.store.database import open_database, transaction
from nightschool.store.said import STANDING, Row, Where

CUTS = (5, 10, 20)
BUDGETS = (250, 500, 1000, 2000)
ARMS = ("nightschool-no-embedder", "bm25")
WITH_EMBEDDER = ("nightschool", "vectors", "hybrid-rrf60", "hybrid-rrf10")
_PER_TOKEN = 4

Ranked = list[str]
Progress = Callable[[int, int], None]
Found = tuple[Question, str, list[float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stores:
    """One conversation as our store holds it and as the usual ways do."""

    one: TalkSet
    ours: sqlite3.Connection
    plain: sqlite3.Connection
    """Every turn alone, behind the name of who said it."""
    joined: sqlite3.Connection
    """Every turn behind the one before it, and its direction without names."""
    embedder: Embedder | None


class _Remembering:
    """An embedder that keeps what it has embedded: several arms ask for the same texts."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self._rows = embedder, dict[tuple[str, bool], np.ndarray]()
        self.name = embedder.name

    def embed(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Return one row per text."""
        missing = [text for text in dict.fromkeys(texts) if (text, query) not in self._rows]
        if missing:
            rows = self._embedder.embed(missing, query=query)
            self._rows |= {(text, query): row for text, row in zip(missing, rows, strict=True)}
        return np.stack([self._rows[text, query] for text in texts])


def measure(path: Path, embedder: Embedder | None = None, progress: Progress | None = None) -> Json:
    """Measure every arm on every question; with an embedder also the arms that need one."""
    began, sets = time.monotonic(), talk_sets.read(path)
    embedder = _Remembering(embedder) if embedder else None
    arms = [*ARMS, *(WITH_EMBEDDER if embedder else ())]
    rows: dict[str, list[Found]] = {arm: [] for arm in arms}
    budgets: dict[str, list[list[float]]] = defaultdict(list)
    for done, one in enumerate(sets):
        if progress:
            progress(done, len(sets))
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            ours, plain, joined = (
                stack.enter_context(closing(open_database(Path(folder) / f"{name}.db"))) for name in "opj"
            )
            load(ours, one, embedder)
            load_plain(plain, one, embedder)
            load_joined(joined, one, embedder)
            stores = _Stores(one=one, ours=ours, plain=plain, joined=joined, embedder=embedder)
            for question in one.questions:
                for arm in arms:
                    rows[arm].append((question, one.name, _recalls(one, question, _ranked(stores, question, arm))))
                if one.facts and question.category != "adversarial":
                    for name, values in _in_tokens(stores, question).items():
                        budgets[name].append(values)
    figures = {arm: _figures(found) for arm, found in rows.items()}
    # Without an embedder `nightschool` searches by words alone, which is the same arm.
    figures.setdefault("nightschool", figures["nightschool-no-embedder"])
    return {
        "shape": sets[0].shape,
        "conversations": len(sets),
        "turns": sum(len(one.lines) for one in sets),
        "embedder": embedder.name if embedder else None,
        "arms": figures,
        "in_tokens": {name: _means(values) for name, values in budgets.items()},
        "seconds": round(time.monotonic() - began, 1),
    }


def load(db: sqlite3.Connection, one: TalkSet, embedder: Embedder | None) -> None:
    """Fill a fresh store with a conversation, its facts, and their directions."""
    rows: list[Row] = []
    for index, line in enumerate(one.lines):
        before, after = said.context(_beside(one, index, -1)), said.context(_beside(one, index, 1), question=False)
        rows += _rows(one, index, said.pieces(line.text, said.PIECE[line.author]), before, after)
    with transaction(db):
        said.insert(db, rows)
        for number, (sentence, source) in enumerate(one.facts):
            facts.add(db, Fact(id=f"f-{number}", kind="fact", sentence=sentence, source=source, known_from=1.0))
    if embedder is not None:
        directions.catch_up(db, embedder)


def load_plain(db: sqlite3.Connection, one: TalkSet, embedder: Embedder | None) -> None:
    """Fill a store as the usual ways do: the person's turns, each alone behind its speaker's name."""
    for index, line in enumerate(one.lines):
        if line.author == "person":
            said.insert(db, _rows(one, index, [f"{line.speaker}: {line.text}" if line.speaker else line.text]))
    if embedder is not None:
        directions.catch_up(db, embedder)


def load_joined(db: sqlite3.Connection, one: TalkSet, embedder: Embedder | None) -> None:
    """Fill a store as the best of the usual ways does: words with the turn before, directions without names."""
    bare = {}
    for index, line in enumerate(one.lines):
        if line.author == "person":
            before = said.context(_beside(one, index, -1))
            said.insert(db, _rows(one, index, [f"{before} {line.text}".strip()]))
            bare[line.id] = search.unnamed(line.text, one.names)
    if embedder is not None:
        numbers = [piece.number for piece in said.everything(db)]
        texts = [bare[piece.message_id] for piece in said.everything(db)]
        with transaction(db):
            vectors.put(db, embedder.name, "said", numbers, embedder.embed(texts))


def _beside(one: TalkSet, index: int, step: int) -> str:
    """What stands before or after a line within its session."""
    at = index + step
    there = 0 <= at < len(one.lines) and one.lines[at].session == one.lines[index].session
    return one.lines[at].text if there else ""


def _rows(one: TalkSet, index: int, pieces: Sequence[str], before: str = "", after: str = "") -> list[Row]:
    line = one.lines[index]
    return [
        (line.id, piece, one.name, index, line.author, line.created, None, None, int(bool(STANDING.search(words))),
         before, words, after)
        for piece, words in enumerate(pieces)
    ]  # fmt: skip


def _ranked(stores: _Stores, question: Question, arm: str) -> Ranked:
    """The ids that an arm puts first; on BEAM's shape the person's messages alone."""
    one, embedder = stores.one, stores.embedder
    if arm.startswith("nightschool"):
        with_meaning = embedder if arm == "nightschool" else None
        hits = search.recall(
            stores.ours, question.text, now=one.ends, names=one.names, embedder=with_meaning, kinds=("said",), limit=100
        )
        return [hit.id for hit in hits if hit.author == "person"]
    best = arm == "hybrid-rrf10"
    db, asked = (stores.joined, search.unnamed(question.text, one.names)) if best else (stores.plain, question.text)
    lists = []
    if arm != "vectors":
        lists.append(said.search(db, search.terms(question.text), "person", 100, Where()))
    if embedder is not None and arm != "bm25":
        near = vectors.nearest(db, embedder.name, "said", embedder.embed([asked], query=True)[0], 100)
        lists.append(said.by_number(db, near, Where()))
    scores: dict[str, float] = defaultdict(float)
    for ranked in lists:
        for rank, piece in enumerate(ranked, 1):
            scores[piece.message_id] += 1 / ((10 if best else 60) + rank)
    return sorted(scores, key=lambda key: -scores[key])


def _recalls(one: TalkSet, question: Question, ranked: Ranked) -> list[float]:
    people = {line.id for line in one.lines if line.author == "person"}
    wanted = question.evidence & people
    return [len(wanted & set(ranked[:cut])) / len(wanted) for cut in CUTS] if wanted else []


def _in_tokens(stores: _Stores, question: Question) -> dict[str, list[float]]:
    """The share of evidence within so many tokens of facts, of turns, and of both in one ranking."""
    sources = {f"f-{number}": set(source) for number, (_, source) in enumerate(stores.one.facts)}
    found = {}
    for name, kinds in (("turns", ("said",)), ("facts", ("fact",)), ("facts and turns", ("fact", "said"))):
        hits = search.recall(
            stores.ours,
            question.text,
            now=stores.one.ends,
            names=stores.one.names,
            embedder=stores.embedder,
            kinds=kinds,
            limit=300,
        )
        values = []
        for budget in BUDGETS:
            held: set[str] = set()
            for hit in search.within(hits, budget, _tokens):
                held |= sources[hit.id] if hit.kind == "fact" else {hit.id}
            values.append(len(question.evidence & held) / len(question.evidence))
        found[name] = values
    return found


def _means(values: Sequence[Sequence[float]]) -> Json:
    return {
        str(budget): round(100 * sum(row[i] for row in values) / len(values), 1) for i, budget in enumerate(BUDGETS)
    }


def _tokens(hit: Hit) -> int:
    return len(hit.text) // _PER_TOKEN + 1


def _figures(found: Sequence[tuple[Question, str, list[float]]]) -> Json:
    """Recall at each cut, overall without the adversarial questions, and per category."""
    groups: dict[str, list[tuple[str, list[float]]]] = defaultdict(list)
    for question, talk, values in found:
        if values:
            groups[question.category].append((talk, values))
            if question.category != "adversarial":
                groups["overall"].append((talk, values))
    overall = _row(groups.pop("overall", []))
    return overall | {"categories": {name: _row(rows) for name, rows in sorted(groups.items())}}


def _row(rows: Sequence[tuple[str, list[float]]]) -> Json:
    figures: Json = {}
    for index, cut in enumerate(CUTS):
        values = [100 * values[index] for _, values in rows]
        figures[f"recall@{cut}"] = round(sum(values) / len(values), 1) if values else None
        if cut == 10 and values:
            bounds = mean_interval(values, [talk for talk, _ in rows])
            figures["recall@10_interval"] = [round(bounds.low, 1), round(bounds.high, 1)]
    return figures | {"n": len(rows)}
