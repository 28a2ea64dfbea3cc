"""How many facts a base holds: made-up ones written together, more and more of them, until too few are recalled."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nightschool.edit import adapter, mounting
from nightschool.edit.ground import Ground
from nightschool.edit.lay import made_up
from nightschool.edit.measure import measure
from nightschool.edit.proof import prove
from nightschool.edit.values import ValueSettings
from nightschool.records import Json

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

RECALL = 0.95
"""Share of held-out wordings that must be answered right."""
STEPS = (5, 10, 20, 40, 80, 160, 320)
SEED = 71
Progress = Callable[[int, int], None]
USUAL = ValueSettings()


def capacity(
    model: TransformersModel,
    ground: Ground,
    most: int,
    *,
    skill: Path | None = None,
    values: ValueSettings = USUAL,
    progress: Progress | None = None,
) -> Json:
    """Write up to `most` made-up facts: how many were held, out of how many tried, and the recall at each number."""
    facts = made_up(most, SEED)
    columns = measure(model, ground, facts, skill=skill, settings=values, progress=progress)
    recall: dict[str, float] = {}
    holds = tried = 0
    for count in [*(step for step in STEPS if step < most), most]:
        with tempfile.TemporaryDirectory() as scratch:
            folder = adapter.write(Path(scratch) / "edits", adapter.factors(columns[:count], ground), ground)
            proofs = prove(model, facts[:count], adapter=mounting.together(skill, folder), before=skill)
        tried = count
        recall[str(count)] = sum(proof.right for proof in proofs) / sum(proof.asked for proof in proofs)
        if recall[str(count)] < RECALL:
            break
        holds = count
    return {"holds": holds, "of": tried, "recall": recall}


def limit(ground: Ground) -> int | None:
    """The number of facts above which recall is known to fall; None where no such number was found."""
    found = ground.figures.get("capacity")
    return int(found["holds"]) if found and found["holds"] < found["of"] else None
