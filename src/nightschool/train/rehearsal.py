"""The SFT rows again, a batch beside every step of a preference, so that it does not cost what they hold.

The base's own answers are among those rows. Their loss is near nothing while the adapter leaves them alone
and grows as soon as a preference begins to leak into questions that it does not bear on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch.utils.data import DataLoader
from trl.trainer.sft_trainer import DataCollatorForLanguageModeling

WEIGHT = 1.0
"""Of one rehearsed token's loss beside the preference's."""


class Rehearsal:
    """An endless, seeded run through rows, and their loss under the model as it is now."""

    def __init__(self, rows: Sequence[dict[str, Any]], *, batch: int, pad: int, seed: int, device: Any) -> None:
        collator = DataCollatorForLanguageModeling(pad_token_id=pad)
        order = torch.Generator().manual_seed(seed)
        self._loader = DataLoader(rows, batch_size=batch, shuffle=True, generator=order, collate_fn=collator)  # type: ignore[arg-type]
        self._device = device
        self._batches = self._endless()

    def _endless(self) -> Iterator[dict[str, Any]]:
        while True:
            for batch in self._loader:
                yield {name: tensor.to(self._device) for name, tensor in batch.items()}

    def loss(self, model: Any) -> Any:
        """Return the weighted mean loss over the next batch's answers."""
        outputs = model(**next(self._batches), fused_lm_head=True)
        return -WEIGHT * outputs.log_probs.sum() / outputs.label_mask.sum().clamp(min=1)


class Rehearsing:
    """Adds the rehearsal's loss to a preference trainer's own."""

    rehearsal: Rehearsal | None = None

    def compute_loss(
        self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Return the preference's loss, with the rehearsal's where there is one."""
        loss = super().compute_loss(model, inputs, False, num_items_in_batch)  # type: ignore[misc]
        return loss + self.rehearsal.loss(model) if self.rehearsal else loss
