"""One night over facts in the weights, by the product's own editor and ledger: proven, audited, mended, told again."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from nightschool.bench.ruler import Memory, Ruler, interval
from nightschool.bench.told import Told
from nightschool.config import Home, MemoryConfig
from nightschool.edit.audit import audit
from nightschool.edit.editor import Editor
from nightschool.edit.ground import Ground
from nightschool.memory import context
from nightschool.models.transformers_backend import TransformersModel
from nightschool.records import Fact, Json, Prompt
from nightschool.store import facts
from nightschool.store.database import open_database


def measure(
    model: TransformersModel, ground: Ground, ruler: Ruler, told: Sequence[Told], seed: int, skill: Path | None = None
) -> Json:
    """Write facts in a home of its own, go over them once, and say how it stood before and after."""
    with tempfile.TemporaryDirectory(prefix="nightschool-bench-") as scratch:
        home = Home(Path(scratch)).create()
        with contextlib.closing(open_database(home.database)) as db:
            editor = Editor(db, home, model, skill=skill, ground=ground)
            known = [_fact(number, one) for number, one in enumerate(told)]
            for fact in known:
                facts.add(db, fact)
            began = time.monotonic()
            editor.write(known)
            writing = time.monotonic() - began
            before = ruler.recall(told, Memory(adapter=editor.worn()))
            found = audit(db, editor, run="night", night=True)
            held = {fact.id for fact in editor.held()}
            weights = Memory(adapter=editor.worn())
            after, change = ruler.recall(told, weights), ruler.perplexity_change(weights)
            served = ruler.recall(told, _served(weights, [fact for fact in known if fact.id not in held]))
    inside = [share for fact, share in zip(known, after, strict=True) if fact.id in held]
    mended = {*found.refreshed, *found.taken_out}
    flipped = [
        fact.id
        for fact, was, now in zip(known, before, after, strict=True)
        if was == 1.0 and now < 1.0 and fact.id not in mended
    ]
    return {
        "n": len(told),
        "seed": seed,
        "in_weights_before": len(found.held),
        "in_weights": len(held),
        "recall_before": _mean(before),
        "recall": _mean(inside),
        "recall_ci": interval(inside, [str(n) for n in range(len(inside))], seed) if inside else None,
        "recall_of_all": _mean(after),
        "recall_served": _mean(served),
        "refreshed": len(found.refreshed),
        "taken_out": len(found.taken_out),
        "flipped": len(flipped),
        "perplexity_change": change,
        "seconds_per_fact": writing / len(told),
    }


def _fact(number: int, one: Told) -> Fact:
    return Fact(
        id=f"f-{number:04}", kind="fact", sentence=one.sentence, object=one.object, known_from=float(number + 1)
    )


def _served(weights: Memory, rest: Sequence[Fact]) -> Memory:
    """The weights, with what they do not hold told from memory."""

    def tell(prompt: Prompt) -> Prompt:
        return context.remember(prompt, rest, MemoryConfig())

    return Memory(adapter=weights.adapter, tell=tell)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
