"""Intervals and tests: their level, their cover and their order, against known figures and by property."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nightschool.statistics import (
    apart,
    difference_bound,
    holm,
    independence,
    mcnemar,
    mean_interval,
    paired,
    wilson,
)

counts = st.integers(min_value=0, max_value=200)


@given(counts, counts)
def test_wilson_holds_the_share_and_stays_between_0_and_1(right: int, wrong: int) -> None:
    interval = wilson(right, right + wrong)
    share = right / (right + wrong) if right + wrong else 0.5
    assert 0.0 <= interval.low <= share <= interval.high <= 1.0


@pytest.mark.parametrize(("right", "n"), [(0, 10), (7, 10), (81, 263), (40, 40)])
def test_wilson_agrees_with_scipy(right: int, n: int) -> None:
    ours, theirs = wilson(right, n), stats.binomtest(right, n).proportion_ci(method="wilson")
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize(("good", "n", "other", "of", "low", "high"), [
    (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (5, 56, 0, 29, -0.0381, 0.1926),
])  # fmt: skip
def test_two_shares_stand_as_far_apart_as_newcombe_published(good, n, other, of, low, high) -> None:
    """Newcombe 1998, Statistics in Medicine 17, table II, method 10."""
    found = apart(good / n, wilson(good, n), other / of, wilson(other, of))
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 40), st.integers(0, 40))
def test_exact_mcnemar_is_the_binomial_test_and_mid_p_is_never_larger(gains: int, losses: int) -> None:
    n = gains + losses
    exact = mcnemar(gains, losses, side="worse", mid=False)
    expected = stats.binomtest(losses, n, alternative="greater").pvalue if n else 1.0
    assert exact == pytest.approx(expected)
    assert mcnemar(gains, losses, side="worse") <= exact
    assert mcnemar(gains, losses) == mcnemar(losses, gains)


def test_mid_p_counts_half_of_what_was_seen() -> None:
    assert mcnemar(5, 0, side="better") == pytest.approx(0.5**6)
    assert mcnemar(5, 0, side="better", mid=False) == pytest.approx(0.5**5)
    assert mcnemar(0, 5, side="better") > 0.95


@given(counts, counts, counts)
def test_the_bound_of_a_difference_lies_below_it_and_falls_with_more_losses(gains: int, losses: int, ties: int) -> None:
    n = gains + losses + ties
    if n == 0:
        assert difference_bound(0, 0, 0) == -1.0
        return
    assert -1.0 <= difference_bound(gains, losses, n) <= max(0.0, (gains - losses) / n)
    assert difference_bound(gains, losses + 1, n + 1) < difference_bound(gains, losses, n) + 1e-12


@pytest.mark.parametrize(("gained", "lost"), [(0.02, 0.05), (0.0, 0.06)])
def test_the_bound_of_a_difference_holds_its_level(gained: float, lost: float) -> None:
    """Were it too narrow, a challenger at the margin itself would pass oftener than one time in twenty."""
    rng, above, runs = random.Random(5), 0, 1500
    for _ in range(runs):
        pairs = rng.choices((-1, 0, 1), weights=(lost, 1 - lost - gained, gained), k=300)
        above += difference_bound(pairs.count(1), pairs.count(-1), 300) > gained - lost
    assert above / runs <= 0.063


def test_the_bound_where_answers_can_only_be_lost_is_wilsons() -> None:
    assert difference_bound(0, 11, 300) == pytest.approx(-wilson(11, 300, confidence=0.90).high, abs=1e-6)


def test_holm_multiplies_the_smallest_by_the_number_and_never_steps_down() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_never_lowers_a_p_value_and_keeps_their_order(values: list[float]) -> None:
    adjusted = holm(values)
    assert all(value <= after <= 1.0 for value, after in zip(values, adjusted, strict=True))
    order = sorted(range(len(values)), key=lambda i: values[i])
    assert [adjusted[i] for i in order] == sorted(adjusted)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([-1.0, 0.0, 0.5, 1.0]), st.sampled_from("abcdefgh")), min_size=1, max_size=40)
)
def test_a_paired_difference_turns_its_sign_with_its_arms(pairs: list[tuple[float, str]]) -> None:
    values, clusters = [value for value, _ in pairs], [cluster for _, cluster in pairs]
    there, back = paired(values, clusters), paired([-value for value in values], clusters)
    assert there.difference == pytest.approx(-back.difference)
    assert (there.p_better, there.p_worse) == pytest.approx((back.p_worse, back.p_better))
    assert there.low <= there.difference <= there.high
    assert there == paired(values, clusters)


def test_the_same_items_in_fewer_conversations_prove_less() -> None:
    values = [1.0] * 12
    apart = paired(values, [str(i) for i in range(12)])
    together = paired(values, [str(i // 6) for i in range(12)])
    assert apart.p_better == pytest.approx(2**-12)
    assert together.p_better == pytest.approx(0.25)


def test_one_conversation_or_none_proves_nothing() -> None:
    assert paired([1.0, 1.0], ["a", "a"]).p_better == 0.5
    assert (paired([1.0], ["a"]).low, paired([1.0], ["a"]).high) == (-1.0, 1.0)
    nothing = paired([], [])
    assert (nothing.n, nothing.difference, nothing.p_better, nothing.p_worse) == (0, 0.0, 1.0, 1.0)


@pytest.mark.parametrize("clusters", [10, 30])
def test_sign_flips_hold_their_level_where_items_of_a_conversation_agree(clusters: int) -> None:
    """A test that took items for independent would promote noise when one conversation has many of them."""
    rng, alarms, runs = random.Random(clusters), 0, 400
    for _ in range(runs):
        values, names = [], []
        for cluster in range(clusters):
            drawn = rng.choice((-1.0, 0.0, 0.0, 1.0))
            values += [drawn] * 4
            names += [str(cluster)] * 4
        alarms += paired(values, names).p_better <= 0.05
    assert alarms / runs <= 0.075


def test_the_interval_of_a_clustered_mean_covers_it() -> None:
    rng, covered, runs = random.Random(3), 0, 400
    for _ in range(runs):
        values, names = [], []
        for cluster in range(12):
            level = rng.gauss(0.1, 0.2)
            values += [level + rng.gauss(0, 0.2) for _ in range(3)]
            names += [str(cluster)] * 3
        interval = mean_interval(values, names)
        covered += interval.low <= 0.1 <= interval.high
    assert 0.92 <= covered / runs <= 0.985


def test_the_interval_of_one_cluster_is_its_range() -> None:
    interval = mean_interval([0.25, 0.75], ["a", "a"])
    assert (interval.low, interval.high) == (0.25, 0.75)
    assert mean_interval([], []).low == 0.0


def test_independence_is_the_share_of_what_telling_gives():
    clusters = [f"c{i // 2}" for i in range(40)]
    told, base = [1.0] * 40, [0.0] * 40
    untold = [float(i % 4 == 0) for i in range(40)]
    got = independence(told, untold, base, clusters)
    assert got.value == pytest.approx(0.25) and got.low <= 0.25 <= got.high and got.n == 40
    assert independence(told, told, base, clusters).value == pytest.approx(1.0)


def test_independence_is_undefined_where_telling_gives_nothing_beyond_noise():
    clusters = [f"c{i}" for i in range(20)]
    told = [float(i % 2) for i in range(20)]
    base = [float((i + 1) % 2) for i in range(20)]
    for one in (told, base):
        assert independence(told, one, base, clusters).value is None
    assert independence([], [], [], []).value is None
