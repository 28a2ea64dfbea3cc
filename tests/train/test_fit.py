"""One training from rows to files, in this process: what it uses, what it leaves, what it leaves alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from nightschool.errors import UserError
from nightschool.records import Example
from nightschool.train import fit
from nightschool.train.job import Job
from nightschool.train.trained import Progress, Refused, Trained, read_manifest

from . import tiny

OBJECTIVES = {"sft": tiny.sft, "dpo": tiny.dpo, "kto": tiny.kto}


@pytest.fixture(autouse=True)
def tiny_base(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "load", lambda job: tiny.make_base())
    monkeypatch.setattr("nightschool.train.schedule.MIN_STEPS", 4)


def examples(*objectives: str, count: int = 6) -> list[Example]:
    return [OBJECTIVES[objective](index) for objective in objectives for index in range(count)]


def trained(folder: Path, rows: list[Example], **fields: Any) -> Trained:
    """Fit a job and read what it left."""
    folder.mkdir()
    job = tiny.job(tiny.write_rows(folder / "rows.jsonl", rows), **fields)
    fit.fit(job, folder, lambda _: None)
    return read_manifest(folder)


def test_every_objective_with_rows_is_used_and_changes_the_weights(tmp_path: Path) -> None:
    settings = {"batch": 6, "epochs": 8}
    all_three = trained(tmp_path / "all", examples("sft", "dpo", "kto"), **settings)
    assert dict(all_three.rows) == {"sft": 6, "dpo": 6, "kto": 6}
    assert set(all_three.losses) == set(all_three.steps) == set(all_three.learning_rates) == {"sft", "dpo", "kto"}
    assert all(first > last for first, last in all_three.losses.values())
    for missing in OBJECTIVES:
        left = [objective for objective in OBJECTIVES if objective != missing]
        fewer = trained(tmp_path / f"without-{missing}", examples(*left), **settings)
        assert missing not in fewer.losses
        assert fewer.sha256 != all_three.sha256


def test_equal_jobs_give_equal_files_and_another_seed_does_not(tmp_path: Path) -> None:
    rows = examples("sft", "dpo", "kto")
    first, again = trained(tmp_path / "first", rows), trained(tmp_path / "again", rows)
    other = trained(tmp_path / "other", rows, seed=8)
    for name in ("adapter_model.safetensors", "adapter_config.json", "README.md"):
        assert (first.adapter / name).read_bytes() == (again.adapter / name).read_bytes()
    assert first.sha256 == hashlib.sha256((first.adapter / "adapter_model.safetensors").read_bytes()).hexdigest()
    assert other.sha256 != first.sha256


@pytest.mark.parametrize("change", [{"rank": 2}, {"learning_rate": 1e-4}, {"epochs": 3}, {"batch": 2}])
def test_each_setting_changes_what_is_learned(tmp_path: Path, change: dict[str, Any]) -> None:
    rows = examples("sft")
    assert trained(tmp_path / "a", rows).sha256 != trained(tmp_path / "b", rows, **change).sha256


def test_the_base_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = tiny.make_base()
    before = {name: value.clone() for name, value in base.network.state_dict().items()}
    monkeypatch.setattr(fit, "load", lambda job: base)
    trained(tmp_path / "run", examples("sft", "dpo"))
    after = {name.replace(".base_layer", ""): value for name, value in base.network.state_dict().items()}
    assert all(value.equal(after[name]) for name, value in before.items())


def test_the_manifest_counts_tokens_rows_and_what_was_left_out(tmp_path: Path) -> None:
    rows = [*examples("sft"), tiny.sft(7, chosen=tiny.says("km " * 500)), *(tiny.kto(index) for index in (0, 2))]
    made = trained(tmp_path / "run", rows)
    tokenizer = tiny.make_tokenizer()
    said = [example.chosen["content"] + "<|im_end|>" for example in examples("sft")]
    assert made.tokens == sum(len(tokenizer.encode(text)) for text in said)
    assert dict(made.left_out) == {"too long": 1, "one-sided ratings": 2}
    assert (made.base, made.dataset, made.seed) == ("tiny-fingerprint", "abc", 7)
    assert {"torch", "trl", "peft", "transformers"} <= set(made.versions)


def test_the_card_names_the_base_without_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = tiny.make_base()
    base.name = str(tmp_path / "my-base")
    monkeypatch.setattr(fit, "load", lambda job: base)
    made = trained(tmp_path / "run", examples("sft"))
    card, settings = ((made.adapter / name).read_text() for name in ("README.md", "adapter_config.json"))
    assert "my-base" in card and json.loads(settings)["base_model_name_or_path"] == "my-base"
    assert str(tmp_path) not in card + settings


def test_a_hub_name_is_kept_whole() -> None:
    assert fit.public_name("somebody/some-model") == "somebody/some-model"


def test_poor_data_leaves_no_adapter(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        trained(tmp_path / "run", examples("kto", count=2)[:1])
    assert not (tmp_path / "run/adapter").exists()


def test_training_that_moves_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="where they were"):
        trained(tmp_path / "run", examples("sft"), learning_rate=1e-45)


def test_another_base_than_the_home_was_made_with_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("nightschool.models.load", lambda name, device: tiny.make_base())
    with pytest.raises(UserError, match="is not the one that this home was made with"):
        fit.load(tiny.job(fingerprint="another"))
    assert fit.load(tiny.job(fingerprint="tiny-fingerprint")).name == "tiny"


def test_the_stages_are_told_in_order(tmp_path: Path) -> None:
    told: list[Progress] = []
    job: Job = tiny.job(tiny.write_rows(tmp_path / "rows.jsonl", examples("sft", "dpo")))
    fit.fit(job, tmp_path, told.append)
    assert list(dict.fromkeys(one.stage for one in told)) == ["render", "sft", "dpo", "save"]
