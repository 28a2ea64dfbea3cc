"""The gate over many nights, in a simulated world where the truth is known; seeds are fixed."""

from __future__ import annotations

import random
from dataclasses import replace

from nightschool.exam.gate import decide
from nightschool.records import Item
from tests.exam.sheets import POLICY, Answers, Sitting, items

ASKED = items(personal=48)


def drawn(rng: random.Random, *, knows: float, keeps: float) -> Answers:
    """An arm that is right on the person's items and on the battery with these chances.

    Whole conversations go well or badly together, as they do in life: one draw in two is shared.
    """
    moods: dict[str, float] = {}

    def answer(asked: Item, place: int) -> float:
        if asked.task == "personal":
            mood = moods.setdefault(str(asked.conversation_id), rng.random())
            return float((mood if rng.random() < 0.5 else rng.random()) < knows)
        return float(rng.random() < keeps) if asked.task != "canary" else 1.0

    return answer


def night(rng: random.Random, champion: float, challenger: float, *, kept: float, gain: float, anchor: str) -> str:
    """Decide one night between a champion and a challenger that keep these shares of the base's abilities."""
    answers = {
        "base": drawn(rng, knows=0.4, keeps=1.0),
        "v-0001": drawn(rng, knows=0.4, keeps=champion),
        "v-0002": drawn(rng, knows=0.4 + gain, keeps=challenger),
    }
    answers["v-0002+memory"] = drawn(rng, knows=0.4 + gain, keeps=kept)
    exam = Sitting(asked=ASKED, answers=answers, champion="v-0001").exam(anchor=anchor)
    return decide(exam, replace(POLICY, min_battery=250)).outcome


def test_without_a_true_difference_at_most_one_night_in_twenty_promotes() -> None:
    rng, nights = random.Random(11), 300
    outcomes = [night(rng, 1.0, 1.0, kept=1.0, gain=0.0, anchor="base") for _ in range(nights)]
    assert outcomes.count("promote") / nights <= 0.05


def test_a_large_true_gain_is_seen_nearly_every_night() -> None:
    rng, nights = random.Random(12), 100
    outcomes = [night(rng, 1.0, 0.99, kept=0.99, gain=0.45, anchor="base") for _ in range(nights)]
    assert outcomes.count("promote") / nights >= 0.95


def eroding(anchor: str, seed: int, *, stacked: bool, nights: int = 120) -> tuple[float, int]:
    """Lose 0.3 points of ability a night, on last night's adapter or from the base each time."""
    rng, kept, promoted = random.Random(seed), 1.0, 0
    for _ in range(nights):
        challenger = (kept if stacked else 1.0) - 0.003
        if night(rng, kept, challenger, kept=challenger, gain=0.45, anchor=anchor) == "promote":
            kept, promoted = challenger, promoted + 1
    return kept, promoted


def test_the_anchor_stops_an_erosion_that_yesterdays_champion_would_let_through() -> None:
    kept, promoted = eroding("base", 21, stacked=True)
    assert kept >= 1 - POLICY.margin
    assert promoted >= 5
    drifted, _ = eroding("v-0001", 21, stacked=True)
    assert drifted < 1 - POLICY.margin


def test_from_the_base_each_night_nothing_adds_up_and_promotions_go_on() -> None:
    kept, promoted = eroding("base", 22, stacked=False)
    assert kept >= 1 - 0.003
    assert promoted >= 100
