"""Labelled open questions are counted, and answered again where a model is given."""

from __future__ import annotations

import json

from click.testing import CliRunner

from nightschool.bench import reflect
from nightschool.cli import bench
from tests.judging import asked, said, serving
from tests.reflect.scripted import Scripted, last, system

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


WISHES = [
    {
        "id": name,
        "messages": [
            {"role": "user", "content": "How far is Olm from Bar?"},
            {"role": "assistant", "content": "Olm is 16 km from Bar."},
            {"role": "user", "content": complaint},
            {"role": "assistant", "content": "Sorry."},
        ],
        "open": None,
        "wish": wish,
    }
    for name, complaint, wish in (
        ("d", "No, that is wrong. I said miles.", "Give me distances in miles."),
        ("e", "No, that is wrong. It is Rim.", None),
    )
]


def test_critiques_are_scored_by_what_the_person_wanted_whichever_model_gives_them(tmp_path):
    path = tmp_path / "wishes.jsonl"
    path.write_text("\n".join(map(json.dumps, WISHES)), encoding="utf-8")

    def say(prompt):
        if last(prompt).startswith("Say in one line"):
            return "Give me distances in miles."
        return "Olm is 10 miles from Bar." if "in miles" in system(prompt) else "Olm is 16 km from Bar."

    figures = reflect.measure(path, Scripted(say))
    assert figures["criticised"] == 2
    assert all(figures[name]["value"] == 1.0 for name in ("proposed_right", "wishes_found", "better_answers"))
    assert (figures["proposed_right"]["n"], figures["wishes_found"]["n"]) == (1, 1)

    def answers(body):
        told = json.dumps(body["messages"])
        if asked(body).startswith("Say in one line"):
            return said("Give me distances in miles.")
        return said("Olm is 10 miles from Bar." if "in miles" in told else "Olm is 16 km from Bar.")

    with serving(answers) as (url, _):
        called = CliRunner().invoke(bench.command, ["reflect", str(path), "--url", url, "--model", "m", "--json"])
    assert json.loads(called.stdout)["proposed_right"] == figures["proposed_right"]
