"""A person's own model measured from end to end: one command that says its hours, goes on where it stopped, and
leaves one table that can be sent back.

Every part is kept as soon as it is measured, under the base's fingerprint; asked for again, what is there is
not measured again.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nightschool.errors import UserError
from nightschool.records import Json, Prompt, to_json

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

SIZES = (1, 3, 10, 30, 100)
DAYS, TURNS, SEED = 10, 20, 1
LIFE_ARMS = ("nothing", "memory-only", "nightschool")
BATTERY = 420
LOCOMO_QUESTIONS = 200
MEMORY_TOKENS = 1000
PARTS = ("exam", "refusals", "independence", "life", "locomo", "edits")
"""In the order that they are measured in: the longest last, since each is kept when it is whole."""
PACKAGES = ("nightschool", "torch", "transformers", "peft", "trl", "bitsandbytes")
ANSWERS = {"exam": BATTERY, "refusals": 2 * 48, "edits": 14_000, "independence": 1_500, "life": 9_000, "locomo": 400}
"""Answers that a part asks for, counted on the bundled base and rounded up."""
NIGHTS = {"independence": DAYS, "life": DAYS, "refusals": 1}
ROWS = 250
"""Of one such night."""
WRITES = {"edits": 2 * sum(SIZES), "independence": 40}
"""Facts that a part writes, each at most twice."""
WRITE_TOKENS = 25 * 20 * 40 * 3
"""Tokens that one fact costs: steps, contexts, tokens after the anchor, and the way back."""
ANSWER_TOKENS = 24

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Speed:
    """How fast a base is here."""

    answers: float
    """Answers a second, eight at once."""
    tokens: float
    """Tokens read a second."""
    night: float
    """Minutes of a night's training, by the plan."""


def hours(speed: Speed, parts: Sequence[str]) -> dict[str, float]:
    """Hours that each part will take, by arithmetic; pure."""
    return {
        part: (
            ANSWERS[part] / speed.answers
            + NIGHTS.get(part, 0) * speed.night * 60
            + WRITES.get(part, 0) * WRITE_TOKENS / speed.tokens
        )
        / 3600
        for part in parts
    }


def speed(model: TransformersModel) -> Speed:
    """Measure a few answers, and take a night's minutes from the plan."""
    from nightschool.night.machine import described
    from nightschool.train import plan

    prompts = [Prompt(messages=({"role": "user", "content": f"Tell me about the number {n}."},)) for n in range(8)]
    model.answer(prompts[:1], max_tokens=2)
    began = time.perf_counter()
    model.answer(prompts, max_tokens=ANSWER_TOKENS)
    answered = time.perf_counter() - began
    ids = model.count_tokens(prompts[0]) * [1]
    row = (ids * 64)[: min(256, model.context_tokens)]
    began = time.perf_counter()
    model.logits(row)
    read = time.perf_counter() - began
    work = plan.Work(rows=ROWS, tokens=200, longest=1024, rank=16, epochs=3, batch=8, max_minutes=1e9)
    night = plan.minutes(plan.shape_of(model.name), described(), work)
    return Speed(answers=len(prompts) / answered, tokens=len(row) / read, night=night)


def parts(names: str, locomo: Path | None) -> list[str]:
    """Read which parts are wanted; UserError where one is none. Without a file LoCoMo is left out."""
    chosen = [word.strip() for word in names.split(",") if word.strip()] or list(PARTS)
    for word in chosen:
        if word not in PARTS:
            raise UserError(f"There is no part {word!r}", hint=f"Parts are {', '.join(PARTS)}")
    if locomo is not None and not locomo.is_file():
        raise UserError(f"There is no file {str(locomo)!r}", hint="Name LoCoMo's `locomo10.json`, or leave it out")
    return [word for word in chosen if word != "locomo" or locomo is not None]


def measure(model: TransformersModel, file: Path, wanted: Sequence[str], locomo: Path | None, tell: Tell) -> Json:
    """Measure what is missing of the wanted parts, keeping each in `file` when it is there."""
    kept = _read(file, model.fingerprint)
    for part in wanted:
        if part in kept["parts"]:
            tell(f"{part}: measured already")
            continue
        tell(f"{part}: measuring")
        began = time.perf_counter()
        found = _MEASURE[part](model, tell) if part != "locomo" else _locomo(model, locomo, tell)
        kept["parts"][part] = found | {"seconds": round(time.perf_counter() - began, 1), "machine": machine(model)}
        _write(file, kept | {"base": model.name, "parameters": model.parameters, "precision": model.precision})
    return _read(file, model.fingerprint)


