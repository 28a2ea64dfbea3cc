"""The pieces of an answer that must survive a change of form."""

from __future__ import annotations

import pytest

from nightschool.exam.content import expected, pieces_of
from nightschool.records import Rule

SHORT = Rule(kind="max_words", value="6")


@pytest.mark.parametrize(
    ("answer", "pieces"),
    [
        ("- rice\n- figs", ["rice", "figs"]),
        ("1. Rye bread\n2. Tea", ["Rye bread", "Tea"]),
        ("It is known for rice, figs and jam.", ["rice", "figs", "jam"]),
        ("Olm is 1,204.5 m from Sky.", ["1,204.5", "Sky"]),
        ("All is well.", []),
    ],
)
def test_members_numbers_and_names_are_pieces(answer: str, pieces: list[str]) -> None:
    assert pieces_of(answer) == pieces


def test_what_the_question_or_the_rule_says_already_is_no_piece() -> None:
    rule = Rule(kind="contains", value="Captain")
    assert expected("The mayor of Olm is Tili, Captain.", "Who is the mayor of Olm?", rule)["contains"] == ["Tili"]


def test_a_bare_word_is_its_own_piece() -> None:
    assert expected("Baker.", "What is the job of Ana?", SHORT)["contains"] == ["Baker"]
    assert expected("Ana is a baker.", "What is the job of Ana?", SHORT)["contains"] == ["baker"]


def test_a_long_answer_without_pieces_leaves_the_rule_alone() -> None:
    assert expected("Nothing much happened while everybody slept peacefully.", "Tell me more.", SHORT) == {}
