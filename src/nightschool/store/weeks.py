"""How a person's weeks went, counted from stored signals."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

SECONDS = 7 * 86_400
MONDAY = 3 * 86_400
"""The epoch was a Thursday."""

TURNS = f"""
WITH heard AS (
    SELECT twin, min(started) AS at FROM set_aside JOIN exchanges USING (conversation_id)
    WHERE twin IS NOT NULL GROUP BY twin
), said AS (
    SELECT id, conversation_id, CASE WHEN created > 0 THEN created ELSE at END AS at
    FROM messages LEFT JOIN heard ON twin = conversation_id
    WHERE role = 'user' AND author = 'person' AND conversation_id NOT IN (SELECT conversation_id FROM set_aside)
), outcome AS (
    SELECT turn_id,
        max(json_extract(body, '$.kind') = 'correction') AS corrected,
        max(json_extract(body, '$.kind') = 'reask') AS asked_again,
        max(json_extract(body, '$.polarity') > 0) AS good,
        max(json_extract(body, '$.polarity') < 0) AS bad
    FROM signals WHERE known_to IS NULL GROUP BY turn_id
), turn AS (
    SELECT conversation_id, CAST((at + {MONDAY}) / {SECONDS} AS INTEGER) AS week, coalesce(corrected, 0) AS corrected,
        coalesce(asked_again, 0) AS asked_again, coalesce(good AND NOT bad, 0) AS accepted,
        coalesce(good OR bad, 0) AS judged
    FROM said LEFT JOIN outcome ON turn_id = id WHERE at IS NOT NULL
)
"""
"""Every turn with what came of it. What a log tells as well is counted there, and dated here where the log is not."""
_WEEKS = f"""{TURNS}
SELECT week, count(*) AS turns, sum(corrected) AS corrections, sum(asked_again) AS reasks,
    sum(accepted) AS accepted, sum(judged) AS judged
FROM turn GROUP BY week ORDER BY week
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


def begins(week: int) -> float:
    """Return when a week begins."""
    return float(week * SECONDS - MONDAY)


def weeks(db: sqlite3.Connection) -> list[Week]:
    """Count every week that something was said in, oldest first."""
    return [
        Week(
            begins=begins(row["week"]), turns=row["turns"], corrections=row["corrections"], reasks=row["reasks"],
            accepted=row["accepted"], judged=row["judged"],
        )
        for row in db.execute(_WEEKS)
    ]  # fmt: skip
