"""The joint solve: keys and wanted changes in, exact low-rank factors out.

Minimises Σ wᵢ‖Δkᵢ − rᵢ‖² + tr(ΔMΔᵀ). With G = KᵀM⁻¹K the answer is Δ = BA, A = (M⁻¹K)ᵀ and
B = R(W⁻¹ + G)⁻¹: MEMIT's normal equations (Meng et al. 2023) in their dual form, so that the adapter
is a function of the set of columns, whatever their order. Sizes: K (d_in, n), R (d_out, n).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nightschool.edit.spread import Matrix, Spread


@dataclass(frozen=True, kw_only=True, slots=True)
class Factors:
    """Δ = B · A, with what is needed to add and to remove a column exactly."""

    a: Matrix
    """(n, d_in), row i a function of column i alone."""
    b: Matrix
    """(d_out, n), solved jointly."""
    inverse: Matrix
    """(W⁻¹ + G)⁻¹, (n, n)."""

    @property
    def rank(self) -> int:
        """Number of columns."""
        return len(self.a)

    def change(self, keys: Matrix) -> Matrix:
        """What the factors add to the module's output at keys (d_in, m): (d_out, m)."""
        return self.b @ (self.a @ keys)


def solve(keys: Matrix, wanted: Matrix, spread: Spread, weights: Matrix | None = None) -> Factors:
    """Solve all columns jointly, in float64.

    Raises ValueError where keys and wanted changes do not pair up.
    """
    if keys.shape[1] != wanted.shape[1]:
        raise ValueError(f"{keys.shape[1]} keys but {wanted.shape[1]} wanted changes")
    count = keys.shape[1]
    a = spread.inverse_times(keys).T
    gram = a @ keys
    ridge = np.ones(count) if weights is None else 1.0 / weights
    inverse = np.linalg.inv((gram + gram.T) / 2 + np.diag(ridge)) if count else np.zeros((0, 0))
    return Factors(a=a, b=wanted @ inverse, inverse=inverse)


def weights(keys: Matrix, spread: Spread, goal: float) -> Matrix:
    """Weigh columns (d_in, n) so that each of them alone is said to goal / (1 + goal), whatever its energy."""
    found: Matrix = goal / np.maximum(energy(keys, spread), 1e-12)
    return found


def energy(keys: Matrix, spread: Spread) -> Matrix:
    """kᵀM⁻¹k of each column (d_in, n): the diagonal of G."""
    found: Matrix = np.einsum("ij,ij->j", keys, spread.inverse_times(keys))
    return found


def joint(keys: Matrix, wanted: Matrix, spread: Spread, goal: float) -> Factors:
    """Solve the columns of one layer, each weighed by its own key."""
    return solve(keys, wanted, spread, weights(keys, spread, goal))


def novelty(factors: Factors, key: Matrix, spread: Spread, weights: Matrix | None = None) -> float:
    """Share of a new key (d_in,) that no earlier column explains: 1 for a fresh key, 0 for a known one.

    A small value with another wanted change is the same question with another answer.
    """
    own = spread.inverse_times(key[:, None])[:, 0]
    energy = float(own @ key)
    if not factors.rank:
        return 1.0
    seen = factors.a @ key
    ridge = np.ones(factors.rank) if weights is None else 1.0 / weights
    gram = np.linalg.inv(factors.inverse) - np.diag(ridge)
    explained = float(seen @ np.linalg.lstsq(gram, seen, rcond=None)[0])
    return max(0.0, 1.0 - explained / energy)


def add(factors: Factors, key: Matrix, wanted: Matrix, spread: Spread, weight: float = 1.0) -> Factors:
    """Add one column by a border update, O(n · d): equal to solving all again."""
    own = spread.inverse_times(key[:, None])[:, 0]
    seen = factors.a @ key  # g, (n,)
    solved = factors.inverse @ seen  # h = (W⁻¹ + G)⁻¹ g
    schur = 1.0 / weight + float(own @ key) - float(seen @ solved)
    last = (wanted - factors.b @ seen) / schur
    inverse = np.block(
        [
            [factors.inverse + np.outer(solved, solved) / schur, -solved[:, None] / schur],
            [-solved[None, :] / schur, np.array([[1.0 / schur]])],
        ]
    )
    return Factors(
        a=np.concatenate([factors.a, own[None, :]]),
        b=np.concatenate([factors.b - np.outer(last, solved), last[:, None]], axis=1),
        inverse=inverse,
    )


def remove(factors: Factors, column: int) -> Factors:
    """Remove one column exactly: equal to never having had it."""
    kept = np.delete(np.arange(factors.rank), column)
    lost = factors.inverse[kept, column]
    pivot = factors.inverse[column, column]
    return Factors(
        a=factors.a[kept],
        b=factors.b[:, kept] - np.outer(factors.b[:, column], lost) / pivot,
        inverse=factors.inverse[np.ix_(kept, kept)] - np.outer(lost, lost) / pivot,
    )


def revise(factors: Factors, column: int, before: Matrix, after: Matrix) -> Factors:
    """Give one column another wanted change (d_out,) under the same key."""
    return replace(factors, b=factors.b + np.outer(after - before, factors.inverse[column]))


def pad(factors: Factors, rank: int) -> tuple[Matrix, Matrix]:
    """Return A and B with zero rows and columns up to a rank; their product is the same."""
    lacking = max(rank - factors.rank, 0)
    a = np.concatenate([factors.a, np.zeros((lacking, factors.a.shape[1]))])
    b = np.concatenate([factors.b, np.zeros((factors.b.shape[0], lacking))], axis=1)
    return a, b
