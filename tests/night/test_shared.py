"""What is shown to others holds figures, and not one word that this program did not make up itself."""

from __future__ import annotations

import json
import re

from nightschool.night.report import report
from nightschool.night.shared import shared
from nightschool.records import Night, from_json, to_json
from nightschool.store.comparison import Rate, Side
from nightschool.store.weeks import Week
from tests.night import nights_made_up

OWN = {
    "nightschool", "headline", "decision", "promoted", "promote", "kept", "keep", "nothing", "stopped", "refuse",
    "seconds", "new", "history", "conversations", "turns", "messages", "signals", "lessons", "left_out", "examples",
    "sft", "dpo", "kto", "learnt", "exam", "task", "told", "role", "value", "low", "high", "n", "ability", "personal",
    "personal-margin", "old-lessons", "base", "earlier", "champion", "challenger", "weeks", "begins", "corrections",
    "reasks", "accepted", "judged", "correction", "acceptance", "dropped", "asked", "other", "masked", "duplicate",
    "order from a tool", "passing", "said once", "too long", "compared", "arm", "differences", "missing", "too few",
    "undefined",
}  # fmt: skip
NAMES = ("name", "arm", "task", "outcome", "champion", "challenger", "kind", "state", "run", "id", "lesson")
"""What the records themselves hang together by."""
WEEKS = [Week(begins=0.0, turns=40, corrections=3, reasks=1, accepted=20, judged=25)]
RATE = Rate(value=7.5, low=1.6, high=20.4, n=40, conversations=9)
SIDES = [
    Side(arm=arm, begins=0.0, conversations=9, turns=40, corrections=RATE, reasks=RATE, accepted=RATE)
    for arm in ("champion", "base")
]


def spoilt(night: Night) -> Night:
    """The same night, with a mark in every text that a person, a model, a path or a program could have written."""

    def mark(value, key=""):
        if isinstance(value, dict):
            return {f"{k} Zanzibar" if key in ("left_out", "signals") else k: mark(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [mark(one, key) for one in value]
        known = key in (
            "name",
            "arm",
            "task",
            "outcome",
            "champion",
            "challenger",
            "kind",
            "state",
            "run",
            "id",
            "lesson",
        )
        return f"{value} Zanzibar" if isinstance(value, str) and not known else value

    data = to_json(night)
    data["stages"] = [stage | {"output": mark(stage["output"], stage["name"])} for stage in data["stages"]]
    return from_json(Night, data | {"error": "Zanzibar"})


def words(value):
    if isinstance(value, dict):
        return {word for key, one in value.items() for word in {key, *words(one)}}
    if isinstance(value, list):
        return {word for one in value for word in words(one)}
    return {value} if isinstance(value, str) else set()


def test_no_word_but_our_own_is_in_it():
    for night in (nights_made_up.promoted(), nights_made_up.kept(), nights_made_up.nothing(), nights_made_up.stopped()):
        given = shared(report(spoilt(night)), WEEKS, SIDES)
        assert "Zanzibar" not in json.dumps(given)
        assert {word for word in words(given) if not re.fullmatch(r"[\d.]*", word)} <= OWN


def test_the_figures_are_those_of_the_night():
    given = shared(report(nights_made_up.promoted()), WEEKS, SIDES)
    assert (given["headline"], given["decision"], given["learnt"]) == ("promoted", "promote", 4)
    own = [
        row for row in given["exam"] if row["task"] == "personal" and row["role"] == "challenger" and not row["told"]
    ]
    assert [(row["value"], row["n"]) for row in own] == [(0.93, 44)]
    assert given["left_out"]["duplicate"] == 8
    assert given["weeks"][0]["corrections"] == 3
    assert [(side["arm"], side["corrections"]["high"]) for side in given["compared"]] == [
        ("champion", 20.4), ("base", 20.4),
    ]  # fmt: skip
