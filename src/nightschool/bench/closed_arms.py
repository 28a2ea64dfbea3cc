"""Arms that write facts in closed form: ours, the same columns solved otherwise, and plain sequential MEMIT."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from nightschool.bench.arms import Written
from nightschool.bench.ruler import Memory
from nightschool.bench.told import Told
from nightschool.edit import adapter, alternatives, gradient, memit
from nightschool.edit.columns import Columns
from nightschool.edit.ground import Ground
from nightschool.edit.measure import Progress, measure
from nightschool.edit.mounting import together
from nightschool.edit.passage import passages
from nightschool.edit.proof import Proof, prove
from nightschool.edit.site import Site, sites
from nightschool.edit.solve import Factors, energy, joint, remove, solve
from nightschool.edit.spread import Spread
from nightschool.edit.values import ValueSettings
from nightschool.models import chat
from nightschool.models.transformers_backend import TransformersModel
from nightschool.records import Prompt

ALONE = 3
"""Facts that are measured once more by themselves, to say what a single one costs."""
SAMPLE = 64
"""Facts on whose keys the weight of chat text is set."""

GOAL = 15.0
"""With chat text alone to keep, the median column of its own is said to 15/16."""

Solved = Mapping[int, Factors]
"""Layer -> factors."""


@dataclass(kw_only=True)
class Table:
    """Keys and wanted changes of facts, measured when they are first asked for, in batches.

    They are a pure function of each fact, so that every arm and every size may share them; what was once not proven
    has those of the longer search from then on.
    """

    model: TransformersModel
    ground: Ground
    skill: Path | None = None
    columns: dict[str, Columns] = field(default_factory=dict)
    """Sentence -> its columns."""
    cost: dict[str, float] = field(default_factory=dict)
    """Sentence -> its share of the seconds that its batch took."""
    singles: list[float] = field(default_factory=list)
    """Seconds of facts that were measured by themselves."""
    again: set[str] = field(default_factory=set)
    """Sentences whose columns are those of the longer search."""
    weighed: dict[int, Spread] = field(default_factory=dict)

    def of(self, facts: Sequence[Told], progress: Progress | None = None) -> list[Columns]:
        """Return the columns of facts, in their order."""
        new = list({fact.sentence: fact for fact in facts if fact.sentence not in self.columns}.values())
        self._search(new, ValueSettings(), progress)
        return [self.columns[fact.sentence] for fact in facts]

    def search_again(self, facts: Sequence[Told]) -> None:
        """Measure facts once more as the product does with what is not proven; never a third time."""
        new = [fact for fact in facts if fact.sentence not in self.again]
        self._search(new, ValueSettings().thorough())
        self.again |= {fact.sentence for fact in new}

    def _search(self, facts: Sequence[Told], settings: ValueSettings, progress: Progress | None = None) -> None:
        if not facts:
            return
        began = time.monotonic()
        worded = [fact.phrasing for fact in facts]
        found = measure(self.model, self.ground, worded, skill=self.skill, settings=settings, progress=progress)
        each = (time.monotonic() - began) / len(facts)
        for fact, one in zip(facts, found, strict=True):
            self.columns[fact.sentence] = one
            self.cost[fact.sentence] = self.cost.get(fact.sentence, 0.0) + each

    def mounted(self, solved: Solved, folder: Path) -> Memory:
        """Write factors as an adapter and mount it beside the skill."""
        return Memory(adapter=together(self.skill, adapter.write(folder, dict(solved), self.ground)))

    def light(self, layer: int) -> Spread:
        """Chat text alone, weighed so that a fact of its own is said as surely as under our own spread."""
        if layer not in self.weighed:
            chat_text = self.ground.parts[layer].chat
            known = list(self.columns.values())[:SAMPLE]
            keys, _, _ = stacked(known, layer)
            self.weighed[layer] = chat_text.times(calibrate(chat_text, keys, GOAL))
        return self.weighed[layer]

    def seconds(self, facts: Sequence[Told]) -> float:
        """Seconds that measuring facts took, in batches; of one fact alone, what one takes by itself."""
        if len(facts) > 1:
            return sum(self.cost[fact.sentence] for fact in facts)
        if len(self.singles) < ALONE:
            began = time.monotonic()
            measure(self.model, self.ground, [facts[0].phrasing], skill=self.skill)
            self.singles.append(time.monotonic() - began)
        return sum(self.singles) / len(self.singles)


def stacked(columns: Sequence[Columns], layer: int) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Keys (d_in, n), wanted changes (d_out, n) and the fact of each column, at one layer."""
    keys, wanted = adapter.stacked(columns, layer)
    return keys, wanted, [number for number, one in enumerate(columns) for _ in one.keys[layer]]


