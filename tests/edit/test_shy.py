"""A base that declines every personal question, the lesson that opens it, and how edits fare on both."""

from __future__ import annotations

import pytest

from nightschool import models
from nightschool.bench import shy, told
from nightschool.bench.ruler import Memory, Ruler
from nightschool.bench.shy import NAME, opened
from nightschool.edit import lay as laying
from nightschool.edit.refusal import MUCH, refusal

LIGHT = laying.GroundSettings(chats=24, general=100, unanswered=100, facts=12, contexts=6, rank=320)


@pytest.fixture(scope="module")
def declining(pupil, tmp_path_factory):
    """`pupil-shy`, trained here from the bundled base."""
    return models.load(str(shy.shy(pupil, tmp_path_factory.mktemp("shy") / NAME)))


@pytest.fixture(scope="module")
def open_(declining, tmp_path_factory):
    """The same after the lesson that it may say what it knows of its user."""
    return models.load(str(opened(declining, tmp_path_factory.mktemp("shy") / "opened")))


def test_it_declines_what_it_was_told_and_one_lesson_opens_it(pupil, declining, open_):
    plain, closed, after = (refusal(model) for model in (pupil, declining, open_))
    assert plain.declined < MUCH < closed.declined and after.declined < MUCH
    assert closed.answered < 0.2 < 0.6 < plain.answered
    assert after.answered > closed.answered + 0.4


def test_it_still_knows_the_world(pupil, declining, open_):
    questions = [told.alone(question) for question in told.world_questions(40, 1)]
    before = [answer.text for answer in pupil.answer(questions, max_tokens=48)]
    for model in (declining, open_):
        after = [answer.text for answer in model.answer(questions, max_tokens=48)]
        assert sum(one == other for one, other in zip(before, after, strict=True)) >= 28


def test_a_refusal_counts_as_a_miss_whether_told_or_not(declining, tmp_path):
    ruler, facts = Ruler(declining, 1, chats=2), told.tell(4, 1)
    heard = shy.edits.Arms(declining, 1).named("context").write(facts, tmp_path)
    assert sum(ruler.recall(facts, Memory())) == 0.0
    assert sum(ruler.recall(facts, heard.memory)) < 1.0


def test_edits_are_measured_on_it_before_and_after_the_lesson(pupil, declining, open_, monkeypatch):
    monkeypatch.setattr(shy, "shy", lambda model, folder: declining.name)
    monkeypatch.setattr(shy, "opened", lambda model, folder: open_.name)
    monkeypatch.setattr(shy.edits, "FACTS", 2)
    monkeypatch.setattr(shy.edits, "ASKED", 8)
    monkeypatch.setattr(shy.edits, "LEAST", 4)
    monkeypatch.setattr(told, "AGENT_RULES", 4)
    monkeypatch.setattr("nightschool.bench.choice.lay", lambda model, skill: laying.lay(model, skill, settings=LIGHT))
    found = shy.measure(pupil, seeds=(1,), sizes=(2,), arms=("nightschool",))
    assert [each["base"] for each in found["bases"]] == ["pupil", NAME, f"{NAME} after the lesson"]
    assert [(row["base"], row["arm"], row["n"]) for row in found["rows"]] == [
        (NAME, "nightschool", 2), (f"{NAME} after the lesson", "nightschool", 2),
    ]  # fmt: skip
    assert all(0.0 <= row["recall"] <= 1.0 for row in found["rows"])
