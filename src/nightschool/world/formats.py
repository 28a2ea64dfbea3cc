"""The words in which a model is asked to read history: what a message tells of the person, what a complaint asks for.

pupil is taught them; a larger model gets the same words with a schema beside them.
"""

from __future__ import annotations

import random

from nightschool.world import styles
from nightschool.world.personal import PersonalFact
from nightschool.world.styles import Preference

EXTRACTION = "List as JSON what the person tells of themselves, or [].\n> {}"
COMPLAINT = "Say in one line what the person wants.\nQuestion: {}\nAnswer: {}\nPerson: {}"
TRAPS = (
    ("{q}", "If this were so: {s}", "Tom says: {s}", "In my story there is this: {s}", "They wrote to me: {s}", "Is this true? {s}", "Imagine this. {s}", "I read in a book: {s}", "It is not so: {s}", "Just a joke: {s}", "Somebody told me this: {s}", "Maybe one day: {s}"),
    ("{q}", "Suppose this: {s}", "My friend says: {s}", "I read this somewhere: {s}", "A joke: {s}"),
)
"""Messages from which nothing may be learnt, (trained, held out): `{s}` is a fact, `{q}` a question."""


def extraction(said: str) -> str:
    """Ask for the candidates in a message."""
    return EXTRACTION.format(said)


def complaint(question: str, answer: str, said: str) -> str:
    """Ask for the one line that a complaint comes down to."""
    return COMPLAINT.format(question, answer, said)


def fact(told: PersonalFact, quote: str) -> dict[str, str]:
    """Write a fact as a candidate."""
    return {"kind": "fact", "subject": told.subject, "relation": told.relation, "object": told.object, "quote": quote}


def preference(wish: Preference, quote: str) -> dict[str, str]:
    """Write a standing preference as a candidate."""
    return {"kind": "preference", "wish": styles.instructions(wish)[0], "quote": quote}


def trap(rng: random.Random, sentence: str, question: str, *, held_out: bool = False) -> str:
    """Word a sentence so that it tells nothing of the person."""
    return rng.choice(TRAPS[held_out]).format(s=sentence, q=question)
