"""What a person says of themselves is known again when others say it."""

import pytest

from nightschool.world.persons import wordings


@pytest.mark.parametrize(
    ("told", "others"),
    [
        ("My sister Ana lives in Lisbon.", {"Your sister Ana lives in Lisbon.", "User's sister Ana lives in Lisbon."}),
        ("I'm a nurse.", {"I am a nurse.", "You're a nurse.", "You are a nurse.", "The person is a nurse."}),
        ("I still watch my birds", {"You still watch your birds", "Mira still watches her birds"}),
        ("I have moved to Oslo.", {"You have moved to Oslo.", "Mira has moved to Oslo."}),
        ("I moved to Oslo.", {"Mira moved to Oslo."}),
        ("I can’t carry it.", {"You can't carry it.", "User can't carry it."}),
    ],
)
def test_a_sentence_is_worded_as_it_is_said_to_the_person_and_of_them(told, others):
    found = wordings(told, ["Mira"])
    assert found[0] == told and others <= set(found)


def test_what_says_nothing_of_the_person_has_one_wording():
    assert wordings("The code of the shed is 4711.", ["Mira"]) == ("The code of the shed is 4711.",)


def test_nobody_is_called_she_or_he_for_that_is_said_of_too_many():
    assert not {"he", "she", "they"} & {said.split()[0].lower() for said in wordings("I live in Oslo.", ["Mira"])}
