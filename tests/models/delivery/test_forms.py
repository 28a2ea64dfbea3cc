"""An adapter in another form is the same adapter: skill and edits together, for MLX, as full weights."""

from __future__ import annotations

import json

import numpy
import pytest

from nightschool import models
from nightschool.errors import UserError
from nightschool.models.delivery import factors, gguf_adapter, merged, mlx_adapter
from tests import tiny

IDS = list(range(20, 60))


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tiny.make(tmp_path_factory.mktemp("base"), "llama")


@pytest.fixture(scope="module")
def model(base):
    return models.load(str(base), "cpu")


@pytest.fixture(scope="module")
def skill(base, tmp_path_factory):
    return tiny.adapter(tmp_path_factory.mktemp("skill") / "adapter", base, seed=1, rank=4)


@pytest.fixture(scope="module")
def edits(base, tmp_path_factory):
    """On one kind of layer only, with an odd rank."""
    return tiny.adapter(tmp_path_factory.mktemp("edits") / "adapter", base, seed=2, rank=3, layers=["down_proj"])


def test_skill_and_edits_become_one_adapter_that_adds_their_changes_up(base, model, skill, edits, tmp_path):
    together = factors.joined(factors.read(skill), factors.read(edits))
    factors.write(together, tmp_path / "both", base="tiny")
    apart = [factors.read(folder) for folder in (skill, edits)]
    for name, pair in factors.read(tmp_path / "both").items():
        wanted = sum(part[name].b @ part[name].a for part in apart if name in part)
        assert numpy.abs(pair.b @ pair.a - wanted).max() < 1e-6
    network = model.network.state_dict()
    merged.write(tmp_path / "both", tmp_path / "merged", base=str(base))
    added = models.load(str(tmp_path / "merged"), "cpu").network.state_dict()
    name = "model.layers.0.mlp.down_proj.weight"
    wanted = sum(part[name.removesuffix(".weight")].b @ part[name.removesuffix(".weight")].a for part in apart)
    assert numpy.abs((added[name] - network[name]).numpy() - wanted).max() < 1e-5


def test_the_joined_adapter_has_one_rank_and_an_integer_alpha(skill, edits, tmp_path):
    factors.write(factors.joined(factors.read(skill), factors.read(edits)), tmp_path / "both", base="tiny")
    settings = json.loads((tmp_path / "both" / "adapter_config.json").read_text())
    assert settings["r"] == settings["lora_alpha"] == 8
    assert isinstance(settings["lora_alpha"], int)
    assert {pair.rank for pair in factors.read(tmp_path / "both").values()} == {8}


@pytest.mark.parametrize("settings", [{"use_rslora": True}, {"alpha_pattern": {"q_proj": 3}}, {"lora_alpha": 7}])
def test_however_an_adapter_is_scaled_its_factors_change_the_base_as_it_does(settings, base, model, skill, tmp_path):
    copy = tmp_path / "adapter"
    copy.mkdir()
    (copy / "adapter_model.safetensors").write_bytes((skill / "adapter_model.safetensors").read_bytes())
    written = json.loads((skill / "adapter_config.json").read_text())
    (copy / "adapter_config.json").write_text(json.dumps(written | settings))
    factors.write(factors.read(copy), tmp_path / "plain", base="tiny")
    apart = model.logits(IDS, adapter=tmp_path / "plain") - model.logits(IDS, adapter=copy)
    assert apart.abs().max() < 1e-4


def test_merged_weights_answer_as_base_and_adapter_do(base, model, skill, tmp_path):
    merged.write(skill, tmp_path / "merged", base=str(base))
    alone = models.load(str(tmp_path / "merged"), "cpu")
    assert (alone.logits(IDS) - model.logits(IDS, adapter=skill)).abs().max() < 1e-3


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"use_dora": True}, "use_dora"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"bias": "all"}, "bias"),
    ],
)
def test_more_than_plain_lora_is_refused(settings, named, skill, tmp_path):
    written = json.loads((skill / "adapter_config.json").read_text())
    (tmp_path / "adapter_config.json").write_text(json.dumps(written | settings))
    with pytest.raises(UserError, match=named):
        factors.read(tmp_path)


def test_a_cut_off_adapter_is_refused(skill, tmp_path):
    (tmp_path / "adapter_config.json").write_bytes((skill / "adapter_config.json").read_bytes())
    (tmp_path / "adapter_model.safetensors").write_bytes((skill / "adapter_model.safetensors").read_bytes()[:-100])
    with pytest.raises(UserError, match="damaged or incomplete"):
        factors.read(tmp_path)


def test_a_family_that_was_not_compared_with_llama_cpp_is_refused(tmp_path):
    base = tiny.make(tmp_path / "olmo", "olmo2")
    adapter = tiny.adapter(tmp_path / "adapter", base)
    with pytest.raises(UserError, match="olmo2"):
        gguf_adapter.write(factors.read(adapter), tmp_path / "x.gguf", base=base, fingerprint="f")


def test_mlx_computes_what_transformers_does(base, model, skill, edits, tmp_path):
    mlx = pytest.importorskip("mlx.core")
    mlx_lm = pytest.importorskip("mlx_lm")
    both = factors.joined(factors.read(skill), factors.read(edits))
    factors.write(both, tmp_path / "peft", base="tiny")
    mlx_adapter.write(both, tmp_path / "mlx", base=base, fingerprint="f")
    network, _ = mlx_lm.load(str(base), adapter_path=str(tmp_path / "mlx"))
    there = numpy.array(network(mlx.array([IDS]))[0].astype(mlx.float32))
    assert numpy.abs(there - model.logits(IDS, adapter=tmp_path / "peft").numpy()).max() < 1e-4
