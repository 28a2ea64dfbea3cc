"""What edits stand on: one base under one skill adapter, measured once on made-up facts and made-up talk.

For each edited layer it holds C (the keys of chat text), the spread of one fact's key over contexts, the
keys of questions that nobody answered, and how they weigh against each other. All of it comes from
seeds, none from the person, so that what is told and forgotten leaves no trace in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nightschool.config import Home
from nightschool.edit.spread import Matrix, Spread
from nightschool.errors import UserError
from nightschool.models.adapter import adapter_hash

if TYPE_CHECKING:
    from nightschool.edit.passage import Anchor
    from nightschool.models.transformers_backend import TransformersModel
    from nightschool.records import Json

_PARTS = ("chat", "noise", "near")


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What one layer's M = chat + near + noise is made of, each weighed already."""

    chat: Spread
    """C, the second moment of keys where answers begin and in answers: what an edit must not disturb."""
    noise: Spread
    """Spread of one fact's key over contexts and wordings: what an edit must survive."""
    near: Spread
    """Second moment of keys in answers to what nobody told: where an edit must not fire."""

    def whole(self) -> Spread:
        """M."""
        return self.chat.plus(self.near).plus(self.noise)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The measured ground of one base under one skill adapter."""

    base: str
    """Fingerprint of the base."""
    skill: str
    """Hash of the skill adapter that was on; empty for none."""
    precision: str
    layers: tuple[int, ...]
    anchors: tuple[Anchor, ...]
    modules: dict[int, str]
    parts: dict[int, Parts]
    norms: dict[int, float]
    """Mean norm of each site's output at the anchors."""
    goal: float
    """A column of its own is said to goal / (1 + goal): the λ of each column."""
    figures: Json = field(default_factory=dict)
    """What the choice of layers and anchors rests on, and the seconds per fact."""

    @cached_property
    def id(self) -> str:
        """Hash of everything that a ledger's rows depend on."""
        digest = hashlib.sha256(json.dumps(self._card(), sort_keys=True).encode())
        for name, values in sorted(self.tensors().items()):
            digest.update(name.encode())
            digest.update(values.tobytes())
        return digest.hexdigest()[:16]

    @cached_property
    def spreads(self) -> dict[int, Spread]:
        """M of each layer."""
        return {layer: parts.whole() for layer, parts in self.parts.items()}

    def card(self) -> Json:
        """Everything but the tensors, as JSON."""
        return self._card() | {"id": self.id, "figures": self.figures}

    def _card(self) -> Json:
        return {
            "base": self.base,
            "skill": self.skill,
            "precision": self.precision,
            "layers": list(self.layers),
            "anchors": list(self.anchors),
            "modules": {str(layer): name for layer, name in self.modules.items()},
            "norms": {str(layer): norm for layer, norm in self.norms.items()},
            "goal": self.goal,
        }

    def tensors(self) -> dict[str, Matrix]:
        """The spreads as 32-bit arrays by name."""
        return {
            f"{layer}.{kind}.{part}": np.ascontiguousarray(getattr(getattr(parts, kind), part), dtype=np.float32)
            for layer, parts in self.parts.items()
            for kind in _PARTS
            for part in ("diagonal", "basis", "scale")
        }


def folder_of(home: Home, base: str, skill: str, precision: str) -> Path:
    """Where the ground of a base under a skill lies, with the adapters made on it."""
    return home.edits / hashlib.sha256(f"{base} {skill} {precision}".encode()).hexdigest()[:16]


def folder(home: Home, model: TransformersModel, skill: Path | None) -> Path:
    """Where the ground of a loaded model under a skill lies."""
    return folder_of(home, model.fingerprint, adapter_hash(skill) if skill else "", model.precision)


def keep(home: Home, ground: Ground) -> Path:
    """Write a ground, whole or not at all, and return its folder."""
    from safetensors.numpy import save_file

    place = folder_of(home, ground.base, ground.skill, ground.precision)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = place / f"ground-{uuid.uuid4().hex}.partial"
    save_file(ground.tensors(), str(partial), {"card": json.dumps(ground.card(), sort_keys=True)})
    os.replace(partial, place / "ground.safetensors")
    return place


def of(home: Home, model: TransformersModel, skill: Path | None) -> Ground | None:
    """Return the stored ground of a loaded model under a skill, or None."""
    return read(folder(home, model, skill))


def read(place: Path) -> Ground | None:
    """Read the ground in a folder, None where there is none; UserError where it is damaged."""
    from safetensors import safe_open

    file = place / "ground.safetensors"
    if not file.is_file():
        return None
    try:
        with safe_open(str(file), framework="numpy") as stored:
            card = json.loads(stored.metadata()["card"])
            tensors = {name: stored.get_tensor(name).astype(np.float64) for name in stored.keys()}  # noqa: SIM118
        ground = _ground(card, tensors)
    except Exception as error:
        raise UserError(
            f"What edits stand on is damaged: {str(file)!r} ({str(error).splitlines()[0]})",
            hint="`nightschool facts write --measure` measures it again and writes every fact anew",
        ) from error
    return ground


def id_in(place: Path) -> str | None:
    """Return the id of the ground in a folder without reading its tensors, None where there is none."""
    found: str | None = card_in(place).get("id")
    return found


def card_in(place: Path) -> Json:
    """Return what the ground in a folder says of itself; empty where there is none or it is damaged."""
    from safetensors import SafetensorError, safe_open

    file = place / "ground.safetensors"
    if not file.is_file():
        return {}
    try:
        with safe_open(str(file), framework="numpy") as stored:
            card = json.loads(stored.metadata()["card"])
    except (SafetensorError, ValueError, KeyError, TypeError):
        return {}
    return card if isinstance(card, dict) else {}


def _ground(card: Json, tensors: dict[str, Any]) -> Ground:
    def spread(layer: int, kind: str) -> Spread:
        return Spread(**{part: tensors[f"{layer}.{kind}.{part}"] for part in ("diagonal", "basis", "scale")})

    layers = tuple(card["layers"])
    ground = Ground(
        base=card["base"],
        skill=card["skill"],
        precision=card["precision"],
        layers=layers,
        anchors=tuple(card["anchors"]),
        modules={int(layer): name for layer, name in card["modules"].items()},
        parts={layer: Parts(**{kind: spread(layer, kind) for kind in _PARTS}) for layer in layers},
        norms={int(layer): norm for layer, norm in card["norms"].items()},
        goal=card["goal"],
        figures=card["figures"],
    )
    if ground.id != card["id"]:
        raise ValueError("its content is not what it was written with")
    return ground
