"""Facts that a made-up person tells: everyday sentences whose names and values no training has seen.

Each comes with questions to ask it by, wordings that neither the writing nor its proof uses, and
what the person says when it changes.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nightschool.edit import phrasing
from nightschool.edit.phrasing import Phrasing
from nightschool.records import Json, Prompt
from nightschool.world import facts, personal, smalltalk, wordings
from nightschool.world.personal import PersonalFact

AROUND = wordings.POLITE[1][1:]
"""Ways to lead up to a question that pupil's training and the proof of an edit do not use."""
AGENT_RULES = 110
"""Rules of a system prompt that is about as long as an agent's (1,500 tokens of pupil's 4,096)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One fact as a person tells it."""

    sentence: str
    object: str
    person: Literal["first", "third"]
    """Whether it is about the person and their own, or about somebody who is only named."""
    phrasing: Phrasing
    questions: tuple[str, ...]
    """Held out: the edit is not made with them."""
    fresh: tuple[str, ...]
    """The same, led up to in a way that not even the proof uses."""
    revised: Told | None = None
    """What the person says later, when it has changed."""


def tell(count: int, seed: int) -> list[Told]:
    """Make facts, no two of the same thing; the same seed begins with the same ones whatever the count."""
    rng = random.Random(seed)
    relatives = {role: personal.outsider(rng, held_out=True) for role in personal.ROLES}
    said: dict[tuple[str, str], Told] = {}
    while len(said) < count:
        fact = personal.generate(rng, held_out=True)
        later = personal.generate(rng, fact.relation, held_out=True).object
        if fact.key in said or fact.relation == "called" or fact.items or fact.km or later == fact.object:
            continue
        if fact.role and fact.name:  # one name for one relative
            fact = dataclasses.replace(fact, name=relatives[fact.role])
        made, after = _told(fact, rng), _told(dataclasses.replace(fact, object=later), rng)
        if made and after:
            said[fact.key] = dataclasses.replace(made, revised=after)
    return list(said.values())


def _told(fact: PersonalFact, rng: random.Random) -> Told | None:
    sentence = rng.choice(personal.statements(fact) + personal.statements(fact, held_out=True))
    words = phrasing.phrasing(sentence)
    if words is None or words.object != fact.object:
        return None
    asked = rng.sample(words.held_out, min(3, len(words.held_out)))
    questions = tuple(one.question for one in asked)
    named_only = fact.relation in personal.KIN_WORDINGS and not fact.role
    return Told(
        sentence=sentence,
        object=fact.object,
        person="third" if named_only else "first",
        phrasing=words,
        questions=questions,
        fresh=tuple(rng.choice(AROUND).format(q=question) for question in questions),
    )


def negatives(told: Sequence[Told], most: int, seed: int) -> list[str]:
    """Questions near the facts that none of them answers."""
    answered = {asked.question for one in told for asked in (*one.phrasing.asked, *one.phrasing.held_out)}
    keys = {one.phrasing.key for one in told}
    near = dict.fromkeys(n.question for one in told for n in one.phrasing.negatives if n.key not in keys)
    free = [question for question in near if question not in answered]
    return random.Random(seed).sample(free, min(most, len(free)))


def world_questions(count: int, seed: int) -> list[str]:
    """Questions about what the base knows by heart, in held-out wordings."""
    rng = random.Random(seed)
    pairs = [question for fact in facts.FACTS for question in wordings.questions(fact, held_out=True)]
    return rng.sample(pairs, count)


def alone(question: str) -> Prompt:
    """Ask with nothing else in the prompt."""
    return Prompt(messages=({"role": "user", "content": question},))


def after_turns(question: str, turns: int, seed: int) -> Prompt:
    """Ask after unrelated turns."""
    rng = random.Random(f"{seed} {question}")
    messages: list[Json] = []
    while len(messages) < 2 * turns:
        if rng.random() < 0.5:
            said, reply = smalltalk.talk(rng, held_out=True)
            answer = reply.sentence
        else:
            fact = rng.choice(facts.FACTS)
            said, answer = rng.choice(wordings.questions(fact, held_out=True)), wordings.answer(fact)
        messages += [{"role": "user", "content": said}, {"role": "assistant", "content": answer}]
    return Prompt(messages=(*messages, {"role": "user", "content": question}))


def with_system(question: str, rules: int, seed: int) -> Prompt:
    """Ask under a client's system prompt with so many rules."""
    system = smalltalk.system_prompt(random.Random(f"{seed} {question}"), rules)
    return Prompt(messages=({"role": "system", "content": system}, {"role": "user", "content": question}))
