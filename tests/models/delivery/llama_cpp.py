"""A base as llama.cpp reads it, in 32 bits, and llama.cpp itself through its prebuilt build for Node.

npm install --prefix FOLDER --ignore-scripts node-llama-cpp @node-llama-cpp/linux-x64
NIGHTSCHOOL_NODE=FOLDER pytest tests/models/delivery/test_llama_cpp.py
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import gguf
import numpy

from nightschool.models.adapter import tensors
from nightschool.models.delivery.gguf_adapter import family_of, text_settings

NODE = Path(os.environ.get("NIGHTSCHOOL_NODE", "/nowhere"))


def missing() -> bool:
    """Whether llama.cpp is not at hand."""
    return not (NODE / "node_modules" / "node-llama-cpp").is_dir() or shutil.which("node") is None


def ask(model: Path, lora: Path | None, prompts: list[list[int]], *, steps: int = 12) -> list[dict[str, Any]]:
    """Return llama.cpp's logits behind each prompt and the tokens that it goes on with."""
    file, out = model.with_suffix(".job.json"), model.with_suffix(".out.json")
    job = {"model": str(model), "lora": lora and str(lora), "prompts": prompts, "steps": steps, "out": str(out)}
    file.write_text(json.dumps(job))
    script = Path(__file__).with_suffix(".mjs")
    done = subprocess.run(["node", str(script), str(NODE), str(file)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return list(json.loads(out.read_text()))


def write_base(base: Path, path: Path, *, words: bool = False) -> Path:
    """Write a model folder as GGUF in 32 bits, with its own words and template where they are wanted."""
    settings = text_settings(base)
    family = family_of(settings)
    writer = gguf.GGUFWriter(path, family.name)
    _settings(writer, settings)
    _vocabulary(writer, base, settings, words)
    names = gguf.get_tensor_name_map(
        {v: k for k, v in gguf.MODEL_ARCH_NAMES.items()}[family.name], settings["num_hidden_layers"]
    )
    weights = dict(tensors(base / "model.safetensors"))
    for name, value in _stacked(weights).items():
        kind = name.rsplit(".", 2)[-2]
        if family.interleaved and kind in ("q_proj", "k_proj"):
            heads = settings["num_attention_heads" if kind == "q_proj" else "num_key_value_heads"]
            value = value.reshape(heads, 2, value.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(value.shape)
        if family.name == "gemma3" and name.endswith("norm.weight"):
            value = value + 1
        named = names.get_name(name, try_suffixes=(".weight", ".bias"))
        assert named, name
        writer.add_tensor(named, numpy.ascontiguousarray(value, dtype=numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _stacked(weights: dict[str, Any]) -> dict[str, Any]:
    """Put the experts of each layer into one tensor."""
    plain = {name: value for name, value in weights.items() if ".experts." not in name}
    for name in sorted(set(weights) - set(plain)):
        before, after = name.split(".experts.")
        kind = after.split(".", 1)[1]
        count = sum(other.startswith(f"{before}.experts.") and other.endswith(kind) for other in weights)
        plain[f"{before}.experts.{kind}"] = numpy.stack([weights[f"{before}.experts.{i}.{kind}"] for i in range(count)])
    return plain


def _settings(writer: gguf.GGUFWriter, settings: dict[str, Any]) -> None:
    rope = settings["rope_parameters"]
    width = settings.get("head_dim") or settings["hidden_size"] // settings["num_attention_heads"]
    writer.add_context_length(settings["max_position_embeddings"])
    writer.add_embedding_length(settings["hidden_size"])
    writer.add_block_count(settings["num_hidden_layers"])
    writer.add_feed_forward_length(settings["intermediate_size"])
    writer.add_head_count(settings["num_attention_heads"])
    writer.add_head_count_kv(settings["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(settings["rms_norm_eps"])
    writer.add_rope_freq_base(rope.get("full_attention", rope)["rope_theta"])
    writer.add_rope_dimension_count(width)
    writer.add_key_length(width)
    writer.add_value_length(width)
    writer.add_vocab_size(settings["vocab_size"])
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    if experts := settings.get("num_local_experts") or settings.get("num_experts"):
        writer.add_expert_count(experts)
        writer.add_expert_used_count(settings["num_experts_per_tok"])
        writer.add_expert_feed_forward_length(settings["moe_intermediate_size"])
    if settings["model_type"].startswith(("gemma", "phi")):
        writer.add_sliding_window(settings.get("sliding_window") or 0)
    if settings["model_type"].startswith("phi"):
        writer.add_rope_scaling_orig_ctx_len(settings["max_position_embeddings"])


def _vocabulary(writer: gguf.GGUFWriter, base: Path, settings: dict[str, Any], words: bool) -> None:
    count = settings["vocab_size"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_add_bos_token(False)
    if not words:  # any do: prompts go to llama.cpp as numbers
        writer.add_token_list([f"w{index}" for index in range(count)])
        writer.add_token_types([gguf.TokenType.NORMAL] * count)
        writer.add_token_merges(["a b"])
        writer.add_bos_token_id(1)
        writer.add_eos_token_id(2)
        return
    told = json.loads((base / "tokenizer.json").read_text())
    special = {each["id"]: each["content"] for each in told["added_tokens"]}
    names = {index: word for word, index in told["model"]["vocab"].items()} | special
    writer.add_token_list([names.get(index, f"<unused{index}>") for index in range(count)])
    kinds = [gguf.TokenType.CONTROL if index in special else gguf.TokenType.NORMAL for index in range(count)]
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(merge) for merge in told["model"]["merges"]])
    writer.add_bos_token_id(settings["bos_token_id"])
    writer.add_eos_token_id(settings["eos_token_id"])
    writer.add_chat_template((base / "chat_template.jinja").read_text())
