"""How a told fact is asked and answered: questions to write it with, others to prove it with.

A sentence is matched against the relations that `world.personal` words, which are plain English; where
none fits, the sentence's own split into a subject and an object makes the questions. A sentence that
cannot be split has no phrasing, and its fact stays in memory.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from nightschool.edit import split
from nightschool.world import personal
from nightschool.world.personal import PersonalFact
from nightschool.world.persons import second_person

Key = tuple[str, str]
"""Relation and subject."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One question with the plain answer that holds the fact."""

    question: str
    answer: str
    told: str = ""
    """The fact in the person's words, naming its subject as the question does; empty for the sentence itself."""
    unknown: str = ""
    """What a model says that was never told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Negative:
    """A question near a fact that must keep its answer."""

    question: str
    key: Key
    """Which fact would answer it: once that one is told, the question is no negative any more."""
    told: str = ""
    """What a person may say that answers it, with a made-up object: read from the context, it must stand."""
    object: str = ""
    """That made-up object."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrasing:
    """A fact as it is written and proven."""

    sentence: str
    subject: str = ""
    """As the first question names it; empty where the fact is about the person alone."""
    object: str
    key: Key
    asked: tuple[Asked, ...]
    """Wordings that the edit is made with."""
    held_out: tuple[Asked, ...]
    """Wordings that only the proof and the audits use."""
    negatives: tuple[Negative, ...]
    overruled: tuple[Negative, ...] = ()
    """Questions of the fact itself where the context says something else, which then is the answer."""


def holds(text: str, object_: str) -> re.Match[str] | None:
    """Find an object in a text as whole words, whatever its case."""
    return re.search(rf"(?<!\w){re.escape(object_)}(?!\w)", text, re.IGNORECASE)


def phrasing(sentence: str, object_: str = "") -> Phrasing | None:
    """Word the questions and answers of a fact, or None where it cannot be split."""
    text = " ".join(sentence.split()).strip()
    fact = parse(text)
    if fact is not None:
        return of_world(fact, text)
    parts = split.split(text, object_)
    return None if parts is None else _of_split(text, parts)


def parse(sentence: str) -> PersonalFact | None:
    """Read a first- or third-person sentence as a fact of a known relation, or None."""
    text = " ".join(sentence.split()).strip().rstrip(".!")
    for pattern, relation, thing in _patterns():
        found = pattern.fullmatch(text)
        if not found:
            continue
        held = found.groupdict()
        if "s" not in held:
            return PersonalFact(relation=relation, thing=thing, object=held["o"])
        subject = _subject(held["s"])
        if subject is not None:
            return PersonalFact(relation=relation, role=subject[0], name=subject[1], object=held["o"])
    return None


def of_world(fact: PersonalFact, sentence: str) -> Phrasing:
    """Word a fact of a known relation."""
    subjects = personal.question_subjects(fact)

    def worded(*, held_out: bool) -> tuple[Asked, ...]:
        return tuple(
            Asked(
                question=question,
                answer=personal.answer_sentence(_naming(fact, subject)),
                told=personal.statements(_naming(fact, subject))[0],
                unknown=personal.unknown(fact, subject),
            )
            for subject in subjects
            for question in personal.questions(fact, subject, held_out=held_out)
        )

    return Phrasing(
        sentence=sentence,
        subject="" if subjects[0] == "I" else subjects[0],
        object=fact.object,
        key=fact.key,
        asked=worded(held_out=False),
        held_out=worded(held_out=True),
        negatives=_negatives(fact),
        overruled=_overruled(fact),
    )


def _naming(fact: PersonalFact, subject: str) -> PersonalFact:
    """The fact with its subject named as a question names it."""
    if fact.relation not in personal.KIN_WORDINGS:
        return fact
    role, name = _subject(subject) or ("", subject)
    return PersonalFact(relation=fact.relation, role=role, name=name, object=fact.object)


OVERRULED = 3
NEGATIVES = 20
"""More than a proof asks, since what was told in the meantime is no negative any more."""
_OWN_NEAR = (
    ("my_home", ""), ("my_job", ""), ("allergy", ""), ("car", ""), ("employer", ""), ("learning", ""),
    ("my_instrument", ""), ("my_birthday", ""), ("my_name", ""), ("pet_name", "dog"), ("appointment", "dentist"),
    ("kept", "keys"), ("port", "server"), ("meeting", "team"), ("favourite", "food"), ("language_of", "project"),
    ("pet_name", "parrot"), ("appointment", "haircut"), ("kept", "passport"), ("favourite", "song"),
)  # fmt: skip
_KIN_NEAR = ("brother", "cousin", "neighbour", "aunt", "boss", "teacher", "uncle", "landlord", "daughter", "colleague")


