"""Which base suits a machine: what lies on it already, Ollama's first, and what could be downloaded.

Arithmetic of `train plan` alone: nothing is loaded, and nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nightschool.errors import UserError
from nightschool.models import base, ollama_base
from nightschool.train.estimate import GPU_FLOPS
from nightschool.train.plan import Machine, Shape, Work, plan, shape_of

Source = Literal["ollama", "disk", "bundled", "download"]
ORDER: tuple[Source, ...] = ("ollama", "disk", "bundled", "download")
TRIAL_TOKENS = 1.5e6
"""Tokens read while made-up facts are tried in four choices of layers, the way back counted double."""
# name, layers, hidden, inner, heads, heads of keys, whether words are read and said with the same weights
_FAMILY = (
    ("Qwen/Qwen3-0.6B", 28, 1024, 3072, 16, 8, True),
    ("Qwen/Qwen3-1.7B", 28, 2048, 6144, 16, 8, True),
    ("Qwen/Qwen3-4B", 36, 2560, 9728, 32, 8, True),
    ("Qwen/Qwen3-8B", 36, 4096, 12_288, 32, 8, False),
    ("Qwen/Qwen3-14B", 40, 5120, 17_408, 40, 8, False),
)
_VOCABULARY, _HEAD = 151_936, 128


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A base that could be chosen."""

    source: Source
    shape: Shape


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """A base that fits this machine."""

    name: str
    """As `nightschool init --base` takes it."""
    source: Source
    parameters: int
    needed: float
    """Bytes that its training takes at the peak."""
    minutes: float
    """Of a night's training."""


def found() -> tuple[list[Found], list[str]]:
    """Look for bases on this machine; those that can be read, and the names of those that cannot."""
    there, unread = [Found(source="bundled", shape=shape_of("pupil"))], []
    named = [("ollama", f"{ollama_base.PREFIX}{name}") for name in ollama_base.names()]
    named += [("disk", name) for name in base.cached()]
    for source, name in named:
        try:
            there.append(Found(source=source, shape=shape_of(name)))  # type: ignore[arg-type]
        except (UserError, KeyError, ValueError):
            unread.append(name)
    return there, unread


def downloads() -> list[Found]:
    """Bases of one well-known family, from the smallest to the largest that one machine trains."""
    return [Found(source="download", shape=_shape(*row)) for row in _FAMILY]


def proposals(candidates: Sequence[Found], machine: Machine, work: Work) -> list[Proposal]:
    """Those that fit, as they are or in four bits: what is there before what is not, the largest first. Pure."""
    made = [_proposal(each, machine, work) for each in candidates]
    fit = [each for each in made if each is not None]
    return sorted(fit, key=lambda each: (ORDER.index(each.source), -each.parameters))


def trial_minutes(parameters: int, machine: Machine) -> float:
    """Minutes that trying made-up facts takes on a base of this size."""
    speed = GPU_FLOPS if machine.device == "cuda" else 2e10 * machine.cores
    return 2 * TRIAL_TOKENS * parameters / speed / 60


def _proposal(candidate: Found, machine: Machine, work: Work) -> Proposal | None:
    shapes = [candidate.shape]
    if machine.device == "cuda" and not candidate.shape.bits:
        shapes.append(replace(candidate.shape, bits=4, name=f"{candidate.shape.name}:4bit"))
    for shape in shapes:
        made = plan(shape, machine, work)
        if made.fits:
            return Proposal(
                name=shape.name, source=candidate.source, parameters=shape.parameters, needed=made.needed,
                minutes=made.minutes,
            )  # fmt: skip
    return None


def _shape(name: str, layers: int, hidden: int, inner: int, heads: int, keys: int, is_tied: bool) -> Shape:
    wide, narrow = heads * _HEAD, keys * _HEAD
    sides = [(hidden, wide), (hidden, narrow), (hidden, narrow), (wide, hidden)] + 3 * [(hidden, inner)]
    linear = layers * sum(one * other for one, other in sides)
    return Shape(
        name=name,
        parameters=linear + (1 if is_tied else 2) * _VOCABULARY * hidden,
        layers=layers,
        hidden=hidden,
        inner=inner,
        heads=heads,
        vocabulary=_VOCABULARY,
        adapted=layers * sum(map(sum, sides)),
        linear=linear,
    )
