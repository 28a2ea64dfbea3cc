"""Dates in questions."""

from datetime import UTC, datetime

import pytest

from nightschool.memory.window import window

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What did I say on 7 May 2023?", "2023-05-07", "2023-05-08"),
        ("What happened on May 7, 2023?", "2023-05-07", "2023-05-08"),
        ("Where was I in March?", "2026-03-01", "2026-04-01"),
        ("Where was I in December?", "2025-12-01", "2026-01-01"),
        ("What did we build in 2024?", "2024-01-01", "2025-01-01"),
        ("What did I ask yesterday?", "2026-11-19", "2026-11-20"),
        ("What did we do last week?", "2026-11-09", "2026-11-16"),
        ("What did we do last month?", "2026-10-01", "2026-11-01"),
        ("What did we plan last spring?", "2026-03-01", "2026-06-01"),
        ("What did we plan last autumn?", "2025-09-01", "2025-12-01"),
        ("What stood in the log of 2026-02-03?", "2026-02-03", "2026-02-04"),
        ("Between 3 May 2024 and 5 June 2024?", "2024-05-03", "2024-06-06"),
    ],
)
def test_a_date_gives_its_stretch_of_time(question, since, until):
    found = window(question, NOW)
    assert found is not None
    assert [datetime.fromtimestamp(each, UTC).date().isoformat() for each in found] == [since, until]


@pytest.mark.parametrize(
    "question",
    ["What may I eat?", "How do I march on?", "Is 2024 prime?", "", "version 3.11", "on 45 May 2023", "0000-99-99"],
)
def test_what_is_no_date_has_no_window(question):
    assert window(question, NOW) is None


def test_two_months_ago_is_a_stretch_around_that_day():
    since, until = window("What did I say two months ago?", NOW)
    assert since < datetime(2026, 9, 20, tzinfo=UTC).timestamp() < until and until - since < 40 * 86_400
