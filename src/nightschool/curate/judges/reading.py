"""Read what a judge wrote: an object inside prose, behind thinking, with numbers as words; or no verdict at all.

Pure. Nothing is ever filled in: a score that is missing or out of range leaves no verdict, and its reason as a code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nightschool.curate.judges import rubric
from nightschool.records import Json

MOST_LETTERS = 200_000
MOST_OPENINGS = 500
_THOUGHT = re.compile(r"<(think|thinking|thought|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_THINKING = re.compile(r"<(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d{1,2})(?:\.0+)?\s*(?:/\s*10)?\s*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """A verdict that was read."""

    scores: dict[str, int]
    reason: str


def scores(text: str, stop: str = "stop") -> Scores | str:
    """Read the five scores, or say as a code why there is no verdict."""
    problem = ""
    for found in _objects(text):
        named = _named(found)
        if not set(rubric.DIMENSIONS) & set(named):
            continue
        values = {name: _score(named.get(name)) for name in rubric.DIMENSIONS}
        if all(value is not None for value in values.values()):
            whole = {name: value for name, value in values.items() if value is not None}
            return Scores(scores=whole, reason=str(named.get("reason") or "")[: rubric.LONGEST_REASON])
        problem = "missing score" if any(name not in named for name in rubric.DIMENSIONS) else "score out of range"
    return problem or _why(text, stop)


def preference(text: str, stop: str = "stop") -> str:
    """Read which of two answers is better: `first`, `second`, `neither`, or `` where it does not say."""
    for found in _objects(text):
        better = str(_named(found).get("better") or "").strip().lower()
        if better in rubric.PREFERENCES:
            return better
    return ""


def _objects(text: str) -> Iterator[Json]:
    """Every whole JSON object in a text, the last one first, inner ones behind the one that holds them."""
    decoder, found, at = json.JSONDecoder(strict=False), [], 0
    text = _THOUGHT.sub("", text[:MOST_LETTERS])
    if _THINKING.search(text):
        # Thinking that never ended may hold a draft of the object, which is no verdict.
        return
    for _ in range(MOST_OPENINGS):
        at = text.find("{", at)
        if at < 0:
            break
        try:
            value, at = decoder.raw_decode(text, at)
            found.append(value)
        except (ValueError, RecursionError):
            at += 1
    for value in reversed(found):
        yield from _inside(value)


def _inside(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _inside(inner)


def _named(found: Json) -> Json:
    """An object under the rubric's names: `Task Completion` is `task_completion`."""
    return {re.sub(r"[\s-]+", "_", str(name).strip().lower()): value for name, value in found.items()}


def _score(value: object) -> int | None:
    if isinstance(value, dict):
        value = value.get("score", value.get("value"))
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    read = _NUMBER.fullmatch(str(value))
    number = int(read[1]) if read else 0
    return number if 1 <= number <= rubric.BEST else None


def _why(text: str, stop: str) -> str:
    bare = _THOUGHT.sub("", text).strip()
    if _THINKING.search(bare):
        return "thought without end"
    if not bare:
        return "thought without end" if stop == "length" else "empty"
    if bare[:1] == "<":
        return "a page"
    return "cut off" if stop == "length" or "{" in bare else "no object"
