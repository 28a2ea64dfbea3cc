"""The editor: facts into the weights of one base under one skill adapter, proven before they count.

A fact is in memory before it comes here and stays there whatever happens. A row of the ledger is
`pending` until the version as it is served has answered the fact's held-out wordings right and kept its
other answers; a process that dies at any point leaves rows that are pending or proven, nothing between.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nightschool.config import Home
from nightschool.edit import ground as grounds
from nightschool.edit import mounting, split
from nightschool.edit.columns import Columns, unpack
from nightschool.edit.ground import Ground
from nightschool.edit.likeness import SAME, likeness
from nightschool.edit.phrasing import Phrasing, phrasing
from nightschool.edit.proof import Proof, prove
from nightschool.edit.values import ValueSettings
from nightschool.errors import UserError
from nightschool.models.adapter import adapter_hash
from nightschool.models.model import Adapter
from nightschool.records import Fact
from nightschool.redact import redact
from nightschool.store import edits, facts
from nightschool.store.edits import Edit, EditState

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

Progress = Callable[[int, int], None]
USUAL = ValueSettings()


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What became of one fact."""

    fact_id: str
    state: EditState
    reason: str = ""
    """Why it is not in the weights."""
    seconds: float = 0.0
    """Its share of the batch."""
    proof: Proof | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Measured:
    fact: Fact
    phrasing: Phrasing
    columns: Columns
    row: Edit