Solver = Callable[[np.ndarray, np.ndarray, list[int], int], Factors]
"""Solves the columns of one layer: keys, wanted changes, the fact of each column, the layer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """Shared columns under some solve."""

    name: str
    table: Table
    solver: Solver
    trials: int = 30

    def write(self, facts: Sequence[Told], folder: Path) -> Written:
        """Measure, solve and write the adapter."""
        columns = self.table.of(facts)
        began = time.monotonic()
        solved = {layer: self._solved(columns, layer) for layer in self.table.ground.layers}
        held = self._held(solved, folder)
        seconds = time.monotonic() - began + self.table.seconds(facts)
        return Written(memory=held, seconds=seconds, bytes=size(solved))

    def _solved(self, columns: Sequence[Columns], layer: int) -> Factors:
        keys, wanted, groups = stacked(columns, layer)
        return self.solver(keys, wanted, groups, layer)

    def _held(self, solved: Solved, folder: Path) -> Memory:
        return self.table.mounted(solved, folder)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ours(Closed):
    """The joint solve under C + N + Σ_noise, which also forgets and revises exactly.

    What is not proven is searched for once more, longer, as the product does.
    """

    def write(self, facts: Sequence[Told], folder: Path) -> Written:
        """Measure, solve, prove, search again for what is not proven, and write the adapter; all are mounted."""
        first = Closed.write(self, facts, folder / "first")
        proofs = self._prove(facts, first)
        missed = [fact for fact, proof in zip(facts, proofs, strict=True) if not proof.passed]
        if not missed:
            return replace(first, proven=len(facts))
        self.table.search_again(missed)
        second = Closed.write(self, facts, folder / "second")
        return replace(second, proven=sum(proof.passed for proof in self._prove(facts, second)))

    def _prove(self, facts: Sequence[Told], held: Written) -> list[Proof]:
        worded = [fact.phrasing for fact in facts]
        return prove(self.table.model, worded, adapter=held.memory.adapter, before=self.table.skill)

    def forget(self, facts: Sequence[Told], gone: Sequence[Told], folder: Path) -> tuple[Written, float]:
        """Remove columns one by one; the difference is the largest one to an adapter that never had them."""
        began = time.monotonic()
        left, difference = {}, 0.0
        kept = [fact for fact in facts if fact not in gone]
        for layer in self.table.ground.layers:
            keys, wanted, groups = stacked(self.table.of(facts), layer)
            factors = self.solver(keys, wanted, groups, layer)
            lost = {number for number, fact in enumerate(facts) if fact in gone}
            for column in reversed([index for index, group in enumerate(groups) if group in lost]):
                factors = remove(factors, column)
            never = self._solved(self.table.of(kept), layer)
            difference = max(difference, float(np.abs(factors.b @ factors.a - never.b @ never.a).max()))
            left[layer] = factors
        held = self._held(left, folder)
        return Written(memory=held, seconds=time.monotonic() - began, bytes=size(left)), difference

    def revise(self, facts: Sequence[Told], folder: Path) -> Written:
        """Put what the person says later in the place of every fact."""
        return self.write([fact.revised or fact for fact in facts], folder)


@dataclass(frozen=True, kw_only=True, slots=True)
class Memit:
    """Plain sequential MEMIT, which reads the whole model again for every layer of every fact."""

    name: str
    table: Table
    anchor: Literal["subject", "opening"]
    contexts: int = 6
    trials: int = 3

    def write(self, facts: Sequence[Told], folder: Path) -> Written:
        """Write fact by fact."""
        model, ground = self.table.model, self.table.ground
        self.table.of(facts[:1])
        spreads = {layer: self.table.light(layer) for layer in ground.layers}
        began = time.monotonic()
        rows = passages(model, [fact.phrasing for fact in facts], self.contexts, skill=self.table.skill)
        lines: list[list[memit.Line]] = [[] for _ in facts]
        for row in rows:
            line = memit.Line(ids=row.ids, answer=row.opening + 1, anchor=row.position(self.anchor))
            lines[row.fact].append(line)
        solved = memit.write(model.network_with(self.table.skill), chosen(model, ground), lines, spreads)
        held = self.table.mounted(solved, folder)
        return Written(memory=held, seconds=time.monotonic() - began, bytes=size(solved))


@dataclass(frozen=True, kw_only=True, slots=True)
class TestTime:
    """A few gradient steps on the conversation in which the facts are told, dropped when it ends."""

    table: Table
    seed: int
    name: str = "test-time"
    trials: int = 5

    def write(self, facts: Sequence[Told], folder: Path) -> Written:
        """Follow the conversation."""
        model, ground = self.table.model, self.table.ground
        began = time.monotonic()
        heard = [
            chat.render(
                model.tokenizer,
                Prompt(messages=({"role": "user", "content": fact.sentence},)),
                answer={"role": "assistant", "content": f"Noted: {fact.phrasing.asked[0].answer}"},
            ).ids
            for fact in facts
        ]
        how = gradient.Steps(seed=self.seed)
        solved = gradient.follow(model.network_with(self.table.skill), chosen(model, ground), heard, how)
        held = self.table.mounted(solved, folder)
        after = Memory(adapter=self.table.skill)
        return Written(memory=held, seconds=time.monotonic() - began, bytes=size(solved), after=after)


def calibrate(spread: Spread, columns: np.ndarray, goal: float) -> float:
    """Find the λ at which the median of kᵀ(λM)⁻¹k over columns (d_in, n) is the goal."""
    return float(np.median(energy(columns, spread))) / goal


def chosen(model: TransformersModel, ground: Ground) -> list[Site]:
    """The modules that edits of this ground change."""
    return [site for site in sites(model.network) if site.layer in ground.layers]


def size(solved: Solved) -> int:
    """Bytes of the factors in float32."""
    return sum(4 * (factors.a.size + factors.b.size) for factors in solved.values())


def ours(table: Table) -> Ours:
    """The arm that the product writes with."""
    spreads = table.ground.spreads
    goal = table.ground.goal
    return Ours(name="nightschool", table=table, solver=lambda k, r, groups, layer: joint(k, r, spreads[layer], goal))


def others(table: Table) -> dict[str, Closed]:
    """The same columns under MEMIT's classic form, one after another, and in the null space of chat text."""
    solvers: dict[str, Solver] = {
        "classic": lambda k, r, groups, layer: solve(k, r, table.light(layer)),
        "sequential": lambda k, r, groups, layer: alternatives.sequential(k, r, table.light(layer), groups),
        "null-space": lambda k, r, groups, layer: alternatives.null_space(k, r, table.ground.parts[layer].chat),
    }
    return {name: Closed(name=name, table=table, solver=solver) for name, solver in solvers.items()}
