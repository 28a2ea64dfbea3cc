"""Words that open a matter of their own say nothing of the answer before them."""

from __future__ import annotations

import pytest

from nightschool.curate.verdicts import pieces, relation

STEAMED = "how long do I steam broccoli\nFour to five minutes in a covered pot."


@pytest.mark.parametrize(
    "said",
    [
        "make the install script run on mac and linux",
        "how do I get the bike computer to pair again",
        "i've got year 6 from august, after ages with the infants",
    ],
)
def test_praise_that_takes_nothing_up_is_of_something_else(said: str) -> None:
    assert relation.is_elsewhere(said, STEAMED, "praise")


@pytest.mark.parametrize(
    "said",
    [
        "made it last night, my kids asked for more",
        "the broccoli came out bright green",
        "perfect",
        "hat sofort geklappt, meine Kinder waren begeistert",
        "throws an error on the second try",
    ],
)
def test_what_points_at_the_answer_or_shares_a_word_with_it_is_about_it(said: str) -> None:
    assert not relation.is_elsewhere(said, STEAMED, "praise")
    assert not relation.is_elsewhere(said, STEAMED, "blame")


def test_a_clause_that_opens_with_a_part_of_the_request_speaks_of_that_part() -> None:
    about = "fix header and footer. Both are repaired."
    assert pieces.mixed("header sits fine now, footer still overlaps", about)
    assert not pieces.mixed("header sits fine now, footer works", about)
