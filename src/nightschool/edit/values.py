"""Wanted changes: what edits must add so that the whole answer comes out in every context, as they are served.

For each fact one change per layer and slot is optimised with Adam, all facts of a batch at once; a
fact that every one of its contexts says is done and leaves the batch. A change acts as the finished
edit of that fact alone would: at every token as strongly as the token's key answers to the fact's own
keys, so that wordings whose keys differ count as they will, and questions near the fact must keep
their answers though the edit reaches them. Contexts are answered with a weakened edit and near
questions with a strengthened one, for the wordings that nobody thought of. What stands before the
answer is run once and kept as a cache, and the blocks below the first edited one are run once and
stand still. A fact's changes depend on that fact alone: gradients are summed, never averaged over the
batch, and the unit of a change is measured when the base is set up.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.checkpoint import checkpoint
from transformers import DynamicCache

from nightschool.edit import keys, room
from nightschool.edit.passage import Anchor, Passage
from nightschool.edit.site import Site, recording, responding, standing_in, steering
from nightschool.edit.solve import joint
from nightschool.edit.spread import Spread

Changes = dict[int, Tensor]
"""Layer -> (facts, slots, d_out), float32."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueSettings:
    """How wanted changes are optimised."""

    contexts: int = 16
    near: int = 8
    """Questions near the fact whose answers must stay."""
    steps: int = 120
    rate: float = 0.5
    """Of Adam at the first step, in units of the site's output norm / sqrt(d_out); it falls to nothing."""
    decay: float = 10.0
    """Weight of the mean square of what is changed in chat text, in output norms, nats."""
    enough: float = 0.05
    """Nats per token below which a context counts as said; the worst context decides."""
    clamp: float = 6.0
    """Largest change, in output norms."""
    hopeless: float = 1.0
    """Nats per token above which a fact's worst context has not been found."""
    weakened: float = 0.75
    """Share of the edit with which its contexts must come out."""
    strengthened: float = 2.0
    """Times the edit with which near questions must keep their answers: other facts' edits reach them too."""
    leeway: float = 0.05
    """Nats per token that the answer to a near question may lose."""
    rows: int = 512
    """Most contexts optimised together, where memory has room for them."""

    def thorough(self) -> ValueSettings:
        """Search longer, over more contexts, for a better change."""
        return replace(self, steps=2 * self.steps, contexts=2 * self.contexts, enough=self.enough / 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Values:
    """Wanted changes of a batch of facts."""

    changes: Changes
    losses: Tensor
    """(facts,) worst context's loss at the end, nats per token."""


@dataclass(frozen=True, slots=True)
class Firing:
    """How strongly each slot of a fact answers to a key at one layer: (A · key) · T, were the fact alone."""

    a: Tensor  # (facts, slots, d_in)
    t: Tensor  # (facts, slots, slots)
    felt: Tensor
    """(facts, slots, slots): Rᵀ · felt · R is how much a fact changes what must stay, as M weighs it."""


def firing(read: Tensor, spread: Spread, goal: float) -> Firing:
    """Solve each fact of (facts, slots, d_in) alone; slots that are NaN never answer."""
    a, t = torch.zeros_like(read), torch.zeros(*read.shape[:2], read.shape[1])
    felt = torch.zeros_like(t)
    for fact, each in enumerate(read):
        there = (~each.isnan().any(-1)).nonzero()[:, 0]
        own = each[there].double().numpy().T
        alone = joint(own, np.zeros((1, own.shape[1])), spread, goal)
        a[fact, there] = torch.from_numpy(alone.a).float()
        t[fact, there[:, None], there] = torch.from_numpy(alone.inverse).float()
        felt[fact, there[:, None], there] = torch.from_numpy(alone.inverse @ (alone.a @ own) @ alone.inverse).float()
    return Firing(a=a, t=t, felt=felt)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Contexts with what stands before their first anchor run once, and what follows."""

    cache: Any
    mask: Tensor  # (rows, prefix + suffix)
    positions: Tensor  # (rows, suffix)
    suffix: Tensor  # (rows, suffix) ids from the first anchor on
    targets: Tensor  # (rows, suffix), -100 where nothing is wanted
    places: Tensor  # (rows, slots) positions within the suffix, -1 where a row has fewer slots
    facts: Tensor  # (rows,)
    near: Tensor  # (rows,) whether the answer is the one that must stay
    below: Any = None
    """What the block below the first edited one gives for the suffix; None where there is none."""

    def of(self, rows: Tensor) -> _Rows:
        cache = _copy(self.cache)
        cache.batch_select_indices(rows)
        return replace(
            self,
            cache=cache,
            mask=self.mask[rows],
            positions=self.positions[rows],
            suffix=self.suffix[rows],
            targets=self.targets[rows],
            places=self.places[rows],
            facts=self.facts[rows],
            near=self.near[rows],
            below=_picked(self.below, rows),
        )


def optimise(
    network: Any,
    chosen: Sequence[Site],
    contexts: Sequence[Passage],
    fires: dict[int, Firing],
    *,
    anchors: Sequence[Anchor],
    norms: dict[int, float],
    settings: ValueSettings,
    progress: Progress | None = None,
) -> Values:
    """Find the wanted changes of the facts whose firing is given; `progress` hears how many are done.

    Raises FloatingPointError where a loss stops being a number.
    """
    network.requires_grad_(False)
    device = network.device
    starts = _starts(contexts, anchors)
    before, after = max(starts), max(len(row.ids) - start for row, start in zip(contexts, starts, strict=True))
    at_once = room.rows(room.free(device), room.stature(network, chosen[0].layer), before=before, after=after)
    rows = _prepare(network, chosen, contexts, anchors)
    fires = {layer: Firing(each.a.to(device), each.t.to(device), each.felt.to(device)) for layer, each in fires.items()}
    return search(
        lambda left, changes: _in_parts(
            at_once, left, lambda part: _losses(network, chosen, part, changes, fires, settings)
        ),
        rows, fires, {site.layer: site.d_out for site in chosen}, norms=norms, settings=settings, progress=progress,
    )  # fmt: skip


def search(
    losses_of: Callable[[Any, Changes], Tensor],
    rows: Any,
    fires: dict[int, Firing],
    widths: dict[int, int],
    *,
    norms: dict[int, float],
    settings: ValueSettings,
    progress: Progress | None = None,
) -> Values:
    """Search for wanted changes, `widths` wide by layer, whatever network gives the losses of rows."""
    device = rows.facts.device
    count, slots = next(iter(fires.values())).a.shape[:2]
    changes: Changes = {
        layer: torch.zeros(count, slots, width, device=device, requires_grad=True) for layer, width in widths.items()
    }
    optimizer = torch.optim.Adam(
        [
            {"params": [change], "peak": settings.rate * norms[layer] / change.shape[-1] ** 0.5}
            for layer, change in changes.items()
        ]
    )
    live = torch.ones(count, dtype=torch.bool, device=device)
    worst = torch.full((count,), float("inf"), device=device)
    with torch.no_grad():
        allowed = losses_of(rows, changes) + settings.leeway
    for step in range(settings.steps):
        losses = losses_of(rows, changes)
        if not torch.isfinite(losses).all():
            raise FloatingPointError("the loss of a fact is not a number")
        losses = torch.where(rows.near, (losses - allowed).clamp_min(0.0), losses)
        now = torch.full_like(worst, -1.0).scatter_reduce(0, rows.facts, losses.detach(), "amax")
        worst = torch.where(live, now, worst)
        done = live & (now < settings.enough)
        live = live & ~done
        if progress:
            progress(int(count - live.sum()), count)
        if not live.any() or step == settings.steps - 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * (1 - step / settings.steps)
        _step(optimizer, changes, _objective(losses, rows, live, changes, fires, norms, settings), live)
        _clamp(changes, norms, settings.clamp)
        if done.any():
            left = live[rows.facts].nonzero()[:, 0]
            rows, allowed = rows.of(left), allowed[left]
    return Values(changes={key: change.detach().cpu() for key, change in changes.items()}, losses=worst.cpu())


def _objective(
    losses: Tensor,
    rows: _Rows,
    live: Tensor,
    changes: Changes,
    fires: dict[int, Firing],
    norms: dict[int, float],
    settings: ValueSettings,
) -> Tensor:
    """Sum over live facts of the mean loss of their contexts, that of near questions, and what else is changed."""
    kinds = 2 * rows.facts + rows.near
    count = torch.bincount(kinds, minlength=2 * len(live)).clamp_min(1)
    said = (losses * live[rows.facts] / count[kinds]).sum()
    sizes = [
        torch.einsum("fso,fst,fto->f", change, fires[layer].felt, change)[live].sum() / norms[layer] ** 2
        for layer, change in changes.items()
    ]
    return said + settings.decay * torch.stack(sizes).sum()


def _step(optimizer: torch.optim.Adam, changes: Changes, objective: Tensor, live: Tensor) -> None:
    """Move the changes of live facts; Adam's momentum would move those of the others as well."""
    before = {key: change.detach().clone() for key, change in changes.items()}
    gradients = torch.autograd.grad(objective, list(changes.values()))
    for change, gradient in zip(changes.values(), gradients, strict=True):
        change.grad = gradient
    optimizer.step()
    with torch.no_grad():
        for key, change in changes.items():
            change[~live] = before[key][~live]


@torch.no_grad()  # type: ignore[untyped-decorator]
def _clamp(changes: Changes, norms: dict[int, float], most: float) -> None:
    for layer, change in changes.items():
        length = change.norm(dim=-1, keepdim=True).clamp_min(1e-9)
        change.mul_((most * norms[layer] / length).clamp(max=1.0))


def _in_parts(at_once: int, rows: _Rows, losses: Callable[[_Rows], Tensor]) -> Tensor:
    """Losses of rows; where they do not fit at once, of one part after another, and again on the way back."""
    count = len(rows.facts)
    if count <= at_once:
        return losses(rows)
    parts = torch.arange(count, device=rows.facts.device).split(at_once)
    return torch.cat([checkpoint(lambda part=part: losses(rows.of(part)), use_reentrant=False) for part in parts])


def _losses(
    network: Any,
    chosen: Sequence[Site],
    rows: _Rows,
    changes: Changes,
    fires: dict[int, Firing],
    settings: ValueSettings,
) -> Tensor:
    """Mean loss of each row's answer, (rows,), with its fact written."""
    strength = torch.where(rows.near, settings.strengthened, settings.weakened)[:, None, None]
    factors = {}
    for layer, change in changes.items():
        written = torch.einsum("fst,fto->fso", fires[layer].t, change)
        factors[layer] = (fires[layer].a[rows.facts], written[rows.facts] * strength)
    with standing_in(network, chosen[0], rows.below), responding(chosen, factors):
        logits = _forward(network, rows)
    losses = functional.cross_entropy(logits.float().transpose(1, 2), rows.targets, ignore_index=-100, reduction="none")
    return losses.sum(1) / (rows.targets != -100).sum(1)


def _forward(network: Any, rows: _Rows) -> Tensor:
    logits: Tensor = network(
        input_ids=rows.suffix,
        attention_mask=rows.mask,
        position_ids=rows.positions,
        past_key_values=_copy(rows.cache),
        use_cache=True,
    ).logits
    return logits


def _starts(contexts: Sequence[Passage], anchors: Sequence[Anchor]) -> list[int]:
    """Where each context's first anchor is: what stands before it is run once."""
    return [min([row.opening, *row.slots(anchors)]) for row in contexts]


def _copy(cache: Any) -> Any:
    """Copy a cache but for its tensors: appending makes new ones, so the original stays as it is."""
    fresh = copy.copy(cache)
    fresh.layers = [copy.copy(layer) for layer in cache.layers]
    return fresh


def _picked(output: Any, rows: Tensor) -> Any:
    if isinstance(output, tuple):
        return tuple(_picked(each, rows) for each in output)
    return output[rows] if isinstance(output, Tensor) else output


@torch.no_grad()  # type: ignore[untyped-decorator]
def _prepare(network: Any, chosen: Sequence[Site], contexts: Sequence[Passage], anchors: Sequence[Anchor]) -> _Rows:
    """Lay out the contexts and run once what no change can reach."""
    starts = _starts(contexts, anchors)
    before, after = max(starts), max(len(row.ids) - start for row, start in zip(contexts, starts, strict=True))
    prefix = torch.zeros(len(contexts), before, dtype=torch.long)
    suffix = torch.zeros(len(contexts), after, dtype=torch.long)
    targets = torch.full((len(contexts), after), -100)
    mask = torch.zeros(len(contexts), before + after, dtype=torch.long)
    for index, (row, start) in enumerate(zip(contexts, starts, strict=True)):
        rest = torch.tensor(row.ids[start:])
        prefix[index, before - start :] = torch.tensor(row.ids[:start])
        suffix[index, : len(rest)] = rest
        targets[index, row.opening - start : len(rest) - 1] = rest[row.opening - start + 1 :]
        mask[index, before - start : before + len(rest)] = 1
    positions = (mask.cumsum(1) - 1).clamp_min(0)
    device = network.device
    cache = DynamicCache(config=network.config)
    network(
        input_ids=prefix.to(device), attention_mask=mask[:, :before].to(device),
        position_ids=positions[:, :before].to(device), past_key_values=cache, use_cache=True, logits_to_keep=1,
    )  # fmt: skip
    places = keys.positions(contexts, anchors)
    places = torch.where(places >= 0, places - torch.tensor(starts)[:, None], -1)
    rows = _Rows(
        cache=cache,
        mask=mask.to(device),
        positions=positions[:, before:].to(device),
        suffix=suffix.to(device),
        targets=targets.to(device),
        places=places.to(device),
        facts=torch.tensor([row.fact for row in contexts], device=device),
        near=torch.tensor([row.near for row in contexts], device=device),
    )
    with recording(network, chosen[0]) as outputs:
        _forward(network, rows)
    return replace(rows, below=next(iter(outputs), None))


@torch.no_grad()  # type: ignore[untyped-decorator]
def norms(
    network: Any, chosen: Sequence[Site], contexts: Sequence[Passage], anchors: Sequence[Anchor]
) -> dict[int, float]:
    """Mean norm of each site's output at the anchors: the unit of its changes."""
    rows = _prepare(network, chosen, contexts, anchors)
    order = torch.arange(len(rows.facts), device=rows.facts.device)[:, None]
    with steering(chosen, {}) as seen:
        _forward(network, rows)
    return {
        layer: float(output[order, rows.places.clamp_min(0)].float().norm(dim=-1)[rows.places >= 0].mean())
        for layer, output in seen.items()
    }
