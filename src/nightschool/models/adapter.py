"""Adapter folders in PEFT form: their hash, and whether they belong to a base.

The hash covers the values that take effect, so that it can be taken from the file and from the
running model alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nightschool.errors import UserError
from nightschool.records import Json

if TYPE_CHECKING:
    import numpy

_EFFECTIVE = ("r", "lora_alpha", "use_rslora", "use_dora", "rank_pattern", "alpha_pattern")


def adapter_hash(folder: Path) -> str:
    """Hash the adapter's tensors and the settings that scale them.

    Raises UserError where the folder holds no readable adapter.
    """
    settings = read_settings(folder)
    try:
        return hash_tensors(settings, tensors(folder / "adapter_model.safetensors"))
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"The adapter in {str(folder)!r} is damaged or incomplete: {error}",
            hint="`nightschool versions rollback` goes back to the version before",
        ) from error


def hash_tensors(settings: Mapping[str, Any], tensors: Iterable[tuple[str, numpy.ndarray]]) -> str:
    """Hash tensors as 32-bit floats by name, with the settings that take effect."""
    digest = hashlib.sha256(json.dumps({key: settings.get(key) for key in _EFFECTIVE}, sort_keys=True).encode())
    for name, values in sorted(tensors, key=lambda pair: pair[0]):
        digest.update(f"{name}{values.shape}".encode())
        digest.update(values.tobytes())
    return digest.hexdigest()


def read_settings(folder: Path) -> Json:
    """Read `adapter_config.json`; UserError where it is missing or no LoRA adapter."""
    path = folder / "adapter_config.json"
    try:
        settings: Json = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UserError(
            f"There is no adapter in {str(folder)!r}", hint="`nightschool versions list` shows what there is"
        ) from error
    except (OSError, ValueError) as error:
        raise UserError(f"{str(path)!r} cannot be read: {error}", hint="`nightschool versions rollback`") from error
    if settings.get("peft_type") != "LORA":
        raise UserError(
            f"The adapter in {str(folder)!r} is of type {settings.get('peft_type')!r}, not LORA",
            hint="`nightschool versions list` shows the versions that can answer",
        )
    return settings


def read_card(folder: Path) -> Json:
    """Read the card beside an adapter, or an empty dict where there is none."""
    for path in (folder.parent / "card.json", folder / "card.json"):
        if path.is_file():
            try:
                card: Json = json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                raise UserError(f"{str(path)!r} is damaged: {error}", hint="`nightschool versions rollback`") from error
            return card
    return {}


def refuse_foreign(folder: Path, fingerprint: str) -> None:
    """Raise UserError where the adapter's card names another base."""
    trained_on = read_card(folder).get("base")
    if isinstance(trained_on, str) and trained_on != fingerprint:
        raise UserError(
            f"The adapter in {str(folder)!r} was trained on another base ({trained_on[:12]}, not {fingerprint[:12]})",
            hint="`nightschool init --base NAME` with the base it was trained on, or `nightschool versions rollback`",
        )


def tensors(path: Path) -> Iterable[tuple[str, numpy.ndarray]]:
    """Read a safetensors file as 32-bit floats; numpy's own reader knows no bfloat16."""
    import numpy

    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header: Json = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    body = memoryview(data)[8 + length :]
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        if end > len(body):
            raise ValueError(f"{path.name} ends too early")
        raw = body[start:end]
        if entry["dtype"] == "BF16":
            values = (numpy.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
        else:
            values = numpy.frombuffer(raw, {"F32": "<f4", "F16": "<f2", "F64": "<f8"}[entry["dtype"]]).astype("<f4")
        yield name, values.reshape(entry["shape"])
