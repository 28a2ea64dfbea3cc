"""How fast recall is on ten thousand to a million pieces, beside SQLite's FTS5 alone and a plain scan.

The texts are made up: words by Zipf's law, a few names that only one piece has, so that a query has a
right answer and the figures come with a check that it was found.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import accumulate
from pathlib import Path

from nightschool.memory import search
from nightschool.records import Json
from nightschool.store import said
from nightschool.store.database import open_database, transaction
from nightschool.store.said import Row, Where

SIZES = (10_000, 100_000)
QUERIES = 60
SCANS = 5
"""A plain scan is slow and steady: a few are enough."""
VOCABULARY = 30_000
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_PER_TALK = 20

Progress = Callable[[str], None]
Ask = Callable[[sqlite3.Connection, str], list[str]]
Took = tuple[float, float]
"""Seconds that passed, and seconds of the processor."""


def measure(sizes: Sequence[int] = SIZES, seed: int = 1, progress: Progress | None = None) -> Json:
    """Fill a fresh store to each size in turn and time the same kind of questions at each."""
    rows = []
    for size in sizes:
        if progress:
            progress(f"{size:,} memories")
        rows.append(_at(size, seed))
    return {"seed": seed, "queries": QUERIES, "sizes": rows}


def _at(size: int, seed: int) -> Json:
    rng = random.Random(seed)
    texts = _Texts(rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        with closing(open_database(path)) as db:
            began = time.perf_counter()
            with transaction(db):
                said.insert(db, texts.rows(size))
            seconds = time.perf_counter() - began
            questions = [texts.question(db, size) for _ in range(QUERIES)]
            answered = [_timed(_recall, db, text) for text, _ in questions]
            alone = [_timed(_by_fts, db, text) for text, _ in questions]
            scans = [_timed(_scan, db, text) for text, _ in questions[:SCANS]]
            wanted = [number for _, number in questions]
        bytes_ = sum(file.stat().st_size for file in Path(folder).iterdir())
    return {
        "memories": size,
        "nightschool": _milliseconds(answered) | _found(answered, wanted),
        "fts5": _milliseconds(alone) | _found(alone, wanted),
        "scan": _milliseconds(scans) | _found(scans, wanted),
        "insertions_per_second": round(size / seconds),
        "megabytes": round(bytes_ / 1e6, 1),
        "bytes_per_memory": round(bytes_ / size),
    }


def _timed(ask: Ask, db: sqlite3.Connection, text: str) -> tuple[list[str], Took]:
    began, busy = time.perf_counter(), time.process_time()
    found = ask(db, text)
    return found, (time.perf_counter() - began, time.process_time() - busy)


def _recall(db: sqlite3.Connection, text: str) -> list[str]:
    return [hit.id for hit in search.recall(db, text, now=2e9, limit=10)]


def _by_fts(db: sqlite3.Connection, text: str) -> list[str]:
    return [piece.message_id for piece in said.search(db, search.terms(text), "person", 10, Where(), whole=True)]


def _scan(db: sqlite3.Connection, text: str) -> list[str]:
    """The ten texts that share most words with a question, by reading every one."""
    words = set(search.terms(text))
    scored = ((len(words & set(piece.words.lower().split())), piece.message_id) for piece in said.everything(db))
    return [key for _, key in sorted(scored, reverse=True)[:10]]


def _found(answered: Sequence[tuple[list[str], Took]], wanted: Sequence[str]) -> Json:
    right = sum(one in ids for (ids, _), one in zip(answered, wanted, strict=False))
    return {"found_at_10": round(right / len(answered), 3)}


def _milliseconds(answered: Sequence[tuple[list[str], Took]]) -> Json:
    """Time that passed, and of the processor: on a machine with other work only the second can be compared."""
    passed, busy = (sorted(1000 * one[index] for _, one in answered) for index in (0, 1))
    return {
        "median_ms": round(passed[len(passed) // 2], 2),
        "p99_ms": round(passed[min(len(passed) - 1, int(0.99 * len(passed)))], 2),
        "processor_median_ms": round(busy[len(busy) // 2], 2),
        "n": len(answered),
    }


class _Texts:
    """Made-up conversations of a few sentences."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._words = sorted({self._word() for _ in range(VOCABULARY * 2)})[:VOCABULARY]
        rng.shuffle(self._words)
        self._weights = list(accumulate(1 / (rank + 5) for rank in range(len(self._words))))

    def rows(self, size: int) -> Iterator[Row]:
        """Yield rows of two speakers in turn."""
        for number in range(size):
            talk, position = divmod(number, _PER_TALK)
            author = "assistant" if position % 2 else "person"
            words = f"{self._sentence(self._rng.randint(8, 40))} {_name(number)}"
            yield (
                f"m-{number}", 0, f"c-{talk}", position, author, 1e9 + number, None, None, int(number % 200 == 0),
                "", words, "",
            )  # fmt: skip

    def question(self, db: sqlite3.Connection, size: int) -> tuple[str, str]:
        """Return a question and the message that it is about: its name, two of its words and a few of no message."""
        number = self._rng.randrange(0, size, 2)
        held = db.execute("SELECT words FROM said WHERE message_id = ?", (f"m-{number}",)).fetchone()["words"].split()
        own = " ".join(self._rng.sample(held[:-1], 2))
        return f"{self._sentence(self._rng.randint(1, 5))} {own} {_name(number)}?", f"m-{number}"

    def _sentence(self, length: int) -> str:
        total = self._weights[-1]
        return " ".join(self._words[bisect(self._weights, self._rng.random() * total)] for _ in range(length))

    def _word(self) -> str:
        pairs = range(self._rng.randint(2, 4))
        return "".join(self._rng.choice(_CONSONANTS) + self._rng.choice(_VOWELS) for _ in pairs)


def _name(number: int) -> str:
    return f"Qu{number:x}x"
