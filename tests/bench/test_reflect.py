"""Labelled open questions are counted, and answered again where a model is given."""

from __future__ import annotations

import json

from nightschool.bench import reflect
from tests.reflect.scripted import Scripted, system

ITEMS = [
    {
        "id": "a",
        "messages": [
            {"role": "user", "content": "Where is my passport?"},
            {"role": "assistant", "content": "I do not know."},
        ],
        "open": "unanswered",
        "facts": ["I keep my passport in the drawer."],
        "answer": "drawer",
    },
    {
        "id": "b",
        "messages": [
            {"role": "user", "content": "What is 2 + 2?"},
            {"role": "assistant", "content": "4."},
        ],
        "open": None,
    },
    {
        "id": "c",
        "messages": [
            {"role": "user", "content": "Why is the sky blue?"},
            {"role": "assistant", "content": "Rayleigh scattering."},
        ],
        "open": "promised",
    },
]


def _file(tmp_path):
    path = tmp_path / "open.jsonl"
    path.write_text("\n".join(map(json.dumps, ITEMS)), encoding="utf-8")
    return path


def test_finding_is_scored_against_the_labels(tmp_path):
    figures = reflect.measure(_file(tmp_path))
    assert figures["precision"]["value"] == 1.0
    assert figures["recall"]["value"] == 0.5
    assert [wrong["id"] for wrong in figures["wrong"]] == ["c"]


def test_only_what_is_settled_and_right_counts_as_right(tmp_path):
    model = Scripted(lambda prompt: "It is in the drawer." if "drawer" in system(prompt) else "I do not know.")
    figures = reflect.measure(_file(tmp_path), model)
    assert (figures["asked"], figures["settled"]["value"], figures["settled_right"]["value"]) == (1, 1.0, 1.0)
    assert reflect.measure(_file(tmp_path), Scripted(lambda _: "I do not know."))["settled"]["value"] == 0.0
