"""The made-up world is large enough, sound, and the same everywhere."""

from __future__ import annotations

from collections import Counter

from nightschool.world import facts, names, wordings


def test_world_has_at_least_five_hundred_facts() -> None:
    assert len(facts.FACTS) >= 500


def test_world_is_the_same_from_the_same_seed() -> None:
    assert facts.build() == facts.FACTS
    assert facts.build(seed=1) != facts.FACTS


def test_no_question_has_two_answers() -> None:
    """A question that fits two facts could never be scored."""
    asked = Counter(
        question
        for fact in facts.FACTS
        for held_out in (False, True)
        for question in wordings.questions(fact, held_out=held_out)
    )
    assert max(asked.values()) == 1


def test_units_convert_to_whole_numbers() -> None:
    assert all(km * 5 % 8 == 0 for km in facts.KILOMETRES)
    assert all(celsius * 9 % 5 == 0 for celsius in facts.DEGREES)
    assert facts.miles(8) == 5
    assert facts.fahrenheit(10) == 50


def test_every_relation_has_six_trained_and_two_held_out_wordings() -> None:
    for relation, wording in wordings.WORDINGS.items():
        assert len(set(wording.questions)) >= 6, relation
        assert len(set(wording.held_out)) >= 2, relation
        assert not set(wording.questions) & set(wording.held_out), relation


def test_world_uses_no_held_out_name() -> None:
    made_up = {fact.subject for fact in facts.FACTS}
    assert not [name for name in made_up if names.is_held_out(name)]
