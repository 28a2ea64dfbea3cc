"""The algebra of the joint solve: order, removal, revision and padding are exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightschool.edit.solve import add, novelty, pad, remove, revise, solve
from nightschool.edit.spread import Spread, spread_of

D_IN, D_OUT = 24, 10


def material(seed: int, n: int) -> tuple[np.ndarray, np.ndarray, Spread]:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(D_IN, 1))
    keys = common + rng.normal(size=(D_IN, n))
    spread = spread_of(rng.normal(size=(200, D_IN)) * rng.uniform(0.1, 2, D_IN), rank=6)
    return keys, rng.normal(size=(D_OUT, n)), spread


def delta(factors) -> np.ndarray:
    return factors.b @ factors.a


def test_the_inverse_of_a_spread_is_its_inverse() -> None:
    _, _, spread = material(0, 1)
    assert np.allclose(spread.inverse_times(np.eye(D_IN)) @ spread.dense(), np.eye(D_IN), atol=1e-9)


def test_the_solve_minimises_what_it_says() -> None:
    keys, wanted, spread = material(1, 7)
    best = delta(solve(keys, wanted, spread))

    def cost(change: np.ndarray) -> float:
        return float(((change @ keys - wanted) ** 2).sum() + np.trace(change @ spread.dense() @ change.T))

    rng = np.random.default_rng(2)
    assert all(cost(best) < cost(best + 1e-3 * rng.normal(size=best.shape)) for _ in range(20))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 12))
def test_one_by_one_equals_jointly_in_any_order(seed: int, n: int) -> None:
    keys, wanted, spread = material(seed, n)
    order = np.random.default_rng(seed + 1).permutation(n)
    factors = solve(keys[:, :0], wanted[:, :0], spread)
    for column in order:
        factors = add(factors, keys[:, column], wanted[:, column], spread)
    assert np.allclose(delta(factors), delta(solve(keys, wanted, spread)), atol=1e-8)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(2, 12))
def test_a_removed_column_was_never_there(seed: int, n: int) -> None:
    keys, wanted, spread = material(seed, n)
    gone = seed % n
    kept = [column for column in range(n) if column != gone]
    never = solve(keys[:, kept], wanted[:, kept], spread)
    assert np.allclose(delta(remove(solve(keys, wanted, spread), gone)), delta(never), atol=1e-8)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 12))
def test_revised_equals_removed_and_added(seed: int, n: int) -> None:
    keys, wanted, spread = material(seed, n)
    other = wanted.copy()
    other[:, seed % n] += 1.0
    revised = revise(solve(keys, wanted, spread), seed % n, wanted[:, seed % n], other[:, seed % n])
    assert np.allclose(delta(revised), delta(solve(keys, other, spread)), atol=1e-8)


def test_padding_changes_nothing() -> None:
    keys, wanted, spread = material(3, 5)
    factors = solve(keys, wanted, spread)
    a, b = pad(factors, 16)
    assert a.shape == (16, D_IN) and b.shape == (D_OUT, 16)
    assert np.allclose(b @ a, delta(factors))


def test_a_lighter_column_gives_way() -> None:
    keys, wanted, spread = material(4, 3)
    light = solve(keys, wanted, spread, np.array([1.0, 1.0, 1e-9]))
    without = solve(keys[:, :2], wanted[:, :2], spread)
    assert np.allclose(delta(light), delta(without), atol=1e-6)


def test_novelty_tells_a_known_key_from_a_fresh_one() -> None:
    keys, wanted, spread = material(5, 6)
    factors = solve(keys, wanted, spread)
    assert novelty(factors, keys[:, 2], spread) < 1e-6
    assert novelty(factors, np.random.default_rng(9).normal(size=D_IN), spread) > 0.3


def test_keys_without_wanted_changes_are_refused() -> None:
    keys, wanted, spread = material(6, 3)
    with pytest.raises(ValueError, match="3 keys but 2"):
        solve(keys, wanted[:, :2], spread)
