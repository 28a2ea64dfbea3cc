"""Grounds and columns made up without reading a model, for what is about the ledger and what is mounted."""

from __future__ import annotations

import numpy as np

from nightschool.edit.columns import Columns
from nightschool.edit.ground import Ground, Parts
from nightschool.edit.spread import Spread

WIDTHS = {1: (96, 64)}
"""Layer -> (d_in, d_out)."""


def ground(model, skill: str = "", *, widths=WIDTHS, modules=None) -> Ground:
    """A ground on which every direction weighs the same."""
    return Ground(
        base=model.fingerprint, skill=skill, precision=model.precision, layers=tuple(widths), anchors=("answer",),
        modules=modules or {layer: f"model.layers.{layer}.mlp.down_proj" for layer in widths},
        parts={layer: Parts(chat=plain(d), noise=plain(d), near=plain(d)) for layer, (d, _) in widths.items()},
        norms=dict.fromkeys(widths, 1.0), goal=3.0,
    )  # fmt: skip


def plain(width: int) -> Spread:
    return Spread(diagonal=np.ones(width), basis=np.zeros((width, 0)), scale=np.zeros(0))


def columns(seed: int, *, widths=WIDTHS, slots: int = 3) -> Columns:
    """Keys and wanted changes of one fact, drawn."""
    rng = np.random.default_rng(seed)
    return Columns(
        keys={layer: rng.normal(size=(slots, d_in)).astype(np.float32) for layer, (d_in, _) in widths.items()},
        wanted={layer: rng.normal(size=(slots, d_out)).astype(np.float32) for layer, (_, d_out) in widths.items()},
        loss=0.01,
    )