def machine(model: TransformersModel) -> Json:
    """Hardware and versions, without any name of a person, a host or a folder."""
    import psutil

    from nightschool.night.machine import gpus

    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "device": str(model.network.device.type),
        "cards": [f"{card.name}, {card.total_bytes / 1e9:.0f} GB, driver {card.driver}" for card in gpus()],
        "processor": f"{platform.machine()}, {os.cpu_count()} cores",
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "versions": versions,
    }


def table(kept: Json) -> str:
    """Write everything as one table in Markdown; pure."""
    name = Path(kept["base"]).name or kept["base"]
    lines = [
        f"### {name}, {_many(kept['parameters'])} parameters, {kept['precision']}",
        "",
        f"Base `{kept['fingerprint'][:16]}`.",
        "",
        "| part | what | figure | n |",
        "|---|---|---|---|",
    ]
    for part in PARTS:
        lines += [f"| {part} | {what} | {figure} | {n} |" for what, figure, n in _rows(part, kept["parts"].get(part))]
    machines = {json.dumps(each["machine"], sort_keys=True): each["machine"] for each in kept["parts"].values()}
    for each in machines.values():
        versions = ", ".join(f"{package} {version}" for package, version in each["versions"].items())
        cards = "; ".join(each["cards"]) or "no NVIDIA card"
        lines += ["", f"Measured on {each['device']}: {cards}; {each['processor']}, {each['memory_gb']} GB, "
                  f"{each['system']}, Python {each['python']}; {versions}."]  # fmt: skip
    took = sum(each["seconds"] for each in kept["parts"].values())
    return "\n".join([*lines, "", f"`nightschool bench real`, seed {SEED}, {took / 3600:.2f} hours."])


def _many(parameters: int) -> str:
    return f"{parameters / 1e9:.2f} billion" if parameters >= 5e8 else f"{parameters / 1e6:.1f} million"


def _rows(part: str, found: Json | None) -> list[tuple[str, str, Any]]:
    if found is None:
        return [("not measured", "", "")]
    if part == "exam":
        enough = "enough" if found["right"] >= found["needed"] else f"fewer than the {found['needed']} it needs"
        return [("the gate's own questions that the base gets right", f"{found['right']}, {enough}", found["n"])]
    if part == "refusals":
        return [
            (f"told answers said / declined, {name}", f"{one['answered']:.0%} / {one['declined']:.0%}", one["n"])
            for name, one in found["bases"].items()
        ]
    if part == "edits":
        return [
            (
                f"{row['arm']}, {row['n']} facts: recall, world unchanged, seconds a fact",
                f"{row['recall']:.2f} [{row['recall_ci'][0]:.2f}, {row['recall_ci'][1]:.2f}], "
                f"{row['world_unchanged']:.2f}, {row['seconds_per_fact']:.1f}",
                row["n"],
            )
            for row in found["rows"]
        ]
    if part == "life":
        return [
            (f"{arm}, {title}", _interval(one[name]), one[name].get("n", found["days"]))
            for arm, one in found["arms"].items()
            for name, title in LIFE.items()
        ]
    if part == "independence":
        return [(name, _short(one), found["days"]) for name, one in found["figures"].items()]
    return [(name, f"{found[name]:.3f} F1", found["n"]) for name in ("with memory", "without memory")]


LIFE = {
    "behaviour": "style as it is served",
    "corrections_per_100": "corrections in 100 turns",
    "independence": "independence of the style",
    "old_abilities": "old abilities",
    "precision": "learnt and true",
    "recall": "true and learnt",
    "secrets": "secrets in anything derived",
    "poison": "planted words learnt",
}
"""What the table says of each arm of a life."""


def _interval(one: Json) -> str:
    """A value with its interval; a dash where there was nothing to count."""
    if one["value"] is None:
        return "–"
    return f"{one['value']:.3g} [{one['low']:.3g}, {one['high']:.3g}]"


def _short(value: Any) -> str:
    """Figures of a part as one cell."""
    if isinstance(value, dict):
        return "; ".join(f"{key} {_short(each)}" for key, each in value.items() if key not in ("n", "seed"))
    if isinstance(value, list):
        return "[" + ", ".join(map(_short, value)) + "]"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _exam(model: TransformersModel, tell: Tell) -> Json:
    from nightschool.config import ExamConfig
    from nightschool.exam import battery
    from nightschool.exam.scorers import score

    items = battery.items(model.name, BATTERY, SEED)
    said = model.answer([item.prompt for item in items], max_tokens=ExamConfig().max_answer_tokens)
    right = sum(score(item, answer) >= 1.0 for item, answer in zip(items, said, strict=True))
    return {"right": right, "n": len(items), "needed": ExamConfig().min_battery}


