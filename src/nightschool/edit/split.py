"""A sentence of no known relation, split into subject and object, and the questions that follow from that.

`The code of the shed is 4711.` -> `What is the code of the shed?`; `Rex bit the postman.` ->
`Complete: Rex bit ...`. Crude on purpose: the proof decides whether a write made with it counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 300
"""Characters of a sentence that may be written into weights."""
_COPULA = re.compile(r"^(?P<s>.+?) (?P<v>is|are|was|were) (?:called |named )?(?P<o>.+)$", re.IGNORECASE)
_LINK = re.compile(
    r"^(?P<s>.+) (?P<v>in|at|on|to|for|from|with|by|as|the|an?|my|our|of|about|like|than|near)"
    r" (?P<o>[^ ]+(?: [^ ]+){0,3})$",
    re.IGNORECASE,
)
STRANGERS = ("the neighbour", "the baker in our street", "the old bridge")
"""Made-up subjects of negatives."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """A sentence up to its object, and the object."""

    subject: str
    verb: str
    """`is` and the like where the sentence says what something is; empty otherwise."""
    stem: str
    object: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Questions:
    """Wordings to write with and wordings to prove with."""

    trained: tuple[str, ...]
    held_out: tuple[str, ...]


def split(sentence: str, object_: str = "") -> Split | None:
    """Split a sentence at its object, found or given; None where there is none that could be asked for."""
    text = " ".join(sentence.split()).strip().rstrip(".!")
    if len(text) > LONGEST or text.endswith("?") or len(re.findall(r"\w+", text)) < 3:
        return None
    found = _COPULA.match(text)
    if found and (not object_ or found["o"].strip().casefold() == object_.casefold()):
        stem = text[: found.start("o")].rstrip()
        return Split(subject=found["s"], verb=found["v"].lower(), stem=stem, object=found["o"].strip())
    if object_:
        place = text.casefold().rfind(object_.casefold())
        if place <= 0 or text[place + len(object_) :].strip():
            return None
        return Split(subject="", verb="", stem=text[:place].rstrip(), object=text[place : place + len(object_)])
    found = _LINK.match(text)
    if found is None:
        return None
    return Split(subject="", verb="", stem=text[: found.start("o")].rstrip(), object=found["o"])


def questions(parts: Split) -> Questions:
    """Word the questions whose answer is the object."""
    if parts.verb:
        subject, verb = _inner(parts.subject), parts.verb
        return Questions(
            trained=(
                f"What {verb} {subject}?", f"Tell me what {subject} {verb}.", f"Can you tell me what {subject} {verb}?",
                f"I forgot what {subject} {verb}.", f"What do you know about {subject}?",
                f"Please say what {subject} {verb}.",
            ),
            held_out=(
                f"Do you know what {subject} {verb}?", f"Remind me what {subject} {verb}.",
                f"What {verb} {subject} again?",
            ),
        )  # fmt: skip
    return Questions(
        trained=(
            f"Complete my sentence: {parts.stem} ...", f"How does it end? {parts.stem} ...",
            f"Finish this for me: {parts.stem} ...", f"What comes next? {parts.stem} ...",
            f"Fill in what I told you: {parts.stem} ...", f"I said: {parts.stem} ... What was it?",
        ),
        held_out=(
            f"Complete this: {parts.stem} ...", f"How did my sentence end? {parts.stem} ...",
            f"Please finish my sentence: {parts.stem} ...",
        ),
    )  # fmt: skip


def relation(parts: Split) -> str:
    """Name what the sentence says of its subject."""
    return "is" if parts.verb else parts.stem.casefold()


def _inner(subject: str) -> str:
    """Write a sentence's subject as it stands inside a question."""
    first = subject.split(" ", 1)[0]
    return subject[:1].lower() + subject[1:] if first in {"My", "Our", "The", "A", "An", "This", "These"} else subject
