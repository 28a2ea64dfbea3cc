"""What is planted: every kind of junk, gold beyond doubt, the same again for the same run."""

from __future__ import annotations

from collections import Counter

import pytest

from nightschool.curate.judges import controls, rubric
from nightschool.curate.judges.calibration import GOLD
from nightschool.curate.judges.evidence import Evidence, Step
from tests.judging import is_right


def own(at):
    return Evidence(
        turn_id=f"t{at}", conversation_id="c", question=f"Where did I put thing number {at}?", reaction="Thanks!",
        steps=(Step(kind="said", text=f"You put thing number {at} on the shelf."),),
    )  # fmt: skip


def test_each_run_plants_as_much_gold_as_junk_of_all_kinds():
    planted = controls.plant("run", 20)
    kinds = Counter(one.control for one in planted.singles)
    assert kinds[GOLD] == 20 and kinds.total() == 40 and set(kinds) == {GOLD, *controls.KINDS}
    assert min(kinds.values()) >= 3 and len(planted.pairs) == 10
    assert len({one.subject for one in planted.singles}) == 40


def test_the_worth_of_every_planted_answer_is_what_it_says():
    for seed in range(30):
        planted = controls.plant(str(seed), 20)
        for one in planted.singles:
            said = rubric.scoring(one, 16384)[-1]["content"]
            assert is_right(said) == (one.control == GOLD), (one.control, said)


def test_the_same_run_plants_the_same_and_another_run_something_else():
    assert controls.plant("a", 20) == controls.plant("a", 20) != controls.plant("b", 20)


def test_the_persons_own_turns_stand_among_them_without_what_was_said_of_them():
    planted = controls.plant("run", 20, [own(at) for at in range(30)])
    gold = [one for one in planted.singles if one.control == GOLD and one.turn_id]
    junk = [one for one in planted.singles if one.control != GOLD and one.turn_id]
    assert len(gold) == 5 and junk
    assert not any(one.reaction for one in planted.singles)


def test_no_judge_is_told_what_is_planted():
    for one in controls.plant("run", 20).singles:
        shown = rubric.scoring(one, 16384)[-1]["content"]
        assert "control" not in shown and one.control not in shown.replace("it gave an empty answer", "")


@pytest.mark.parametrize("count", range(1, 6))
def test_few_accepted_turns_are_enough_to_plant_all_junk(count: int):
    for seed in range(10):
        planted = controls.plant(str(seed), 20, [own(at) for at in range(count)])
        assert sum(one.control != GOLD for one in planted.singles) == 20
