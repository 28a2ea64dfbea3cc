"""A form of explanation is proposed when it clearly works, and told by nobody but the person's word."""

from __future__ import annotations

from nightschool.curate import explanations, signals
from nightschool.curate.reconcile import reconcile
from nightschool.statistics import fisher
from tests.curate.talk import conversation

EXAMPLE = "For example, take 2 and 3: their sum is 5. Addition joins two numbers into one."
PLAIN = "Addition is a binary operation on a commutative monoid, written with an infix sign."


def explained(number: int, answer: str, then: str, topic: str = "addition", start: float = 1e9):
    """One explanation and what the person says next."""
    return conversation(f"c{number}", f"Explain {topic} {number} to me.", answer, then, "Yes.", started=start + number)


def found(talks):
    return explanations.lessons(talks, {talk.id: signals.read(talk) for talk in talks})


def person(*, example_works: bool, start: float = 1e9):
    works, fails = "What is the capital of Peru?", "No, that is wrong. I do not understand it."
    thens = [(works, fails) if example_works else (works, fails)[n % 2 :] * 2 for n in range(16)]
    return [explained(n, EXAMPLE, thens[n][0], start=start) for n in range(8)] + [
        explained(n, PLAIN, thens[n][1 if example_works else 0], start=start) for n in range(8, 16)
    ]


def test_what_works_is_proposed_with_the_turns_it_rests_on():
    (lesson,) = [one for one in found(person(example_works=True)) if "example" in one.text]
    assert (lesson.state, lesson.reason, lesson.recurrence) == ("asked", "explained so", 8)
    assert lesson.source == tuple(f"c{n}-0" for n in range(8))


def test_without_a_difference_nothing_is_proposed():
    assert found(person(example_works=False)) == []
    assert found(person(example_works=True)[:10]) == [], "two of the other kind are too few"


def test_a_form_that_works_for_code_alone_is_proposed_for_code():
    works, fails = "What is the capital of Peru?", "No, that is wrong. I do not understand it."
    code = [explained(n, EXAMPLE, works, "the python loop") for n in range(6)]
    code += [explained(n, PLAIN, fails, "the python loop") for n in range(6, 12)]
    other = [explained(n, EXAMPLE, fails) for n in range(12, 18)] + [explained(n, PLAIN, works) for n in range(18, 24)]
    assert [one.text for one in found([*code, *other]) if "example" in one.text] == [
        "Begin an explanation of code with an example."
    ]


def test_a_proposal_waits_for_the_person_night_after_night():
    first = found(person(example_works=True))
    night = reconcile(first, (), now=2e9, candidate_days=0).lessons
    again = reconcile(first, night, now=2e9, candidate_days=0)
    assert {one.state for one in again.lessons} == {"asked"} and not again.kept()


def test_forms_are_read_from_an_answer():
    assert explanations.forms("Think of it like a post office. Letters wait.") >= {"analogy", "short"}
    assert "steps" in explanations.forms("1. Boil.\n2. Pour.\n3. Wait.")
    assert "deep" in explanations.forms("word " * 200)
    assert not explanations.forms("word " * 100)


def test_fishers_test_is_exact():
    assert fisher(3, 0, 0, 3) == 1 / 20
    assert fisher(2, 2, 2, 2) > 0.5
