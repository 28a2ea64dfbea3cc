"""Every kind of base trains on all three objectives, whole and with its prefix carried, and is served as trained."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from nightschool import models
from nightschool.train import fit
from nightschool.train.job import Prefix
from nightschool.train.rows import build
from nightschool.train.trained import read_manifest
from tests import tiny as bases

from . import tiny

KINDS = [
    ("phi3", "full"),  # queries, keys and values in one layer
    ("gemma3", "full"),
    ("gemma3", "carry"),  # a sliding window
    ("qwen3_moe", "carry"),  # routers and experts
]


@pytest.mark.parametrize(("family", "prefix"), KINDS)
def test_a_family_is_trained_with_every_objective_and_served_as_trained(
    family: str, prefix: Prefix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nightschool.train.schedule.MIN_STEPS", 2)
    monkeypatch.setattr("nightschool.train.rows.KEPT_PROMPT", 8)
    monkeypatch.setattr("nightschool.train.prefix.KEPT_PROMPT", 8)
    base = bases.make(tmp_path / "base", family)
    rows = [make(index) for make in (tiny.sft, tiny.dpo, tiny.kto) for index in range(2)]
    job = tiny.job(tiny.write_rows(tmp_path / "rows.jsonl", rows), base, prefix=prefix, min_rows=2)
    fit.fit(job, tmp_path, lambda _: None)
    made = read_manifest(tmp_path)
    assert dict(made.rows) == {"sft": 2, "dpo": 2, "kto": 2}

    loaded = models.load(str(base), "cpu")
    (row,) = build(rows[:1], loaded.tokenizer, job).sft
    ids = [*row.prompt, *row.answer]
    served, untouched = loaded.logits(ids, adapter=made.adapter), loaded.logits(ids)
    assert not torch.allclose(served, untouched, atol=1e-4)
    assert loaded.mounted(made.adapter) == models.adapter_hash(made.adapter)
