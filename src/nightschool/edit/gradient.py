"""Test-time training, for comparison: gradient steps on a conversation, on low-rank factors that are then dropped.

The factors stand where edits stand, so that both are mounted and measured alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from nightschool.edit.site import Site
from nightschool.edit.solve import Factors


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """How far a conversation is followed."""

    rank: int = 16
    steps: int = 12
    rate: float = 3e-3
    batch: int = 16
    seed: int = 0


def follow(
    network: nn.Module, chosen: Sequence[Site], texts: Sequence[Sequence[int]], how: Steps
) -> dict[int, Factors]:
    """Take gradient steps on every token of the texts and return the factors of each layer."""
    draw = torch.Generator().manual_seed(how.seed)
    a = {s.layer: (torch.randn(how.rank, s.d_in, generator=draw) / s.d_in**0.5).requires_grad_() for s in chosen}
    b = {s.layer: torch.zeros(s.d_out, how.rank, requires_grad=True) for s in chosen}
    optimizer = torch.optim.AdamW([*a.values(), *b.values()], lr=how.rate, weight_decay=0.0)
    with _mounted(chosen, a, b):
        for _ in range(how.steps):
            picked = torch.randperm(len(texts), generator=draw)[: how.batch].tolist()
            loss = _loss(network, [texts[index] for index in picked])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return {
        site.layer: Factors(
            a=a[site.layer].detach().double().numpy(),
            b=b[site.layer].detach().double().numpy(),
            inverse=np.eye(how.rank),
        )
        for site in chosen
    }


def _loss(network: nn.Module, texts: Sequence[Sequence[int]]) -> Tensor:
    width = max(map(len, texts))
    ids = torch.tensor([[*text, *([0] * (width - len(text)))] for text in texts])
    mask = torch.tensor([[1] * len(text) + [0] * (width - len(text)) for text in texts])
    logits = network(input_ids=ids, attention_mask=mask, use_cache=False).logits.float()
    targets = ids.masked_fill(mask == 0, -100)
    return functional.cross_entropy(logits[:, :-1].transpose(1, 2), targets[:, 1:], ignore_index=-100)


@contextmanager
def _mounted(chosen: Sequence[Site], a: dict[int, Tensor], b: dict[int, Tensor]) -> Iterator[None]:
    def hook(layer: int) -> Any:
        def add(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
            return output + (inputs[0].float() @ a[layer].T @ b[layer].T).to(output.dtype)

        return add

    handles = [site.module.register_forward_hook(hook(site.layer)) for site in chosen]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
