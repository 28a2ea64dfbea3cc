"""What was computed for prompts before: the keys and values of their tokens, for the next that begins alike.

Belongs to one mounted adapter each; a version that was swapped or rewritten mounts under another
name, so that nothing of the old one is ever read for the new one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy
import torch

MOST_BYTES = 1 << 29
MOST = 64

Layers = list[tuple[torch.Tensor, torch.Tensor]]
"""Keys and values of each layer, (1, heads, time, width)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of tokens with what was computed for it."""

    ids: numpy.ndarray
    layers: Layers

    @property
    def bytes(self) -> int:
        """Memory that it holds."""
        return sum(k.element_size() * k.numel() + v.element_size() * v.numel() for k, v in self.layers)


class Prefixes:
    """The newest rows, within a bound of memory."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._entries: OrderedDict[tuple[Hashable, bytes], Entry] = OrderedDict()
        self._bytes = 0

    def longest(self, mounted: Hashable, ids: Sequence[int]) -> tuple[int, Layers]:
        """Return how many first tokens are known for this adapter, and their keys and values."""
        wanted = numpy.asarray(ids)
        best, found = 0, None
        for key, entry in self._entries.items():
            if key[0] != mounted:
                continue
            width = min(len(wanted), len(entry.ids))
            differ = numpy.flatnonzero(wanted[:width] != entry.ids[:width])
            shared = int(differ[0]) if len(differ) else width
            if shared > best:
                best, found = shared, key
        if found is None:
            return 0, []
        self._entries.move_to_end(found)
        return best, [(k[:, :, :best], v[:, :, :best]) for k, v in self._entries[found].layers]

    def keep(self, mounted: Hashable, ids: Sequence[int], layers: Layers) -> None:
        """Keep a row; those that it only continues fall out."""
        row = numpy.asarray(ids)
        for key, entry in list(self._entries.items()):
            size = len(entry.ids)
            if key[0] == mounted and size <= len(row) and numpy.array_equal(entry.ids, row[:size]):
                self._drop(key)
        entry = Entry(row, [(k.contiguous(), v.contiguous()) for k, v in layers])
        if entry.bytes > self._most_bytes:
            return
        self._entries[mounted, row.tobytes()] = entry
        self._bytes += entry.bytes
        while self._bytes > self._most_bytes or len(self._entries) > MOST:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: tuple[Hashable, bytes]) -> None:
        self._bytes -= self._entries.pop(key).bytes
