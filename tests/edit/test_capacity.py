"""How many facts a base holds: found by writing more and more, and known as a limit only where one was met."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from nightschool.edit import capacity as capacities
from nightschool.edit.proof import Proof
from tests.edit.grounds import columns, ground

PLAIN = SimpleNamespace(fingerprint="f" * 64, precision="float32")


@pytest.mark.parametrize(
    "enough, found, limit",
    [(40, {"holds": 40, "of": 40}, None), (12, {"holds": 10, "of": 20}, 10), (2, {"holds": 0, "of": 5}, 0)],
)
def test_facts_are_added_until_too_few_are_recalled(monkeypatch, enough, found, limit):
    """A base that recalls all up to a number of facts, and half of any more."""
    stood_on = ground(PLAIN)
    monkeypatch.setattr(
        capacities, "measure", lambda model, laid, facts, **_: [columns(number) for number, _ in enumerate(facts)]
    )

    def prove(model, facts, **_):
        return [
            Proof(right=3 if len(facts) <= enough else n % 2, asked=3, kept=3, negatives=3) for n in range(len(facts))
        ]

    monkeypatch.setattr(capacities, "prove", prove)
    held = capacities.capacity(PLAIN, stood_on, 40)
    assert {name: held[name] for name in ("holds", "of")} == found
    assert capacities.limit(replace(stood_on, figures={"capacity": held})) == limit
    assert capacities.limit(stood_on) is None
