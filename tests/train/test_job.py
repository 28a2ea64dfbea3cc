"""The job file is strict: what it does not know it does not guess."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from nightschool.config import Config, CurateConfig, TrainConfig
from nightschool.errors import UserError
from nightschool.train.job import Job, read_job, write_job

from . import tiny


def test_a_job_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_job(tiny.job(seed=3, prefix="carry"), tmp_path / "job.json")
    assert read_job(tmp_path / "job.json") == tiny.job(seed=3, prefix="carry")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"learning_rat": 1.0}, "unknown key 'learning_rat'"),
        ({"version": 2}, "version 2"),
        ({"rank": "16"}, "rank = '16'"),
        ({"rank": 0}, "rank = 0"),
        ({"batch": True}, "batch = True"),
        ({"prefix": "cut"}, "prefix = 'cut'"),
    ],
)
def test_a_job_with_a_wrong_key_or_value_is_refused(tmp_path: Path, change: dict[str, object], says: str) -> None:
    path = tmp_path / "job.json"
    write_job(tiny.job(), path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(UserError, match=says):
        read_job(path)


def test_every_key_of_a_job_has_to_be_there(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    write_job(tiny.job(), path)
    values = json.loads(path.read_text())
    for field in fields(Job):
        path.write_text(json.dumps({key: value for key, value in values.items() if key != field.name}))
        with pytest.raises(UserError):
            read_job(path)


def test_a_job_that_is_no_json_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text("{")
    with pytest.raises(UserError, match=r"job\.json"):
        read_job(tmp_path / "job.json")


def test_the_job_of_a_home_follows_its_settings(tmp_path: Path) -> None:
    train = TrainConfig(rank=3, learning_rate=0.5, epochs=9, batch=2, max_tokens=77, max_minutes=1.5, seed=11)
    config = Config(train=train, curate=CurateConfig(min_examples=5))
    job = Job.of(config, base="pupil", fingerprint="f", dataset=tmp_path / "d.jsonl", dataset_hash="h")
    settings = (job.rank, job.learning_rate, job.epochs, job.batch, job.max_tokens, job.max_minutes, job.seed)
    assert settings == (3, 0.5, 9, 2, 77, 1.5, 11)
    assert (job.min_rows, job.fingerprint, job.dataset_hash, job.base) == (5, "f", "h", "pupil")