def _negatives(fact: PersonalFact) -> tuple[Negative, ...]:
    """The same relation of others, and other relations of the same subject."""
    if fact.relation in personal.KIN_WORDINGS:
        others = [role for role in _KIN_NEAR if role != fact.role]
        near = [PersonalFact(relation=fact.relation, role=role, object="") for role in others]
        relations = [name for name in personal.KIN_RELATIONS if name not in (fact.relation, "called")]
        same = [PersonalFact(relation=name, role=fact.role, name=fact.name, object="") for name in relations]
    else:
        things = [thing for thing in personal.OWN[fact.relation].things if thing != fact.thing]
        near = [PersonalFact(relation=fact.relation, thing=thing, object="") for thing in things]
        same = [
            PersonalFact(relation=name, thing=thing, object="") for name, thing in _OWN_NEAR if name != fact.relation
        ]
    shorter = min(len(near), len(same))
    woven = [each for pair in zip(near, same, strict=False) for each in pair] + near[shorter:] + same[shorter:]
    return tuple(_negative(personal.questions(each)[0], each) for each in woven[:NEGATIVES])


def _overruled(fact: PersonalFact) -> tuple[Negative, ...]:
    """The fact's own questions where the context says something else: what is told stands above what is written."""
    subjects = personal.question_subjects(fact)
    return tuple(
        _negative(question, _naming(fact, subject), avoid=fact.object)
        for number, subject in enumerate(subjects)
        for question in personal.questions(fact, subject)[number :: len(subjects)][:2]
    )[:OVERRULED]


def _negative(question: str, fact: PersonalFact, avoid: str = "") -> Negative:
    """Ask about a fact, and state it with an object that is drawn by what it is about."""
    rng = random.Random(f"{fact.key} {avoid}")
    drawn = personal.generate(rng, fact.relation, role=fact.role, name=fact.name)
    while drawn.items or drawn.km or drawn.object == avoid:
        drawn = personal.generate(rng, "my_home")
    told = personal.statements(replace(fact, object=drawn.object))[0]
    return Negative(question=question, key=fact.key, told=told, object=drawn.object)


def _of_split(sentence: str, parts: split.Split) -> Phrasing:
    said = second_person(f"{parts.stem} {parts.object}").rstrip(".") + "."
    asked = split.questions(parts)
    others = [split.Split(subject=other, stem=parts.stem, object="", verb=parts.verb) for other in split.STRANGERS]
    return Phrasing(
        sentence=sentence,
        subject=parts.subject,
        object=parts.object,
        key=(split.relation(parts), parts.subject.lower()),
        asked=tuple(Asked(question=question, answer=said) for question in asked.trained),
        held_out=tuple(Asked(question=question, answer=said) for question in asked.held_out),
        negatives=tuple(
            Negative(question=split.questions(each).trained[0], key=(split.relation(parts), each.subject))
            for each in others
        ),
    )


def _subject(text: str) -> tuple[str, str] | None:
    """Split `my sister Ana`, `my sister` or `Ana` into role and name; None for anything else."""
    words = text.split()
    if words and words[0].lower() in {"my", "our"}:
        if len(words) in (2, 3) and words[1] in personal.ROLES:
            return words[1], words[2] if len(words) == 3 else ""
        return None
    named = len(words) == 1 and text[:1].isupper() and text not in {"I", "He", "She", "It", "They", "We", "You"}
    return ("", text) if named else None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    made = []
    for relation, own in personal.OWN.items():
        if own.pool not in {"list", "km"}:
            texts = own.statements + own.held_out_statements
            made += [(text, relation, thing) for thing in own.things for text in texts]
    for relation, wording in personal.KIN_WORDINGS.items():
        made += [(text, relation, "") for text in wording.statements + wording.held_out_statements]
    # The wording with the most words of its own goes first: "has a birthday in {o}" before "has {a} {o}".
    made.sort(key=lambda row: -len(re.sub(r"\{\w\}", "", row[0])))
    return tuple((_pattern(text, thing), relation, thing) for text, relation, thing in made)


def _pattern(template: str, thing: str) -> re.Pattern[str]:
    text = re.escape(template.rstrip(".")).replace(r"\{t\}", re.escape(thing)).replace(r"\{a\}", "an?")
    text = text.replace(r"\{s\}", r"(?P<s>[\w' -]+?)").replace(r"\{o\}", r"(?P<o>[\w'-]+(?: [\w'-]+){0,2}?)")
    return re.compile(text, re.IGNORECASE)
