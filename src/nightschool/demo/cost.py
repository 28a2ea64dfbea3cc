"""What the demo costs on a real base, before anything is loaded: arithmetic from its settings file."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from nightschool.errors import UserError

ROWS, ROW_TOKENS, EPOCHS = 200, 160, 3
ANSWERS, ANSWER_TOKENS = 4500, 120
"""Answers of the exam and of the search for better ones, prompt and completion tokens each."""
CORE_FLOPS, GPU_FLOPS = 3e10, 4e13


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """A rough cost; true within a factor of three or so."""

    parameters: int
    minutes: float
    gigabytes: float


def cost(base: str) -> Cost:
    """Estimate from the size of the weight files of a local folder.

    Raises UserError where the base is no folder with safetensors weights.
    """
    files = sorted(Path(base).expanduser().glob("*.safetensors"))
    if not files:
        raise UserError(
            f"{base} is no folder with safetensors weights",
            hint="Download the model first, for example with `hf download NAME --local-dir FOLDER`",
        )
    parameters = sum(file.stat().st_size for file in files) // 2
    gpu = shutil.which("nvidia-smi") is not None
    speed = GPU_FLOPS if gpu else CORE_FLOPS * (os.cpu_count() or 1)
    operations = 6.0 * parameters * ROWS * ROW_TOKENS * EPOCHS + 2.0 * parameters * ANSWERS * ANSWER_TOKENS
    return Cost(
        parameters=parameters,
        minutes=operations / speed / 60 + 1,
        gigabytes=parameters * (2 if gpu else 4) / 1e9 * 1.3 + 1,
    )
