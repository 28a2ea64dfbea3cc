"""An adapter as plain factors: per layer a pair (A, B) with all scaling inside B, so that its change is B @ A.

Two adapters become one by standing side by side: [B1 B2] @ [A1; A2] is exactly B1 @ A1 + B2 @ A2. What
cannot be written as such a pair (DoRA, whole modules, biases) is refused, since some converter would drop it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

from nightschool.errors import UserError
from nightschool.models.adapter import read_settings, tensors
from nightschool.records import Json

Array = numpy.ndarray[Any, numpy.dtype[numpy.float32]]
_PREFIX = "base_model.model."
_FOREIGN = (
    "use_dora", "modules_to_save", "trainable_token_indices", "lora_bias", "layer_replication", "target_parameters",
)  # fmt: skip
_MULTIPLE = 8
"""Ranks are padded up to a multiple of this: what vLLM's kernels are made for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One layer's change of weights, B @ A."""

    a: Array
    """(rank, inputs)"""
    b: Array
    """(outputs, rank), with the scale inside."""

    @property
    def rank(self) -> int:
        """Columns of B."""
        return int(self.a.shape[0])


Factors = Mapping[str, Pair]
"""Name of a layer as transformers calls it -> its change."""


def read(folder: Path) -> Factors:
    """Read a PEFT folder; UserError where it is damaged or holds more than plain LoRA."""
    settings = read_settings(folder)
    more = [name for name in _FOREIGN if settings.get(name)]
    if settings.get("bias", "none") != "none":
        more.append("bias")
    if more:
        raise UserError(
            f"The adapter in {str(folder)!r} is more than plain LoRA ({', '.join(more)}), which servers drop silently",
            hint="Deliver it as full weights: `nightschool deliver --to merged`",
        )
    try:
        sides = dict(tensors(folder / "adapter_model.safetensors"))
        return {name: _pair(sides, name, settings) for name in _layers(sides)}
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"The adapter in {str(folder)!r} is damaged or incomplete: {error}",
            hint="`nightschool versions rollback` goes back to the version before",
        ) from error


def joined(first: Factors, second: Factors) -> Factors:
    """Put two adapters side by side into one that changes the base by their sum."""
    both = {name: _beside(first[name], second[name]) for name in first.keys() & second.keys()}
    return {name: both.get(name) or first.get(name) or second[name] for name in sorted(first.keys() | second.keys())}


def padded(factors: Factors) -> Factors:
    """Fill every layer up to one rank with zeros, for readers that know only one."""
    rank = -(-max((pair.rank for pair in factors.values()), default=1) // _MULTIPLE) * _MULTIPLE
    return {
        name: Pair(
            a=numpy.pad(pair.a, ((0, rank - pair.rank), (0, 0))), b=numpy.pad(pair.b, ((0, 0), (0, rank - pair.rank)))
        )
        for name, pair in factors.items()
    }


def write(factors: Factors, folder: Path, *, base: str) -> None:
    """Write a PEFT folder of one rank, with alpha equal to it, that names no path."""
    from safetensors.numpy import save_file

    even = padded(factors)
    rank = next(iter(even.values())).rank
    sides = {f"{_PREFIX}{name}.lora_A.weight": pair.a for name, pair in even.items()}
    sides |= {f"{_PREFIX}{name}.lora_B.weight": pair.b for name, pair in even.items()}
    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: numpy.ascontiguousarray(side) for name, side in sides.items()}, folder / "adapter_model.safetensors"
    )
    settings: Json = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": base,
        "r": rank,
        "lora_alpha": rank,
        "lora_dropout": 0.0,
        "bias": "none",
        "target_modules": sorted(even),
        "inference_mode": True,
    }
    (folder / "adapter_config.json").write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _layers(sides: Mapping[str, Array]) -> list[str]:
    ends = (".lora_A.weight", ".lora_B.weight")
    if strange := [name for name in sides if not (name.startswith(_PREFIX) and name.endswith(ends))]:
        raise ValueError(f"it has a tensor {strange[0]!r}, which is no side of a linear layer")
    return sorted({name.removeprefix(_PREFIX)[: -len(ends[0])] for name in sides})


def _pair(sides: Mapping[str, Array], name: str, settings: Json) -> Pair:
    a, b = sides[f"{_PREFIX}{name}.lora_A.weight"], sides[f"{_PREFIX}{name}.lora_B.weight"]
    if a.ndim != 2 or b.ndim != 2 or a.shape[0] != b.shape[1]:
        raise ValueError(f"the two sides of {name!r} do not fit together")
    alpha = _pattern(settings.get("alpha_pattern"), name, settings["lora_alpha"])
    divisor = math.sqrt(a.shape[0]) if settings.get("use_rslora") else a.shape[0]
    return Pair(a=a, b=(b * (alpha / divisor)).astype("<f4"))


def _pattern(pattern: Mapping[str, float] | None, name: str, otherwise: float) -> float:
    """Find a layer's own value as PEFT does: by its whole name, or by the end of it."""
    for key, value in (pattern or {}).items():
        if re.match(rf"(.*\.)?({key})$", name):
            return value
    return otherwise


def _beside(first: Pair, second: Pair) -> Pair:
    if first.a.shape[1] != second.a.shape[1] or first.b.shape[0] != second.b.shape[0]:
        raise UserError("Two adapters of different bases cannot become one", hint="`nightschool versions list`")
    return Pair(a=numpy.concatenate([first.a, second.a]), b=numpy.concatenate([first.b, second.b], axis=1))
