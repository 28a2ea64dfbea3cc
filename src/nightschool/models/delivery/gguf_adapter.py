"""An adapter as llama.cpp and Ollama read it: one GGUF file.

llama.cpp scales each layer by alpha over that layer's rank, keeps the rows of some families' queries and
keys in another order, and knows its base by architecture alone. All of that is settled here; a family
whose order of rows is not known is refused.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy

from nightschool.errors import UserError
from nightschool.models.delivery.factors import Array, Factors, Pair
from nightschool.records import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """What llama.cpp calls a family, and whether it keeps query and key rows in the order of old Llama."""

    name: str
    interleaved: bool = False


FAMILIES = {
    "llama": Family(name="llama", interleaved=True),
    "mistral": Family(name="llama", interleaved=True),
    "qwen2": Family(name="qwen2"),
    "qwen3": Family(name="qwen3"),
    "qwen3_moe": Family(name="qwen3moe"),
    "gemma3_text": Family(name="gemma3"),
    "gemma3": Family(name="gemma3"),
    "phi3": Family(name="phi3"),
}
"""`model_type` of transformers -> family of llama.cpp. How far each was compared with it: docs/LOG.md."""


def write(factors: Factors, path: Path, *, base: Path, fingerprint: str) -> None:
    """Write the adapter of a base as GGUF; UserError where llama.cpp has no such layer."""
    import gguf

    settings = text_settings(base)
    family = family_of(settings)
    layers = int(settings["num_hidden_layers"])
    names = gguf.get_tensor_name_map({v: k for k, v in gguf.MODEL_ARCH_NAMES.items()}[family.name], layers)
    alpha = max((pair.rank for pair in factors.values()), default=1)
    writer = gguf.GGUFWriter(path, family.name)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(alpha))
    writer.add_string("nightschool.base", fingerprint)
    for name, pair in factors.items():
        # A layer of a multimodal model's language part is called as in the plain one.
        plain = name.replace("language_model.", "")
        named = names.get_name(f"{plain}.weight", try_suffixes=(".weight",))
        if named is None:
            raise UserError(
                f"llama.cpp has no layer {name!r} in models of the family {family.name!r}",
                hint="Deliver full weights instead: `nightschool deliver --to merged`",
            )
        rows = _rows(pair, plain, family, settings)
        writer.add_tensor(f"{named}.lora_a", numpy.ascontiguousarray(pair.a))
        writer.add_tensor(f"{named}.lora_b", numpy.ascontiguousarray(rows * numpy.float32(pair.rank / alpha)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def text_settings(base: Path) -> Json:
    """Read the settings of a base's language part."""
    settings: Json = json.loads((base / "config.json").read_text(encoding="utf-8"))
    inner = settings.get("text_config")
    return settings if inner is None else inner | {"model_type": settings["model_type"]}


def family_of(settings: Json) -> Family:
    """Return llama.cpp's family of a base; UserError where its layers have not been compared."""
    family = FAMILIES.get(settings["model_type"])
    if family is None:
        raise UserError(
            f"An adapter for {settings['model_type']!r} models cannot be delivered as GGUF: how llama.cpp keeps "
            "their layers is not known here",
            hint=f"Families that can: {', '.join(FAMILIES)}; or deliver full weights with `--to merged`",
        )
    return family


def _rows(pair: Pair, layer: str, family: Family, settings: Json) -> Array:
    """B with its rows in llama.cpp's order."""
    heads = {"q_proj": "num_attention_heads", "k_proj": "num_key_value_heads"}
    projection = re.search(r"\.(q_proj|k_proj)$", layer)
    if not family.interleaved or projection is None:
        return pair.b
    count = settings.get(heads[projection[1]]) or settings["num_attention_heads"]
    outputs, rank = pair.b.shape
    return pair.b.reshape(count, 2, outputs // count // 2, rank).swapaxes(1, 2).reshape(outputs, rank)
