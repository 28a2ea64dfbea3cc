"""What a training needs before it starts: memory part by part and minutes, and what would fit where it does not.

Arithmetic over the base's own shape; nothing is loaded. Memory was held against measured runs on a CPU;
what it says of GPUs and Apple's chips is arithmetic alone, and says so.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from nightschool.config import TrainConfig
from nightschool.errors import UserError
from nightschool.models import base, ollama_base
from nightschool.models.ollama_base import Held
from nightschool.records import Json
from nightschool.train.estimate import CPU_FLOPS, GPU_FLOPS, START_SECONDS
from nightschool.train.schedule import MICRO_TOKENS, visits

Device = Literal["cpu", "cuda", "mps"]
USABLE = 0.85
"""Of a machine's memory; the rest is the system's."""
STACK_BYTES = 0.5e9
"""Python, PyTorch, transformers, PEFT and TRL, loaded and at work."""
CHECKPOINTED = 5e8
"""Larger bases keep only each layer's input and compute the rest again."""
FEW_BITS = {4: 0.5 + 4 / 64, 8: 1.0 + 4 / 4096}
"""Bytes of a weight in so many bits, with the scales beside them: one a block of 64, or one a row."""
SHORTEST = 256
TILE = 32_768
"""Words of the vocabulary that TRL scores at once; our own loop on MLX scores all."""
MPS_FLOPS = 4e12
"""A laptop chip of Apple in 16 bits; a guess."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A base as its files describe it."""

    name: str
    parameters: int
    layers: int
    hidden: int
    inner: int
    """Width of the feed-forward layers."""
    heads: int
    vocabulary: int
    adapted: int
    """Sum over its linear layers of inputs and outputs: weights of an adapter for each rank."""
    linear: int = 0
    """Weights of its linear layers, which is what can be kept in few bits."""
    bits: int = 0
    """In how many its linear layers are kept, 0 for as they are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """What it would run on."""

    name: str
    device: Device
    memory: float
    """Bytes."""
    cores: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What is to be trained."""

    rows: int
    tokens: int
    """Of a row, on average."""
    longest: int
    rank: int
    epochs: int
    batch: int
    max_minutes: float

    @classmethod
    def of(cls, train: TrainConfig, *, rows: int = 400, tokens: int = 400) -> Work:
        """A night of so many rows under the person's settings."""
        return cls(
            rows=rows, tokens=tokens, longest=train.max_tokens, rank=train.rank, epochs=train.epochs,
            batch=train.batch, max_minutes=train.max_minutes,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Whether it fits, and what would."""

    base: str
    parameters: int
    method: str
    machine: str
    memory: Mapping[str, float]
    """Part -> bytes."""
    needed: float
    there: float
    """Bytes that a training may take."""
    minutes: float
    fits: bool
    proven: bool
    """Whether arithmetic of this kind was held against measured runs."""
    instead: tuple[str, ...]
    """What would fit, the smallest change first."""


def plan(shape: Shape, machine: Machine, work: Work) -> Plan:
    """Say what a training needs and whether it fits, and what would where it does not."""
    parts = memory(shape, machine.device, work)
    minutes_ = minutes(shape, machine, work)
    there = machine.memory * USABLE
    fits = sum(parts.values()) <= there and minutes_ <= work.max_minutes
    return Plan(
        base=shape.name,
        parameters=shape.parameters,
        method=f"LoRA of rank {work.rank}, the base in {_kept(shape, machine.device)}",
        machine=machine.name,
        memory=parts,
        needed=sum(parts.values()),
        there=there,
        minutes=minutes_,
        fits=fits,
        proven=machine.device == "cpu" and not shape.bits,
        instead=() if fits else instead(shape, machine, work),
    )


def memory(shape: Shape, device: Device, work: Work) -> dict[str, float]:
    """Bytes of each part at the peak of training."""
    wide = 4 if device == "cpu" else 2
    tokens = min(work.batch * work.longest, max(MICRO_TOKENS, work.longest))
    # Kept for the way back: inputs of every product, both norms in 32 bits, what the adapters put beside them.
    layer = wide * (10 * shape.hidden + 4 * shape.inner) + 4 * 4 * shape.hidden + wide * 7 * work.rank
    scores = 2 * wide * shape.heads * work.longest if device == "cpu" else 0
    kept = shape.layers if shape.parameters <= CHECKPOINTED else 1
    inputs = 0 if shape.parameters <= CHECKPOINTED else wide * shape.hidden * shape.layers
    few = shape.linear if shape.bits else 0
    scored = shape.vocabulary if device == "mps" else min(shape.vocabulary, TILE)
    return {
        "base": float(wide * (shape.parameters - few) + FEW_BITS.get(shape.bits, 0.0) * few),
        "adapter": 16.0 * shape.adapted * work.rank,
        "activations": float(tokens * (kept * (layer + scores) + inputs)),
        "logits": 3.0 * (wide if device == "cuda" else 4) * tokens * scored,
        "program": STACK_BYTES,
    }


def minutes(shape: Shape, machine: Machine, work: Work) -> float:
    """Minutes of training: 8 operations a weight and token, 10 where layers are computed twice."""
    seen = visits(work.rows, work.epochs, work.batch)
    speeds = {"cpu": CPU_FLOPS * machine.cores, "cuda": GPU_FLOPS, "mps": MPS_FLOPS}
    each = 8 if shape.parameters <= CHECKPOINTED else 10
    return (START_SECONDS + each * shape.parameters * work.tokens * seen / speeds[machine.device]) / 60


def instead(shape: Shape, machine: Machine, work: Work) -> tuple[str, ...]:
    """Name what would fit: shorter rows where memory is short, fewer of them where time is, or a smaller base."""
    found = []
    few = replace(shape, bits=4)
    if machine.device != "mps" and shape.linear and not shape.bits and _fits(few, machine, work):
        found.append(f"the same base in four bits: `{shape.name}:4bit`")
    shorter = work
    while shorter.longest > SHORTEST and not _fits(shape, machine, shorter):
        half = shorter.longest // 2
        shorter = replace(shorter, longest=half, tokens=min(shorter.tokens, half))
    if shorter is not work and _fits(shape, machine, shorter):
        found.append(f"the same base with `max_tokens = {shorter.longest}` under [train]; longer rows are left out")
    fewer = work
    while fewer.rows > 2 * work.batch and not _fits(shape, machine, fewer):
        fewer = replace(fewer, rows=fewer.rows // 2)
    if fewer is not work and _fits(shape, machine, fewer):
        found.append(f"the same base with `max_rows = {fewer.rows}` under [curate]")
    share = 0.98
    while share > 1e-4 and not _fits(scaled(shape, share), machine, work):
        share *= 0.95
    if share > 1e-4:
        found.append(f"a base of up to about {spoken(scaled(shape, share).parameters)} parameters")
    return tuple(found)


def scaled(shape: Shape, share: float) -> Shape:
    """A base of the same proportions with this share of the weights: width and depth fall alike."""
    by = share ** (1 / 3)
    return replace(
        shape,
        parameters=int(shape.parameters * share),
        layers=max(1, round(shape.layers * by)),
        hidden=int(shape.hidden * by),
        inner=int(shape.inner * by),
        adapted=int(shape.adapted * by**2),
        linear=int(shape.linear * share),
    )


def spoken(parameters: int) -> str:
    """A number of weights in words."""
    return f"{parameters / 1e9:.1f} billion" if parameters >= 10**9 else f"{max(parameters / 1e6, 0.1):.1f} million"


def shape_of(name: str) -> Shape:
    """Read a base's shape from its settings and the heads of its weight files; UserError where there is none."""
    if name.startswith(ollama_base.PREFIX):
        return shape_held(name, ollama_base.held(base.plain(name).removeprefix(ollama_base.PREFIX)))
    folder = base.find(name)
    base.refuse(folder)
    settings: Json = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    settings = settings.get("text_config") or settings
    sizes = [size for file in base.weights(folder) for size in _sizes(file)]
    try:
        hidden = int(settings.get("hidden_size") or settings["n_embd"])
        return _shape(
            name,
            sizes,
            layers=int(settings.get("num_hidden_layers") or settings["n_layer"]),
            hidden=hidden,
            inner=int(settings.get("intermediate_size") or settings.get("n_inner") or 4 * hidden),
            heads=int(settings.get("num_attention_heads") or settings["n_head"]),
            vocabulary=int(settings["vocab_size"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"{str(folder / 'config.json')!r} does not say how large the base is: {error}",
            hint="Its architecture names its sizes in a way that is not known here; take another base",
        ) from error


def shape_held(name: str, held: Held) -> Shape:
    """The shape of a base that Ollama holds, from the head of its file."""
    return _shape(
        name, held.sizes, layers=held.layers, hidden=held.hidden, inner=held.inner, heads=held.heads,
        vocabulary=held.vocabulary,
    )  # fmt: skip


def _shape(
    name: str, sizes: Sequence[Sequence[int]], *, layers: int, hidden: int, inner: int, heads: int, vocabulary: int
) -> Shape:
    linear = [size for size in sizes if len(size) == 2 and vocabulary not in size]
    return Shape(
        name=name,
        parameters=sum(_product(size) for size in sizes),
        layers=layers,
        hidden=hidden,
        inner=inner,
        heads=heads,
        vocabulary=vocabulary,
        adapted=sum(map(sum, linear)),
        linear=sum(map(_product, linear)),
        bits=base.bits(name),
    )


def _sizes(file: Path) -> list[list[int]]:
    """The tensors' sizes, which stand at the head of a safetensors file."""
    with file.open("rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(8))
        head: Json = json.loads(opened.read(length))
    return [entry["shape"] for name, entry in head.items() if name != "__metadata__"]


def _product(size: Sequence[int]) -> int:
    count = 1
    for each in size:
        count *= each
    return count


def _kept(shape: Shape, device: Device) -> str:
    if shape.bits:
        return f"{shape.bits} bits"
    return "32 bits" if device == "cpu" else "bfloat16"


def _fits(shape: Shape, machine: Machine, work: Work) -> bool:
    enough = sum(memory(shape, machine.device, work).values()) <= machine.memory * USABLE
    return enough and minutes(shape, machine, work) <= work.max_minutes
