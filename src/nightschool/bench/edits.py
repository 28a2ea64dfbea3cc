"""Facts told one after another: what is recalled of them, what else changes, and what each costs, arm by arm.

Small memories are measured several times on different facts, so that the figure after one fact does
not hang on that fact. All figures are of greedy chat answers with nothing in the context but what the
arm itself puts there.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nightschool.bench import slept as night
from nightschool.bench.arms import Arm, Changing, Written
from nightschool.bench.choice import CLOSED, CONSOLIDATED, Arms, check
from nightschool.bench.ruler import Ruler, interval
from nightschool.bench.told import Told, tell
from nightschool.edit.ground import Ground
from nightschool.models.transformers_backend import TransformersModel
from nightschool.records import Json

SIZES = (1, 10, 30)
"""Of the default; 100 and 300 take as many more values to be searched for."""
ARMS = ("nightschool", "context")
FACTS = 30
"""Fewest facts that a figure rests on, where an arm can afford them."""
ASKED = 240
"""Questions about the world, and near the facts, in all trials of a size together."""
LEAST = 20
CLOSELY = 3
"""Trials of a size that perplexity and other circumstances are measured on."""
FORGOTTEN = 0.1
REVISED = 60
"""Most facts that are all revised: each takes a value of its own."""

Advance = Callable[[str], None]
"""Told what is being measured."""


def measure(
    model: TransformersModel,
    *,
    seeds: Sequence[int] = (1,),
    sizes: Sequence[int] = SIZES,
    arms: Sequence[str] = ARMS,
    skill: Path | None = None,
    slept: Sequence[int] = (),
    advance: Advance = lambda what: None,
) -> Json:
    """Measure every arm at every size under every seed, all of them over the same skill adapter where one is given.

    `slept` are numbers of facts over which the product's own editor sleeps one night.
    """
    check(arms)
    rows, nights = [], []
    laid: Ground | None = None  # what edits stand on is the same for all seeds
    for seed in seeds:
        advance(f"seed {seed}: asking the base")
        pool, ruler = tell(max(FACTS, *sizes, *slept), seed), Ruler(model, seed, skill=skill)
        known = Arms(model, seed, laid, skill)
        if any(name in CLOSED + CONSOLIDATED for name in arms):
            known.table.of(_needed(pool, sizes), partial(_found, advance, seed))
        with tempfile.TemporaryDirectory(prefix="nightschool-bench-") as scratch:
            for name in arms:
                arm = known.named(name)
                for n in sizes:
                    advance(f"seed {seed}: {name}, {n} facts")
                    rows.append(_row(arm, ruler, pool, n, seed, Path(scratch) / f"{name}-{n}"))
        for n in slept:
            advance(f"seed {seed}: one night over {n} facts")
            nights.append(night.measure(model, known.ground, ruler, pool[:n], seed, skill))
        laid = known.laid
    return {"base": model.name, "fingerprint": model.fingerprint, "rows": rows, "nights": nights}


def _found(advance: Advance, seed: int, done: int, of: int) -> None:
    advance(f"seed {seed}: values, {done} of {of}")


def _needed(pool: Sequence[Told], sizes: Sequence[int]) -> list[Told]:
    """The facts that closed forms will be given, and what is made of them later: found in few large batches."""
    most = max(n * _trials(30, n, len(pool)) for n in sizes)
    revised = max((n for n in sizes if 1 / FORGOTTEN <= n <= REVISED), default=0)
    return [*pool[:most], *(fact.revised for fact in pool[:revised] if fact.revised)]


def _trials(most: int, n: int, facts: int) -> int:
    return max(1, min(most, math.ceil(FACTS / n), facts // n))


def _row(arm: Arm, ruler: Ruler, pool: Sequence[Told], n: int, seed: int, folder: Path) -> Json:
    """One arm at one size: the average over its trials."""
    count = _trials(arm.trials, n, len(pool))
    trials = [pool[index * n : (index + 1) * n] for index in range(count)]
    written = [arm.write(facts, folder / str(index)) for index, facts in enumerate(trials)]
    each = max(LEAST, ASKED // count)
    recall: list[float] = []
    world: list[float] = []
    fired: list[float] = []
    near: list[float] = []
    for index, (facts, held) in enumerate(zip(trials, written, strict=True)):
        ruler.gather(facts, held.memory, each, offset=index)
        recall += ruler.recall(facts, held.memory)
        world += ruler.world(each, held.memory, offset=index)
        wrong, same = ruler.negatives(facts, held.memory, each)
        fired, near = fired + wrong, near + same
    facts = [fact for trial in trials for fact in trial]
    perplexity = [ruler.perplexity_change(held.memory) for held in written[:CLOSELY]]
    return {
        "arm": arm.name,
        "n": n,
        "seed": seed,
        "recall": _mean(recall),
        "recall_ci": interval(recall, [fact.sentence for fact in facts], seed),
        "world_unchanged": _mean(world),
        "world_unchanged_ci": interval(world, [str(number) for number in range(len(world))], seed),
        "perplexity_change": _mean(perplexity),
        "kl_to_base": _mean([ruler.divergence(held.memory) for held in written[:CLOSELY]]),
        "false_fire": _mean(fired),
        "near_unchanged": _mean(near),
        "seconds_per_fact": sum(held.seconds for held in written) / len(facts),
        "bytes_per_fact": sum(held.bytes for held in written) / len(facts),
        "proven": sum(held.proven or 0 for held in written) / len(facts) if written[0].proven is not None else None,
        "released": sum(held.released for held in written) if written[0].released is not None else None,
        "facts": len(facts),
        "trials": count,
        "world_questions": len(world),
        "near_questions": len(fired),
        **_persons(facts, recall),
        **_circumstances(ruler, trials, written),
        **_afterwards(ruler, trials[0], written[0]),
        **_changes(arm, ruler, trials[0], written[0], folder),
    }


def _persons(facts: Sequence[Told], recall: Sequence[float]) -> Json:
    pairs = list(zip(facts, recall, strict=True))
    return {
        f"recall_{person}_person": _mean([share for fact, share in pairs if fact.person == person])
        for person in ("first", "third")
    }


def _circumstances(ruler: Ruler, trials: Sequence[Sequence[Told]], written: Sequence[Written]) -> Json:
    found = [
        ruler.circumstances(facts, held.memory) for facts, held in zip(trials[:CLOSELY], written[:CLOSELY], strict=True)
    ]
    return {name: _mean([one[name] for one in found]) for name in found[0]}


def _afterwards(ruler: Ruler, facts: Sequence[Told], held: Written) -> Json:
    """Recall in the next conversation; the same where what was written stays."""
    after = held.after or held.memory
    return {"recall_next_conversation": _mean(ruler.recall(facts[:FACTS], after))}


def _changes(arm: Arm, ruler: Ruler, facts: Sequence[Told], held: Written, folder: Path) -> Json:
    """What holds after a tenth was forgotten, and after every fact was revised; None where an arm cannot.

    More than `REVISED` facts are not revised.
    """
    names = ("recall_after_forgetting", "forgotten_recall", "forgotten_difference", "recall_revised", "old_said")
    if not isinstance(arm, Changing) or len(facts) < 1 / FORGOTTEN:
        return dict.fromkeys(names)
    gone = facts[:: round(1 / FORGOTTEN)]
    kept = [fact for fact in facts if fact not in gone]
    less, difference = arm.forget(facts, gone, folder / "forgotten")
    found: Json = dict.fromkeys(names) | {
        "recall_after_forgetting": _mean(ruler.recall(kept, less.memory)),
        "forgotten_recall": _mean(ruler.recall(gone, less.memory)),
        "forgotten_difference": difference,
    }
    if len(facts) <= REVISED:
        later = [fact.revised for fact in facts if fact.revised]
        new = arm.revise(facts, folder / "revised")
        before = [fact for fact in facts if fact.revised]
        found["recall_revised"] = _mean(ruler.recall(later, new.memory))
        found["old_said"] = _mean(ruler.recall(before, new.memory))
    return found


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