class Editor:
    """Writes, removes and proves facts on one version of one home."""

    def __init__(
        self,
        db: sqlite3.Connection,
        home: Home,
        model: TransformersModel,
        *,
        skill: Path | None = None,
        ground: Ground | None = None,
        settings: ValueSettings = USUAL,
        is_thorough: bool = False,
    ) -> None:
        self._db = db
        self._home = home
        self._model = model
        self._skill = skill
        self._settings = settings
        self._is_thorough = is_thorough
        self.ground = ground or grounds.of(home, model, skill) or _laid(model, skill)
        refuse_foreign(self.ground, model, skill)
        if grounds.id_in(grounds.folder(home, model, skill)) != self.ground.id:
            grounds.keep(home, self.ground)

    def write(self, told: Sequence[Fact], progress: Progress | None = None) -> list[Written]:
        """Measure facts, prove them together on what is mounted, and return what became of each, in order.

        What is not proven is searched for once more, longer; what fails then too stays pending. Nothing is raised
        for a fact that cannot be written.
        """
        began = time.perf_counter()
        results = self._written(told, progress, began)
        missed = [fact for fact in told if (proof := results[fact.id].proof) and not proof.passed]
        if missed and not self._is_thorough:
            results |= self.thorough()._written(missed, progress, began)
        share = (time.perf_counter() - began) / max(len(told), 1)
        return [replace(results[fact.id], seconds=share) for fact in told]

    def _written(self, told: Sequence[Fact], progress: Progress | None, began: float) -> dict[str, Written]:
        results: dict[str, Written] = {}
        worded: list[tuple[Fact, Phrasing]] = []
        for fact in {fact.id: fact for fact in told}.values():
            words, reason = words_of(fact)
            if words is None:
                results[fact.id] = self._left(fact, reason)
            else:
                worded.append((fact, words))
        measured = self._measured(worded, results, progress)
        return results | self._settle(self._distinct(measured, results), began)

    def remove(self, fact_ids: Iterable[str], *, state: EditState = "retired", reason: str = "") -> None:
        """Take facts out of the weights; what remains is what it would be had they never been written."""
        for fact_id in fact_ids:
            edits.take_out(self._db, fact_id, self.ground.id, state, reason)

    def adapter(self) -> Path | None:
        """Return the folder of the edits as the ledger stands, None where it holds nothing."""
        rows = self._rows()
        return mounting.made(self._place, rows, self.ground) if rows else None

    def worn(self) -> Adapter:
        """What is mounted when the version answers: skill and edits."""
        return mounting.together(self._skill, self.adapter())

    def held(self) -> list[Fact]:
        """List the facts that are in the weights, by an edit or because the skill was trained on them."""
        found = [facts.get(self._db, row.fact_id) for row in edits.held(self._db, self.ground.id)]
        return [fact for fact in found if fact is not None]

    def missing(self) -> list[Fact]:
        """List the facts that hold now and are not in the weights of this version."""
        there = {row.fact_id for row in edits.held(self._db, self.ground.id)}
        return [fact for fact in facts.live(self._db) if fact.kind == "fact" and fact.id not in there]

    def derive(self, progress: Progress | None = None, *, trained: Collection[str] = ()) -> list[Written]:
        """Measure and prove every fact that holds now on this ground, whatever was measured before.

        Of those that the skill was `trained` on, the ones that it recalls by itself, and still does beside the
        edits of the others, get no edit.
        """
        live = [fact for fact in facts.live(self._db) if fact.kind == "fact"]
        alone = self._recalled([fact for fact in live if fact.id in trained])
        written = self.write([fact for fact in live if fact not in alone], progress)
        lost = [fact for fact, proof in zip(alone, self.prove(alone), strict=True) if not proof.passed]
        self.remove([fact.id for fact in lost], state="failed", reason="not recalled beside the edits of other facts")
        return [
            *written,
            *self.write(lost, progress),
            *(Written(fact_id=f.id, state="graduated", reason=edits.TRAINED) for f in alone if f not in lost),
        ]

    def _recalled(self, told: Sequence[Fact]) -> list[Fact]:
        """Ask facts under the skill with no edit at all, and note those that it recalls."""
        pairs = [(fact, words) for fact in told if (words := words_of(fact)[0]) is not None]
        known = [words for _, words in pairs]
        proofs = (
            prove(self._model, known, adapter=self._skill, before=self._skill, told_keys=self._told_keys())
            if known else []
        )  # fmt: skip
        right = [(fact, proof) for (fact, _), proof in zip(pairs, proofs, strict=True) if proof.passed]
        for fact, proof in right:
            row = edits.add(
                self._db, fact_id=fact.id, ground=self.ground.id, columns=None, loss=None, state="graduated",
                reason=edits.TRAINED,
            )  # fmt: skip
            edits.add_proof(self._db, row.number, "write", True, proof.body())
        return [fact for fact, _ in right]

    def prove(self, told: Sequence[Fact], reword: Callable[[Phrasing], Phrasing] | None = None) -> list[Proof]:
        """Ask facts with nothing in the context, on the version as it is mounted; negatives against no edits.

        `reword` gives other questions to ask by.
        """
        worded = [words_of(fact)[0] for fact in told]
        known = [reword(each) if reword else each for each in worded if each is not None]
        proofs = iter(
            prove(self._model, known, adapter=self.worn(), before=self._skill, told_keys=self._told_keys())
            if known else []
        )  # fmt: skip
        nothing = Proof(right=0, asked=0, kept=0, negatives=0)
        return [nothing if each is None else next(proofs) for each in worded]

    def thorough(self) -> Editor:
        """Return the same editor searching longer, over more contexts, for a better change."""
        return Editor(
            self._db, self._home, self._model, skill=self._skill, ground=self.ground, is_thorough=True,
            settings=self._settings.thorough(),
        )  # fmt: skip

    @property
    def _place(self) -> Path:
        return grounds.folder_of(self._home, self.ground.base, self.ground.skill, self.ground.precision)

    def _rows(self) -> list[Edit]:
        return edits.mounted(self._db, self.ground.id)

    def _told_keys(self) -> set[tuple[str, str]]:
        worded = (phrasing(fact.sentence, fact.object) for fact in facts.live(self._db))
        return {each.key for each in worded if each is not None}

    def _left(self, fact: Fact, reason: str) -> Written:
        """Note that a fact stays in memory alone."""
        known = edits.latest(self._db, fact.id, self.ground.id)
        if known is None or known.columns is not None or known.reason != reason:
            edits.add(
                self._db, fact_id=fact.id, ground=self.ground.id, columns=None, loss=None, state="pending",
                reason=reason,
            )  # fmt: skip
        return Written(fact_id=fact.id, state="pending", reason=reason)

    def _measured(
        self, worded: Sequence[tuple[Fact, Phrasing]], results: dict[str, Written], progress: Progress | None
    ) -> list[_Measured]:
        """Measure facts and enter them as pending; what cannot be measured is left in memory."""
        from nightschool.edit.measure import measure

        if not worded:
            return []
        try:
            columns = measure(
                self._model, self.ground, [words for _, words in worded], skill=self._skill,
                settings=self._settings, progress=progress,
            )  # fmt: skip
        except (MemoryError, FloatingPointError) as error:
            results |= {fact.id: self._left(fact, str(error)) for fact, _ in worded}
            return []
        found = []
        for (fact, words), each in zip(worded, columns, strict=True):
            if each.loss > self._settings.hopeless:
                results[fact.id] = self._left(fact, f"no change was found that says it ({each.loss:.1f} nats)")
                continue
            row = edits.add(
                self._db, fact_id=fact.id, ground=self.ground.id, columns=each.pack(), loss=each.loss,
                state="pending", reason="not proven yet",
            )  # fmt: skip
            found.append(_Measured(fact=fact, phrasing=words, columns=each, row=row))
        return found

    def _distinct(self, measured: Sequence[_Measured], results: dict[str, Written]) -> list[_Measured]:
        """Hold back what asks the same as another fact in the weights, or as an earlier one of the batch."""
        new = {each.fact.id for each in measured}
        rows = [row for row in self._rows() if row.fact_id not in new and row.columns is not None]
        held = [unpack(row.columns, 0.0) for row in rows if row.columns is not None]
        names = [row.fact_id for row in rows] + [each.fact.id for each in measured]
        if not measured or len(names) < 2:
            return list(measured)
        columns = [each.columns for each in measured]
        alike = likeness(columns, [*held, *columns], self.ground)
        kept: list[_Measured] = []
        for index, each in enumerate(measured):
            before = alike[index, : len(held) + index]
            blocked = [names[place] for place in np.flatnonzero(before >= SAME) if names[place] not in results]
            if not blocked:
                kept.append(each)
                continue
            reason = f"the weights answer that question already with {blocked[0]}"
            edits.set_state(self._db, each.row.number, "pending", reason)
            results[each.fact.id] = Written(fact_id=each.fact.id, state="pending", reason=reason)
        return kept

    def _settle(self, candidates: Sequence[_Measured], began: float) -> dict[str, Written]:
        """Prove candidates beside all that is written; take out what fails and prove the rest again."""
        before = mounting.together(self._skill, self.adapter())
        rows = {row.fact_id: row for row in self._rows()}
        keys = self._told_keys()
        left, results = list(candidates), dict[str, Written]()
        while left:
            trial = mounting.made(
                self._place, [*(rows | {each.fact.id: each.row for each in left}).values()], self.ground
            )
            proofs = prove(
                self._model, [each.phrasing for each in left],
                adapter=mounting.together(self._skill, trial), before=before, told_keys=keys,
            )  # fmt: skip
            pairs = list(zip(left, proofs, strict=True))
            left = [each for each, proof in pairs if proof.passed]
            seconds = (time.perf_counter() - began) / len(candidates)
            if len(left) == len(pairs):
                return results | {each.fact.id: self._proven(each, proof, seconds) for each, proof in pairs}
            results |= {each.fact.id: self._unproven(each, proof) for each, proof in pairs if not proof.passed}
        return results

    def _proven(self, each: _Measured, proof: Proof, seconds: float) -> Written:
        body = proof.body() | {"seconds": round(seconds, 2)}
        edits.add_proof(self._db, each.row.number, "write", True, body)
        edits.set_state(self._db, each.row.number, "written")
        return Written(fact_id=each.fact.id, state="written", proof=proof)

    def _unproven(self, each: _Measured, proof: Proof) -> Written:
        edits.add_proof(self._db, each.row.number, "write", False, proof.body())
        edits.set_state(self._db, each.row.number, "pending", proof.sentence())
        return Written(fact_id=each.fact.id, state="pending", reason=proof.sentence(), proof=proof)


def refuse_foreign(ground: Ground, model: TransformersModel, skill: Path | None) -> None:
    """Raise UserError where a ground was measured on another base, precision or skill than what is loaded."""
    here = (model.fingerprint, model.precision, adapter_hash(skill) if skill else "")
    there = (ground.base, ground.precision, ground.skill)
    for name, mine, theirs in zip(("base", "precision", "skill adapter"), here, there, strict=True):
        if mine != theirs:
            raise UserError(
                f"These edits were made on another {name} ({theirs[:12] or 'none'}, not {mine[:12] or 'none'})",
                hint="`nightschool facts write` makes them again from memory on what answers now",
            )


def _laid(model: TransformersModel, skill: Path | None) -> Ground:
    from nightschool.edit.lay import lay

    return lay(model, skill)


def words_of(fact: Fact) -> tuple[Phrasing | None, str]:
    """Word a fact, or say why it cannot be."""
    if len(fact.sentence) > split.LONGEST:
        return None, f"longer than {split.LONGEST} characters"
    if redact(fact.sentence).found:
        return None, "it holds a secret or contact data, which never go into weights"
    words = phrasing(fact.sentence, fact.object)
    return words, "" if words else "its sentence does not split into a question and an answer"
