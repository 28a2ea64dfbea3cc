"""What the batches in process give: tokens per second beside a plain loop, alone, eight at once, of eight people."""

from __future__ import annotations

import json
import queue
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy

from nightschool.bench.serve import machine
from nightschool.records import Json, Prompt

if TYPE_CHECKING:
    from nightschool.models.batcher import Batcher
    from nightschool.models.generation import Finished, Piece
    from nightschool.models.transformers_backend import TransformersModel

QUESTIONS = (
    "Tell me about the weather in the mountains", "Who are you, and what can you do for me?",
    "What is the longest river that you know of?", "Write down five things that one can buy in a shop",
    "How far is it from Oslo to Bergen?", "Please explain what a lighthouse is for",
    "Give me a list of animals", "What should I cook tonight?",
)  # fmt: skip
AT_ONCE = 8
ROUNDS = 3
"""How often the eight at once ask everything: somebody who is done asks again, until the end."""
RANDOM = "random"
"""Names a base of a hundred million random weights instead of one that was trained."""


def batches(base: str, *, tokens: int = 64, repeats: int = 5) -> Json:
    """Measure each way in turn, several times; ratios are of runs beside each other."""
    from nightschool import models
    from nightschool.models import untrained
    from nightschool.models.batcher import Batcher
    from nightschool.models.plain import generate

    prompts = [Prompt(messages=({"role": "user", "content": question},)) for question in QUESTIONS]
    with tempfile.TemporaryDirectory(prefix="nightschool-bench-") as folder:
        model = models.load(str(untrained.write(Path(folder) / "base")) if base == RANDOM else base, "auto")
        batcher = Batcher(model)
        places = [Path(folder) / f"v-{number}" for number in range(AT_ONCE)]
        people: list[Path | None] = [adapter(model, place, seed=seed) for seed, place in enumerate(places)]
        size = sum(file.stat().st_size for file in places[0].iterdir())
        nobody: list[Path | None] = [None] * AT_ONCE
        ways: dict[str, Callable[[], int]] = {
            "plain loop": lambda: batcher.between(lambda m: generate(m, prompts, tokens)).result(),
            "one by one": lambda: _said(batcher, prompts, nobody, tokens, at_once=1),
            "eight at once": lambda: _said(batcher, prompts * ROUNDS, nobody * ROUNDS, tokens),
            "eight at once, one adapter": lambda: _said(batcher, prompts * ROUNDS, people[:1] * 8 * ROUNDS, tokens),
            "eight at once, eight adapters": lambda: _said(batcher, prompts * ROUNDS, people * ROUNDS, tokens),
        }
        rates, by_work = _rates(ways, repeats)
    batcher.close()
    ratios = {
        "one by one / plain loop": ("one by one", "plain loop"),
        "eight at once / one by one": ("eight at once", "one by one"),
        "eight adapters / one adapter": ("eight at once, eight adapters", "eight at once, one adapter"),
    }
    return {
        "base": base,
        "parameters": model.parameters,
        "questions": len(prompts),
        "repeats": repeats,
        "tokens_per_second": {name: round(statistics.median(values), 1) for name, values in rates.items()},
        "ratios": {name: _ratio(rates[ours], rates[theirs]) for name, (ours, theirs) in ratios.items()},
        "ratios_by_processor_time": {
            name: _ratio(by_work[ours], by_work[theirs]) for name, (ours, theirs) in ratios.items()
        },
        "bytes_per_person": size,
        "machine": machine(),
    }


def _rates(ways: dict[str, Callable[[], int]], repeats: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return tokens per second, and per second of this process alone: on a busy machine only that says something."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    by_work: dict[str, list[float]] = {name: [] for name in ways}
    for repeat in range(repeats + 1):
        for name, way in ways.items():
            began, worked = time.perf_counter(), time.process_time()
            made = way()
            if repeat:  # the first time warms up
                rates[name].append(made / (time.perf_counter() - began))
                by_work[name].append(made / (time.process_time() - worked))
    return rates, by_work


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> Json:
    each = [one / other for one, other in zip(ours, theirs, strict=True)]
    return {"median": round(statistics.median(each), 3), "low": round(min(each), 3), "high": round(max(each), 3)}


def _said(
    batcher: Batcher, prompts: Sequence[Prompt], adapters: Sequence[Path | None], tokens: int, at_once: int = AT_ONCE
) -> int:
    """Ask everything, always so many at once until no more are left, and return how many tokens came."""
    from nightschool.models.generation import Finished, Sampling, Wanted

    box: queue.Queue[Piece | Finished | Exception] = queue.Queue()
    left = [
        Wanted(prompt=prompt, adapter=own, sampling=Sampling(max_tokens=tokens))
        for prompt, own in zip(prompts, adapters, strict=True)
    ]
    waiting, made = len(left), 0
    for _ in range(at_once):
        batcher.submit(left.pop(0), box.put)
    while waiting:
        event = box.get(timeout=600)
        if isinstance(event, Exception):
            raise event
        if isinstance(event, Finished):
            waiting, made = waiting - 1, made + event.usage.completion
            if left:
                batcher.submit(left.pop(0), box.put)
    return made


def adapter(model: TransformersModel, folder: Path, *, seed: int, rank: int = 16, size: float = 0.01) -> Path:
    """Write an adapter of random values for every linear layer of a base; each seed makes another one."""
    from safetensors.numpy import save_file

    dice, tensors = numpy.random.default_rng(seed), {}
    names = []
    for name, module in model.network.named_modules():
        if type(module).__name__ == "Linear" and "lora" not in name and not name.endswith("lm_head"):
            # Where adapters are mounted already, the base's own layer stands one level deeper.
            plain = name.removesuffix(".base_layer")
            inner = f"base_model.model.{plain}"
            down, up = (rank, module.in_features), (module.out_features, rank)
            tensors[f"{inner}.lora_A.weight"] = dice.normal(0, size, down).astype("float32")
            tensors[f"{inner}.lora_B.weight"] = dice.normal(0, size, up).astype("float32")
            names.append(plain.rpartition(".")[2])
    folder.mkdir(parents=True)
    settings = {"peft_type": "LORA", "r": rank, "lora_alpha": rank, "target_modules": sorted(set(names)),
                "task_type": "CAUSAL_LM", "base_model_name_or_path": model.name}  # fmt: skip
    (folder / "adapter_config.json").write_text(json.dumps(settings), encoding="utf-8")
    save_file(tensors, str(folder / "adapter_model.safetensors"))
    return folder
