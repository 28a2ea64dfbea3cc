"""The adapter folder holds what every server reads, and nothing that names this machine."""

from __future__ import annotations

import getpass
import json
import socket
import stat
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel

from nightschool.train import adapter, fit
from nightschool.train.trained import Refused

from . import tiny


def moved(model: Any) -> Any:
    """Give a fresh adapter weights that do something."""
    torch.manual_seed(1)
    for name, weight in model.named_parameters():
        if ".lora_B." in name:
            torch.nn.init.normal_(weight, std=0.1)
    return model


def test_what_was_trained_is_what_is_loaded(tmp_path: Path) -> None:
    model = moved(adapter.attach(fit.still(tiny.make_network()), tiny.job()))
    ids = torch.arange(3, 40)[None]
    with torch.no_grad():
        trained = model(input_ids=ids).logits
        adapter.save(model, tmp_path / "adapter", base="tiny", card="a card")
        loaded = PeftModel.from_pretrained(tiny.make_network(), tmp_path / "adapter")(input_ids=ids).logits
        untouched = tiny.make_network()(input_ids=ids).logits
    assert torch.equal(trained, loaded)
    assert not torch.allclose(trained, untouched)


def test_the_folder_names_no_place_and_no_person(tmp_path: Path) -> None:
    network = tiny.make_network()
    network.name_or_path = network.config._name_or_path = str(tmp_path / "secret-base")
    folder = tmp_path / "adapter"
    adapter.save(moved(adapter.attach(network, tiny.job())), folder, base="tiny", card="a card")
    assert {file.name for file in folder.iterdir()} == {"adapter_config.json", "adapter_model.safetensors", "README.md"}
    for file in folder.iterdir():
        content = file.read_bytes()
        for word in (str(tmp_path), "secret-base", "/home", "/tmp", socket.gethostname(), f"/{getpass.getuser()}/"):
            assert word.encode() not in content, (file.name, word)
        assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_the_settings_are_plain_lora_that_every_converter_takes(tmp_path: Path) -> None:
    adapter.save(moved(adapter.attach(tiny.make_network(), tiny.job(rank=4))), tmp_path / "a", base="tiny", card="")
    settings = json.loads((tmp_path / "a/adapter_config.json").read_text())
    assert (settings["r"], settings["base_model_name_or_path"]) == (4, "tiny")
    assert isinstance(settings["lora_alpha"], int)
    unwanted = (
        "use_rslora",
        "use_dora",
        "modules_to_save",
        "alpha_pattern",
        "rank_pattern",
        "lora_bias",
        "lora_dropout",
    )
    assert not any(settings[name] for name in unwanted)


def test_every_linear_layer_is_trained_but_the_output() -> None:
    wanted = ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"]
    assert adapter.targets(tiny.make_network()) == wanted


def test_a_mixture_of_experts_is_trained_in_its_attention_alone() -> None:
    from transformers import Qwen3MoeConfig, Qwen3MoeForCausalLM

    settings = {
        "vocab_size": 64, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4, "head_dim": 8,
        "num_key_value_heads": 2, "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16,
    }  # fmt: skip
    network = Qwen3MoeForCausalLM(Qwen3MoeConfig(**settings))
    assert adapter.targets(network) == ["k_proj", "o_proj", "q_proj", "v_proj"]


def test_an_adapter_that_did_not_move_is_refused() -> None:
    with pytest.raises(Refused, match="where they were"):
        adapter.check(adapter.attach(tiny.make_network(), tiny.job()))


def test_weights_that_are_no_numbers_are_refused() -> None:
    model = moved(adapter.attach(tiny.make_network(), tiny.job()))
    next(weight for name, weight in model.named_parameters() if ".lora_B." in name).data[0, 0] = float("inf")
    with pytest.raises(Refused, match="not finite"):
        adapter.check(model)
