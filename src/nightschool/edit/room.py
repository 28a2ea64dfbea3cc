"""How many contexts fit into memory at once while wanted changes are searched for: arithmetic over a base's shape.

What is left of six gigabytes is enough on any machine: more contexts at once make no fact better, and a large
base is not faster with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

SHARE = 0.5
"""Of the free memory; answering and proving want some too."""
TOGETHER = 6e9
"""Bytes that base, program and search should stay under."""
PROGRAM = 1e9
LEAST = 1.5e9
"""Bytes that a search gets beside a base that leaves less of TOGETHER, where they are free."""
BEFORE, AFTER = 96, 32
"""Tokens of a context up to its first anchor, and from there on, where none was rendered yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stature:
    """A base as its search sees it."""

    depth: int
    """Its layers."""
    above: int
    """Layers from the first edited one on: the way back passes these alone."""
    hidden: int
    inner: int
    heads: int
    keys: int
    """Width of one layer's keys, and of its values."""
    vocabulary: int
    wide: int
    """Bytes of a number."""
    weights: float
    """Bytes of the base."""


def rows(free: float, stature: Stature, *, before: int = BEFORE, after: int = AFTER) -> int:
    """How many contexts of so many tokens fit when so many bytes are free; at least one."""
    enough = max(TOGETHER - PROGRAM - stature.weights, LEAST)
    return max(1, int(min(SHARE * free, enough) / row_bytes(stature, before=before, after=after)))


def row_bytes(stature: Stature, *, before: int, after: int) -> float:
    """Bytes that one context takes at the peak of a step."""
    wide = stature.wide
    cached = 2 * 2 * stature.depth * stature.keys * wide * (before + after)  # kept, and copied to be continued
    layer = wide * (10 * stature.hidden + 4 * stature.inner) + 4 * 4 * stature.hidden
    scores = 2 * wide * stature.heads * (before + after)
    # In their own width, in 32 bits, as log-probabilities and as their gradient.
    said = after * stature.vocabulary * (wide + 3 * 4)
    return float(cached + stature.above * after * (layer + scores) + said)


def stature(network: Any, first: int) -> Stature:
    """Read a loaded network's shape, with edits from the layer `first` on."""
    config = network.config.get_text_config()
    heads, hidden = int(config.num_attention_heads), int(config.hidden_size)
    head = int(getattr(config, "head_dim", None) or hidden // heads)
    depth = int(config.num_hidden_layers)
    return Stature(
        depth=depth,
        above=depth - first,
        hidden=hidden,
        inner=int(getattr(config, "intermediate_size", None) or 4 * hidden),
        heads=heads,
        keys=head * int(getattr(config, "num_key_value_heads", None) or heads),
        vocabulary=int(config.vocab_size),
        wide=int(network.dtype.itemsize),
        weights=float(sum(each.numel() * each.element_size() for each in network.parameters())),
    )


def free(device: torch.device) -> float:
    """Bytes that a search could take on a device now."""
    if device.type == "cuda":
        held = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return float(torch.cuda.mem_get_info(device)[0] + held)
    import psutil

    return float(psutil.virtual_memory().available)
