"""Which layers and anchors of a base take facts best: measured with made-up ones, never believed."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nightschool.edit import adapter, mounting
from nightschool.edit.ground import Ground
from nightschool.edit.lay import USUAL, GroundSettings, lay, made_up, usual_layers
from nightschool.edit.measure import measure
from nightschool.edit.passage import ANCHORS, Anchor
from nightschool.edit.proof import prove
from nightschool.edit.refusal import refusal
from nightschool.edit.site import sites
from nightschool.edit.values import ValueSettings
from nightschool.records import Json, to_json

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

FACTS = 8
SEED = 97
BRIEF = GroundSettings(chats=120, chat_tokens=256, general=200, unanswered=200, facts=24, contexts=4, rank=320)
"""What a trial stands on; the choice that wins is measured in full."""
SHORT = ValueSettings(contexts=6, steps=30)
Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """How made-up facts went into one choice of layers and anchors."""

    layers: tuple[int, ...]
    anchors: tuple[Anchor, ...]
    recall: float
    """Share of held-out wordings answered right."""
    kept: float
    """Share of near questions that kept their answer."""
    loss: float
    """Worst context of the median fact, nats per token."""
    seconds: float
    """Per fact, measuring and proving."""
    n: int

    @property
    def score(self) -> float:
        """Recall and locality weigh the same."""
        return self.recall + self.kept


def choose(
    model: TransformersModel,
    skill: Path | None = None,
    *,
    candidates: Sequence[tuple[tuple[int, ...], tuple[Anchor, ...]]] | None = None,
    brief: GroundSettings = BRIEF,
    settings: GroundSettings = USUAL,
    values: ValueSettings = SHORT,
    progress: Progress | None = None,
) -> Ground:
    """Try each choice with made-up facts and return the best one's ground, with the figures of all.

    Raises UserError where the base has no module that an edit could change.
    """
    tried = []
    for layers, anchors in candidates or usual_candidates(len(sites(model.network))):
        if progress:
            progress(f"layers {', '.join(map(str, layers))}, anchors {' and '.join(anchors)}")
        laid = lay(model, skill, layers=layers, anchors=anchors, settings=brief)
        tried.append(_try(model, skill, laid, values))
    best = max(tried, key=lambda trial: trial.score)
    laid = lay(model, skill, layers=best.layers, anchors=best.anchors, settings=settings)
    figures: Json = {
        "trials": [dataclasses.asdict(trial) for trial in tried],
        "recall": best.recall,
        "kept": best.kept,
        "seconds_per_fact": best.seconds,
        "told": to_json(refusal(model, adapter=skill)),
    }
    return dataclasses.replace(laid, figures=figures)


def usual_candidates(depth: int) -> list[tuple[tuple[int, ...], tuple[Anchor, ...]]]:
    """Two layers in the middle, the same a step lower and higher, and MEMIT's anchor in early layers."""
    middle = usual_layers(depth)
    if len(middle) == 1:
        return [(middle, ANCHORS)]
    lower, higher = tuple(layer - 1 for layer in middle), tuple(layer + 1 for layer in middle)
    found: list[tuple[tuple[int, ...], tuple[Anchor, ...]]] = [(middle, ANCHORS), (lower, ANCHORS)]
    if higher[-1] < depth:
        found.append((higher, ANCHORS))
    return [*found, (lower, ("subject",))]


def _try(model: TransformersModel, skill: Path | None, ground: Ground, settings: ValueSettings) -> Trial:
    facts = made_up(FACTS, SEED)
    began = time.perf_counter()
    columns = measure(model, ground, facts, skill=skill, settings=settings)
    with tempfile.TemporaryDirectory() as scratch:
        folder = adapter.write(Path(scratch) / "trial", adapter.factors(columns, ground), ground)
        proofs = prove(model, facts, adapter=mounting.together(skill, folder), before=skill)
    seconds = (time.perf_counter() - began) / len(facts)
    return Trial(
        layers=ground.layers,
        anchors=ground.anchors,
        recall=sum(proof.right for proof in proofs) / max(sum(proof.asked for proof in proofs), 1),
        kept=sum(proof.kept for proof in proofs) / max(sum(proof.negatives for proof in proofs), 1),
        loss=sorted(each.loss for each in columns)[len(columns) // 2],
        seconds=seconds,
        n=len(facts),
    )
