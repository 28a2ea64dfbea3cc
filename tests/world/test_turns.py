"""The turns of a conversation agree with what the scene holds."""

from __future__ import annotations

import json
import random

import pytest

from nightschool.world import facts, personal, turns
from nightschool.world.turns import Scene


def _scenes(turn: object, count: int = 200, *, held_out: bool = False) -> list[Scene]:
    made = []
    for seed in range(count):
        scene = Scene(rng=random.Random(seed), held_out=held_out)
        turn(scene)  # type: ignore[operator]
        made.append(scene)
    return made


def test_what_was_told_of_one_person_is_not_known_of_another() -> None:
    asked = [scene for scene in _scenes(turns.near_turn) if len(scene.messages) > 2]
    assert len(asked) > 100
    assert all("I do not know" in scene.messages[3]["content"] for scene in asked)


@pytest.mark.parametrize("held_out", [False, True])
def test_a_candidate_quotes_the_message_to_the_letter(held_out: bool) -> None:
    found = empty = 0
    for scene in _scenes(turns.extract_turn, held_out=held_out):
        said, listed = scene.messages[0]["content"], json.loads(scene.messages[1]["content"])
        assert all(one["quote"] in said for one in listed)
        found, empty = found + bool(listed), empty + (not listed)
    assert found > 60
    assert empty > 40


def test_a_complaint_comes_down_to_the_wish_that_parses() -> None:
    from nightschool import rules

    for scene in _scenes(turns.hint_turn):
        assert rules.parse(scene.messages[1]["content"]) is not None


def test_a_wish_of_a_unit_brings_questions_that_show_it() -> None:
    scene = Scene(rng=random.Random(5))
    turns.wish_turn(scene, turns.Preference(kind="miles"))
    for _ in range(60):
        turns.world_turn(scene)
    assert sum("miles" in message["content"] for message in scene.messages if message["role"] == "assistant") > 12


def test_personal_relations_and_the_world_share_no_subject() -> None:
    told = [personal.generate(random.Random(seed)) for seed in range(300)]
    assert not {fact.name for fact in told if fact.name} & set(facts.SUBJECTS)
