"""What the ledger keeps of one fact: its keys and wanted changes, by layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightschool.edit.spread import Matrix


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """One row per slot, 32-bit."""

    keys: dict[int, Matrix]
    """Layer -> (slots, d_in)."""
    wanted: dict[int, Matrix]
    """Layer -> (slots, d_out)."""
    loss: float
    """Of the worst context with the changes added, nats per token."""

    def pack(self) -> bytes:
        """Write them as safetensors."""
        from safetensors.numpy import save

        named = {f"k{layer}": values for layer, values in self.keys.items()}
        named |= {f"r{layer}": values for layer, values in self.wanted.items()}
        packed: bytes = save({name: np.ascontiguousarray(values, dtype=np.float32) for name, values in named.items()})
        return packed


def unpack(packed: bytes, loss: float) -> Columns:
    """Read what `Columns.pack` wrote."""
    from safetensors.numpy import load

    named = load(packed)
    return Columns(
        keys={int(name[1:]): values for name, values in named.items() if name[0] == "k"},
        wanted={int(name[1:]): values for name, values in named.items() if name[0] == "r"},
        loss=loss,
    )
