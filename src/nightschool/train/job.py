"""The job file: everything that a training child is told, strict and versioned.

A job holds no text of the person; the dataset file does. Equal jobs on equal datasets give equal
adapter files on CPU, so whatever changes the weights stands here, the number of threads included.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

from nightschool.config import Config
from nightschool.errors import UserError
from nightschool.models.base import bits, lasting
from nightschool.models.threads import cores
from nightschool.records import to_json

VERSION = 1
Prefix = Literal["full", "carry"]
Engine = Literal["torch", "mlx"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One training, from a base and a dataset to an adapter."""

    version: int = VERSION
    base: str
    """`pupil`, a folder, or a Hugging Face name that is on this machine, as `models.load` takes it."""
    fingerprint: str = ""
    """What the base must be; empty accepts any."""
    device: str = "auto"
    engine: Engine = "torch"
    """What computes: PyTorch, or MLX on Apple's chips."""
    dataset: str
    """Path of the JSONL file, one Example per line."""
    dataset_hash: str
    rank: int = 16
    learning_rate: float = 0.0
    """Of SFT; the others follow from it. 0 means: chosen by the size of the base."""
    epochs: int = 3
    batch: int = 8
    """Rows per optimiser step."""
    max_tokens: int = 2048
    """Longest row. With `carry` it bounds what follows the carried part."""
    prefix: Prefix = "full"
    """`carry`: all but the end of a long prompt is read without gradient."""
    onto: str = ""
    """Folder of an adapter to go on from; empty for a fresh one, as every night's is."""
    min_rows: int = 12
    max_minutes: float = 240.0
    threads: int = 1
    liger: bool = False
    """Whether Liger's kernels compute the blocks, on a CUDA card."""
    seed: int = 7

    @classmethod
    def of(cls, config: Config, *, base: str, fingerprint: str, dataset: Path, dataset_hash: str) -> Job:
        """Build the job that a home's settings ask for, on all cores of this machine."""
        train = config.train
        return cls(
            base=lasting(base),
            fingerprint=fingerprint,
            device=config.base.device,
            engine=engine(base, config.base.device),
            dataset=str(dataset.resolve()),
            dataset_hash=dataset_hash,
            rank=train.rank,
            learning_rate=train.learning_rate,
            epochs=train.epochs,
            batch=train.batch,
            max_tokens=train.max_tokens,
            min_rows=config.curate.min_examples,
            max_minutes=train.max_minutes,
            threads=cores(),
            liger=train.liger,
            seed=train.seed,
        )


def engine(base: str, device: str) -> Engine:
    """MLX where it is installed on a Mac, and nothing else was asked for; PyTorch elsewhere."""
    on_mac = sys.platform == "darwin" and device in ("auto", "mps") and not bits(base)
    return "mlx" if on_mac and find_spec("mlx_lm") is not None else "torch"


def write_job(job: Job, path: Path) -> None:
    """Write a job as JSON."""
    path.write_text(json.dumps(to_json(job), indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read_job(path: Path) -> Job:
    """Read a job; UserError where a key is unknown or missing, or a value cannot be."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UserError(f"The job file {str(path)!r} cannot be read: {error}") from error
    if not isinstance(values, dict):
        raise UserError(f"The job file {str(path)!r} holds no JSON object")
    known = {field.name: field for field in fields(Job)}
    if unknown := sorted(set(values) - set(known)):
        raise UserError(f"The job file {str(path)!r} has an unknown key {unknown[0]!r}")
    if values.get("version") != VERSION:
        raise UserError(
            f"The job file {str(path)!r} is of version {values.get('version')!r}, this program reads {VERSION}"
        )
    for name in known:
        _check(path, name, values)
    return Job(**values)


_TYPES: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "Prefix": str,
    "Engine": str,
}
_CHOICES = {"prefix": get_args(Prefix), "engine": get_args(Engine)}
_POSITIVE = ("rank", "epochs", "batch", "max_tokens", "max_minutes", "threads")


def _check(path: Path, name: str, values: dict[str, object]) -> None:
    if name not in values:
        raise UserError(f"The job file {str(path)!r} has no key {name!r}")
    value, wanted = values[name], _TYPES[str(Job.__dataclass_fields__[name].type)]
    fits = isinstance(value, wanted) and isinstance(value, bool) == (wanted is bool)
    if fits and name in _POSITIVE:
        fits = value > 0  # type: ignore[operator]
    if fits and name in _CHOICES:
        fits = value in _CHOICES[name]
    if not fits:
        raise UserError(f"The job file {str(path)!r} has {name} = {value!r}")
