"""The report's words: what a reason code, a task or an outcome is called when a person reads it."""

from __future__ import annotations

from nightschool.records import Json

TITLES = {
    "promoted": "Promoted",
    "kept": "Kept yesterday’s",
    "nothing": "Nothing to learn",
    "stopped": "Stopped",
}

UNDO = "nightschool versions rollback"

MASKED = "secrets and contact data, masked before anything was read"
DROPPED = "turns dropped whole, because something private might have been left in them"

LEFT_OUT: dict[str, str] = {}
"""Reason codes of review, compose and training -> words."""

SKIPPED: dict[str, str] = {}
"""Reasons why a held-out turn became no question -> words."""

TASKS: dict[str, str] = {
    "personal": "Your own questions",
    "personal-margin": "Answers you accepted, against those you corrected",
    "old-lessons": "Lessons of earlier nights",
    "canary": "Traps",
}
"""Tasks of the exam, the deciding ones first -> words."""


def plural(count: int, noun: str) -> str:
    """`1 thing`, `2 things`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def version(name: str) -> str:
    """A version as the subject of a sentence."""
    return "The untouched base" if name == "base" else f"Version {name}"


def sentence(text: str) -> str:
    """Close a sentence that has no end mark."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?" else f"{text}."


def shorten(text: str, most: int, *, lines: bool = False) -> str:
    """At most so many letters, cut at a word; on one line, unless its lines are to be kept."""
    kept = [" ".join(line.split()) for line in text.strip().splitlines()]
    line = "\n".join(kept) if lines else " ".join(piece for piece in kept if piece)
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def learnt(kind: str, words: str) -> str:
    """Say in one sentence what was learnt, around the person's own words."""
    opening = {
        "fact": "You told me",
        "preference": "You asked me",
        "correction": "You corrected me",
        "skill": "You showed me",
    }
    return f"{opening.get(kind, 'You said')}: “{words}”"


def left_out(code: str) -> str:
    """The words for a reason code; an unknown code stands for itself."""
    return LEFT_OUT.get(code, code.replace("_", " "))


def rank(words: str) -> int:
    """Where a reason stands in the list: what a person worries about comes first."""
    order = [MASKED, DROPPED, *LEFT_OUT.values()]
    return order.index(words) if words in order else len(order)


def task(name: str) -> str:
    """The words for a task."""
    return TASKS.get(name, name.replace("_", " ").replace("-", " ").capitalize())


def task_rank(name: str) -> int:
    """Where a task stands in the exam: the person's own first."""
    order = list(TASKS)
    return order.index(name) if name in order else len(order)


def next_steps(headline: str, review: Json, *, refused: bool = False) -> tuple[str, ...]:
    """What the person may do now, the most useful first."""
    asked = int(review.get("lessons", {}).get("asked", 0))
    steps = []
    if headline == "promoted":
        steps.append('Try it: `nightschool ask "…" --no-memory`')
    elif headline == "kept":
        steps.append("Look at the new version, which is kept on disk: `nightschool versions list`")
    elif headline == "nothing":
        steps.append("Give it more to learn from: `nightschool import PATH`, then `nightschool sleep --dry-run`")
    else:
        steps.append("Go on where it stopped: `nightschool sleep`")
    if refused:
        steps.append("See what it was taught and what was left out: `nightschool report --json`")
    if asked:
        steps.append(f"{plural(asked, 'sentence')} could be meant in two ways; say it again plainly to teach it")
    return tuple(steps)
