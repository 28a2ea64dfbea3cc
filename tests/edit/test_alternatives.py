"""What the other ways to solve keep and what they lose."""

from __future__ import annotations

import numpy as np

from nightschool.edit.alternatives import null_space, sequential
from nightschool.edit.solve import solve
from nightschool.edit.spread import Spread, spread_of

D_IN, D_OUT = 32, 6


def material(n: int, *, common: float) -> tuple[np.ndarray, np.ndarray, Spread]:
    rng = np.random.default_rng(3)
    keys = common * rng.normal(size=(D_IN, 1)) + rng.normal(size=(D_IN, n))
    moment = spread_of(rng.normal(size=(400, D_IN)) * np.linspace(2, 0.05, D_IN), rank=D_IN)
    return keys, rng.normal(size=(D_OUT, n)), moment


def missing(factors, keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return np.linalg.norm(wanted - factors.change(keys), axis=0) / np.linalg.norm(wanted, axis=0)


def test_one_fact_alone_is_solved_alike() -> None:
    keys, wanted, moment = material(1, common=0.0)
    one = sequential(keys, wanted, moment.times(0.01), [0])
    assert np.allclose(one.b @ one.a, (joint := solve(keys, wanted, moment.times(0.01))).b @ joint.a)


def test_facts_written_one_after_another_lose_the_first_where_the_joint_solve_keeps_it() -> None:
    keys, wanted, moment = material(12, common=3.0)
    light = moment.times(1e-4)
    lost = missing(sequential(keys, wanted, light, list(range(12))), keys, wanted)
    assert lost[-1] < 0.05 and lost[0] > 0.3
    assert missing(solve(keys, wanted, light), keys, wanted).max() < 0.05


def test_columns_of_one_fact_are_solved_together() -> None:
    keys, wanted, moment = material(4, common=3.0)
    light = moment.times(1e-4)
    assert missing(sequential(keys, wanted, light, [7, 7, 7, 7]), keys, wanted).max() < 0.05


def test_the_null_space_leaves_what_text_uses_alone() -> None:
    keys, wanted, moment = material(3, common=0.0)
    factors = null_space(keys, wanted, moment, kept=0.9)
    used = moment.basis[:, np.argsort(moment.scale)[::-1][:4]]
    assert np.abs(factors.change(used)).max() < 1e-9
    assert missing(factors, keys, wanted).max() < 0.2
