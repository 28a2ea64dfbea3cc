"""What a training will cost, before it starts: arithmetic for a dry run, not a measurement."""

from __future__ import annotations

from dataclasses import dataclass

from nightschool.train.job import Job

START_SECONDS = 20.0
"""Import of the training stack and loading of the base."""
CPU_FLOPS = 1.2e10
"""Per core in float32, LoRA steps with short rows on the bundled base."""
GPU_FLOPS = 4e13
"""A consumer card in bfloat16 with small batches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """Rough cost of one training; true within a factor of three or so."""

    minutes: float
    peak_bytes: int


def estimate(job: Job, *, rows: int, tokens: int, parameters: int, gpu: bool = False) -> Estimate:
    """Estimate minutes and memory from the count of rows, all their tokens and the size of the base.

    Forward and backward through a frozen base cost 4 operations per weight and token, the reference's forward 2 more.
    Memory is the weights, 14 bytes per token and hidden unit of activations in one micro batch, and the adapter.
    """
    steps = max(rows * job.epochs, 30 * job.batch)
    operations = 6.0 * parameters * tokens * steps / max(1, rows)
    speed = GPU_FLOPS if gpu else CPU_FLOPS * job.threads
    width = (
        parameters / 100
    ) ** 0.5  # hidden size where depth is about width / 100 and each layer has 12 width² weights
    activations = min(job.batch * tokens / max(1, rows), 16_384) * width * 14 * 24
    weights = parameters * (2 if gpu else 4)
    return Estimate(
        minutes=(START_SECONDS + operations / speed) / 60,
        peak_bytes=int(400e6 + 1.1 * weights + activations + 0.01 * parameters * 16),
    )
