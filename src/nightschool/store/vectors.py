"""Directions of meaning: float16 rows in the one file, searched exactly in memory.

No extension and no server: a hundred thousand rows are one matrix product. What stands here is
derived and can be made again; each embedder has its own set.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np

Kind = Literal["said", "fact"]
_TEXTS = {
    "said": "SELECT number, words AS text FROM said",
    "fact": "SELECT number, sentence AS text FROM facts WHERE state <> 'forgotten'",
}
_held: dict[tuple[str, str, str], tuple[int, np.ndarray, np.ndarray]] = {}
"""Database, embedder and kind -> what was read of it, so that a server reads it once."""


def missing(db: sqlite3.Connection, embedder: str, kind: Kind, limit: int) -> list[tuple[int, str]]:
    """Return numbers and texts that have no direction yet, newest first."""
    rows = db.execute(
        f"SELECT number, text FROM ({_TEXTS[kind]}) AS texts WHERE NOT EXISTS (SELECT 1 FROM vectors"
        " WHERE embedder = ? AND kind = ? AND vectors.number = texts.number) ORDER BY number DESC LIMIT ?",
        (embedder, kind, limit),
    )
    return [(row["number"], row["text"]) for row in rows]


def count_missing(db: sqlite3.Connection, embedder: str, kind: Kind) -> int:
    """Return how many have no direction yet."""
    have = db.execute("SELECT count(*) FROM vectors WHERE embedder = ? AND kind = ?", (embedder, kind)).fetchone()[0]
    return max(0, int(db.execute(f"SELECT count(*) FROM ({_TEXTS[kind]})").fetchone()[0]) - int(have))


def put(db: sqlite3.Connection, embedder: str, kind: Kind, numbers: Sequence[int], rows: np.ndarray) -> None:
    """Store directions, scaled to length one."""
    import numpy as np

    lengths = np.linalg.norm(rows.astype(np.float32), axis=1, keepdims=True)
    unit = (rows / np.maximum(lengths, 1e-12)).astype(np.float16)
    db.executemany(
        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
        [(embedder, kind, number, row.tobytes()) for number, row in zip(numbers, unit, strict=True)],
    )


def nearest(db: sqlite3.Connection, embedder: str, kind: Kind, query: np.ndarray, limit: int) -> list[int]:
    """Return the numbers whose directions are nearest to a query's, nearest first."""
    import numpy as np

    numbers, matrix = _matrix(db, embedder, kind)
    if not len(numbers) or matrix.shape[1] != query.shape[-1]:
        return []
    scores = matrix @ query.astype(np.float32).ravel()
    best = np.argpartition(-scores, min(limit, len(scores)) - 1)[:limit]
    return [int(number) for number in numbers[best[np.argsort(-scores[best], kind="stable")]]]


def _matrix(db: sqlite3.Connection, embedder: str, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    key = (db.execute("PRAGMA database_list").fetchone()["file"], embedder, kind)
    row = db.execute("SELECT edits FROM vector_edits WHERE embedder = ? AND kind = ?", (embedder, kind)).fetchone()
    stamp = int(row["edits"]) if row else 0
    if key not in _held or _held[key][0] != stamp:
        rows = db.execute(
            "SELECT number, body FROM vectors WHERE embedder = ? AND kind = ? ORDER BY number", (embedder, kind)
        ).fetchall()
        numbers = np.array([row["number"] for row in rows], dtype=np.int64)
        joined = np.frombuffer(b"".join(row["body"] for row in rows), dtype=np.float16)
        matrix = joined.reshape(len(rows), -1).astype(np.float32) if rows else np.zeros((0, 1), dtype=np.float32)
        _held[key] = (stamp, numbers, matrix)
    return _held[key][1], _held[key][2]


def drop_others(db: sqlite3.Connection, embedder: str) -> int:
    """Remove the directions of other embedders and return how many."""
    return db.execute("DELETE FROM vectors WHERE embedder <> ?", (embedder,)).rowcount
