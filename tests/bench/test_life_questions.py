"""A life with thinking settles what a life without it leaves open, and what is told early is really asked early."""

from __future__ import annotations

import pytest

from nightschool.bench.life import play, questions
from nightschool.bench.life.arms import Remembering
from tests.reflect.scripted import Scripted, last, system


class Reader(Scripted):
    """Says the line of memory that shares most words with the question, and else that it does not know."""

    name, fingerprint, context_tokens, parameters = "pupil", "f" * 64, 4096, 1000

    def count_tokens(self, prompt, answer=None):
        return 10


def reads(prompt):
    asked = set(last(prompt).lower().strip("?.").split())
    lines = [line[2:] for line in system(prompt).splitlines() if line.startswith("- ")]
    best = max(lines, key=lambda line: len(asked & set(line.lower().strip(".").split())), default="")
    return best if len(asked & set(best.lower().split())) >= 2 else "I do not know."


def test_an_early_question_is_for_what_the_person_tells_a_day_or_two_later():
    life = play.plan(3, 5, 12)
    ahead = [(number, truth) for number in range(5) for truth, _ in questions.early(life, number)]
    assert ahead and all(number < truth.since <= number + questions.AHEAD for number, truth in ahead)


@pytest.mark.parametrize("thinks", [True, False])
def test_only_a_life_that_thinks_has_notes_and_both_are_asked_the_same(thinks):
    life = play.plan(3, 4, 6)
    tally = questions._live(Remembering(Reader(reads)), life, thinks=thinks)
    assert tally.asked and bool(tally.noted) == thinks
    assert tally.noted_right <= tally.noted and tally.answered <= tally.asked
