"""The battery's rules pass the expected answer and fail another one."""

from __future__ import annotations

import pytest

from nightschool.world import battery


@pytest.mark.parametrize("kind", battery.KINDS)
def test_expected_answer_passes_and_a_wrong_one_fails(kind: str) -> None:
    for item in battery.items(3, 40, (kind,)):
        assert battery.passes(item, item.expected)
        assert not battery.passes(item, "All right.")
        assert not battery.passes(item, "")


def test_items_are_different_and_come_from_the_seed() -> None:
    first, again, other = battery.items(1), battery.items(1), battery.items(2)
    assert first == again
    assert first != other
    assert len(first) >= 400


def test_item_ends_where_the_answer_belongs() -> None:
    assert {item.messages[-1]["role"] for item in battery.items(4)} == {"user", "tool"}
