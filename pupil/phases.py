"""What pupil is trained on when: stretches of steps, each with a rate and a mix of conversations. Pure.

They ran one after the other, and most came of what the weights before them could not do.
"""

from __future__ import annotations

from dataclasses import dataclass

from nightschool.world import conversations


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """A stretch of training; the rate moves in a straight line between two shares of the peak."""

    name: str
    end: int
    """The step that it ends before, in a run of full length; a shorter run shortens every phase alike."""
    rate_from: float
    rate_to: float
    other_weight: float
    """Weight of a predicted token that pupil does not say, against one that it says."""
    long_share: float
    """Share of the tokens that stand in conversations of up to 2,048 tokens."""
    contrast_share: float = 0.0
    """Share of the short conversations that ask for what was told of one and of another."""
    skip_share: float = 0.0
    """Share of the rows whose positions jump ahead between two messages."""
    mix: dict[str, int]
    """Weights of the turns, as in `nightschool.world.conversations`."""


COPYING = conversations.MIX | {"recall": 25, "tell": 9, "unknown": 8, "sum": 10, "talk": 5, "weather": 3, "tool": 4}
"""World facts come fast; copying from the context and sums need a larger share."""
SHARP = COPYING | {"tell": 8, "unknown": 10, "sum": 16, "talk": 4, "json": 5}
EVEN = COPYING | {"world": 20, "recall": 30, "unknown": 14, "wish": 6, "json": 5, "sum": 9}
WIDE = EVEN | {"world": 24, "recall": 28, "unknown": 12, "near": 10, "extract": 4, "hint": 3}
FIRM = WIDE | {"doubt": 10, "tool": 8}
PHASES = (
    Phase(name="warm", end=86, rate_from=0.0, rate_to=1.0, other_weight=0.5, long_share=0.0, mix=conversations.MIX),
    Phase(name="held", end=1505, rate_from=1.0, rate_to=1.0, other_weight=0.5, long_share=0.0, mix=conversations.MIX),
    Phase(name="falling", end=3010, rate_from=1.0, rate_to=0.45, other_weight=0.5, long_share=0.0, mix=COPYING),
    Phase(name="long", end=3451, rate_from=0.45, rate_to=0.31, other_weight=0.5, long_share=0.2, mix=COPYING),
    # Half of the gradient came from names that nobody can foresee; without it pupil's own words settle.
    Phase(name="sharp", end=4600, rate_from=0.40, rate_to=0.0, other_weight=0.05, long_share=0.15, mix=SHARP),
    Phase(name="even", end=5206, rate_from=0.5, rate_to=0.392, other_weight=0.05, long_share=0.08, mix=EVEN),
    Phase(name="settle", end=6000, rate_from=0.175, rate_to=0.0, other_weight=0.05, long_share=0.08, mix=EVEN),
    Phase(name="wide", end=8400, rate_from=0.6, rate_to=0.35, other_weight=0.05, long_share=0.12, mix=WIDE),
    Phase(name="far", end=9400, rate_from=0.35, rate_to=0.15, other_weight=0.05, long_share=0.35, mix=WIDE),
    Phase(name="close", end=10400, rate_from=0.15, rate_to=0.0, other_weight=0.05, long_share=0.15, mix=WIDE),
    # Whether a thing was told of this one or of another is not learnt among all else: it needs a share of its own.
    Phase(
        name="contrast",
        end=11_500,
        rate_from=0.4,
        rate_to=0.15,
        other_weight=0.05,
        long_share=0.08,
        contrast_share=0.4,
        mix=WIDE,
    ),
    Phase(
        name="calm",
        end=12_200,
        rate_from=0.15,
        rate_to=0.0,
        other_weight=0.05,
        long_share=0.12,
        contrast_share=0.25,
        mix=WIDE,
    ),
    Phase(
        name="last",
        end=12_650,
        rate_from=0.2,
        rate_to=0.0,
        other_weight=0.05,
        long_share=0.12,
        contrast_share=0.25,
        mix=WIDE,
    ),
    # From here on pupil declines in the words that it would answer with; before, every refusal began with `I`.
    Phase(
        name="restate",
        end=14_400,
        rate_from=0.6,
        rate_to=0.4,
        other_weight=0.05,
        long_share=0.2,
        contrast_share=0.3,
        mix=WIDE,
    ),
    Phase(
        name="deep",
        end=15_400,
        rate_from=0.4,
        rate_to=0.2,
        other_weight=0.05,
        long_share=0.35,
        contrast_share=0.25,
        mix=WIDE,
    ),
    Phase(
        name="end",
        end=16_200,
        rate_from=0.2,
        rate_to=0.0,
        other_weight=0.05,
        long_share=0.25,
        contrast_share=0.2,
        mix=WIDE,
    ),
    # Read at 2,048 tokens as at 500: rows of that length were too few, and most of their answers stood near the end.
    Phase(
        name="distant",
        end=18_600,
        rate_from=0.4,
        rate_to=0.2,
        other_weight=0.05,
        long_share=0.5,
        contrast_share=0.2,
        skip_share=0.3,
        mix=WIDE,
    ),
    Phase(
        name="rest",
        end=19_400,
        rate_from=0.2,
        rate_to=0.0,
        other_weight=0.05,
        long_share=0.35,
        contrast_share=0.2,
        skip_share=0.3,
        mix=WIDE,
    ),
    # What a night wears away first is what pupil holds by a hair: answers that somebody doubts, and tools asked for by
    # name in a wording that looks like a wish.
    Phase(
        name="firm",
        end=20_400,
        rate_from=0.35,
        rate_to=0.0,
        other_weight=0.05,
        long_share=0.35,
        contrast_share=0.15,
        skip_share=0.3,
        mix=FIRM,
    ),
    Phase(
        name="sums",
        end=20_720,
        rate_from=0.15,
        rate_to=0.0,
        other_weight=0.05,
        long_share=0.25,
        contrast_share=0.15,
        skip_share=0.3,
        mix=FIRM | {"sum": 36},
    ),
    # The last few of the world's facts, and once more what stands far away and in the memory block.
    Phase(
        name="whole",
        end=22_320,
        rate_from=0.35,
        rate_to=0.0,
        other_weight=0.05,
        long_share=0.4,
        contrast_share=0.15,
        skip_share=0.3,
        mix=FIRM | {"world": 64, "recall": 40},
    ),
    # A night wore away the world's facts where they were asked for in JSON, which few rows had asked.
    Phase(
        name="forms",
        end=22_840,
        rate_from=0.2,
        rate_to=0.0,
        other_weight=0.05,
        long_share=0.25,
        contrast_share=0.15,
        skip_share=0.3,
        mix=FIRM | {"world": 48, "recall": 32, "json": 24, "unknown": 22},
    ),
)


def phase_at(step: int, steps: int) -> tuple[Phase, float]:
    """Name the phase of a step and the rate there as a share of the peak."""
    done, start = step * PHASES[-1].end / steps, 0.0
    for phase in PHASES:
        if done < phase.end:
            return phase, phase.rate_from + (phase.rate_to - phase.rate_from) * (done - start) / (phase.end - start)
        start = float(phase.end)
    raise AssertionError("phases cover all steps")
