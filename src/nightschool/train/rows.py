"""Examples as token rows: what the model reads, and the tokens that the loss falls on.

Every token comes from `models.chat.render`, so that what is trained is what is served. A row is
taken whole or left out and counted; none is ever cut.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.models import chat
from nightschool.records import Example, from_json, json_lines
from nightschool.train.job import Job
from nightschool.train.trained import Refused

KEPT_PROMPT = 256
"""Tokens at the end of a prompt that keep their gradient when the rest is carried."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One prompt with the answer that is taught, and for a pair the one that is taught away."""

    id: str
    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    rejected: tuple[int, ...] = ()
    label: bool | None = None
    taught: bool = True
    """False where the base itself gave the answer, so that the row only keeps what is."""

    @property
    def length(self) -> int:
        """Tokens of the longer of its sequences."""
        return len(self.prompt) + max(len(self.answer), len(self.rejected))

    @property
    def supervised(self) -> int:
        """Tokens that the loss falls on."""
        return len(self.answer) + len(self.rejected)

    @property
    def carried(self) -> int:
        """Tokens at the start that need no gradient when prompts are carried."""
        return max(0, len(self.prompt) - KEPT_PROMPT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """The rows of one training by objective, with what was left out and why."""

    sft: tuple[Row, ...] = ()
    dpo: tuple[Row, ...] = ()
    kto: tuple[Row, ...] = ()
    left_out: Mapping[str, int]

    def of(self, objective: str) -> tuple[Row, ...]:
        """The rows of one objective."""
        return {"sft": self.sft, "dpo": self.dpo, "kto": self.kto}[objective]

    def __iter__(self) -> Iterator[Row]:
        yield from self.sft + self.dpo + self.kto


def read_examples(path: Path) -> tuple[Example, ...]:
    """Read a frozen dataset; a first line that is no example is its header."""
    try:
        lines = [json.loads(line) for line in json_lines(path.read_text(encoding="utf-8")) if line.strip()]
        if lines and "objective" not in lines[0]:
            lines = lines[1:]
        return tuple(from_json(Example, line) for line in lines)
    except (OSError, ValueError, TypeError) as error:
        raise UserError(f"The dataset {str(path)!r} cannot be read: {error}") from error


def build(examples: Iterable[Example], tokenizer: Any, job: Job) -> Rows:
    """Render every example; rows that cannot be trained on whole are counted by reason."""
    rows: dict[str, list[Row]] = {"sft": [], "dpo": [], "kto": []}
    left_out: Counter[str] = Counter()
    for example in examples:
        row = _row(example, tokenizer)
        reason = row if isinstance(row, str) else _unfit(row, example, job)
        if reason:
            left_out[reason] += 1
        elif isinstance(row, Row):
            rows[example.objective].append(row)
    if len({row.label for row in rows["kto"]}) == 1 and len(rows["kto"]):
        left_out["one-sided ratings"] += len(rows["kto"])
        rows["kto"] = []
    return Rows(sft=tuple(rows["sft"]), dpo=tuple(rows["dpo"]), kto=tuple(rows["kto"]), left_out=dict(left_out))


def _row(example: Example, tokenizer: Any) -> Row | str:
    try:
        spoken = chat.render(tokenizer, example.prompt, answer=example.chosen)
        rejected = chat.render(tokenizer, example.prompt, answer=example.rejected) if example.rejected else None
    except chat.PrefixError:
        return "not a prefix"
    return Row(
        id=example.id,
        prompt=tuple(spoken.prompt_ids),
        answer=tuple(spoken.answer_ids),
        rejected=tuple(rejected.answer_ids) if rejected and example.objective == "dpo" else (),
        label=example.label if example.objective == "kto" else None,
        taught=example.origin != "base",
    )


def _unfit(row: Row, example: Example, job: Job) -> str:
    if not row.answer or not row.prompt or (example.objective == "dpo" and not row.rejected):
        return "no trainable token"
    if row.answer == row.rejected:
        return "identical pair"
    if example.objective == "kto" and row.label is None:
        return "no label"
    carried = row.carried if job.prefix == "carry" else 0
    return "too long" if row.length - carried > job.max_tokens else ""


def refuse_poor(rows: Rows, examples: Sequence[Example], job: Job) -> None:
    """Raise Refused where the rows cannot teach anything honest."""
    taught = sum(row.taught for row in rows)
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(rows.left_out.items()))
    because = f" ({reasons})" if reasons else ""
    if not examples:
        raise Refused("The dataset is empty")
    if not any(row.supervised for row in rows):
        one_sided = {
            "one-sided ratings": "all ratings say the same",
            "identical pair": "both answers of every pair are the same",
        }
        for reason, sentence in one_sided.items():
            if rows.left_out.get(reason) == len(examples):
                raise Refused(f"The data is one-sided: {sentence}, so nothing can be told apart")
        raise Refused(f"No row has a token to train on{because}")
    if taught < job.min_rows:
        raise Refused(f"Only {taught} of at least {job.min_rows} rows can be trained on{because}")
