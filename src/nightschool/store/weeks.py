"""How a person's weeks went, counted from stored signals."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

SECONDS = 7 * 86_400
MONDAY = 3 * 86_400
"""The epoch was a Thursday."""

_WEEKS = f"""
WITH said AS (
    SELECT id, CAST((created + {MONDAY}) / {SECONDS} AS INTEGER) AS week FROM messages
    WHERE role = 'user' AND author = 'person' AND created > 0
), outcome AS (
    SELECT turn_id,
        max(json_extract(body, '$.kind') = 'correction') AS corrected,
        max(json_extract(body, '$.kind') = 'reask') AS asked_again,
        max(json_extract(body, '$.polarity') > 0) AS good,
        max(json_extract(body, '$.polarity') < 0) AS bad
    FROM signals WHERE known_to IS NULL GROUP BY turn_id
)
SELECT week, count(*) AS turns, total(corrected) AS corrections, total(asked_again) AS reasks,
    total(good AND NOT bad) AS accepted, total(good OR bad) AS judged
FROM said LEFT JOIN outcome ON turn_id = id GROUP BY week ORDER BY week
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """One week, from Monday, UTC."""

    begins: float
    turns: int
    corrections: int
    """Turns whose answer the person corrected."""
    reasks: int
    """Turns that asked the same again."""
    accepted: int
    """Turns whose first answer was taken, with nothing against it."""
    judged: int
    """Turns that any outcome is known of: what `accepted` is a share of."""


def weeks(db: sqlite3.Connection) -> list[Week]:
    """Count every week that something was said in, oldest first."""
    return [
        Week(
            begins=float(row["week"] * SECONDS - MONDAY), turns=row["turns"], corrections=int(row["corrections"]),
            reasks=int(row["reasks"]), accepted=int(row["accepted"]), judged=int(row["judged"]),
        )
        for row in db.execute(_WEEKS)
    ]  # fmt: skip
