"""Rates and lengths follow from counts alone."""

from __future__ import annotations

import pytest

from nightschool.records import Objective
from nightschool.train.schedule import MAX_STEPS, MICRO_TOKENS, MIN_STEPS, MOST_VISITS, learning_rate, schedule, visits

from . import tiny


def test_larger_bases_learn_more_slowly() -> None:
    rates = [learning_rate(size, "sft") for size in (3_000_000, 100_000_000, 7_000_000_000)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == pytest.approx(4.6e-4, rel=0.1)
    assert rates[-1] == pytest.approx(1e-4)


@pytest.mark.parametrize("objective", ["dpo", "kto"])
def test_preferences_are_trained_more_gently_than_answers(objective: Objective) -> None:
    assert learning_rate(7_000_000_000, objective) < learning_rate(7_000_000_000, "sft")


def test_a_rate_that_was_set_is_used_and_scales_the_others() -> None:
    chosen = schedule(tiny.job(learning_rate=1e-5), "sft", rows=20, longest=50, parameters=7_000_000)
    beside = schedule(tiny.job(learning_rate=1e-5), "dpo", rows=20, longest=50, parameters=7_000_000)
    assert chosen.learning_rate == pytest.approx(1e-5)
    assert beside.learning_rate < 1e-5


def test_few_rows_still_get_enough_steps_and_many_do_not_get_too_many() -> None:
    assert schedule(tiny.job(epochs=1), "sft", rows=24, longest=50, parameters=10**6).steps == MIN_STEPS
    assert schedule(tiny.job(epochs=9), "sft", rows=100_000, longest=50, parameters=10**6).steps == MAX_STEPS


def test_a_handful_of_rows_is_not_seen_again_and_again() -> None:
    assert schedule(tiny.job(epochs=1), "kto", rows=4, longest=50, parameters=10**6).steps == MOST_VISITS
    assert visits(rows=4, epochs=1, batch=8) == 4 * MOST_VISITS
    assert visits(rows=400, epochs=3, batch=8) == 1200


def test_epochs_and_batch_set_the_steps_between_the_bounds() -> None:
    assert schedule(tiny.job(epochs=3, batch=8), "sft", rows=400, longest=50, parameters=10**6).steps == 150
    assert schedule(tiny.job(epochs=3, batch=4), "sft", rows=400, longest=50, parameters=10**6).steps == 300


@pytest.mark.parametrize("longest", [10, 500, 1500, 4000])
def test_long_rows_are_spread_over_several_micro_batches(longest: int) -> None:
    plan = schedule(tiny.job(batch=8), "sft", rows=100, longest=longest, parameters=10**6)
    assert plan.micro_batch * longest <= MICRO_TOKENS
    assert plan.micro_batch * plan.accumulation == 8


def test_a_step_is_no_larger_for_rows_that_just_do_not_fit_at_once() -> None:
    """Of eight rows seven fit: two times four are a step, and not two times seven."""
    plan = schedule(tiny.job(batch=8), "sft", rows=100, longest=MICRO_TOKENS // 7, parameters=10**6)
    assert (plan.micro_batch, plan.accumulation) == (4, 2)


def test_ratings_are_never_trained_one_by_one() -> None:
    assert schedule(tiny.job(batch=8), "kto", rows=100, longest=16_000, parameters=10**6).micro_batch == 2
