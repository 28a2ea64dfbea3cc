"""The last look at rows before they are frozen: secrets, what is too close to the exam, duplicates, length.

Every row that does not pass is counted under its reason; none is mended or cut, save that a long system prompt is
replaced by its short form.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from nightschool import redact, rules
from nightschool.config import TrainConfig
from nightschool.curate import extract
from nightschool.memory.context import HEADING
from nightschool.models.model import Model
from nightschool.records import Conversation, Example, Json, Prompt
from nightschool.redact.found import MARK
from nightschool.turns import final_answer, turns

GRAM = 13
"""Words in a row shared with the exam that count as the same text."""
NEAR = 0.8
NEAR_WORDS = 20
"""Shorter texts are duplicates only when they are equal."""


class Exam:
    """What the exam will ask: questions to be known again, whole or by thirteen words in a row."""

    def __init__(self, conversations: Iterable[Conversation], held_out: frozenset[str], probes: frozenset[str]) -> None:
        self.questions: set[str] = set()
        self.grams: set[tuple[str, ...]] = set()
        for conversation in conversations:
            for turn in turns(conversation):
                if conversation.id in held_out or turn.id in probes:
                    answer = final_answer(turn)
                    self.questions.add(_asking(turn.messages[0].text, answer.text if answer else ""))
                    self.grams |= grams(f"{turn.messages[0].text}\n{answer.text if answer else ''}")

    def asks(self, question: str, answer: str = "") -> bool:
        """Tell whether a question stands in the exam."""
        return _asking(question, answer) in self.questions

    def close(self, row: Example) -> bool:
        """Tell whether a row would teach what the exam asks."""
        question, said = question_of(row.prompt), [_text(row.chosen), _text(row.rejected or {})]
        return any(
            self.asks(question, text) or not self.grams.isdisjoint(grams(f"{question}\n{text}")) for text in said
        )


def _asking(question: str, answer: str) -> str:
    """What makes a question the same one: its words, or with its answer where it says nothing alone: `No. In miles.`"""
    alone = rules.is_request(question) and extract.wish_in(question) is None
    return normal(question) if alone else f"{normal(question)} = {normal(answer)}"


def normal(text: str) -> str:
    """A text without case, marks and spaces that do not matter."""
    return " ".join(re.findall(r"\w+", text.lower()))


def grams(text: str) -> set[tuple[str, ...]]:
    """Every run of thirteen words."""
    words = normal(text).split()
    return {tuple(words[start : start + GRAM]) for start in range(len(words) - GRAM + 1)}


def question_of(prompt: Prompt) -> str:
    """What the person said last."""
    return next((str(m.get("content") or "") for m in reversed(prompt.messages) if m.get("role") == "user"), "")


def private(row: Example) -> str:
    """Why a row must not be trained on: `secret`, `contact`, or nothing.

    A mark left by redaction may stand in a prompt, but is never something to learn to say.
    """
    targets = [_text(row.chosen), _text(row.rejected or {})]
    reasons = [_scan(text) for text in (*(_text(message) for message in row.prompt.messages), *targets)]
    if "secret" in reasons or any(MARK.search(text) for text in targets):
        return "secret"
    return "contact" if "contact" in reasons else ""


@functools.lru_cache(maxsize=4096)
def _scan(text: str) -> str:
    # The same system prompt stands in hundreds of rows.
    bare = MARK.sub("", text)
    found = redact.redact(bare).found
    if any(not one.contact for one in found):
        return "secret"
    if found:
        return "contact"
    return "" if redact.is_clean(bare) else "secret"


def distinct(rows: Sequence[Example], left_out: Counter[str]) -> list[Example]:
    """Drop rows that teach the same again: equal ones, and long ones that are nearly equal."""
    from datasketch import MinHash, MinHashLSH

    seen: set[tuple[str, ...]] = set()
    near = {objective: MinHashLSH(threshold=NEAR, num_perm=64) for objective in ("sft", "dpo", "kto")}
    kept = []
    for row in rows:
        texts = (normal(question_of(row.prompt)), normal(_text(row.chosen)), normal(_text(row.rejected or {})))
        words = " ".join(texts).split()
        key = (row.objective, *texts)
        signature = None
        if len(words) >= NEAR_WORDS:
            signature = MinHash(num_perm=64)
            signature.update_batch([" ".join(words[i : i + 3]).encode() for i in range(len(words) - 2)])
        if key in seen or (signature is not None and near[row.objective].query(signature)):
            left_out["duplicate"] += 1
            continue
        seen.add(key)
        if signature is not None:
            near[row.objective].insert(row.id, signature)
        kept.append(row)
    return kept


def screened(rows: Iterable[Example], exam: Exam, left_out: Counter[str]) -> list[Example]:
    """Drop what is private or too close to the exam."""
    kept = []
    for row in rows:
        reason = "too close to the exam" if exam.close(row) else private(row)
        if reason:
            left_out[reason] += 1
        else:
            kept.append(row)
    return kept


def fitted(rows: Iterable[Example], model: Model, config: TrainConfig, left_out: Counter[str]) -> list[Example]:
    """Put long system prompts in their short form and drop what is still too long; nothing is ever cut."""
    kept = []
    for row in rows:
        short = shortened(row, model, config)
        longest = max(model.count_tokens(short.prompt, answer) for answer in (short.chosen, short.rejected) if answer)
        if longest > config.max_tokens:
            left_out["too long"] += 1
        else:
            kept.append(short)
    return kept


def shortened(row: Example, model: Model, config: TrainConfig) -> Example:
    """Replace a long system prompt by its first paragraph and the tools' names; a memory block stays."""
    first = row.prompt.messages[0] if row.prompt.messages else {}
    head = Prompt(messages=({"role": "system", "content": first.get("content")}, {"role": "user", "content": ""}))
    prompt = row.prompt
    if first.get("role") == "system" and model.count_tokens(head) > config.short_prefix_tokens:
        text, mark, block = str(first.get("content") or "").partition(HEADING)
        names = ", ".join(str(tool.get("function", tool).get("name", "")) for tool in prompt.tools)
        parts = [text.strip().split("\n\n")[0].strip(), f"Tools: {names}" if names else "", mark + block]
        system = {**first, "content": "\n\n".join(filter(None, parts))}
        prompt = Prompt(messages=(system, *prompt.messages[1:]), tools=prompt.tools)
    if (
        prompt.tools
        and model.count_tokens(Prompt(messages=head.messages[1:], tools=prompt.tools)) > config.short_prefix_tokens
    ):
        prompt = dataclasses.replace(prompt, tools=_called(row))
    return row if prompt is row.prompt else dataclasses.replace(row, prompt=prompt)


def _called(row: Example) -> tuple[Json, ...]:
    """The tools that a row really calls; the others' names stand in the short form."""
    called = {
        str(call.get("function", call).get("name"))
        for message in (*row.prompt.messages, row.chosen, row.rejected or {})
        for call in message.get("tool_calls") or ()
    }
    return tuple(tool for tool in row.prompt.tools if tool.get("function", tool).get("name") in called)


def _text(message: Json) -> str:
    """All that a message says, the arguments of its calls included."""
    said = [str(message.get("content") or "")]
    for call in message.get("tool_calls") or ():
        function = call.get("function", call)
        said += [str(function.get("name", "")), *_leaves(function.get("arguments"))]
    return "\n".join(piece for piece in said if piece)


def _leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [] if value is None else [str(value)]
