"""Keys: a site's inputs at the anchors of a fact's contexts, and everywhere in chat text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from nightschool.edit.passage import Anchor, Passage
from nightschool.edit.site import Site, reading

ROWS = 64
"""Rows of one forward pass."""


@torch.no_grad()  # type: ignore[untyped-decorator]
def at_slots(
    network: Any, chosen: Sequence[Site], rows: Sequence[Passage], anchors: Sequence[Anchor]
) -> dict[int, Tensor]:
    """Read mean keys (facts, slots, d_in), float32, by layer, with whatever is switched on in the network.

    A slot that no context of a fact has is NaN.
    """
    return {layer: means(read, rows) for layer, read in slots(network, chosen, rows, anchors).items()}


@torch.no_grad()  # type: ignore[untyped-decorator]
def slots(
    network: Any, chosen: Sequence[Site], rows: Sequence[Passage], anchors: Sequence[Anchor]
) -> dict[int, Tensor]:
    """Read keys (rows, slots, d_in), float32, by layer; NaN where a row has fewer slots than others."""
    places = positions(rows, anchors)
    found: dict[int, list[Tensor]] = {site.layer: [] for site in chosen}
    for start in range(0, len(rows), ROWS):
        part = places[start : start + ROWS]
        seen, _ = _run(network, chosen, [row.ids for row in rows[start : start + ROWS]])
        order = torch.arange(len(part))[:, None]
        for layer, parts in found.items():
            read = seen[layer].cpu()[order, part.clamp_min(0)].float()
            parts.append(torch.where(part[..., None] >= 0, read, torch.nan))
    return {layer: torch.cat(parts) for layer, parts in found.items()}


def positions(rows: Sequence[Passage], anchors: Sequence[Anchor]) -> Tensor:
    """Positions of all slots, (rows, slots); -1 where a row does not have a slot."""
    numbers = [row.numbers(anchors) for row in rows]
    places = torch.full((len(rows), 1 + max(max(each, default=0) for each in numbers)), -1)
    for row, each in enumerate(numbers):
        places[row, each] = torch.tensor(rows[row].slots(anchors), dtype=torch.long)
    return places


def means(read: Tensor, rows: Sequence[Passage]) -> Tensor:
    """Mean over each fact's contexts, (facts, slots, d_in); NaN where none has the slot."""
    facts = torch.tensor([row.fact for row in rows])
    count = int(facts.max()) + 1
    there = ~read.isnan()
    total = torch.zeros(count, *read.shape[1:]).index_add(0, facts, read.nan_to_num())
    return total / torch.zeros(count, *read.shape[1:]).index_add(0, facts, there.float())


@torch.no_grad()  # type: ignore[untyped-decorator]
def everywhere(
    network: Any, chosen: Sequence[Site], texts: Sequence[Sequence[int]], starts: Sequence[int]
) -> dict[int, Tensor]:
    """Read keys (tokens, d_in) at every position of token rows from each row's start on."""
    found: dict[int, list[Tensor]] = {site.layer: [] for site in chosen}
    for at in range(0, len(texts), ROWS):
        seen, mask = _run(network, chosen, texts[at : at + ROWS])
        counted = mask.bool()
        for row, start in enumerate(starts[at : at + ROWS]):
            counted[row, :start] = False
        for site in chosen:
            found[site.layer].append(seen[site.layer][counted.to(seen[site.layer].device)].float().cpu())
    return {layer: torch.cat(parts) for layer, parts in found.items()}


def _run(network: Any, chosen: Sequence[Site], texts: Sequence[Sequence[int]]) -> tuple[dict[int, Tensor], Tensor]:
    """Run rows padded on the right; causal attention keeps the padding out of what comes before it."""
    width = max(map(len, texts))
    ids = torch.zeros(len(texts), width, dtype=torch.long)
    mask = torch.zeros(len(texts), width, dtype=torch.long)
    for index, row in enumerate(texts):
        ids[index, : len(row)] = torch.tensor(list(row))
        mask[index, : len(row)] = 1
    with reading(chosen) as seen:
        network(
            input_ids=ids.to(network.device), attention_mask=mask.to(network.device), use_cache=False, logits_to_keep=1
        )
    return seen, mask
