"""Going over what is written: every fact asked again, what fails written anew, what cannot be mended taken out.

Each going-over asks in other wordings than the last. A fact that leaves the weights stays in memory and
is told again from then on; one that is recalled with nothing in the context on two different nights
need not be told any more.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nightschool.edit.editor import Editor
from nightschool.edit.phrasing import Phrasing
from nightschool.edit.proof import WORDINGS, Proof
from nightschool.records import Fact
from nightschool.store import edits, graduation
from nightschool.store.database import transaction

TIRED = 0.2
"""Share of the written facts failing from which a night should not wait."""
AROUND = (
    "{q}",
    "Hello. {q}",
    "One more question: {q}",
    "{q} Thanks.",
    "I forgot something. {q}",
    "Please help me: {q}",
)
"""Plain ways round a question; an edit is not made with them."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """What one going-over found and did; ids of facts."""

    held: tuple[str, ...] = ()
    """In the weights when it began."""
    failed: tuple[str, ...] = ()
    """Not recalled, or changing other answers, when they were asked."""
    refreshed: tuple[str, ...] = ()
    """Failed, written anew, and recalled since."""
    taken_out: tuple[str, ...] = ()
    """Failed even then; told from memory again."""
    pruned: tuple[str, ...] = ()
    """Not true any more, or no longer remembered."""
    disturbed: tuple[str, ...] = ()
    """Recalled before others were written anew and not after."""

    @property
    def pressure(self) -> float:
        """Share of the written facts that failed."""
        return len(self.failed) / len(self.held) if self.held else 0.0

    @property
    def tired(self) -> bool:
        """Whether so many fail that a night is due."""
        return self.pressure >= TIRED


def audit(db: sqlite3.Connection, editor: Editor, *, run: str, night: bool, progress: Progress | None = None) -> Audit:
    """Go over all written facts on the version that is mounted; `night` makes it count for leaving the context."""
    held = editor.held()
    pruned = _prune(db, editor, held)
    if not held:
        return Audit(pruned=pruned)
    first = _asked(editor, held, run)
    failed = [fact for fact in held if not first[fact.id].passed]
    second = first
    if failed:
        editor.thorough().write(failed, progress)
        second = _asked(editor, held, run)
    lost = [fact for fact in held if not second[fact.id].passed]
    editor.remove([fact.id for fact in lost], state="failed", reason="not recalled when it was asked again")
    _note(db, editor, held, second, run=run, night=night)
    return Audit(
        held=tuple(fact.id for fact in held),
        failed=tuple(fact.id for fact in failed),
        refreshed=tuple(fact.id for fact in failed if second[fact.id].passed),
        taken_out=tuple(fact.id for fact in lost),
        pruned=pruned,
        disturbed=tuple(fact.id for fact in lost if first[fact.id].passed),
    )


def reworded(phrasing: Phrasing, run: str) -> Phrasing:
    """Pick held-out wordings and what leads up to them, other ones for each run."""
    rng = random.Random(f"{run} {phrasing.key}")
    picked = rng.sample(phrasing.held_out, min(WORDINGS, len(phrasing.held_out)))
    ways = rng.sample(AROUND, len(picked))
    asked = [replace(one, question=way.format(q=one.question)) for one, way in zip(picked, ways, strict=True)]
    return replace(phrasing, held_out=tuple(asked))


def _asked(editor: Editor, held: Sequence[Fact], run: str) -> dict[str, Proof]:
    proofs = editor.prove(held, reword=lambda phrasing: reworded(phrasing, run))
    return dict(zip([fact.id for fact in held], proofs, strict=True))


def _prune(db: sqlite3.Connection, editor: Editor, held: Sequence[Fact]) -> tuple[str, ...]:
    """Retire rows whose fact memory does not hold to be true any more; nothing mounts them already."""
    there = {fact.id for fact in held}
    rows = edits.list_edits(db, editor.ground.id, edits.IN_WEIGHTS)
    gone = tuple(row.fact_id for row in rows if row.fact_id not in there)
    editor.remove(gone, reason="it holds no longer")
    return gone


def _note(
    db: sqlite3.Connection, editor: Editor, held: Sequence[Fact], proofs: dict[str, Proof], *, run: str, night: bool
) -> None:
    """Keep what was found, and let it count for what the context leaves out."""
    with transaction(db):
        for fact in held:
            proof = proofs[fact.id]
            row = edits.latest(db, fact.id, editor.ground.id)
            if row is not None:
                kind: edits.ProofKind = "withheld" if night else "audit"
                edits.add_proof(db, row.number, kind, proof.passed, proof.body(), run=run)
            if night:
                graduation.tried(db, fact.id, run=run, passed=proof.passed)
            elif not proof.passed:
                graduation.withdraw(db, fact.id)
