"""Plain sequential MEMIT (Meng et al. 2023), for comparison: one fact after another into the model as it has become.

For each fact the wanted hidden state is optimised on the edited model, then the layers are edited from
the lowest up, the whole model read again before each, the rest of the way split over the layers that
are left. Nothing protects earlier facts. The edits are kept as factors; the base is not written to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from nightschool.edit.site import Site, reading, steering
from nightschool.edit.solve import Factors
from nightschool.edit.spread import Spread


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One context of a fact: its tokens, where its answer begins, and where the fact is anchored."""

    ids: tuple[int, ...]
    answer: int
    """Position of the first answer token."""
    anchor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """MEMIT's own settings for Llama-shaped models, rate in units of the state's norm."""

    steps: int = 25
    rate: float = 0.1
    decay: float = 0.5
    clamp: float = 4.0
    """Largest change, in norms of the state it is added to."""
    enough: float = 0.05


def write(
    network: nn.Module,
    chosen: Sequence[Site],
    facts: Sequence[Sequence[Line]],
    spreads: Mapping[int, Spread],
    settings: Settings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[int, Factors]:
    """Write facts one by one and return the factors of each layer; `spreads` weigh what must not change."""
    layers = sorted(chosen, key=lambda site: site.layer)
    factors = {site.layer: _none(site) for site in layers}
    for number, lines in enumerate(facts):
        _one(network, layers, lines, spreads, factors, settings or Settings())
        if progress:
            progress(number + 1, len(facts))
    return factors


def _one(
    network: nn.Module,
    layers: Sequence[Site],
    lines: Sequence[Line],
    spreads: Mapping[int, Spread],
    factors: dict[int, Factors],
    settings: Settings,
) -> None:
    ids, mask = _padded(lines)
    rows, places = torch.arange(len(lines)), torch.tensor([line.anchor for line in lines])
    with _mounted(layers, factors):
        state = _state(network, layers[-1], ids, mask)[rows, places]
        wanted = state + _change(network, layers[-1], lines, state, settings)
    for index, site in enumerate(layers):
        with _mounted(layers, factors), reading([site]) as seen, torch.no_grad():
            now = _state(network, layers[-1], ids, mask)[rows, places]
            key = seen[site.layer][rows, places].mean(0).double().numpy()
        rest = (wanted - now).mean(0).double().numpy() / (len(layers) - index)
        factors[site.layer] = _with(factors[site.layer], key, rest, spreads[site.layer])


def _change(network: nn.Module, site: Site, lines: Sequence[Line], state: Tensor, settings: Settings) -> Tensor:
    """Optimise what must be added to the state at the anchor so that the answer follows in every context."""
    ids, mask = _padded(lines)
    targets = ids.masked_fill(mask == 0, -100)
    for row, line in enumerate(lines):
        targets[row, : line.answer] = -100
    rows, places = torch.arange(len(lines)), torch.tensor([line.anchor for line in lines])
    norm = float(state.norm(dim=-1).mean())
    change = torch.zeros(site.d_out, requires_grad=True)
    optimizer = torch.optim.Adam([change], lr=settings.rate * norm / site.d_out**0.5 * 5)
    for _ in range(settings.steps):
        field = torch.zeros(*ids.shape, site.d_out).index_put((rows, places), change.expand(len(lines), -1))
        with steering([site], {site.layer: field}):
            logits = network(input_ids=ids, attention_mask=mask, use_cache=False).logits.float()
        losses = functional.cross_entropy(logits[:, :-1].transpose(1, 2), targets[:, 1:], reduction="none")
        each = losses.sum(1) / (targets[:, 1:] != -100).sum(1)
        if float(each.detach().mean()) < settings.enough:
            break
        optimizer.zero_grad()
        (each.mean() + settings.decay * change.norm() / norm**2).backward()
        optimizer.step()
        with torch.no_grad():
            change.mul_(min(1.0, settings.clamp * norm / max(float(change.norm()), 1e-9)))
    return change.detach()


def _with(factors: Factors, key: np.ndarray, rest: np.ndarray, spread: Spread) -> Factors:
    """Add rest · kᵀ(M + kkᵀ)⁻¹ to the change so far."""
    row = spread.inverse_times(key[:, None])[:, 0]
    column = rest / (1.0 + float(row @ key))
    a = np.concatenate([factors.a, row[None, :]])
    return Factors(a=a, b=np.concatenate([factors.b, column[:, None]], axis=1), inverse=np.eye(len(a)))


def _none(site: Site) -> Factors:
    return Factors(a=np.zeros((0, site.d_in)), b=np.zeros((site.d_out, 0)), inverse=np.zeros((0, 0)))


@contextmanager
def _mounted(layers: Sequence[Site], factors: Mapping[int, Factors]) -> Iterator[None]:
    """Add what the factors say to each site's output."""

    def hook(site: Site) -> Any:
        a = torch.tensor(factors[site.layer].a, dtype=torch.float32)
        b = torch.tensor(factors[site.layer].b, dtype=torch.float32)

        def add(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
            return output + (inputs[0].float() @ a.T @ b.T).to(output.dtype)

        return add

    handles = [site.module.register_forward_hook(hook(site)) for site in layers if factors[site.layer].rank]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _state(network: nn.Module, site: Site, ids: Tensor, mask: Tensor) -> Tensor:
    """The residual stream behind a site's block, (rows, time, d_out)."""
    kept: list[Tensor] = []
    block = network.get_submodule(site.block)
    handle = block.register_forward_hook(
        lambda module, inputs, output: kept.append(output[0] if isinstance(output, tuple) else output)
    )
    try:
        with torch.no_grad():
            network(input_ids=ids, attention_mask=mask, use_cache=False)
    finally:
        handle.remove()
    return kept[0].float()


def _padded(lines: Sequence[Line]) -> tuple[Tensor, Tensor]:
    """Pad on the right; with causal attention nothing before the padding sees it."""
    width = max(len(line.ids) for line in lines)
    ids = torch.tensor([[*line.ids, *([0] * (width - len(line.ids)))] for line in lines])
    mask = torch.tensor([[1] * len(line.ids) + [0] * (width - len(line.ids)) for line in lines])
    return ids, mask
