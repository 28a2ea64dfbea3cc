"""What a training will cost is arithmetic that goes the right way."""

from __future__ import annotations

from nightschool.train import Estimate, estimate

from . import tiny


def cost(rows: int = 200, tokens: int = 20_000, parameters: int = 3_000_000, gpu: bool = False, **job: int) -> Estimate:
    return estimate(tiny.job(**job), rows=rows, tokens=tokens, parameters=parameters, gpu=gpu)


def test_more_of_anything_takes_longer() -> None:
    assert cost(tokens=200_000).minutes > cost().minutes
    assert cost(parameters=30_000_000).minutes > cost().minutes
    assert cost(epochs=9).minutes > cost().minutes
    assert cost(threads=4).minutes < cost().minutes


def test_the_bundled_base_trains_in_about_a_minute_and_a_large_one_does_not_on_a_cpu() -> None:
    assert 0.3 < cost(rows=120, tokens=14_000, threads=2, epochs=3, batch=8).minutes < 2
    assert cost(parameters=7_000_000_000, threads=8).minutes > 60
    assert 14e9 < cost(parameters=7_000_000_000, gpu=True).peak_bytes < 40e9


def test_no_rows_cost_no_training() -> None:
    assert cost(rows=0, tokens=0).minutes < 1
