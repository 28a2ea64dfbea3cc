"""How keys spread: M = λC + Σ_noise as a diagonal plus a low rank, and its inverse.

C is the uncentred second moment of the edited module's inputs over chat text: what an edit must not
disturb. Σ_noise is the spread of one fact's key over contexts: what an edit must survive. In units of
squared activations; d_in columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.floating]
EXACT = 2048
"""Widest input whose second moment is decomposed exactly."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A symmetric positive definite matrix diag(diagonal) + basis · diag(scale) · basisᵀ."""

    diagonal: Matrix
    """(d_in,), all positive."""
    basis: Matrix
    """(d_in, rank)."""
    scale: Matrix
    """(rank,), all positive."""

    def dense(self) -> Matrix:
        """The whole matrix (d_in, d_in)."""
        return np.diag(self.diagonal) + (self.basis * self.scale) @ self.basis.T

    def inverse_times(self, columns: Matrix) -> Matrix:
        """M⁻¹ · columns, (d_in, n), by Woodbury's identity."""
        light = columns / self.diagonal[:, None]
        if not self.scale.size:
            return light
        from scipy.linalg import cho_solve

        found: Matrix = light - (self.basis @ cho_solve(self._inner, self.basis.T @ light)) / self.diagonal[:, None]
        return found

    @cached_property
    def _inner(self) -> tuple[Matrix, bool]:
        """Cholesky factor of Woodbury's inner matrix (rank, rank): the dear part, the same for all columns."""
        from scipy.linalg import cho_factor

        factored: tuple[Matrix, bool] = cho_factor(
            np.diag(1.0 / self.scale) + self.basis.T @ (self.basis / self.diagonal[:, None])
        )
        return factored

    def times(self, factor: float) -> Spread:
        """The same spread, scaled."""
        return Spread(diagonal=self.diagonal * factor, basis=self.basis, scale=self.scale * factor)

    def plus(self, other: Spread) -> Spread:
        """The sum of two spreads; ranks add up, to no more than there are columns."""
        total = self._beside(other)
        if total.scale.size <= len(total.diagonal) or len(total.diagonal) > EXACT:
            return total
        least = float(total.diagonal.min())
        values, vectors = np.linalg.eigh(total.dense() - least * np.eye(len(total.diagonal)))
        above = values > 0
        return Spread(diagonal=np.full_like(total.diagonal, least), basis=vectors[:, above], scale=values[above])

    def _beside(self, other: Spread) -> Spread:
        return Spread(
            diagonal=self.diagonal + other.diagonal,
            basis=np.concatenate([self.basis, other.basis], axis=1),
            scale=np.concatenate([self.scale, other.scale]),
        )


def spread_of(rows: Matrix, rank: int, *, floor: float = 1e-4) -> Spread:
    """Estimate a second moment from rows (n, d_in): its top directions, and a diagonal for the rest.

    `floor` is the least diagonal entry as a share of the mean one, so that the matrix stays invertible
    in directions that no row has.
    """
    count = max(len(rows), 1)
    values, vectors = _top(rows, min(rank, *rows.shape))
    values = values / count
    kept = values > values.max(initial=0.0) * 1e-9
    values, vectors = values[kept], vectors[:, kept]
    diagonal = np.einsum("ij,ij->j", rows, rows, dtype=np.float64) / count
    rest = diagonal - np.einsum("ij,j,ij->i", vectors, values, vectors)
    least = max(float(diagonal.mean()) * floor, 1e-12)
    return Spread(diagonal=np.maximum(rest, least), basis=vectors, scale=values)


def _top(rows: Matrix, rank: int) -> tuple[Matrix, Matrix]:
    """Largest eigenvalues of rowsᵀ · rows and their vectors (d_in, rank), by a seeded sketch where d_in is large."""
    d_in = rows.shape[1]
    if d_in <= EXACT:
        moment = (rows.T @ rows).astype(np.float64)
        values, vectors = np.linalg.eigh(moment)
        return np.maximum(values[::-1][:rank], 0.0), vectors[:, ::-1][:, :rank]
    sketch = rows @ np.random.default_rng(0).standard_normal((d_in, rank + 16)).astype(rows.dtype)
    for _ in range(3):
        sketch = rows @ (rows.T @ np.linalg.qr(sketch)[0])
    _, found, directions = np.linalg.svd(np.linalg.qr(sketch)[0].T @ rows, full_matrices=False)
    return (found[:rank] ** 2).astype(np.float64), directions[:rank].T.astype(np.float64)
