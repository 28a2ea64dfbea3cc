"""A carried prefix costs no activations and leaves the loss as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import set_seed

from nightschool.records import Objective
from nightschool.train import adapter, fit, objectives
from nightschool.train.job import Prefix
from nightschool.train.rows import KEPT_PROMPT, Row
from nightschool.train.schedule import Schedule

from . import tiny

LONG = 4096


def rows_of(objective: Objective, length: int, count: int = 2) -> list[Row]:
    """Rows whose prompts are `length` random tokens, give or take a few."""
    made = []
    for index in range(count):
        draw = torch.Generator().manual_seed(index)
        ids = torch.randint(3, 300, (length + 5 * index + 20,), generator=draw).tolist()
        prompt, answer, rejected = tuple(ids[:-20]), tuple(ids[-20:-10]), tuple(ids[-10:])
        made.append(
            Row(
                id=str(index), prompt=prompt, answer=answer,
                rejected=rejected if objective == "dpo" else (),
                label=index % 2 == 0 if objective == "kto" else None,
            )
        )  # fmt: skip
    return made


def measure(objective: Objective, prefix: Prefix, rows: list[Row], folder: Path, **base: Any) -> tuple[Any, ...]:
    """Return loss, gradients by weight and bytes kept for the backward pass, of the very first step."""
    job = tiny.job(prefix=prefix)
    network, tokenizer = tiny.make_network(positions=LONG + 64, **base), tiny.make_tokenizer()
    set_seed(job.seed)
    model = adapter.attach(fit.still(network), job)
    plan = Schedule(learning_rate=1e-3, steps=1, micro_batch=len(rows), accumulation=1)
    watch = objectives.Watch(objective, lambda _: None)
    trainer = objectives.make_trainer(
        model, tokenizer, objective, rows, job=job, plan=plan, scratch=folder, watch=watch
    )
    (batch,) = trainer.get_train_dataloader()
    kept: dict[int, int] = {}

    def keep(tensor: Any) -> Any:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = trainer.compute_loss(model, batch)
    loss.backward()
    gradients = {name: weight.grad for name, weight in model.named_parameters() if weight.requires_grad}
    return loss.item(), gradients, sum(kept.values())


@pytest.mark.parametrize("objective", ["sft", "dpo", "kto"])
def test_carrying_the_prefix_leaves_the_loss_as_it_was(objective: Objective, tmp_path: Path) -> None:
    rows = rows_of(objective, KEPT_PROMPT + 100)
    carried, _, _ = measure(objective, "carry", rows, tmp_path)
    full, _, _ = measure(objective, "full", rows, tmp_path)
    assert carried == pytest.approx(full, abs=1e-5)


def test_the_last_layer_learns_the_same_and_the_others_nearly(tmp_path: Path) -> None:
    rows = rows_of("sft", KEPT_PROMPT + 100)
    _, carried, _ = measure("sft", "carry", rows, tmp_path)
    _, full, _ = measure("sft", "full", rows, tmp_path)
    same = [name for name in full if "layers.1." in name and not any(part in name for part in ("k_proj", "v_proj"))]
    assert len(same) == 10
    for name in same:
        assert torch.allclose(carried[name], full[name], atol=1e-5), name
    flat = [torch.cat([side[name].flatten() for name in full]) for side in (carried, full)]
    assert torch.cosine_similarity(flat[0], flat[1], dim=0) > 0.9


def test_short_prompts_are_trained_exactly(tmp_path: Path) -> None:
    rows = rows_of("sft", KEPT_PROMPT - 20)
    _, carried, _ = measure("sft", "carry", rows, tmp_path)
    _, full, _ = measure("sft", "full", rows, tmp_path)
    assert all(torch.equal(carried[name], full[name]) for name in full)


def test_four_thousand_tokens_need_a_fraction_of_the_memory(tmp_path: Path) -> None:
    rows, wide = rows_of("sft", LONG - 30, count=1), {"hidden_size": 128, "intermediate_size": 1024}
    _, _, carried = measure("sft", "carry", rows, tmp_path, **wide)
    _, _, full = measure("sft", "full", rows, tmp_path, **wide)
    assert carried < full / 4
