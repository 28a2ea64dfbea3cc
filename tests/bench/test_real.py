"""A person's own model measured from end to end: hours first, every part kept, one table without anything of theirs."""

from __future__ import annotations

import json

import pytest

from nightschool.bench import real
from nightschool.errors import UserError


class Stand:
    """What a loaded base is asked for here."""

    name, fingerprint, parameters, precision = "/home/ada/models/Tiny-1B", "f" * 64, 10**9, "bfloat16"

    class network:
        class device:
            type = "cpu"


@pytest.fixture
def counted(monkeypatch):
    """Every part stands in with figures of its own shape, and is counted."""
    asked: list[str] = []
    figures = {
        "exam": {"right": 280, "n": 420, "needed": 300},
        "refusals": {"bases": {"as it is": {"answered": 0.5, "declined": 0.25, "n": 48}}},
        "edits": {"rows": [{"arm": "nightschool", "n": 10, "recall": 0.84, "recall_ci": [0.77, 0.91],
                            "world_unchanged": 0.98, "seconds_per_fact": 3.2}]},
        "independence": {"days": 10, "figures": {"facts": {"value": 0.5, "n": 12}}},
        "life": {"days": 10, "arms": {"nothing": {
            name: {"value": None if name == "precision" else 0.25, "low": 0.125, "high": 1.0, "n": 9}
            for name in real.LIFE
        }}},
    }  # fmt: skip
    for part, found in figures.items():
        monkeypatch.setitem(
            real._MEASURE, part, lambda model, tell, part=part, found=found: asked.append(part) or found
        )
    return asked


def test_more_of_anything_takes_more_hours():
    slow = real.Speed(answers=1.0, tokens=100.0, night=30.0)
    fast = real.Speed(answers=2.0, tokens=200.0, night=15.0)
    assert real.hours(slow, real.PARTS) == pytest.approx({p: 2 * h for p, h in real.hours(fast, real.PARTS).items()})
    assert real.hours(slow, ["exam"]) == {"exam": pytest.approx(420 / 3600)}


def test_the_lesson_of_the_set_up_is_taught_in_a_folder_of_its_own(monkeypatch):
    from types import SimpleNamespace

    from nightschool.bench import shy
    from nightschool.edit import refusal

    asked = []

    def trained(base, rows, folder, **_):
        folder.mkdir(parents=True)
        return SimpleNamespace(adapter=folder / "adapter")

    monkeypatch.setattr(shy, "trained", trained)
    monkeypatch.setattr(shy, "_general", lambda model, rng: [])
    monkeypatch.setattr(refusal, "refusal", lambda model, adapter=None: asked.append(adapter) or {"n": 48})
    found = real._refusals(Stand, lambda line: None)
    assert list(found["bases"]) == ["as it is", "after the lesson"]
    assert asked[0] is None and asked[1].name == "adapter"


def test_what_was_measured_is_not_measured_again(tmp_path, counted, monkeypatch):
    file = tmp_path / "figures" / "real.json"
    monkeypatch.setitem(real._MEASURE, "life", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        real.measure(Stand, file, ["exam", "refusals", "life"], None, lambda line: None)
    assert counted == ["exam", "refusals"]
    monkeypatch.setitem(real._MEASURE, "life", lambda *_: {"days": 10, "arms": {}})
    told: list[str] = []
    kept = real.measure(Stand, file, ["exam", "refusals", "life"], None, told.append)
    assert counted == ["exam", "refusals"]
    assert told == ["exam: measured already", "refusals: measured already", "life: measuring"]
    assert set(kept["parts"]) == {"exam", "refusals", "life"}


def test_the_table_names_hardware_versions_and_what_is_missing_and_nothing_of_the_person(tmp_path, counted):
    kept = real.measure(Stand, tmp_path / "r.json", ["exam", "edits", "independence", "life"], None, lambda line: None)
    text = real.table(kept)
    assert "Tiny-1B, 1.00 billion parameters, bfloat16" in text
    assert "280, fewer than the 300 it needs | 420" in text
    assert "0.84 [0.77, 0.91], 0.98, 3.2" in text
    assert "| life | nothing, old abilities | 0.25 [0.125, 1] | 9 |" in text
    assert "| life | nothing, learnt and true | – | 9 |" in text
    assert "| locomo | not measured |" in text
    assert "torch 2." in text and "cores" in text
    assert "ada" not in text


@pytest.mark.parametrize(
    ("names", "locomo", "said"), [("exma", None, "no part 'exma'"), ("", "nowhere.json", "no file")]
)
def test_what_cannot_be_measured_is_a_sentence(names, locomo, said, tmp_path):
    with pytest.raises(UserError, match=said):
        real.parts(names, locomo and tmp_path / locomo)


def test_figures_of_another_base_are_not_mixed_in(tmp_path, counted):
    file = tmp_path / "real.json"
    file.write_text(json.dumps({"fingerprint": "0" * 64, "parts": {}}))
    with pytest.raises(UserError, match="another base"):
        real.measure(Stand, file, ["exam"], None, lambda line: None)
    file.write_text("{")
    with pytest.raises(UserError, match="damaged"):
        real.measure(Stand, file, ["exam"], None, lambda line: None)


def test_locomo_is_left_out_without_its_file():
    assert real.parts("", None) == [part for part in real.PARTS if part != "locomo"]


def test_answers_are_compared_by_words():
    assert real.f1("The red car", "a red car.") == 1.0
    assert real.f1("red", "blue car") == 0.0
    assert real.f1("a red bicycle", "the red car") == pytest.approx(0.5)
