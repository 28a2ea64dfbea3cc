"""Sentences to questions and answers: known relations in many wordings, others by their own split."""

import random

import pytest

from nightschool.edit.phrasing import holds, parse, phrasing
from nightschool.edit.proof import NEGATIVES, quiet
from nightschool.edit.split import split
from nightschool.world import personal
from nightschool.world.persons import second_person


def test_every_way_of_telling_a_fact_is_read_back():
    rng, seen, read = random.Random(3), 0, 0
    for _ in range(300):
        fact = personal.generate(rng, held_out=True)
        if fact.items or fact.km is not None:
            continue
        for sentence in personal.statements(fact) + personal.statements(fact, held_out=True):
            seen += 1
            found = parse(sentence)
            read += found is not None and found.object == fact.object
    assert read / seen > 0.97


def test_a_fact_is_written_and_proven_in_different_words():
    words = phrasing("My sister Ana lives in Lisbon.")
    written = {each.question for each in words.asked}
    assert len(written) >= 6
    assert len(words.held_out) >= 3
    assert not written & {each.question for each in words.held_out}
    assert all("Lisbon" in each.answer for each in words.asked)
    assert {"my sister", "my sister Ana", "Ana"} <= {
        name for name in ("my sister", "my sister Ana", "Ana") if any(name in question for question in written)
    }


def test_negatives_are_of_others_and_of_other_things():
    words = phrasing("My sister Ana lives in Lisbon.")
    assert len(words.negatives) >= 3
    assert all(negative.key != words.key for negative in words.negatives)
    assert len({negative.key for negative in words.negatives}) == len(words.negatives)


@pytest.mark.parametrize(
    ("sentence", "object_", "answer"),
    [
        ("The code of the shed is 4711.", "4711", "The code of the shed is 4711."),
        ("Our wifi password hint is the name of my cat.", "the name of my cat", "Your wifi password hint"),
        ("Rex bit the postman.", "postman", "Rex bit the postman."),
        ("My boat lies at Dock 9.", "Dock 9", "Your boat lies at Dock 9."),
    ],
)
def test_a_sentence_of_no_known_relation_is_split_by_itself(sentence, object_, answer):
    words = phrasing(sentence)
    assert words.object == object_
    assert words.asked[0].answer.startswith(answer)
    assert not {each.question for each in words.asked} & {each.question for each in words.held_out}
    assert len(words.held_out) >= 3 and len(words.negatives) >= 3
    assert all(object_ not in each.question for each in (*words.asked, *words.held_out))


@pytest.mark.parametrize("sentence", ["Hmm.", "Where do I live?", "", "Oh no!", "x" * 400])
def test_what_is_no_fact_has_no_phrasing(sentence):
    assert phrasing(sentence) is None


def test_an_object_that_stands_nowhere_in_the_sentence_is_refused():
    assert split("My boat lies at Dock 9.", "Dock 10") is None


def test_what_is_said_of_oneself_is_said_back():
    assert second_person("I am sure that my boat is ours") == "You are sure that your boat is yours"


def test_an_object_is_found_as_a_word():
    assert holds("You live in Lisbon.", "Lisbon")
    assert holds("LISBON", "Lisbon")
    assert not holds("You live in Lisbonne.", "Lisbon")


def test_a_fact_can_still_be_proven_when_much_else_was_told():
    told = [
        phrasing(sentence)
        for sentence in (
            "I live in Porto.",
            "I work as a baker.",
            "I am allergic to nuts.",
            "I drive a Volvo.",
            "I work for Acme.",
            "I am learning Perl.",
            "I play the harp.",
        )
    ]
    for each in told:
        assert len(quiet(each, {other.key for other in told})) == NEGATIVES
