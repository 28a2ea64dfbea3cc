"""One forward pass for rows that answer with different adapters.

The low-rank factors of each row's adapters are stacked once for a batch; a step then costs two
products per layer, however many adapters there are, and none of PEFT's switching.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch

Names = tuple[str, ...]
"""The adapters of one row, all of which apply; none for the base."""
SPECIAL = ("lora_embedding_A", "lora_magnitude_vector", "lora_variant")
"""Where PEFT keeps what is more than two factors on a linear layer."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What one mounted adapter adds: for each layer, A as (in, rank) and B, with its scale, as (rank, out)."""

    layers: dict[Any, tuple[torch.Tensor, torch.Tensor]] = field(default_factory=dict)
    plain: bool = True
    """Whether that is all it does; else it is left to PEFT."""


def factors(network: Any, name: str) -> Factors:
    """Collect the factors of one mounted adapter."""
    layers, plain = {}, True
    for module in network.modules():
        if name in getattr(module, "lora_A", ()):
            up = module.lora_B[name].weight.T * module.scaling[name]
            layers[module] = (module.lora_A[name].weight.T.contiguous(), up.contiguous())
        plain = plain and not any(name in getattr(module, place, ()) for place in SPECIAL)
    return Factors(layers, plain)


class Mixed:
    """The stacked factors of one batch."""

    def __init__(self, rows: Sequence[Names], known: Mapping[str, Factors]) -> None:
        self.rows = list(rows)
        # Where all rows are alike their factors stand there once, for all of them.
        stacked = self.rows[:1] if len(set(rows)) == 1 else self.rows
        layers = {layer: None for names in stacked for name in names for layer in known[name].layers}
        self._stacks = [
            (layer, *_stack([[known[name].layers[layer] for name in names if layer in known[name].layers]
                             for names in stacked]))
            for layer in layers
        ]  # fmt: skip

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Add every row's own adapters while the block runs; PEFT's must be off."""
        handles = [module.register_forward_hook(_adding(a, b)) for module, a, b in self._stacks]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()


def _stack(rows: Sequence[Sequence[tuple[torch.Tensor, torch.Tensor]]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return A, (rows, in, rank), and B, (rows, rank, out), padded with zeros to the largest rank; one row for all."""
    rank = max(sum(down.shape[1] for down, _ in pairs) for pairs in rows)
    down, up = next(pair for pairs in rows for pair in pairs)
    a = down.new_zeros(len(rows), down.shape[0], rank)
    b = up.new_zeros(len(rows), rank, up.shape[1])
    for row, pairs in enumerate(rows):
        place = 0
        for down, up in pairs:
            a[row, :, place : place + down.shape[1]] = down
            b[row, place : place + down.shape[1]] = up
            place += down.shape[1]
    return a, b


def _adding(a: torch.Tensor, b: torch.Tensor) -> Any:
    def add(module: Any, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> torch.Tensor:
        x = inputs[0].to(a.dtype)  # (rows, time, in)
        if len(a) == 1:
            return output + (x @ a[0] @ b[0]).to(output.dtype)
        return output + torch.bmm(torch.bmm(x, a), b).to(output.dtype)

    return add
