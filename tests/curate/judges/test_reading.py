"""What judges write is read where it is a verdict, and is no verdict otherwise; a score is never made up."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightschool.curate.judges import reading, rubric
from tests.judging import verdict

GOOD = verdict(8, efficiency=6)
SCORES = dict.fromkeys(rubric.DIMENSIONS, 8) | {"efficiency": 6}


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"Here is my verdict:\n```json\n{GOOD}\n```\nI hope that helps.",
        f"<think>The object is {{\"overall\": 1}} at first.</think>{GOOD}",
        f"I looked at {{this}} and {{that}}. {GOOD} That is {{all}}.",
        json.dumps({"verdict": json.loads(GOOD)}),
        json.dumps({"reason": 'a } in a "string" {', **SCORES}),
        GOOD.replace("so it is", "two\nlines"),
        json.dumps({"Reason": "x", "Tool Correctness": "8", "task-completion": "8/10", "INSTRUCTION_ADHERENCE": 8.0,
                    "efficiency": {"score": 6}, "overall": " 8 "}),
        verdict(1) + " No, that was too harsh: " + GOOD,
    ],
)  # fmt: skip
def test_a_verdict_is_found_wherever_it_stands(text):
    read = reading.scores(text)
    assert isinstance(read, reading.Scores) and read.scores == SCORES


@pytest.mark.parametrize(
    ("text", "stop", "problem"),
    [
        ("", "stop", "empty"),
        ("", "length", "thought without end"),
        ("<think>Let me see, {", "length", "thought without end"),
        (f"<think>A draft: {GOOD} but", "length", "thought without end"),
        ("<!doctype html><title>Sign in</title>", "stop", "a page"),
        (GOOD[:-20], "stop", "cut off"),
        ("It is good.", "length", "cut off"),
        ("It is good, 8 of 10.", "stop", "no object"),
        (verdict(0), "stop", "score out of range"),
        (verdict(11), "stop", "score out of range"),
        (json.dumps({"reason": "", "overall": 8}), "stop", "missing score"),
        (json.dumps(SCORES | {"overall": True}), "stop", "score out of range"),
        (json.dumps(SCORES | {"overall": "good"}), "stop", "score out of range"),
        (json.dumps(SCORES | {"overall": None}), "stop", "score out of range"),
        (json.dumps(SCORES | {"overall": 7.5}), "stop", "score out of range"),
        ("{" * 100_000, "stop", "cut off"),
        ("[" * 100_000 + "{", "stop", "cut off"),
    ],
)
def test_anything_else_is_no_verdict_and_says_why(text, stop, problem):
    assert reading.scores(text, stop) == problem


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_no_text_breaks_the_reading(text):
    assert isinstance(reading.scores(text), str)
    assert reading.preference(text) in ("", *rubric.PREFERENCES)


def test_a_preference_is_one_of_three_words():
    assert reading.preference('so: {"reason": "r", "better": "Second"}') == "second"
    assert reading.preference('{"better": "both"}') == "" and reading.preference("first") == ""


def test_the_schema_asks_for_the_reason_first_and_for_enums():
    names = list(rubric.SCORES["properties"])
    assert names[0] == "reason" and rubric.SCORES["properties"]["reason"]["maxLength"]
    assert all(rubric.SCORES["properties"][name]["enum"] == list(range(1, 11)) for name in names[1:])
    assert rubric.SCORES["additionalProperties"] is False and set(rubric.SCORES["required"]) == set(names)
