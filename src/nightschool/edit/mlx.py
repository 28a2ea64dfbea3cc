"""Keys and wanted changes on MLX: what `keys` and `values` measure with PyTorch, measured on Apple's chips.

The solve, the proof and the ledger take numbers and do not know where they came from. Only what runs the
network is here: reading a site's inputs, and the losses of contexts with a change added, with their
gradient. The search itself is that of `values`, step for step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import torch

from nightschool.edit import keys, values
from nightschool.edit.passage import Anchor, Passage
from nightschool.edit.values import Changes, Firing, Values, ValueSettings

SITE = "down_proj"


class _Watched(nn.Module):  # type: ignore[misc]
    """A projection whose input is kept, and to whose output a change may be added."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner
        self.seen: Any = None
        self.factors: Any = None

    def __call__(self, x: Any) -> Any:
        self.seen = x
        out = self.inner(x)
        if self.factors is None:
            return out
        a, b, reached = self.factors
        change = (x.astype(mx.float32) @ a.transpose(0, 2, 1)) @ b
        return out + (change * reached).astype(out.dtype)


@contextmanager
def watching(network: Any, layers: Sequence[int]) -> Iterator[dict[int, _Watched]]:
    """Put a watch on the sites of some layers, and take it off again."""
    found = {layer: _Watched(network.layers[layer].mlp[SITE]) for layer in layers}
    for layer, watched in found.items():
        network.layers[layer].mlp[SITE] = watched
    try:
        yield found
    finally:
        for layer, watched in found.items():
            network.layers[layer].mlp[SITE] = watched.inner


def at_slots(
    network: Any, layers: Sequence[int], rows: Sequence[Passage], anchors: Sequence[Anchor]
) -> dict[int, torch.Tensor]:
    """Read mean keys (facts, slots, d_in), float32, by layer, as `keys.at_slots` does."""
    places = keys.positions(rows, anchors)
    with watching(network, layers) as sites:
        mx.eval(network(_ids(rows)))
        read = {layer: torch.from_numpy(np.array(site.seen.astype(mx.float32))) for layer, site in sites.items()}
    order = torch.arange(len(rows))[:, None]
    found = {}
    for layer, each in read.items():
        taken = each[order, places.clamp_min(0)]
        found[layer] = keys.means(torch.where(places[..., None] >= 0, taken, torch.nan), rows)
    return found


class _Rows:
    """Contexts on MLX, with what `values` asks of its own."""

    def __init__(self, contexts: Sequence[Passage], anchors: Sequence[Anchor]) -> None:
        self.contexts, self.anchors = list(contexts), anchors
        self.ids = _ids(contexts)
        width = self.ids.shape[1]
        targets, wanted, reached = (
            np.zeros((len(contexts), width), dtype) for dtype in (np.int32, np.float32, np.float32)
        )
        for index, row in enumerate(contexts):
            start, end = min([row.opening, *row.slots(anchors)]), len(row.ids)
            targets[index, row.opening : end - 1] = row.ids[row.opening + 1 :]
            wanted[index, row.opening : end - 1] = 1.0
            reached[index, start:] = 1.0
        self.targets, self.wanted, self.reached = mx.array(targets), mx.array(wanted), mx.array(reached[..., None])
        self.facts = torch.tensor([row.fact for row in contexts])
        self.near = torch.tensor([row.near for row in contexts])

    def of(self, rows: torch.Tensor) -> _Rows:
        """Some of them."""
        return _Rows([self.contexts[index] for index in rows.tolist()], self.anchors)


class _Losses(torch.autograd.Function):  # type: ignore[misc]
    """Each row's loss, computed and differentiated by MLX."""

    @staticmethod
    def forward(ctx: Any, network: Any, rows: _Rows, fires: dict[int, Firing], strength: Any, *changes: Any) -> Any:
        """Return losses (rows,)."""
        layers, facts = list(fires), mx.array(rows.facts.numpy())
        a = {layer: mx.array(fires[layer].a.numpy())[facts] for layer in layers}
        t = {layer: mx.array(fires[layer].t.numpy()) for layer in layers}

        def losses(*given: Any) -> Any:
            with watching(network, layers) as sites:
                for layer, change in zip(layers, given, strict=True):
                    written = mx.einsum("fst,fto->fso", t[layer], change)[facts] * strength
                    sites[layer].factors = (a[layer], written, rows.reached)
                logits = network(rows.ids).astype(mx.float32)
            cost = nn.losses.cross_entropy(logits, rows.targets) * rows.wanted
            return cost.sum(axis=1) / rows.wanted.sum(axis=1)

        given = [mx.array(change.detach().numpy()) for change in changes]
        ctx.again = losses, given
        return torch.from_numpy(np.array(losses(*given)))

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradient of each layer's changes."""
        losses, given = ctx.again
        _, found = mx.vjp(lambda *each: [losses(*each)], given, [mx.array(gradients[0].numpy())])
        return None, None, None, None, *(torch.from_numpy(np.array(each)) for each in found)


def losses(
    network: Any,
    rows: _Rows,
    changes: Changes,
    fires: dict[int, Firing],
    settings: ValueSettings,
) -> torch.Tensor:
    """Mean loss of each row's answer, (rows,), with its fact written: `values` with another network."""
    strength = torch.where(rows.near, settings.strengthened, settings.weakened).float()
    return _Losses.apply(  # type: ignore[no-any-return]
        network, rows, fires, mx.array(strength.numpy())[:, None, None], *(changes[layer] for layer in fires)
    )


def optimise(
    network: Any,
    widths: dict[int, int],
    contexts: Sequence[Passage],
    fires: dict[int, Firing],
    *,
    anchors: Sequence[Anchor],
    norms: dict[int, float],
    settings: ValueSettings,
) -> Values:
    """Find the wanted changes as `values.optimise` does; `widths` gives d_out of each edited layer."""
    return values.search(
        lambda rows, changes: losses(network, rows, changes, fires, settings),
        _Rows(contexts, anchors), fires, widths, norms=norms, settings=settings,
    )  # fmt: skip


def _ids(rows: Sequence[Passage]) -> Any:
    width = max(len(row.ids) for row in rows)
    return mx.array([[*row.ids, *[0] * (width - len(row.ids))] for row in rows])
