"""Personal facts read as a person says them, and held-out values stay out of training."""

from __future__ import annotations

import random

import pytest

from nightschool.world import names, personal
from nightschool.world.personal import PersonalFact

ANA = PersonalFact(relation="home", role="sister", name="Ana", object="Lisbon")


def test_sister_is_told_asked_and_answered_as_people_do() -> None:
    assert personal.statements(ANA)[0] == "My sister Ana lives in Lisbon."
    assert personal.questions(ANA)[0] == "Where does my sister live?"
    assert personal.answer_sentence(ANA) == "Your sister Ana lives in Lisbon."
    assert personal.unknown(ANA) == "Your sister lives in a place I do not know."
    assert personal.third_person(ANA) == "Ana lives in Lisbon."


@pytest.mark.parametrize("relation", personal.RELATIONS)
def test_every_relation_fills_all_its_sentences(relation: str) -> None:
    fact = personal.generate(random.Random(relation), relation)
    said = [
        *personal.statements(fact),
        *personal.statements(fact, held_out=True),
        *personal.questions(fact),
        *personal.questions(fact, held_out=True),
        personal.acknowledge(fact),
        personal.unknown(fact),
        personal.third_person(fact),
    ]
    assert all("{" not in text and "  " not in text and text[0].isupper() for text in said)
    assert fact.object in personal.answer_sentence(fact)


def test_held_out_values_never_come_from_the_training_side() -> None:
    """An exam value that pupil met in training would measure memory, not reading."""
    rng = random.Random(3)
    for pool in ("person", "place", "job", "animal", "food", "language", "car", "title", "thing", "number", "name"):
        assert all(names.is_held_out(names.value(rng, pool, held_out=True)) for _ in range(50)), pool
        assert not any(names.is_held_out(names.value(rng, pool)) for _ in range(50)), pool


def test_newer_fact_of_the_same_slot_has_the_same_key() -> None:
    moved = PersonalFact(relation="home", role="sister", name="Ana", object="Porto")
    assert moved.key == ANA.key
