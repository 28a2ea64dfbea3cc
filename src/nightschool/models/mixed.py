"""One forward pass for rows that answer with different adapters.

The low-rank factors of each row's adapters are stacked once for a batch; a step then costs two
batched products per layer, however many adapters there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

Names = tuple[str, ...]
"""The adapters of one row, all of which apply; none for the base."""


class Mixed:
    """The stacked factors of one batch."""

    def __init__(self, network: Any, rows: Sequence[Names]) -> None:
        self._stacks: list[tuple[Any, torch.Tensor, torch.Tensor]] = []
        wanted = {name for names in rows for name in names}
        for module in network.modules():
            if hasattr(module, "lora_A") and wanted & set(module.lora_A.keys()):
                self._stacks.append((module, *_stack(module, rows)))

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Add every row's own adapters while the block runs; PEFT's must be off."""
        handles = [module.register_forward_hook(_adding(a, b)) for module, a, b in self._stacks]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()


def _stack(module: Any, rows: Sequence[Names]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return A, (rows, in, rank), and B, (rows, rank, out), padded with zeros to the largest rank."""
    held = [[name for name in names if name in module.lora_A] for names in rows]
    rank = max(sum(module.lora_A[name].weight.shape[0] for name in names) for names in held)
    some = module.lora_A[next(name for names in held for name in names)].weight
    a = some.new_zeros(len(rows), module.in_features, rank)
    b = some.new_zeros(len(rows), rank, module.out_features)
    for row, names in enumerate(held):
        place = 0
        for name in names:
            down, up = module.lora_A[name].weight, module.lora_B[name].weight
            a[row, :, place : place + len(down)] = down.T
            b[row, place : place + len(down)] = up.T * module.scaling[name]
            place += len(down)
    return a, b


def _adding(a: torch.Tensor, b: torch.Tensor) -> Any:
    def add(module: Any, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> torch.Tensor:
        x = inputs[0].to(a.dtype)  # (rows, time, in)
        return output + torch.bmm(torch.bmm(x, a), b).to(output.dtype)

    return add
