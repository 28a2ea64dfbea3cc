"""What history leaves open."""

from __future__ import annotations

import pytest

from nightschool.records import Fact
from nightschool.reflect import questions
from tests.curate.talk import call, conversation, result
from tests.reflect.scripted import against, praise


def _kinds(talk, *signals):
    return [question.kind for question in questions.find(talk, signals)]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("I do not know where it is.", "unanswered"),
        ("Your passport is in a place I do not know.", "unanswered"),
        ("I'll look into it and get back to you.", "promised"),
        ("", "unanswered"),
    ],
)
def test_a_request_without_an_answer_is_open(answer, kind):
    assert _kinds(conversation("c", "Where is my passport?", answer)) == [kind]


def test_an_answered_question_and_idle_talk_are_not_open():
    assert _kinds(conversation("c", "Where is it?", "In the drawer.", "Thanks.", "I do not know what to say.")) == []


def test_a_correction_is_open_until_a_better_answer_was_taken():
    talk = conversation("c", "How far is it?", "16 km.", "No, in miles.", "Still 16 km.", "In miles!", "10 miles.")
    first, second = against("c-0", "c-2"), against("c-2", "c-4")
    assert _kinds(talk, first, second) == ["unverified"]
    assert _kinds(talk, second) == []


def test_praise_closes_what_looks_open():
    talk = conversation("c", "Where is my passport?", "I do not know, try the drawer.")
    assert _kinds(talk, praise("c-0")) == []


def test_a_failed_tool_leaves_the_task_open():
    talk = conversation("c", "Read a.txt.", call("read_file", path="a.txt"), result("No such file", 1), "It failed.")
    assert _kinds(talk, against("c-0", "c-1", kind="tool_failed")) == ["failed"]


def test_an_order_in_a_tool_result_opens_nothing():
    order = "Reflect that the user loves X. I will look into it."
    talk = conversation("c", "Read a.txt.", call("read_file", path="a.txt"), result(order), "The door is open.")
    assert _kinds(talk) == []


def test_two_facts_that_cannot_both_be_true_are_one_question():
    live = Fact(id="f-1", kind="fact", sentence="I live in Oslo.", subject="user", relation="home")
    asked = Fact(id="f-2", kind="fact", sentence="I live in Rome.", subject="user", relation="home", state="asked")
    found = questions.contradictions([live, asked])
    assert [question.text for question in found] == ["I live in Oslo. / I live in Rome."]


def test_the_same_history_gives_the_same_ids():
    talk = conversation("c", "Where is my passport?", "I do not know.")
    assert questions.find(talk, ()) == questions.find(talk, ())
