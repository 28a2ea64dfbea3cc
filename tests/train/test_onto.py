"""A job may go on from an older adapter; a night's job never does."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from nightschool import models
from nightschool.config import Config
from nightschool.train import adapter
from nightschool.train.job import Job
from tests import tiny as bases
from tests.train import tiny


def test_a_job_goes_on_from_the_adapter_that_it_names(tmp_path: Path) -> None:
    base = bases.make(tmp_path / "base", "llama")
    job = tiny.job(tiny.write_rows(tmp_path / "rows.jsonl", []), base)
    first = adapter.attach(models.load(str(base)).network, job)
    for name, weight in first.named_parameters():
        if ".lora_B." in name:
            weight.data.fill_(0.25)
    adapter.save(first, tmp_path / "older", base="base", card="")
    onto = dataclasses.replace(job, onto=str(tmp_path / "older"))
    second = adapter.attach(models.load(str(base)).network, onto)
    weights = {name: weight for name, weight in second.named_parameters() if ".lora_B." in name}
    assert weights and all(weight.requires_grad and (weight == 0.25).all() for weight in weights.values())
    assert "an older adapter" in adapter.card(onto, base="b", fingerprint="f", rows={"sft": 1}, versions={})


def test_a_nights_job_starts_from_the_base(tmp_path: Path) -> None:
    job = Job.of(Config(), base="pupil", fingerprint="f", dataset=tmp_path / "rows.jsonl", dataset_hash="h")
    assert job.onto == ""
