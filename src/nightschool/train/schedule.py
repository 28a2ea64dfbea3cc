"""How fast and how long each objective is trained. Pure: counts in, numbers out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nightschool.records import Objective
from nightschool.train.job import Job


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """One objective's optimiser settings."""

    learning_rate: float
    steps: int
    micro_batch: int
    """Rows in memory at once."""
    accumulation: int
    """Micro batches per optimiser step."""


def learning_rate(parameters: int, objective: Objective) -> float:
    """Return the rate for LoRA on a base of this size: a straight line in log-log space for either kind of loss.

    Both lines pass the common values for LoRA at 7 billion parameters, 1e-4 for SFT and 1e-5 for preferences. At
    3 million they give the bundled base 4.6e-4 and 2.2e-4: at 3.5e-4 and 1.6e-4 one week of ten taught it next to
    nothing, at 5e-4 and 2.5e-4 an earlier one came near the fall in abilities that the gate allows (docs/LOG.md).
    """
    at_seven_billion, slope = (1e-4, 0.197) if objective == "sft" else (1e-5, 0.398)
    return float(f"{at_seven_billion * (7e9 / parameters) ** slope:.3g}")


MIN_STEPS = 24
"""Fewer steps than this do not carry a preference over to other questions."""
MOST_VISITS = 8
"""Times that the fewest rows are seen to get that many steps: ten pairs seen 24 times cost more of what the base
could do than they taught (docs/LOG.md)."""
MAX_STEPS = 3000
MICRO_TOKENS = 4096
"""Most tokens in one micro batch, padding included: 2.5 GB of activations on the bundled base at four times that."""


def schedule(job: Job, objective: Objective, *, rows: int, longest: int, parameters: int) -> Schedule:
    """Plan one objective over `rows` rows of which the longest has `longest` tokens."""
    batch = min(job.batch, rows)
    sequences = 2 if objective == "dpo" else 1
    accumulation = math.ceil(batch / max(1, min(batch, MICRO_TOKENS // (sequences * longest))))
    micro = math.ceil(batch / accumulation)  # evenly, so that a step is as many rows as were asked for
    if objective == "kto":
        micro = max(2, micro)  # with one row the KL estimate is the row's own reward, and nothing is learned
        accumulation = math.ceil(batch / micro)
    once = math.ceil(rows / (micro * accumulation))
    rate = learning_rate(parameters, objective)
    if job.learning_rate:
        rate = job.learning_rate * rate / learning_rate(parameters, "sft")
    return Schedule(
        learning_rate=rate,
        steps=min(MAX_STEPS, max(once * job.epochs, min(MIN_STEPS, once * MOST_VISITS))),
        micro_batch=micro,
        accumulation=accumulation,
    )


def visits(rows: int, epochs: int, batch: int) -> int:
    """How many rows are trained on in all, each as often as it is seen; MAX_STEPS left aside."""
    return max(rows * epochs, min(MIN_STEPS * min(batch, rows), rows * MOST_VISITS))
