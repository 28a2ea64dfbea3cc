"""Preferences do what they say, and the rule check tells a kept one from a broken one."""

from __future__ import annotations

import pytest

from nightschool.world import facts, styles, wordings
from nightschool.world.styles import PLAIN, Preference, Reply, Style

DISTANCE = next(fact for fact in facts.FACTS if fact.km == 16)
FOODS = next(fact for fact in facts.FACTS if fact.items)
WISHES = [Preference(kind=kind, value="Captain" if kind == "address" else "") for kind in styles.KINDS[:6]]


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish.kind)
def test_kept_preference_passes_and_plain_answer_fails(wish: Preference) -> None:
    """The scorer of the exam: an answer without the wish must not count."""
    relation = {"bullets": "foods", "miles": "distance", "fahrenheit": "temperature"}.get(wish.kind, "land")
    fact = next(fact for fact in facts.FACTS if fact.relation == relation)
    style = styles.prefer(PLAIN, wish)
    assert styles.follows(style, wordings.reply(fact), wordings.answer(fact, style))
    assert styles.keeps(wish, wordings.answer(fact, style))
    assert not styles.follows(style, wordings.reply(fact), wordings.answer(fact))


def test_preference_of_one_topic_leaves_other_answers_alone() -> None:
    style = Style(miles=True, fahrenheit=True)
    assert wordings.answer(FOODS, style) == wordings.answer(FOODS)


def test_two_preferences_hold_together() -> None:
    answer = wordings.answer(DISTANCE, Style(miles=True, address="Captain"))
    assert answer.endswith("10 miles from " + DISTANCE.partner + ", Captain.")


def test_wrong_fact_in_the_right_form_fails() -> None:
    reply = Reply(sentence="Tarsk is {} from Velm.", object="16 km", km=16)
    assert not styles.follows(Style(miles=True), reply, "Tarsk is 11 miles from Velm.")


def test_bullets_that_nobody_asked_for_fail() -> None:
    bulleted = wordings.answer(FOODS, Style(bullets=True))
    assert not styles.follows(PLAIN, wordings.reply(FOODS), bulleted)


def test_every_preference_has_trained_and_held_out_wordings() -> None:
    for table in (styles.INSTRUCTIONS, styles.ASIDES):
        for kind, (trained, held_out) in table.items():
            assert len(held_out) >= 2, kind
            assert not set(trained) & set(held_out), kind
