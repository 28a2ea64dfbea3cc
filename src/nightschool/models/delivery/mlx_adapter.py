"""An adapter as mlx-lm reads it: both sides turned round, one rank for all layers, one list of layers for all blocks.

mlx-lm puts an adapter on every listed layer of each block; what a block of ours lacks is filled with zeros.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy

from nightschool.errors import UserError
from nightschool.models.delivery.factors import Array, Factors, padded
from nightschool.models.delivery.gguf_adapter import text_settings
from nightschool.records import Json

_BLOCK = re.compile(r"^(?P<before>.*\blayers)\.(?P<block>\d+)\.(?P<inner>.+)$")


def write(factors: Factors, folder: Path, *, base: Path, fingerprint: str) -> None:
    """Write an adapter folder that `mlx_lm.load(base, adapter_path=folder)` takes."""
    from safetensors.numpy import save_file

    even = padded(factors)
    places = {name: _BLOCK.match(name) for name in even}
    if outside := [name for name, place in places.items() if place is None]:
        raise UserError(f"mlx-lm takes adapters inside of blocks only, and {outside[0]!r} is outside")
    blocks = int(text_settings(base)["num_hidden_layers"])
    shapes = {place["inner"]: even[name] for name, place in places.items() if place}
    before = next(place["before"] for place in places.values() if place)
    rank = next(iter(even.values())).rank
    sides: dict[str, Array] = {}
    for block in range(blocks):
        for inner, shape in shapes.items():
            name = f"{before}.{block}.{inner}"
            pair = even.get(name)
            sides[f"{name}.lora_a"] = numpy.zeros_like(shape.a.T) if pair is None else pair.a.T
            sides[f"{name}.lora_b"] = numpy.zeros_like(shape.b.T) if pair is None else pair.b.T
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: numpy.ascontiguousarray(side) for name, side in sides.items()}, folder / "adapters.safetensors")
    settings: Json = {
        "fine_tune_type": "lora",
        "num_layers": blocks,
        "lora_parameters": {"rank": rank, "scale": 1.0, "dropout": 0.0, "keys": sorted(shapes)},
        "nightschool_base": fingerprint,
    }
    (folder / "adapter_config.json").write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n", encoding="utf-8")
