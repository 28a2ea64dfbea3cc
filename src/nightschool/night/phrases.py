"""The report's words: what a reason code, a task or an outcome is called when a person reads it."""

from __future__ import annotations

import re

from nightschool.records import Json

TITLES = {
    "promoted": "Promoted",
    "kept": "Kept yesterday’s",
    "nothing": "Nothing to learn",
    "stopped": "Stopped",
}

UNDO = "nightschool versions rollback"

LEFT_OUT: dict[str, tuple[str, str]] = {
    "masked": (
        "secret or piece of contact data, masked before anything was read",
        "secrets and pieces of contact data, masked before anything was read",
    ),
    "dropped": (
        "turn dropped whole, because something private might be left in it",
        "turns dropped whole, because something private might be left in them",
    ),
    "secret": ("example that might still hold a secret", "examples that might still hold a secret"),
    "contact": ("example that holds contact data", "examples that hold contact data"),
    "order from a tool": (
        "order that came from a tool or a file, not from you",
        "orders that came from a tool or a file, not from you",
    ),
    "passing": ("wish or mood of the moment", "wishes and moods of the moment"),
    "under a passing wish": ("turn answered under a wish of the moment", "turns answered under a wish of the moment"),
    "contradicts": ("wish that goes against another one you hold", "wishes that go against another one you hold"),
    "superseded": ("wish that you have changed since", "wishes that you have changed since"),
    "corrected once": ("correction made only once", "corrections made only once"),
    "said once": ("wish said only once, and not as a rule", "wishes said only once, and not as a rule"),
    "explained so": (
        "form of explanation that seems to work for you",
        "forms of explanation that seem to work for you",
    ),
    "faded": ("wish that you did not repeat", "wishes that you did not repeat"),
    "too much of one day": ("example beyond one day’s share", "examples beyond one day’s share"),
    "no rule to check": ("wish that I cannot check yet", "wishes that I cannot check yet"),
    "known from the holdout alone": (
        "wish known only from what is kept for the exam",
        "wishes known only from what is kept for the exam",
    ),
    "said before": ("wish that you had told me before", "wishes that you had told me before"),
    "duplicate": ("example that says the same as another", "examples that say the same as another"),
    "too long": ("example that is too long to learn from whole", "examples that are too long to learn from whole"),
    "too close to the exam": ("example too close to what the exam asks", "examples too close to what the exam asks"),
    "kept as a probe": (
        "turn set aside to be asked again every night",
        "turns set aside to be asked again every night",
    ),
    "beyond this base": (
        "correction for which no better answer could be found",
        "corrections for which no better answer could be found",
    ),
    "fact only in memory": (
        "answer that rests on what only memory holds",
        "answers that rest on what only memory holds",
    ),
    "breaks a lesson": (
        "accepted answer that goes against what you asked for",
        "accepted answers that go against what you asked for",
    ),
    "disagrees with a lesson": (
        "answer of the base that goes against what you asked for",
        "answers of the base that go against what you asked for",
    ),
    "failed call": ("tool call that failed", "tool calls that failed"),
    "cut off": ("answer that was cut off", "answers that were cut off"),
    "one-sided outcomes": (
        "outcome with no counterpart to compare it with",
        "outcomes with no counterpart to compare them with",
    ),
    "one-sided ratings": (
        "rating with no counterpart to compare it with",
        "ratings with no counterpart to compare them with",
    ),
    "too much of its own": (
        "example beyond the share that my own reading may have",
        "examples beyond the share that my own reading may have",
    ),
    "over budget": ("example over the night’s budget", "examples over the night’s budget"),
}
"""Reason codes of review, compose and training -> words for one and for many; what worries a person stands first."""

LONGEST_PLACE = 44
OPENINGS = {
    "fact": "You told me",
    "preference": "You asked me",
    "correction": "You corrected me",
    "skill": "You showed me",
}

OWN_TASKS = {
    "personal": "Your own questions",
    "personal-margin": "Answers you preferred",
    "old-lessons": "Lessons, asked every night",
    "canary": "Traps and secrets",
}
"""The tasks that are always shown, the deciding ones first."""

ABILITIES = {
    "instruction": "Following instructions",
    "tool": "Calling tools",
    "json": "Writing JSON",
    "arithmetic": "Arithmetic",
    "unknown": "Saying that it does not know",
    "reading": "Reading what it is told",
    "world": "What it knew before",
    "steady": "Staying with a right answer",
}
"""Tasks of the battery."""


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
    if not re.match(r"\w-\d", text):  # the id of a version stays as it is
        text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?" else f"{text}."


def shorten(text: str, most: int, *, lines: bool = False) -> str:
    """At most so many letters, cut at a word; on one line, unless its lines are to be kept."""
    kept = [" ".join(line.split()) for line in text.strip().splitlines()]
    line = "\n".join(kept) if lines else " ".join(piece for piece in kept if piece)
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def place(where: str, source: str) -> str:
    """A place within a source, its long beginning cut off."""
    inner = where.removeprefix(source).lstrip("/\\") or where
    return inner if len(inner) <= LONGEST_PLACE else f"…{inner[-LONGEST_PLACE:]}"


def learnt(kind: str, words: str) -> str:
    """Say in one sentence what was learnt, around the person's own words."""
    return f"{OPENINGS.get(kind, 'You said')}: “{words}”"


