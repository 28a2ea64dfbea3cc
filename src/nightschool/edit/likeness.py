"""How alike the keys of facts are: a question that is asked already with another answer is never written twice.

Two facts collide where the keys of their first two slots coincide in every layer. Which of the two holds
is for memory to decide; here it is only found out that the weights cannot hold both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nightschool.edit.columns import Columns
from nightschool.edit.ground import Ground
from nightschool.edit.spread import Matrix

SAME = 0.97
"""Likeness from which two keys are one: wordings of one question are that alike, other questions are not."""


def likeness(new: Sequence[Columns], held: Sequence[Columns], ground: Ground) -> Matrix:
    """Cosines of new facts' keys to held facts' under M⁻¹, (new, held): of the layer and slot that differ most."""
    lowest = np.ones((len(new), len(held)))
    for layer in ground.layers:
        spread = ground.spreads[layer]
        for slot in range(2):
            mine, theirs = _of_slot(new, layer, slot), _of_slot(held, layer, slot)
            weighed = spread.inverse_times(mine)
            lengths = np.sqrt(np.einsum("ij,ij->j", mine, weighed))
            others = np.sqrt(np.einsum("ij,ij->j", theirs, spread.inverse_times(theirs)))
            lowest = np.minimum(lowest, (weighed.T @ theirs) / np.outer(lengths, others))
    return lowest


def _of_slot(facts: Sequence[Columns], layer: int, slot: int) -> Matrix:
    """Keys (d_in, facts) of one slot, the last one where a fact has fewer."""
    rows = [each.keys[layer][min(slot, len(each.keys[layer]) - 1)] for each in facts]
    return np.stack(rows, axis=1).astype(np.float64)
