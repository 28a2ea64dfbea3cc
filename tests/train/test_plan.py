"""The plan's arithmetic holds against measured runs, and names what would fit."""

from __future__ import annotations

import dataclasses
import json

import pytest

from nightschool.cli.main import main
from nightschool.errors import UserError
from nightschool.models import ollama_base
from nightschool.train import plan
from tests import tiny as models
from tests.models.delivery import llama_cpp

WORK = plan.Work(rows=400, tokens=400, longest=2048, rank=16, epochs=3, batch=8, max_minutes=240)
EIGHT = plan.Shape(
    name="8b", parameters=8_190_000_000, layers=36, hidden=4096, inner=12_288, heads=32, vocabulary=151_936,
    adapted=36 * (4 * 8192 + 3 * 16_384), linear=6_950_000_000,
  )  # fmt: skip


def test_the_shape_of_a_base_is_read_from_its_files(tmp_path):
    base = models.make(tmp_path, "llama")
    shape = plan.shape_of(str(base))
    network = models.network("llama")
    assert shape.parameters == sum(each.numel() for each in network.parameters())
    linear = [m for name, m in network.named_modules() if hasattr(m, "in_features") and name != "lm_head"]
    assert shape.adapted == sum(each.in_features + each.out_features for each in linear)


def test_a_base_whose_sizes_go_by_other_names_is_a_sentence(tmp_path):
    base = models.make(tmp_path, "llama")
    settings = json.loads((base / "config.json").read_text())
    del settings["hidden_size"]
    (base / "config.json").write_text(json.dumps(settings))
    with pytest.raises(UserError, match="does not say how large the base is"):
        plan.shape_of(str(base))


def test_an_eight_billion_base_fits_a_large_card_and_not_a_small_one():
    large = plan.plan(EIGHT, plan.Machine(name="48", device="cuda", memory=48e9), WORK)
    small = plan.plan(EIGHT, plan.Machine(name="12", device="cuda", memory=12e9), WORK)
    assert large.fits and not large.instead and not large.proven
    assert not small.fits
    assert any("a base of up to about" in each for each in small.instead)


def test_four_bits_are_offered_where_they_fit():
    machine = plan.Machine(name="24", device="cuda", memory=24e9)
    made = plan.plan(EIGHT, machine, WORK)
    assert not made.fits
    assert made.instead[0] == "the same base in four bits: `8b:4bit`"
    few = plan.plan(dataclasses.replace(EIGHT, bits=4), machine, WORK)
    assert few.fits and not few.proven
    assert "4 bits" in few.method
    assert few.memory["base"] == pytest.approx(0.5625 * EIGHT.linear + 2 * (EIGHT.parameters - EIGHT.linear))


def test_what_would_fit_does_fit():
    machine = plan.Machine(name="16", device="cuda", memory=16e9)
    made = plan.plan(EIGHT, machine, WORK)
    size = next(each for each in made.instead if "a base of" in each).split("about ")[1].split(" ")[0]
    share = float(size) * 1e9 / EIGHT.parameters
    assert plan.plan(plan.scaled(EIGHT, share * 0.98), machine, WORK).fits


def test_rows_that_are_too_long_are_named():
    shape = dataclasses.replace(EIGHT, parameters=400_000_000, layers=24, hidden=1024, inner=4096, adapted=10**6)
    machine = plan.Machine(name="12", device="cuda", memory=7.5e9)
    work = dataclasses.replace(WORK, longest=8192, batch=1)
    made = plan.plan(shape, machine, work)
    assert not made.fits
    assert "max_tokens = " in made.instead[0]


def test_more_of_anything_needs_more():
    plain = plan.memory(EIGHT, "cuda", WORK)
    assert plan.memory(EIGHT, "cuda", dataclasses.replace(WORK, rank=64))["adapter"] == 4 * plain["adapter"]
    assert plan.memory(EIGHT, "cpu", WORK)["base"] == 2 * plain["base"]
    machine = plan.Machine(name="x", device="cpu", memory=1e12, cores=2)
    twice = dataclasses.replace(WORK, rows=800)
    assert plan.minutes(EIGHT, machine, twice) > 1.9 * plan.minutes(EIGHT, machine, WORK)


def test_the_command_says_what_fits(tmp_path, monkeypatch, capsys):
    words = ["nightschool", "--home", str(tmp_path), "train", "plan", "--device", "cpu", "--memory", "16", "--json"]
    monkeypatch.setattr("sys.argv", words)
    main()
    told = json.loads(capsys.readouterr().out)
    assert told["fits"] and told["proven"] and told["needed"] < 16e9
    monkeypatch.setattr("sys.argv", [*words[:-2], "0.5"])
    main()
    assert "It does not fit." in capsys.readouterr().out


def test_a_base_that_is_not_there_is_a_sentence():
    with pytest.raises(UserError, match="no folder"):
        plan.shape_of("./nowhere")


def test_a_base_has_the_same_shape_in_ollama_s_file_and_in_its_folder(tmp_path):
    base = models.make(tmp_path / "base", "llama")
    file = llama_cpp.write_base(base, tmp_path / "base.gguf", words=True)
    held = ollama_base._described("tiny", file, "0" * 64)
    theirs, ours = plan.shape_held("tiny", held), plan.shape_of(str(base))
    assert dataclasses.replace(theirs, name=ours.name) == ours
