"""Old lessons are replayed: none loses its last row, the weak ones get more, and those that hold rest ever longer."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from nightschool.config import Config
from nightschool.curate import replay
from nightschool.curate.dataset import example
from nightschool.records import Answer, Lesson, Prompt


def row(lesson, number):
    prompt = Prompt(messages=({"role": "user", "content": f"{lesson} {number}?"},))
    return example("sft", prompt, {"role": "assistant", "content": "Yes."}, lesson_id=lesson, source=("m",))


KEPT = [
    Lesson(id=name, kind="fact", text=name, durable=True, source=("m",), conversation_id="c", created=0.0)
    for name in ("a", "b", "c")
]
EARLIER = [row(lesson.id, number) for number in range(4) for lesson in KEPT]


def counted(count, **audits):
    return Counter(one.lesson_id for one in replay.older(EARLIER, [], KEPT, count, Counter(), audits))


def test_the_lesson_that_is_weak_in_audits_gets_what_is_left():
    assert counted(4) == {"a": 2, "b": 1, "c": 1}
    assert counted(4, c=[1.0, 0.2]) == {"a": 1, "b": 1, "c": 2}


def test_a_lesson_that_held_waits_its_turn_and_never_loses_its_last_row():
    assert counted(4, a=[1.0, 1.0, 1.0]) == {"a": 1, "b": 2, "c": 1}
    assert counted(3, a=[0.0]) == {"a": 1, "b": 1, "c": 1}


def test_turns_come_ever_more_rarely():
    due = [night for night in range(1, 33) if replay.turn([0.0] + [1.0] * (night - 1)) == 1.0]
    gaps = [after - before for before, after in pairwise(due)]
    assert due and gaps == sorted(gaps) and gaps[-1] == 2**replay.LONGEST_REST


@pytest.mark.parametrize("base", ["pupil", "another"])
def test_a_share_of_the_base_prompts_asks_after_something_false_was_said(base):
    prompts = replay.doubted_prompts(base, 60, 1)
    assert len({prompt.messages[-1]["content"] for prompt in prompts}) == 60
    drawn = replay._prompts(base, [], 100, Config(), 0)
    assert sum(prompt in replay.doubted_prompts(base, 25, Config().train.seed) for prompt in drawn) == 25


def test_a_cut_of_the_base_prompts_falls_on_every_kind_alike():
    kept = replay._prompts("pupil", [], 400, Config(), 0)[:300]
    assert sum("JSON" in str(prompt.messages[-1]) for prompt in kept) >= 18
    assert sum(bool(prompt.tools) for prompt in kept) >= 30


def test_where_little_was_praised_three_answers_that_stay_stand_beside_each_that_changes():
    def turn(number, lesson):
        prompt = Prompt(messages=({"role": "user", "content": f"{number}?"},))
        said = {"role": "assistant", "content": "Yes."}
        return example("sft", prompt, said, lesson_id=lesson, source=(f"m{number}",))

    taught, praised = [turn(n, "a") for n in range(10)], [turn(n, None) for n in range(50, 62)]
    assert replay.staying([*taught, *taught]) == 30  # a pair and its imitation are one answer
    assert replay.staying([*taught, *praised]) == 18
    assert replay.staying([*taught[:2], *praised]) == 0
    assert replay.staying([turn(n, "a") for n in range(400)]) == replay.MOST_STAYING


def test_those_that_stay_are_asked_with_tonight_s_tools_and_are_no_question_of_the_others():
    plain = replay._prompts("pupil", [], 60, Config(), 0)
    tool = ({"type": "function", "function": {"name": "lamp"}},)
    offered = replay._prompts("pupil", [], 60, Config(), 0, [tool])
    assert all(prompt.tools for prompt in offered) and sum(prompt.tools == tool for prompt in offered) >= 40
    said = {prompt.messages[-1]["content"] for prompt in plain}
    assert sum(prompt.messages[-1]["content"] in said for prompt in offered) < 10


def test_of_pupil_s_everyday_prompts_three_in_ten_ask_for_a_tool_and_two_in_ten_for_json(monkeypatch):
    def asked():
        prompts = replay.generic_prompts("pupil", 100, 1)
        return sum(bool(prompt.tools) for prompt in prompts), sum(
            "JSON" in str(prompt.messages[-1]) for prompt in prompts
        )

    tools, json = asked()
    monkeypatch.setattr(replay, "FORMS", {"call": 0.0, "json": 0.0})
    without_tools, without_json = asked()
    assert tools >= 30 > without_tools and json == 20 and without_json == 0


def test_an_answer_that_was_given_once_is_not_asked_for_again_whatever_is_in_it(tmp_path):
    asked = []

    class Model:
        fingerprint = "f" * 20

        def answer(self, prompts, *, max_tokens):
            asked.extend(prompts)
            return [
                Answer(text=text, raw=text, tokens=1, stop="stop") for text in ["one\u2028two\x85three"] * len(prompts)
            ]

    prompts = [Prompt(messages=({"role": "user", "content": "Count"},))]
    first = replay.answers(Model(), prompts, Config(), tmp_path)
    assert replay.answers(Model(), prompts, Config(), tmp_path) == first and len(asked) == 1
