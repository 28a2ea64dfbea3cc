"""Measuring facts: from phrasings to the keys and wanted changes that the ledger keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from nightschool.edit import keys, passage, room, values
from nightschool.edit.columns import Columns
from nightschool.edit.ground import Ground
from nightschool.edit.phrasing import Phrasing
from nightschool.edit.site import Site, sites
from nightschool.edit.values import ValueSettings

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

Progress = Callable[[int, int], None]
USUAL = ValueSettings()


def measure(
    model: TransformersModel,
    ground: Ground,
    phrasings: Sequence[Phrasing],
    *,
    skill: Path | None = None,
    settings: ValueSettings = USUAL,
    progress: Progress | None = None,
) -> list[Columns]:
    """Measure facts with edits off and the skill on; each one's columns depend on that fact alone.

    Raises MemoryError where there is none left for a value, FloatingPointError where a loss is no number.
    """
    found = sites(model.network)
    chosen = [found[layer] for layer in ground.layers]
    fit = room.rows(room.free(model.network.device), room.stature(model.network, ground.layers[0]))
    at_once = max(min(settings.rows, fit) // (settings.contexts + settings.near), 1)
    columns: list[Columns] = []
    for start in range(0, len(phrasings), at_once):
        part = phrasings[start : start + at_once]

        def heard(done: int, of: int, start: int = start) -> None:
            if progress:
                progress(start + done, len(phrasings))

        columns += _batch(model, ground, chosen, part, skill, settings, heard)
    return columns


def _batch(
    model: TransformersModel,
    ground: Ground,
    chosen: Sequence[Site],
    phrasings: Sequence[Phrasing],
    skill: Path | None,
    settings: ValueSettings,
    progress: Progress,
) -> list[Columns]:
    contexts = passage.passages(model, phrasings, settings.contexts, skill=skill)
    near = passage.near(model, phrasings, settings.near, skill=skill)
    network = model.network_with(skill)
    read = keys.at_slots(network, chosen, contexts, ground.anchors)
    fires = {layer: values.firing(each, ground.spreads[layer], ground.goal) for layer, each in read.items()}
    try:
        wanted = values.optimise(
            network, chosen, [*contexts, *near], fires,
            anchors=ground.anchors, norms=ground.norms, settings=settings, progress=progress,
        )  # fmt: skip
    except (torch.OutOfMemoryError, RuntimeError) as error:
        if isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error):
            raise MemoryError("no memory is left for a value") from error
        raise
    return [
        Columns(
            keys={layer: each[fact][there].numpy() for layer, each in read.items()},
            wanted={layer: each[fact][there].numpy() for layer, each in wanted.changes.items()},
            loss=float(wanted.losses[fact]),
        )
        for fact in range(len(phrasings))
        for there in [~read[ground.layers[0]][fact].isnan().any(-1)]
    ]
