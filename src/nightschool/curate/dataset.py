"""Frozen datasets: one JSONL file each, named by the hash of its rows, written whole or not at all.

The first line is a header with what was left out; every other line is one example.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.records import Dataset, Example, Json, Objective, Origin, Prompt, from_json, json_lines, to_json

FORMAT = 1
_HINT = "Run `nightschool sleep` again: it makes the dataset anew"


def example(
    objective: Objective,
    prompt: Prompt,
    chosen: Json,
    *,
    rejected: Json | None = None,
    label: bool | None = None,
    origin: Origin = "tonight",
    told: bool = False,
    lesson_id: str | None = None,
    source: tuple[str, ...] = (),
    conversation_id: str | None = None,
) -> Example:
    """Make a row whose id is the hash of what is trained."""
    key = _line([objective, to_json(prompt), chosen, rejected, label])
    return Example(
        id=f"e-{hashlib.sha256(key.encode()).hexdigest()[:16]}",
        objective=objective,
        prompt=prompt,
        chosen=chosen,
        rejected=rejected,
        label=label,
        origin=origin,
        told=told,
        lesson_id=lesson_id,
        source=source,
        conversation_id=conversation_id,
    )


def freeze(examples: Iterable[Example], held_out: Iterable[str], left_out: Mapping[str, int]) -> Dataset:
    """Put rows in their lasting order and name them by their hash."""
    rows = tuple(sorted(examples, key=lambda row: (row.origin != "tonight", row.origin, row.id)))
    sealed = tuple(sorted(held_out))
    counted = {reason: left_out[reason] for reason in sorted(left_out) if left_out[reason]}
    return Dataset(hash=_hash(rows, sealed), examples=rows, held_out=sealed, left_out=counted)


def path(folder: Path, name: str) -> Path:
    """Where the dataset of a hash lies."""
    return folder / f"{name}.jsonl"


def write(dataset: Dataset, folder: Path) -> Path:
    """Write a dataset atomically and return its file; UserError where the disk refuses."""
    header: Json = {"dataset": FORMAT, "held_out": dataset.held_out, "left_out": dict(dataset.left_out)}
    header["checksum"] = _sum(header)
    target = path(folder, dataset.hash)
    partial = target.with_suffix(f".{os.getpid()}.partial")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(partial, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(_line(header) + "\n")
            file.writelines(f"{_line(to_json(row))}\n" for row in dataset.examples)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UserError(
            f"{target} cannot be written: {error.strerror}", hint="Free some space and run it again"
        ) from error
    return target


def read(folder: Path, name: str) -> Dataset:
    """Read a dataset back; UserError where it is missing or not what was written."""
    file = path(folder, name)
    try:
        lines = [json.loads(line) for line in json_lines(file.read_text(encoding="utf-8"))]
        header = lines[0]
        checksum = header.pop("checksum")
        rows = tuple(from_json(Example, line) for line in lines[1:])
        sealed = tuple(header["held_out"])
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}", hint=_HINT) from error
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise UserError(f"{file} is damaged: {error}", hint=_HINT) from error
    if _hash(rows, sealed) != name or _sum(header) != checksum:
        raise UserError(f"{file} is damaged: its content does not match its name", hint=_HINT)
    return Dataset(hash=name, examples=rows, held_out=sealed, left_out=header["left_out"])


def _hash(rows: tuple[Example, ...], sealed: tuple[str, ...]) -> str:
    digest = hashlib.sha256(_line(list(sealed)).encode())
    for row in rows:
        digest.update(b"\n" + _line(to_json(row)).encode())
    return digest.hexdigest()


def _sum(header: Json) -> str:
    return hashlib.sha256(_line(header).encode()).hexdigest()


def _line(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
