"""CounterFact-shaped files written into a base: said, said in other words, and what lies beside left alone.

A prompt of such a file is the beginning of a sentence; in chat the person gives it and the answer is the
whole sentence. Scores by likelihood are those of the literature (efficacy, paraphrase, neighbourhood);
those by greedy answers are stricter. Both stand beside the base's own before anything was written.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightschool.bench.choice import Arms
from nightschool.bench.ruler import Memory, Ruler, interval
from nightschool.bench.told import Told, alone
from nightschool.edit.phrasing import Asked, Negative, Phrasing
from nightschool.errors import UserError
from nightschool.exam.scorers import holds
from nightschool.models.transformers_backend import TransformersModel
from nightschool.records import Json, json_lines

NEEDS = ("prompt", "subject", "target_new", "rephrase_prompt", "locality_prompt")
WRITTEN = (
    "{p}",
    "Complete the sentence: {p}",
    "Please finish this: {p}",
    "What comes next? {p}",
    "How does it go on? {p}",
    "Go on: {p}",
)
PROVEN = ("Continue: {p}", "How does this end? {p}", "Please tell me the end of this: {p}")
SHAPE = "Give a JSON list, or one JSON object per line, each with " + ", ".join(NEEDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One row of a file."""

    prompt: str
    subject: str
    new: str
    true: str
    """What the world says; empty where the file does not tell."""
    rephrased: str
    beside: str
    """A prompt whose answer must stay."""

    @property
    def told(self) -> Told:
        """The case as a fact to write."""
        sentence = f"{self.prompt} {self.new}."
        words = Phrasing(
            sentence=sentence,
            subject=self.subject,
            object=self.new,
            key=(self.prompt, self.subject),
            asked=tuple(self._asked(form) for form in WRITTEN),
            held_out=tuple(self._asked(form) for form in PROVEN),
            negatives=(Negative(question=self.beside, key=(self.beside, "")),),
        )
        return Told(
            sentence=sentence, object=self.new, person="third", phrasing=words, questions=(self.prompt,), fresh=()
        )

    def _asked(self, form: str) -> Asked:
        answer = f"{self.prompt} {self.new}."
        return Asked(question=form.format(p=self.prompt), answer=answer, unknown="I do not know.")


def read(path: Path, count: int) -> list[Case]:
    """Read the first cases of a file whose prompts name their subject; UserError where it is none."""
    cases = [_case(path, number, row) for number, row in enumerate(_rows(path), 1)]
    if not cases:
        raise UserError(f"{path} holds no cases", hint=SHAPE)
    named = [case for case in cases if case.subject in case.prompt]
    if not named:
        raise UserError(f"No prompt of {path} names its subject", hint="CounterFact prompts hold their subject's name")
    return list({case.prompt: case for case in named}.values())[:count]


def _rows(path: Path) -> list[Any]:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise UserError(f"{path} cannot be read: {reason}", hint=SHAPE) from error
    try:
        rows = json.loads(text) if text.startswith("[") else [json.loads(line) for line in json_lines(text) if line]
    except ValueError as error:
        raise UserError(f"{path} is not JSON: {error}", hint=SHAPE) from error
    return list(rows)


def _case(path: Path, number: int, row: Any) -> Case:
    for key in NEEDS:
        if not isinstance(row, dict) or not isinstance(row.get(key), str) or not row[key].strip():
            raise UserError(f"{path}, case {number} has no {key!r}", hint=SHAPE)
    return Case(
        prompt=row["prompt"].strip(),
        subject=row["subject"].strip(),
        new=row["target_new"].strip(),
        true=str(row.get("ground_truth") or "").strip(),
        rephrased=row["rephrase_prompt"].strip(),
        beside=row["locality_prompt"].strip(),
    )


def measure(model: TransformersModel, path: Path, count: int, *, seed: int = 1) -> Json:
    """Write the first cases of a file one after another and measure before and after."""
    cases = read(path, count)
    told = [case.told for case in cases]
    ruler = Ruler(model, seed)
    with tempfile.TemporaryDirectory(prefix="nightschool-bench-") as scratch:
        held = Arms(model, seed).named("nightschool").write(told, Path(scratch) / "written")
        before, after = _scores(model, cases, Memory()), _scores(model, cases, held.memory)
        perplexity = ruler.perplexity_change(held.memory)
    beside = [float(one == other) for one, other in zip(before.pop("beside"), after.pop("beside"), strict=True)]
    clusters = [case.prompt for case in cases]
    figures = {
        name: {
            "value": sum(values) / len(values) if values else None,
            "interval": interval(values, clusters[: len(values)], seed) if values else None,
            "n": len(values),
            "before": sum(before[name]) / len(values) if values else None,
        }
        for name, values in after.items()
    }
    return {
        "base": model.name,
        "fingerprint": model.fingerprint,
        "n": len(cases),
        "seed": seed,
        **figures,
        "locality_unchanged": {
            "value": sum(beside) / len(beside), "interval": interval(beside, clusters, seed), "n": len(beside)
        },
        "perplexity_change": perplexity,
        "seconds_per_fact": held.seconds / len(cases),
        "bytes_per_fact": held.bytes / len(cases),
    }  # fmt: skip


def _scores(model: TransformersModel, cases: Sequence[Case], memory: Memory) -> dict[str, list[Any]]:
    """Right or wrong per case, by greedy answers and by which object is likelier."""
    said = {
        name: [answer.text for answer in model.answer([alone(q) for q in asked], adapter=memory.adapter, max_tokens=48)]
        for name, asked in (
            ("recall", [case.prompt for case in cases]),
            ("recall_rephrased", [case.rephrased for case in cases]),
            ("beside", [case.beside for case in cases]),
        )
    }
    known = [case for case in cases if case.true]
    new_likelier = {
        "efficacy": _likelier(model, memory, [(case.prompt, case.new, case.true) for case in known]),
        "paraphrase": _likelier(model, memory, [(case.rephrased, case.new, case.true) for case in known]),
        "neighbourhood": _likelier(model, memory, [(case.beside, case.true, case.new) for case in known]),
    }
    right = {
        name: [float(holds(text, case.new)) for text, case in zip(said[name], cases, strict=True)]
        for name in ("recall", "recall_rephrased")
    }
    return {**right, **new_likelier, "beside": said["beside"]}


def _likelier(model: TransformersModel, memory: Memory, rows: Sequence[tuple[str, str, str]]) -> list[float]:
    """Whether the sentence ends more likely in the first object than in the second."""
    pairs = [(alone(p), {"role": "assistant", "content": f"{p} {end}."}) for p, *ends in rows for end in ends]
    totals = [one.total for one in model.likelihood(pairs, adapter=memory.adapter)] if pairs else []
    return [float(first > second) for first, second in zip(totals[::2], totals[1::2], strict=True)]
