"""A base that is kept in four or eight bits: trained beside, served, and itself never touched."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path

import pytest

from nightschool import models
from nightschool.errors import UserError
from nightschool.models import base as bases
from nightschool.models.delivery import factors
from nightschool.train import fit
from nightschool.train.adapter import attach
from nightschool.train.rows import build
from nightschool.train.trained import read_manifest

from . import oracle, tiny

needs_bitsandbytes = pytest.mark.skipif(
    importlib.util.find_spec("bitsandbytes") is None, reason="bitsandbytes is an extra"
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_base(tmp_path_factory.mktemp("base") / "base")


def test_a_base_in_few_bits_is_another_base(base: Path) -> None:
    names = [str(base), f"{base}:4bit", f"{base}:8bit", f"{base}:4bit:thinking"]
    assert {bases.find(name) for name in names} == {base.resolve()}
    assert len({models.fingerprint(name) for name in names}) == 4
    assert models.fingerprint(f"{base}:thinking:4bit") == models.fingerprint(f"{base}:4bit:thinking")
    assert bases.lasting(f"{base}:4bit") == f"{base.resolve()}:4bit"


def test_without_bitsandbytes_it_is_a_sentence(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserError, match="needs bitsandbytes"):
        models.load(f"{base}:4bit", "cpu")


@needs_bitsandbytes
@pytest.mark.parametrize("bits", [4, 8])
def test_an_adapter_is_trained_beside_few_bits_and_answers_there(bits: int, base: Path, tmp_path: Path) -> None:
    rows = [make(index) for make in (tiny.sft, tiny.dpo, tiny.kto) for index in range(4)]
    job = tiny.job(tiny.write_rows(tmp_path / "rows.jsonl", rows), f"{base}:{bits}bit", learning_rate=3e-3)
    (tmp_path / "made").mkdir()
    fit.fit(job, tmp_path / "made", lambda _: None)
    trained = read_manifest(tmp_path / "made")
    assert trained.base == models.fingerprint(f"{base}:{bits}bit")
    assert all(last < first for first, last in trained.losses.values())
    assert {pair.rank for pair in factors.read(trained.adapter).values()} == {job.rank}
    model = models.load(f"{base}:{bits}bit", "cpu")
    before = [hashlib.sha256(each.data.numpy().tobytes()).hexdigest() for each in model.network.parameters()]
    ids = list(range(20, 60))
    assert (model.logits(ids, adapter=trained.adapter) - model.logits(ids)).abs().max() > 0.1
    after = [each for name, each in model.network.named_parameters() if "lora_" not in name]
    assert before == [hashlib.sha256(each.data.numpy().tobytes()).hexdigest() for each in after]
    assert "base_model_name_or_path" in json.loads((trained.adapter / "adapter_config.json").read_text())


@needs_bitsandbytes
def test_losses_beside_four_bits_equal_those_of_the_plain_loop(base: Path, tmp_path: Path) -> None:
    job = tiny.job(
        tiny.write_rows(tmp_path / "rows.jsonl", [tiny.sft(index) for index in range(6)]), f"{base}:4bit", batch=6
    )

    def prepared():
        loaded = models.load(job.base, "cpu")
        fit.steady(job)
        return attach(fit.still(loaded.network), job), loaded.tokenizer

    model, tokenizer = prepared()
    rows = build([tiny.sft(index) for index in range(6)], tokenizer, job)
    plans, losses = fit.train_all(model, tokenizer, rows, job=job, scratch=tmp_path / "s", report=lambda _: None)
    plan = plans["sft"]
    assert plan.micro_batch == 6 and plan.accumulation == 1
    again, _ = prepared()
    theirs = oracle.fit(
        again, oracle.sft, rows.sft, rate=plan.learning_rate, steps=plan.steps, warmup=max(1, plan.steps // 20)
    )
    assert losses["sft"] == pytest.approx(theirs, abs=2e-4)
