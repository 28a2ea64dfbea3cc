"""The night's room goes to what is most useful, and no day takes it all."""

from __future__ import annotations

from collections import Counter

import pytest

from nightschool import rules
from nightschool.curate import budget
from nightschool.curate.dataset import example
from nightschool.curate.instances import instance, places
from nightschool.records import Example, Lesson, Prompt, Signal
from tests.curate.talk import conversation

DAY = 86_400.0


def rows(count: int, lesson: str | None, day: int = 0) -> list[Example]:
    return [
        example(
            "sft",
            Prompt(messages=({"role": "user", "content": f"{lesson} {day} {index}?"},)),
            {"role": "assistant", "content": "Yes."},
            lesson_id=lesson,
            source=(f"m{index}",),
            conversation_id=f"c{day}",
        )
        for index in range(count)
    ]


def taught(found: list[Example]) -> Counter:
    return Counter(row.lesson_id for row in found)


def test_room_is_shared_out_by_worth():
    left_out: Counter[str] = Counter()
    everything = [*rows(40, "often"), *rows(40, "seldom")]
    kept = budget.within(everything, 20, {"often": 3.0, "seldom": 1.0}, left_out)
    assert taught(kept) == {"often": 15, "seldom": 5} and left_out["over budget"] == 60


def test_every_lesson_gets_its_first_row_before_any_gets_a_second():
    kept = budget.within([*rows(9, "a"), *rows(9, "b"), *rows(9, None)], 3, {"a": 100.0, "b": 0.0}, Counter())
    assert taught(kept) == {"a": 1, "b": 1, None: 1}


def test_with_less_room_than_lessons_the_most_useful_are_taken():
    kept = budget.within([*rows(2, "a"), *rows(2, "b"), *rows(2, "c")], 2, {"a": 1.0, "b": 3.0, "c": 2.0}, Counter())
    assert taught(kept) == {"b": 1, "c": 1}


def test_no_day_of_a_program_gives_more_than_its_share():
    told = [conversation(f"c{day}", "Hello.", "Hello.", started=day * DAY) for day in range(3)]
    left_out: Counter[str] = Counter()
    kept = budget.spread([*rows(30, "a", 0), *rows(5, "a", 1), *rows(5, "a", 2)], told, 10, left_out)
    assert Counter(row.conversation_id for row in kept) == {"c0": 10, "c1": 5, "c2": 5}
    assert left_out["too much of one day"] == 20


@pytest.mark.parametrize(("recurrence", "blamed"), [(1, False), (4, False), (1, True)])
def test_a_lesson_is_worth_more_where_it_comes_back_or_annoys(recurrence: int, blamed: bool):
    plain, other = _worth(1, False), _worth(recurrence, blamed)
    assert other > plain if (recurrence, blamed) != (1, False) else other == plain


def test_what_is_known_untold_is_worth_nothing():
    assert _worth(5, True, answer="Olm is 10 miles from Bar.") == 0.0


def _worth(recurrence: int, blamed: bool, answer: str = "Olm is 16 km from Bar.") -> float:
    told = conversation("c", "How far is Olm from Bar?", answer, "Hm.", "Yes.")
    lesson = Lesson(
        id="l", kind="preference", text="Use miles.", durable=True, source=("x",), conversation_id="x", created=0.0,
        state="kept", rule=rules.parse("Use miles."), recurrence=recurrence,
    )  # fmt: skip
    here = list(places([told], closed=()))
    signal = Signal(turn_id="c-0", kind="correction", polarity=-1, strength=1.0, source=("c-2", "c-1"), by="person")
    broken = [one for place in here if (one := instance(place, [lesson], [])) is not None]
    return budget.worth(lesson, broken, here, {"c-0": [signal]} if blamed else {})
