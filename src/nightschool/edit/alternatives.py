"""Other ways to solve for the same keys and wanted changes, kept beside ours to be compared with.

All return `Factors`, so that whatever mounts ours mounts them. MEMIT's own batch form is `solve` under the
spread of chat text alone. `groups` names the fact of each column.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nightschool.edit.solve import Factors
from nightschool.edit.spread import Matrix, Spread


def sequential(keys: Matrix, wanted: Matrix, spread: Spread, groups: Sequence[int]) -> Factors:
    """Write fact by fact as plain MEMIT does: each reaches its own target and none protects those before it."""
    count = keys.shape[1]
    a = spread.inverse_times(keys).T
    b = np.zeros((wanted.shape[0], count))
    order = np.asarray(groups)
    for group in dict.fromkeys(groups):
        own = np.flatnonzero(order == group)
        missing = wanted[:, own] - b @ (a @ keys[:, own])
        gram = a[own] @ keys[:, own]
        b[:, own] = missing @ np.linalg.inv((gram + gram.T) / 2 + np.eye(len(own)))
    return Factors(a=a, b=b, inverse=np.eye(count))


def null_space(keys: Matrix, wanted: Matrix, moment: Spread, *, kept: float = 0.98, ridge: float = 10.0) -> Factors:
    """Solve jointly within the directions that chat text leaves free (AlphaEdit's projection, derived anew).

    `kept` is the share of the text's energy whose directions may not change; `ridge` is the penalty on
    the size of the change, in units of the mean energy of a projected key over 1,000.
    """
    energy = np.argsort(moment.scale)[::-1]
    total = float(moment.scale.sum() + moment.diagonal.sum())
    reached = np.cumsum(moment.scale[energy]) / total
    protected = moment.basis[:, energy[: int(np.searchsorted(reached, kept)) + 1]]
    free = keys - protected @ (protected.T @ keys)
    unit = max(float(np.einsum("ij,ij->j", free, free).mean()) / 1000, 1e-12) if keys.size else 1.0
    a = free.T / (ridge * unit)
    gram = a @ keys
    inverse = np.linalg.inv((gram + gram.T) / 2 + np.eye(keys.shape[1]))
    return Factors(a=a, b=wanted @ inverse, inverse=inverse)