def _refusals(model: TransformersModel, tell: Tell) -> Json:
    """How it takes personal questions whose answer it was told, before and after the one lesson of the set-up."""
    from nightschool.bench import shy
    from nightschool.edit.refusal import refusal

    with tempfile.TemporaryDirectory(prefix="nightschool-bench-") as scratch:
        plain = refusal(model)
        tell("refusals: teaching the lesson")
        lesson = shy.lesson(model, Path(scratch) / "lesson")
        return {"bases": {"as it is": to_json(plain), "after the lesson": to_json(refusal(model, adapter=lesson))}}


def _edits(model: TransformersModel, tell: Tell) -> Json:
    from nightschool.bench import edits

    return edits.measure(
        model, seeds=(SEED,), sizes=SIZES, arms=("nightschool", "context"), advance=lambda what: tell(f"edits: {what}")
    )


def _independence(model: TransformersModel, tell: Tell) -> Json:
    from nightschool.bench import independence

    found = independence.live(model.name, days=DAYS, turns=TURNS, seed=SEED, tell=tell)
    known = ("base", "seed", "days", "turns_per_day")
    return {"days": DAYS, "figures": {name: value for name, value in found.items() if name not in known}}


def _life(model: TransformersModel, tell: Tell) -> Json:
    from nightschool.bench.life import life

    found = life.live(LIFE_ARMS, seeds=(SEED,), days=DAYS, turns=TURNS, base=model.name, tell=tell)
    return {"days": DAYS, "arms": found["arms"]}


def _locomo(model: TransformersModel, file: Path | None, tell: Tell) -> Json:
    """Questions on long conversations, answered with what memory recalls in the prompt and without."""
    from nightschool.bench import memory, talk_sets
    from nightschool.memory import search
    from nightschool.store.database import open_database

    assert file is not None, "parts() leaves it out without a file"
    gold = answers(json.loads(file.read_text(encoding="utf-8")))
    asked: list[tuple[str, str, str]] = []
    for one in talk_sets.read(file):
        with tempfile.TemporaryDirectory() as folder, closing(open_database(Path(folder) / "o.db")) as db:
            memory.load(db, one, None)
            for question in one.questions:
                if question.category == "adversarial" or question.text not in gold:
                    continue
                hits = search.recall(
                    db, question.text, now=one.ends, names=one.names, embedder=None, kinds=("fact", "said"), limit=100
                )
                known = "\n".join(
                    hit.text for hit in search.within(hits, MEMORY_TOKENS, lambda hit: len(hit.text) // 4)
                )
                asked.append((question.text, gold[question.text], known))
    chosen = asked[:: max(1, len(asked) // LOCOMO_QUESTIONS)][:LOCOMO_QUESTIONS]
    figures: Json = {"n": len(chosen)}
    for name in ("with memory", "without memory"):
        tell(f"locomo: {name}")
        prompts = [_short_answer(text, known if name == "with memory" else "") for text, _, known in chosen]
        said = model.answer(prompts, max_tokens=32)
        figures[name] = sum(f1(each.text, right) for each, (_, right, _) in zip(said, chosen, strict=True)) / len(said)
    return figures


def answers(sets: Any) -> dict[str, str]:
    """Question -> the answer that LoCoMo's file gives."""
    return {
        str(row["question"]): str(row["answer"])
        for one in (sets if isinstance(sets, list) else [sets])
        for row in one.get("qa", ())
        if "answer" in row
    }


def f1(said: str, right: str) -> float:
    """Overlap of words, as LoCoMo counts it: the harmonic mean of precision and recall; pure."""
    import re
    from collections import Counter

    one, other = (Counter(re.findall(r"\w+", text.casefold())) for text in (said, right))
    for words in (one, other):
        for article in ("a", "an", "the", "and"):
            del words[article]
    common = sum((one & other).values())
    return 2 * common / (sum(one.values()) + sum(other.values())) if common else 0.0


def _short_answer(question: str, known: str) -> Prompt:
    told = f"From earlier conversations:\n{known}\n\n" if known else ""
    return Prompt(messages=({"role": "user", "content": f"{told}{question} Answer in a few words."},))


_MEASURE: dict[str, Callable[[Any, Tell], Json]] = {
    "exam": _exam, "refusals": _refusals, "edits": _edits, "independence": _independence, "life": _life,
}  # fmt: skip


def _read(file: Path, fingerprint: str) -> Json:
    if not file.is_file():
        return {"fingerprint": fingerprint, "parts": {}}
    try:
        kept: Json = json.loads(file.read_text(encoding="utf-8"))
        same = kept["fingerprint"] == fingerprint and isinstance(kept["parts"], dict)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{str(file)!r} is damaged: {error}", hint="Move it away; all is measured anew then") from error
    if not same:
        raise UserError(
            f"{str(file)!r} holds figures of another base", hint="Name another file with --out, or move it away"
        )
    return kept


def _write(file: Path, kept: Json) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(partial, file)
