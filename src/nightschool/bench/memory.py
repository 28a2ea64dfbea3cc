"""How much of the evidence recall brings up, beside the usual ways, on long conversations with questions.

No model judges: a turn that the file names as evidence is among the first k or it is not.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from nightschool.bench import talk_sets
from nightschool.bench.talk_sets import Question, TalkSet
from nightschool.memory import directions, search
from nightschool.memory.search import Embedder, Hit
from nightschool.records import Fact, Json
from nightschool.statistics import mean_interval
from nightschool.store import facts, said, vectors
from nightschool.store.database import open_database, transaction
from nightschool.store.said import STANDING, Where

CUTS = (5, 10, 20)
BUDGETS = (250, 500, 1000, 2000)
ARMS = ("nightschool-no-embedder", "bm25")
WITH_EMBEDDER = ("nightschool", "vectors", "hybrid-rrf60")
_PER_TOKEN = 4

Ranked = list[str]
Progress = Callable[[int, int], None]
Row = tuple[Question, str, list[float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stores:
    """One conversation as our store holds it, and turn by turn without neighbours for the usual ways."""

    one: TalkSet
    ours: sqlite3.Connection
    plain: sqlite3.Connection
    embedder: Embedder | None


def measure(path: Path, embedder: Embedder | None = None, progress: Progress | None = None) -> Json:
    """Measure every arm on every question; with an embedder also the arms that need one."""
    began, sets = time.monotonic(), talk_sets.read(path)
    arms = [*ARMS, *(WITH_EMBEDDER if embedder else ())]
    rows: dict[str, list[Row]] = {arm: [] for arm in arms}
    budgets: dict[str, list[list[float]]] = defaultdict(list)
    for done, one in enumerate(sets):
        if progress:
            progress(done, len(sets))
        with tempfile.TemporaryDirectory() as folder:
            ours, plain = (open_database(Path(folder) / name) for name in ("ours.db", "plain.db"))
            with closing(ours), closing(plain):
                load(ours, one, embedder)
                load(plain, one, None, neighbours=False)
                stores = _Stores(one=one, ours=ours, plain=plain, embedder=embedder)
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


def load(db: sqlite3.Connection, one: TalkSet, embedder: Embedder | None, *, neighbours: bool = True) -> None:
    """Fill a fresh store with a conversation, its facts, and their directions."""
    rows = []
    for index, line in enumerate(one.lines):
        before, after = (
            one.lines[at].text
            if neighbours and 0 <= at < len(one.lines) and one.lines[at].session == line.session
            else ""
            for at in (index - 1, index + 1)
        )
        for piece, words in enumerate(said.pieces(line.text, said.PIECE[line.author])):
            rows.append(
                (line.id, piece, one.name, index, line.author, line.created, None, None,
                 int(bool(STANDING.search(words))),
                 said.context(before), words, said.context(after, question=False))
            )  # fmt: skip
    with transaction(db):
        said.insert(db, rows)
        for number, (sentence, source) in enumerate(one.facts):
            facts.add(db, Fact(id=f"f-{number}", kind="fact", sentence=sentence, source=source, known_from=1.0))
    if embedder is not None:
        directions.catch_up(db, embedder)


def _ranked(stores: _Stores, question: Question, arm: str) -> Ranked:
    """The ids that an arm puts first; on BEAM's shape the person's messages alone."""
    one, embedder = stores.one, stores.embedder
    if arm.startswith("nightschool"):
        with_meaning = embedder if arm == "nightschool" else None
        hits = search.recall(
            stores.ours, question.text, now=one.ends, embedder=with_meaning, kinds=("said",), limit=100
        )
        return [hit.id for hit in hits if hit.author == "person"]
    lists = []
    if arm in ("bm25", "hybrid-rrf60"):
        found = said.search(stores.plain, search.terms(question.text), "person", 100, Where())
        lists.append([piece.message_id for piece in found])
    if embedder is not None and arm in ("vectors", "hybrid-rrf60"):
        near = vectors.nearest(stores.ours, embedder.name, "said", embedder.embed([question.text], query=True)[0], 200)
        pieces = [piece for piece in said.by_number(stores.ours, near, Where()) if piece.author == "person"]
        lists.append([piece.message_id for piece in pieces][:100])
    scores: dict[str, float] = defaultdict(float)
    for ranked in lists:
        for rank, key in enumerate(dict.fromkeys(ranked), 1):
            scores[key] += 1 / (60 + rank)
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
            stores.ours, question.text, now=stores.one.ends, embedder=stores.embedder, kinds=kinds, limit=300
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
