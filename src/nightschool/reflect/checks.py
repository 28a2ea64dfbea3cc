"""What a thought must pass before it may be offered: pure comparisons, no judge.

A model that agrees with itself may still be wrong, so that agreement alone settles nothing: the answer must
also rest on words that the person said, or on a rule that can be checked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from nightschool import rules
from nightschool.records import Json, Rule

_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "a an the is are was were be been do does did have has had i you he she it we they my your his her its our"
        " their me him us them this that these those and or of to in on at for from by with as not no yes what which"
        " who when where why how name called know there here please tell can will would",
    )
)
_UNKNOWN = re.compile(r"\b(?:do not|don[’']t|cannot|can[’']t) (?:know|say|tell|find)\b|\bno idea\b", re.IGNORECASE)

SAME_ANSWERS = 2


def content(text: str) -> frozenset[str]:
    """The words and numbers of a text that say something, lower-cased."""
    return frozenset(word for word in re.findall(r"[^\W_]+", text.lower()) if word not in _LITTLE)


def agree(one: str, other: str) -> bool:
    """Tell whether two answers given apart say the same: the same numbers, and most words shared."""
    left, right = content(one), content(other)
    if not left or not right or {w for w in left if w.isdigit()} != {w for w in right if w.isdigit()}:
        return False
    return len(left & right) >= 0.6 * min(len(left), len(right))


def knows(answer: str) -> bool:
    """Tell whether an answer claims to know."""
    return bool(answer.strip()) and not _UNKNOWN.search(answer)


def grounded(answer: str, question: str, words: Iterable[str]) -> bool:
    """Tell whether what an answer adds to its question was said by the person: half of it, and every number."""
    added = content(answer) - content(question)
    said = frozenset().union(*(content(text) for text in words)) if words else frozenset()
    if any(word.isdigit() and word not in said for word in added):
        return False
    return bool(added & said) and len(added & said) * 2 >= len(added)


def rests_on(hint: str, complaint: str) -> bool:
    """Tell whether a hint comes from the complaint and is not made up: they share a word that says something."""
    stems = {word[:5] for word in content(complaint)}
    return any(word[:5] in stems for word in content(hint))


def mends(rule: Rule, question: str, before: Json, after: Json) -> bool:
    """Tell whether a rule prefers the new answer to the old one, whichever is looked at first."""
    if not rules.applies(rule, question, before) and not rules.applies(rule, question, after):
        return False
    return rules.follows(rule, after) is True and rules.follows(rule, before) is False


def varied(answer: str, others: Sequence[str]) -> bool:
    """Tell whether an answer is none that was given to two other questions already: a model that collapses says one."""
    mine = content(answer)
    return sum(content(other) == mine for other in others) < SAME_ANSWERS


def diversity(answers: Sequence[str]) -> float | None:
    """The share of two-word sequences in some answers that none of the others has; None of fewer than two answers."""
    pairs = [_pairs(answer) for answer in answers if answer.strip()]
    if len(pairs) < 2:
        return None
    held = Counter(pair for one in pairs for pair in one)
    return sum(count == 1 for count in held.values()) / max(1, len(held))


def _pairs(answer: str) -> set[tuple[str, str]]:
    words = re.findall(r"\w+", answer.lower())
    return set(pairwise(["", *words, ""]))
