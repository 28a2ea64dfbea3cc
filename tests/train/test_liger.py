"""Liger is asked for in the settings, and a sentence where it cannot be had."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from nightschool import models
from nightschool.config import Config, TrainConfig
from nightschool.errors import UserError
from nightschool.train import child, liger
from nightschool.train.job import Job, read_job, write_job

from . import tiny


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_base(tmp_path_factory.mktemp("base") / "base")


def installed(monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        liger, "find_spec", lambda name: object() if is_there else None if name == "liger_kernel" else found(name)
    )


def test_the_job_says_what_the_settings_say(tmp_path: Path) -> None:
    config = Config(train=TrainConfig(liger=True))
    job = Job.of(config, base="pupil", fingerprint="f", dataset=tmp_path / "d.jsonl", dataset_hash="h")
    write_job(job, tmp_path / "job.json")
    assert read_job(tmp_path / "job.json").liger
    (tmp_path / "job.json").write_text((tmp_path / "job.json").read_text().replace('"liger": true', '"liger": 1'))
    with pytest.raises(UserError, match="liger = 1"):
        read_job(tmp_path / "job.json")


@pytest.mark.skipif(importlib.util.find_spec("liger_kernel") is not None, reason="Liger is installed")
def test_a_training_without_it_ends_with_the_sentence_that_installs_it(base: Path, tmp_path: Path) -> None:
    rows = tiny.write_rows(tmp_path / "rows.jsonl", [tiny.sft(index) for index in range(6)])
    with pytest.raises(UserError, match="which are not installed") as told:
        child.train(tiny.job(rows, str(base), liger=True), tmp_path / "made")
    assert "nightschool[liger]" in (told.value.hint or "")
    assert not (tmp_path / "made" / "adapter").exists()


def test_it_runs_on_cuda_cards_alone(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, True)
    with pytest.raises(UserError, match="CUDA cards, and the base is on 'cpu'"):
        liger.fuse(models.load(str(base), "cpu").network)
    with pytest.raises(UserError, match="'mps'"):
        liger.refuse("mps")