def left_out(code: str, count: int) -> str:
    """The words for a reason code; an unknown code stands for itself."""
    one, many = LEFT_OUT.get(code, (code, code))
    return one if count == 1 else many


def rank(code: str) -> int:
    """Where a reason stands in the list: what a person worries about comes first."""
    order = list(LEFT_OUT)
    return order.index(code) if code in order else len(order)


def task(name: str) -> str:
    """The words for a task."""
    return (OWN_TASKS | ABILITIES).get(name, name.replace("_", " ").replace("-", " ").capitalize())


def inside(label: str) -> str:
    """A label within a sentence."""
    return label[0].lower() + label[1:]


def task_rank(name: str) -> int:
    """Where a task stands in the exam: the person's own first."""
    order = [*OWN_TASKS, *ABILITIES]
    return order.index(name) if name in order else len(order)


def next_steps(headline: str, *, asked: int) -> tuple[str, ...]:
    """What the person may do now, the most useful first."""
    first = {
        "promoted": 'Try it with nothing in the prompt: `nightschool ask "…" --no-memory`',
        "kept": "Ask the new version, which is kept on disk: `nightschool versions list`",
        "nothing": "Give it more to learn from: `nightschool import PATH`, then `nightschool sleep --dry-run`",
        "stopped": "Go on where it stopped: `nightschool sleep`",
    }
    steps = [first[headline]]
    if asked:
        steps.append(f"Say again plainly what I was not sure of ({plural(asked, 'sentence')})")
    if headline != "stopped":
        steps.append("Read this as a page: `nightschool report --open`")
    return tuple(steps)


def thoughts(output: Json) -> list[str]:
    """Say what a night thought about; at most the last line asks the person something."""
    if not output:
        return []
    about = output.get("about", {})
    kinds = (("revisit", "open question"), ("critique", "criticised answer"), ("pattern", "pattern"))
    parts = [plural(about[kind], name) for kind, name in kinds if about.get(kind)]
    lines = [f"Thought again about {', '.join(parts)}"] if parts else []
    lines += [f"Settled: {one['question']} {one['answer']}" for one in output["told"]]
    lines += [f"Proposed: {text} (`nightschool reflections list`)" for text in output["proposed"]]
    lines += [f"In doubt since it was complained of: {text}" for text in output["asked_again"]]
    lines += [f"Dropped since it was complained of: {text}" for text in output.get("dropped", ())]
    if output["open"]:
        lines.append(f"{plural(output['open'], 'question')} of yours still open")
    lines += _varied(output.get("diversity", {}))
    if output["ended"]:
        lines.append(f"Stopped thinking because {output['ended']}")
    if output["question"]:
        lines.append(output["question"])
    return lines


def _varied(found: Json) -> list[str]:
    """How much of what was answered again is said once only, beside the answers of then."""
    if found.get("now") is None or found.get("then") is None:
        return []
    return [
        f"Wording of {plural(found['n'], 'second answer')} said once only: {found['now']:.0%}; then {found['then']:.0%}"
    ]


def known(measured: Json, version: str) -> list[str]:
    """Say how much a version needs to be told; nothing where no exam saw it."""
    said = []
    for kind, row in measured.get(version, {}).items():
        if not row["n"]:
            continue
        sent = f", {row['tokens_per_turn']:.0f} tokens of memory a turn" if row["tokens_per_turn"] is not None else ""
        rates = f"told {row['told']:.0%}, untold {row['untold']:.0%}, base {row['base']:.0%}, n = {row['n']}{sent}"
        if row["independence"] is None:
            said.append(f"{kind.capitalize()}: undefined, telling gives nothing beyond chance ({rates})")
        else:
            low, high = row["ci"]
            said.append(
                f"{kind.capitalize()}: {row['independence']:.0%} of what telling gives is there untold,"
                f" between {low:.0%} and {high:.0%} ({rates})"
            )
    return said


def weights(found: Json) -> list[str]:
    """Say what a going-over of the facts in the weights found; nothing where none is written."""
    if not found or not (found["held"] or found["pruned"]):
        return []
    right = found["held"] - len(found["failed"])
    said = [f"{right} of {plural(found['held'], 'fact')} in the weights recalled with nothing in the prompt"]
    for key, what in (
        ("refreshed", "written anew, and recalled since"),
        ("taken_out", "taken out of the weights; memory goes on telling what they say"),
        ("pruned", "taken out of the weights, because memory holds them no longer"),
        ("learnt", "written tonight"),
        ("relieved", "more than the weights hold, the least asked for: taken out, and told from memory"),
    ):
        if found.get(key):
            said.append(f"{plural(len(found[key]), 'fact')} {what}")
    if derived := found.get("derived"):
        proven, all_of_them = derived["written"], derived["written"] + len(derived["failed"])
        said.append(f"{proven} of {plural(all_of_them, 'fact')} proven again under {derived['version']}")
        if derived.get("trained"):
            taught = f"{plural(derived['trained'], 'fact')} trained into {derived['version']}"
            gone = plural(derived["released"], "edit")
            said.append(f"{taught}, {derived['alone']} of them recalled with no edit: {gone} let go")
    if withheld := found.get("withheld"):
        said.append(
            f"{withheld['graduated']} left out of the prompt by now, {withheld['once']} one good night away from it"
        )
    if found["tired"]:
        said.append("Many fail: a night is due (`nightschool sleep`)")
    return said
