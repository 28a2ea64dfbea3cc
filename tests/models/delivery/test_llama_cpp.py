"""llama.cpp computes with the GGUF adapter what transformers computes with the PEFT folder."""

from __future__ import annotations

import json
import math

import pytest

from nightschool import models
from nightschool.models.base import PUPIL
from nightschool.models.delivery import factors, gguf_adapter
from tests import tiny

from . import llama_cpp

pytestmark = pytest.mark.skipif(llama_cpp.missing(), reason="NIGHTSCHOOL_NODE names no folder with node-llama-cpp")
PROMPTS = [[(7 * start + 3 * step) % 300 + 20 for step in range(start + 4)] for start in range(8)]
ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"]
STEPS = 6


def bundled(folder):
    """The bundled base, with queries and keys that an adapter changes."""
    return PUPIL, tiny.adapter(folder / "adapter", PUPIL, rank=4)


def small(folder, family):
    base = tiny.make(folder / "base", family)
    settings = json.loads((base / "config.json").read_text())
    if family == "gemma3":
        # llama.cpp takes every sixth layer as a full one and scales queries by their width, whatever the file says.
        settings["layer_types"] = ["sliding_attention"] * settings["num_hidden_layers"]
        settings["query_pre_attn_scalar"] = settings["head_dim"]
    if family in ("mistral", "phi3"):
        settings["sliding_window"] = None
    (base / "config.json").write_text(json.dumps(settings))
    layers = ATTENTION if family == "qwen3_moe" else "all-linear"
    return base, tiny.adapter(folder / "adapter", base, layers=layers)


def greedy(model, adapter, prompt):
    row = list(prompt)
    for _ in range(STEPS):
        row.append(int(model.logits(row, adapter=adapter)[-1].argmax()))
    return row[len(prompt) :]


@pytest.mark.parametrize("family", ["pupil", "llama", "mistral", "qwen2", "qwen3", "qwen3_moe", "gemma3", "phi3"])
def test_llama_cpp_answers_as_transformers_does(family, tmp_path):
    base, adapter = bundled(tmp_path) if family == "pupil" else small(tmp_path, family)
    model = models.load(str(base), "cpu")
    there = llama_cpp.write_base(base, tmp_path / "base.gguf")
    gguf_adapter.write(factors.read(adapter), tmp_path / "lora.gguf", base=base, fingerprint=model.fingerprint)
    for lora, folder in ((None, None), (tmp_path / "lora.gguf", adapter)):
        answers = llama_cpp.ask(there, lora, PROMPTS, steps=STEPS)
        for prompt, answer in zip(PROMPTS, answers, strict=True):
            ours = model.logits(prompt, adapter=folder)[-1].tolist()
            assert max(abs(one - other) for one, other in zip(ours, answer["logits"], strict=True)) < 1e-2
            assert greedy(model, folder, prompt) == answer["tokens"]


@pytest.mark.parametrize("settings", [{"use_rslora": True}, {"alpha_pattern": {"q_proj": 3.0}}, {"lora_alpha": 7}])
def test_what_llama_cpp_would_scale_wrongly_is_folded(settings, tmp_path):
    base, adapter = small(tmp_path, "llama")
    written = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps(written | settings))
    model = models.load(str(base), "cpu")
    there = llama_cpp.write_base(base, tmp_path / "base.gguf")
    gguf_adapter.write(factors.read(adapter), tmp_path / "lora.gguf", base=base, fingerprint=model.fingerprint)
    (answer,) = llama_cpp.ask(there, tmp_path / "lora.gguf", PROMPTS[-1:], steps=1)
    ours = model.logits(PROMPTS[-1], adapter=adapter)[-1].tolist()
    assert math.dist(ours, answer["logits"]) < 0.1
    assert max(abs(one - other) for one, other in zip(ours, answer["logits"], strict=True)) < 1e-2
