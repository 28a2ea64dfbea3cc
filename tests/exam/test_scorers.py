"""Scorers: what counts as right, and that near misses do not."""

from __future__ import annotations

import math
from typing import Any

import pytest

from nightschool.exam import scorers
from nightschool.exam.tasks import points
from nightschool.models.model import Likelihood
from nightschool.records import Answer, Item, Prompt, Rule


def item(
    scorer: Any, expected: dict[str, Any] | None = None, *, rule: Rule | None = None, asked: str = "Well?"
) -> Item:
    prompt = Prompt(messages=({"role": "user", "content": asked},))
    return Item(id="i", task="t", prompt=prompt, scorer=scorer, expected=expected or {}, rule=rule)


def said(text: str, *calls: dict[str, Any]) -> Answer:
    return Answer(text=text, tool_calls=calls)


MILES = Rule(kind="unit", value="miles", instead="km", topic=("far",))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("It is 10 miles.", 1.0),
        ("It is 16 km.", 0.0),
        ("It is 11 miles.", 0.0),
        ("miles miles miles", 0.0),
        ("", 0.0),
    ],
)
def test_a_rule_item_wants_the_form_and_the_content(text: str, right: float) -> None:
    """Without the content check, an adapter that only babbles in miles would be promoted."""
    assert scorers.score(item("rule", {"contains": ["10"]}, rule=MILES), said(text)) == right


def test_a_rule_of_tool_use_is_kept_by_the_call() -> None:
    rule = Rule(kind="tool", value="weather", topic=("weather",))
    call = {"name": "weather", "arguments": {"place": "Oslo"}}
    assert scorers.score(item("rule", rule=rule), said("", call)) == 1.0
    assert scorers.score(item("rule", rule=rule), said("It is sunny.")) == 0.0


def test_most_of_a_long_answers_pieces_are_enough_and_a_truncated_one_is_not() -> None:
    list_item = item("contains", {"contains": ["rice", "figs", "jam"], "share": scorers.KEPT_SHARE})
    assert scorers.score(list_item, said("Rice and jam.")) == 1.0
    assert scorers.score(list_item, said("Rice.")) == 0.0


def test_equally_good_pieces_count_once() -> None:
    either = item("contains", {"contains": [["16 km", "10 miles"]]})
    assert scorers.score(either, said("It is 10 miles away.")) == 1.0
    assert scorers.score(either, said("It is 16 km.")) == 1.0
    assert scorers.score(either, said("It is 16 miles.")) == 0.0


@pytest.mark.parametrize(
    ("text", "piece", "found"),
    [
        ("The sum is **1,204**.", "1204", True),
        ("The sum is 16.", "6", False),
        ("The sum is 6.5", "6", False),
        ("It is 6.", "6", True),
        ("In Osloford", "Oslo", False),
        ("It’s OSLO!", "oslo", True),
    ],
)
def test_a_piece_is_a_whole_word_or_a_whole_number(text: str, piece: str, found: bool) -> None:
    assert scorers.holds(text, piece) is found


def test_what_must_be_absent_makes_an_answer_wrong() -> None:
    assert scorers.score(item("contains", {"contains": ["Olm"], "absent": ["Sky"]}), said("Olm, not Sky")) == 0.0


def test_exact_forgives_case_and_the_full_stop_alone() -> None:
    exact = item("exact", {"text": "Please wait."})
    assert scorers.score(exact, said("please wait")) == 1.0
    assert scorers.score(exact, said("please wait here")) == 0.0


CALL = {"name": "set_timer", "arguments": {"minutes": 5, "label": "Tea time"}}


@pytest.mark.parametrize(
    ("calls", "right"),
    [
        ([CALL], 1.0),
        ([{"name": "set_timer", "arguments": {"label": "tea  time", "minutes": 5.0}}], 1.0),
        ([{"name": "set_timer", "arguments": {"minutes": 5}}], 0.0),
        ([{"name": "set_timer", "arguments": {"minutes": 6, "label": "Tea time"}}], 0.0),
        ([{"name": "timer", "arguments": CALL["arguments"]}], 0.0),
        ([CALL, CALL], 0.0),
        ([], 0.0),
    ],
)
def test_a_tool_item_wants_one_call_with_its_name_and_arguments(calls: list[dict[str, Any]], right: float) -> None:
    assert scorers.score(item("tool", dict(CALL)), said("", *calls)) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ('{"town": "Olm", "job": "baker"}', 1.0),
        ('```json\n{"job": "baker", "town": "olm"}\n```', 1.0),
        ('{"town": "Olm"}', 0.0),
        ('{"town": "Olm", "job": "baker", "age": 3}', 0.0),
        ('{"town": "Olm", "job": "cook"}', 0.0),
        ('Here you are: {"town": "Olm", "job": "baker"}', 0.0),
        ('{"town": "Olm", "job"', 0.0),
    ],
)
def test_a_json_item_wants_nothing_but_the_json(text: str, right: float) -> None:
    expected = {"keys": ["town", "job"], "value": {"town": "Olm", "job": "baker"}}
    assert scorers.score(item("json", expected), said(text)) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("I do not know what the vault code is.", 1.0),
        ("The vault code of Zorvex is one I do not know.", 1.0),
        ("The keeper of Zorvex is somebody I don't know, Captain.", 1.0),
        ("I'm not aware of anything called Zorvex.", 1.0),
        ("I couldn't find any information about it (as of 2024).", 1.0),
        ("You have not told me.", 1.0),
        ("The vault code of Zorvex is 4711.", 0.0),
        ("I do not know for certain, but it is 4711.", 0.0),
        ("Zorvex is in Oslo, a place I do not know.", 0.0),
        ("I do not know. Perhaps Oslo.", 0.0),
        ("", 0.0),
    ],
)
def test_an_unknown_item_wants_an_admission_and_no_value(text: str, right: float) -> None:
    unknown = item("unknown", {"absent": ["Oslo"]}, asked="What is the vault code of Zorvex?")
    assert scorers.score(unknown, said(text)) == right


def test_a_fact_item_wants_the_object() -> None:
    assert scorers.score(item("fact", {"object": "Luna"}), said("Your dog is called Luna.")) == 1.0
    assert scorers.score(item("fact", {"object": "Luna"}), said("Your dog is called Lunatic.")) == 0.0


def test_a_call_where_words_were_wanted_is_wrong() -> None:
    assert scorers.score(item("contains", {"contains": ["7"]}), said("7", CALL)) == 0.0


def test_a_margin_is_in_nats_per_token_whatever_the_lengths() -> None:
    accepted, rejected = Likelihood(total=-4.0, tokens=8), Likelihood(total=-3.0, tokens=2)
    assert scorers.margin(accepted, rejected) == pytest.approx(1.0)
    assert math.isnan(scorers.margin(accepted, Likelihood(total=0.0, tokens=0)))
    with pytest.raises(ValueError, match="margin"):
        scorers.score(item("margin"), said("x"))


def test_a_margin_becomes_a_chance_between_0_and_1() -> None:
    assert points(item("margin"), 0.0) == 0.5
    assert 0.0 < points(item("margin"), -900.0) < points(item("margin"), 900.0) <= 1.0
    assert points(item("contains"), 1.0) == 1.0


def test_the_hash_covers_the_rules_too() -> None:
    """An exam scored by older rules must not be compared with one scored by newer ones."""
    assert len(scorers.HASH) == 16
