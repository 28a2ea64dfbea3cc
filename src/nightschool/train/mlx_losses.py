"""SFT, DPO and KTO on MLX. Their formulas are TRL's: DPO (Rafailov and others 2023) with an SFT term, KTO (Ethayarajh
and others 2024), both against the base with the adapter switched off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx_lm.tuner.lora import LoRALinear

from nightschool.records import Json
from nightschool.train.objectives import BETA, CHOSEN_WEIGHT
from nightschool.train.rows import Row

Tokens = Sequence[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Some rows, each with the answer beside its own, and what the base makes of both."""

    rows: Sequence[Row]
    partners: Sequence[Tokens] = field(default_factory=list)
    """For a pair the rejected answer, for a rating another row's."""
    before: Sequence[tuple[float, float]] = field(default_factory=list)
    """The base's log-probabilities of either."""

    @property
    def tokens(self) -> int:
        """Tokens of the answers."""
        return sum(len(row.answer) for row in self.rows)


def log_probs(network: Any, prompts: Sequence[Tokens], answers: Sequence[Tokens]) -> Any:
    """Sum the log-probabilities of each answer behind its prompt, in 32 bits."""
    rows = [[*prompt, *answer] for prompt, answer in zip(prompts, answers, strict=True)]
    width = max(map(len, rows))
    ids = mx.array([row + [0] * (width - len(row)) for row in rows])
    starts = mx.array([[len(prompt) - 1] for prompt in prompts])
    ends = mx.array([[len(row) - 1] for row in rows])
    at = mx.arange(width - 1)[None]
    logits = network(ids[:, :-1]).astype(mx.float32)
    taken = mx.take_along_axis(logits, ids[:, 1:, None], axis=-1)[..., 0] - mx.logsumexp(logits, axis=-1)
    return mx.where((at >= starts) & (at < ends), taken, 0.0).sum(axis=-1)


def sft(network: Any, batch: Batch, tokens: int) -> Any:
    """Loss of the answers, per token of the whole step."""
    return -_own(network, batch).sum() / tokens


def dpo(network: Any, batch: Batch, settings: Json) -> Any:
    """Loss of pairs, with the chosen answers' own beside it."""
    good, bad = _own(network, batch), _partner(network, batch)
    before = mx.array(batch.before)
    margin = (good - before[:, 0]) - (bad - before[:, 1])
    return -nn.log_sigmoid(BETA * margin).mean() - CHOSEN_WEIGHT * good.sum() / batch.tokens


def kto(network: Any, batch: Batch, settings: Json) -> Any:
    """Loss of single ratings, against how far the adapter has moved at all."""
    before = mx.array(batch.before)
    moved = mx.maximum((mx.stop_gradient(_partner(network, batch)) - before[:, 1]).mean(), 0.0)
    gained = _own(network, batch) - before[:, 0]
    good = settings["desirable_weight"] * (1 - mx.sigmoid(BETA * (gained - moved)))
    bad = settings["undesirable_weight"] * (1 - mx.sigmoid(BETA * (moved - gained)))
    return mx.where(mx.array([bool(row.label) for row in batch.rows]), good, bad).mean()


LOSSES = {"dpo": dpo, "kto": kto}


def reference(
    network: Any, objective: str, rows: Sequence[Row], partners: Sequence[Tokens], size: int
) -> list[tuple[float, float]]:
    """What the base gives each row's answer and its partner, with the adapter switched off."""
    layers = [module for _, module in network.named_modules() if isinstance(module, LoRALinear)]
    scales = [layer.scale for layer in layers]
    for layer in layers:
        layer.scale = 0.0
    found: list[tuple[float, float]] = []
    for start in range(0, len(rows), size):
        batch = Batch(rows=rows[start : start + size], partners=partners[start : start + size])
        found += zip(_own(network, batch).tolist(), _partner(network, batch).tolist(), strict=True)
    for layer, scale in zip(layers, scales, strict=True):
        layer.scale = scale
    return found


def _own(network: Any, batch: Batch) -> Any:
    return log_probs(network, [row.prompt for row in batch.rows], [row.answer for row in batch.rows])


def _partner(network: Any, batch: Batch) -> Any:
    return log_probs(network, [row.prompt for row in batch.rows], batch.partners)
