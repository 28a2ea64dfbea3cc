"""MLX trains the rows that PyTorch does: the same losses, step by step, and the same kind of folder in the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nightschool import models
from nightschool.train import job as jobs
from nightschool.train import train
from nightschool.train.rows import build
from nightschool.train.schedule import Schedule

from . import oracle, tiny

pytest.importorskip("mlx_lm")
import mlx.core as mx

from nightschool.train import adapter, fit, mlx_fit, objectives

MAKE = {"sft": tiny.sft, "dpo": tiny.dpo, "kto": tiny.kto}
IDS = list(range(20, 60))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_base(tmp_path_factory.mktemp("base") / "base")


def started(base: Path, folder: Path) -> tuple[Any, Any, jobs.Job]:
    """One adapter with something in it already, on PyTorch and on MLX."""
    import torch

    fresh = tiny.job(base=base)
    fit.steady(fresh)
    model = adapter.attach(fit.still(models.load(str(base), "cpu").network), fresh)
    for name, weight in model.named_parameters():
        if ".lora_B." in name:
            weight.data = torch.randn_like(weight) * 0.05
    adapter.save(model, folder, base="tiny", card="")
    job = tiny.job(base=base, onto=str(folder))
    again = adapter.attach(fit.still(models.load(str(base), "cpu").network), job)
    return again, mlx_fit.attach(mlx_fit.load(base), job), job


@pytest.mark.parametrize("objective", ["sft", "dpo", "kto"])
def test_losses_equal_those_of_the_plain_loop(objective: Any, base: Path, tmp_path: Path) -> None:
    model, network, job = started(base, tmp_path / "start")
    rows = build([MAKE[objective](index) for index in range(6)], tiny.make_tokenizer(), job).of(objective)
    plan = Schedule(learning_rate=3e-3, steps=6, micro_batch=6, accumulation=1)
    ours = mlx_fit.train_objective(network, objective, rows, plan=plan, seed=7, report=lambda _: None)
    ordered = objectives.mixed(rows) if objective == "kto" else rows
    theirs = oracle.fit(model, getattr(oracle, objective), ordered, rate=3e-3, steps=6, warmup=1)
    assert ours == pytest.approx(theirs, abs=2e-4)
    assert ours[-1] < ours[0]


def test_rows_in_parts_make_the_same_step(base: Path, tmp_path: Path) -> None:
    losses = []
    for micro, parts in ((6, 1), (2, 3)):
        _, network, job = started(base, tmp_path / str(micro))
        rows = build([tiny.sft(index) for index in range(6)], tiny.make_tokenizer(), job).sft
        plan = Schedule(learning_rate=3e-3, steps=4, micro_batch=micro, accumulation=parts)
        losses.append(mlx_fit.train_objective(network, "sft", rows, plan=plan, seed=7, report=lambda _: None))
    assert losses[0] == pytest.approx(losses[1], abs=2e-4)


def test_answers_are_rehearsed_beside_a_preference(base: Path, tmp_path: Path) -> None:
    left = {}
    for rehearsed in (True, False):
        _, network, job = started(base, tmp_path / str(rehearsed))
        tokenizer = tiny.make_tokenizer()
        pairs = build([tiny.dpo(index) for index in range(6)], tokenizer, job).dpo
        answers = build([tiny.sft(index) for index in range(6)], tokenizer, job).sft
        plan = Schedule(learning_rate=3e-3, steps=10, micro_batch=6, accumulation=1)
        mlx_fit.train_objective(
            network, "dpo", pairs, plan=plan, seed=7, report=lambda _: None, rehearsed=answers if rehearsed else ()
        )
        batch = mlx_fit.Batch(rows=answers)
        left[rehearsed] = mlx_fit.sft(network, batch, batch.tokens).item()
    assert left[True] < left[False] - 0.1


def test_a_job_for_mlx_ends_in_a_folder_that_pytorch_answers_with(base: Path, tmp_path: Path) -> None:
    rows = [make(index) for make in MAKE.values() for index in range(4)]
    job = tiny.job(tiny.write_rows(tmp_path / "rows.jsonl", rows), base, engine="mlx")
    told = []
    made = train(job, tmp_path / "version", told.append)
    assert made.rows == {"sft": 4, "dpo": 4, "kto": 4}
    assert "mlx" in made.versions
    assert all(last < first for first, last in made.losses.values())
    assert {each.stage for each in told} == {"load", "render", "sft", "dpo", "kto", "save"}
    model = models.load(str(base), "cpu")
    here = model.logits(IDS, adapter=made.adapter)
    network = mlx_fit.attach(mlx_fit.load(base), tiny.job(base=base, onto=str(made.adapter)))
    network.eval()
    there = network(mx.array([IDS]))[0].tolist()
    assert max(abs(one - other) for ours, its in zip(here.tolist(), there, strict=True)
               for one, other in zip(ours, its, strict=True)) < 1e-4  # fmt: skip
    assert (here - model.logits(IDS)).abs().max() > 0.1
    assert str(base) not in (made.adapter / "adapter_config.json").read_text()


def test_mlx_computes_on_a_mac_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert jobs.engine("pupil", "auto") == "torch"
    monkeypatch.setattr("sys.platform", "darwin")
    assert jobs.engine("pupil", "auto") == "mlx"
    assert jobs.engine("pupil", "cpu") == jobs.engine("x:4bit", "auto") == "torch"
