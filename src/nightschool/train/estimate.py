"""What a training will cost, before it starts: arithmetic for a dry run, not a measurement."""

from __future__ import annotations

from dataclasses import dataclass

from nightschool.train.job import Job
from nightschool.train.schedule import MICRO_TOKENS, visits

START_SECONDS = 20.0
"""Import of the training stack and loading of the base."""
CPU_FLOPS = 2e10
"""Per core in float32, measured on LoRA steps with short rows on the bundled base."""
STACK_BYTES = 600e6
GPU_FLOPS = 4e13
"""A consumer card in bfloat16 with small batches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """Rough cost of one training; true within a factor of three or so."""

    minutes: float
    peak_bytes: int


def estimate(job: Job, *, rows: int, tokens: int, parameters: int, gpu: bool = False) -> Estimate:
    """Estimate minutes and memory from the count of rows, the tokens of each with its answer, and the base's size.

    A token costs 6 operations per weight, and 8 on average where a part of the rows has a second answer.
    """
    seen = visits(rows, job.epochs, job.batch)
    mean = tokens / max(1, rows)
    speed = GPU_FLOPS if gpu else CPU_FLOPS * job.threads
    width = (parameters / 100) ** 0.5  # depth is about width / 100, and each layer has 12 width² weights
    activations = min(job.batch * mean, MICRO_TOKENS) * width * (width / 100) * 34 * 2
    weights = parameters * (2 if gpu else 4)
    return Estimate(
        minutes=(START_SECONDS + 8.0 * parameters * mean * seen / speed) / 60,
        peak_bytes=int(STACK_BYTES + weights + activations),
    )
