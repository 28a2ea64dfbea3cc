"""What a training leaves behind, what it tells on the way, and how it says no."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nightschool.records import Json, to_json

ADAPTER = "adapter"
MANIFEST = "manifest.json"


class Refused(Exception):
    """Training was not done, and an adapter would not have been honest: one sentence says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a training is."""

    stage: str
    """`load`, `render`, `sft`, `dpo`, `kto` or `save`."""
    step: int = 0
    of: int = 0
    loss: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trained:
    """One finished training; everything but the folder stands in its manifest."""

    adapter: Path
    """Folder in PEFT form: adapter_config.json, adapter_model.safetensors, README.md."""
    sha256: str
    """Of adapter_model.safetensors."""
    base: str
    """Fingerprint of the base that was trained on."""
    dataset: str
    """Hash of the dataset."""
    rows: Mapping[str, int]
    """Objective -> rows that were really trained on."""
    left_out: Mapping[str, int]
    """Reason -> rows that were not."""
    tokens: int
    """Tokens that the loss falls on, in one pass."""
    steps: Mapping[str, int]
    losses: Mapping[str, tuple[float, float]]
    """Objective -> mean loss over the first and over the last tenth of its steps."""
    learning_rates: Mapping[str, float]
    seconds: float
    versions: Mapping[str, str]
    """Package -> version."""
    seed: int


def write_manifest(trained: Trained, path: Path) -> None:
    """Write all of a training but its folder, which may move."""
    fields: Json = {key: value for key, value in to_json(trained).items() if key != "adapter"}
    path.write_text(json.dumps(fields, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Trained:
    """Read back the training whose adapter and manifest lie in a folder."""
    fields = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    losses = {objective: (first, last) for objective, (first, last) in fields.pop("losses").items()}
    return Trained(adapter=folder / ADAPTER, losses=losses, **fields)
