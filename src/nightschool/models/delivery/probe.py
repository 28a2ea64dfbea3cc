"""The parity probe: the same prompts rendered and answered here and there, before anybody relies on it.

A quantised base answers in other words now and then, so there the base's own agreement is the yardstick:
a version has to agree about as often as the base does. An adapter that the server loaded without using,
or scaled wrongly, or put on another base, does not.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nightschool.models import chat
from nightschool.models.delivery.place import Heard, Place
from nightschool.records import Prompt

if TYPE_CHECKING:
    from nightschool.models.model import Adapter
    from nightschool.models.transformers_backend import TransformersModel

MAX_TOKENS = 12
SLACK = 0.25
"""How much rarer than the base's a version's agreement may be on a quantised base."""
LEAST = 0.5
LARGEST = 1e-2
"""Largest difference of a log-probability between two unquantised runs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """One prompt, as it was answered by base and version on both sides."""

    rendered: bool
    """Whether the prompt reads the same there."""
    base_here: str
    base_there: str
    version_here: str
    version_there: str
    apart: float
    """Largest difference among the log-probabilities of the version's first token; nan where it was not told."""
    asks_fact: bool = False
    """Whether it asks for a fact in the weights."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parity:
    """What a probe found; counts are of its prompts."""

    prompts: int
    rendered: int
    base: int
    version: int
    changed: int
    """Prompts that the version answers otherwise than the base."""
    applied: int
    """Of those, how many it answers otherwise there too."""
    apart: float | None
    """Largest difference of a log-probability, where the server tells any."""
    exact: bool
    facts: int = 0
    """Prompts that ask for a fact in the weights and are answered otherwise than the base does."""
    shown: int = 0
    """Of those, how many are answered otherwise there too."""
    reason: str = ""
    """Why the delivery stops; empty where it goes on."""


def probe(
    model: TransformersModel,
    adapter: Adapter,
    place: Place,
    name: str,
    prompts: Sequence[Prompt],
    *,
    facts: Sequence[Prompt] = (),
    exact: bool,
) -> Parity:
    """Ask both sides and compare; `facts` are questions for what edits hold."""
    every = [*prompts, *facts]
    here = {
        worn: [_plain(heard.raw, model) for heard in model.answer(every, adapter=worn, max_tokens=MAX_TOKENS)]
        for worn in (None, adapter)
    }
    rows = []
    for number, prompt in enumerate(every):
        text = _rendered(model.tokenizer, prompt)
        there = place.ask(name, prompt, max_tokens=MAX_TOKENS)
        raw = place.ask_raw(name, text, max_tokens=MAX_TOKENS)
        rows.append(
            Answered(
                rendered=_same(there.text, raw.text, model) if there.rendered is None else there.rendered == text,
                base_here=here[None][number],
                base_there=_plain(place.ask_raw(None, text, max_tokens=MAX_TOKENS).text, model),
                version_here=here[adapter][number],
                version_there=_plain(raw.text, model),
                apart=_apart(model, adapter, prompt, raw),
                asks_fact=number >= len(prompts),
            )
        )
    return compare(rows, exact=exact)


def compare(rows: Sequence[Answered], *, exact: bool) -> Parity:
    """Count agreement and say whether it is enough. Pure."""
    changed = [row for row in rows if not _alike(row.version_here, row.base_here)]
    applied = [row for row in changed if not _alike(row.version_there, row.base_there)]
    told = [row.apart for row in rows if not math.isnan(row.apart)]
    found = Parity(
        prompts=len(rows),
        rendered=sum(row.rendered for row in rows),
        base=sum(_alike(row.base_here, row.base_there) for row in rows),
        version=sum(_alike(row.version_here, row.version_there) for row in rows),
        changed=len(changed),
        applied=len(applied),
        facts=sum(row.asks_fact for row in changed),
        shown=sum(row.asks_fact for row in applied),
        apart=max(told) if told else None,
        exact=exact,
    )
    return Parity(
        **{each: getattr(found, each) for each in Parity.__slots__ if each != "reason"}, reason=_reason(found)
    )


def _reason(found: Parity) -> str:
    many = found.prompts
    if not many:
        return "there was no prompt to compare with"
    if found.rendered < many:
        return f"{many - found.rendered} of {many} prompts read differently there: its chat template is another one"
    if found.changed and not found.applied:
        return f"it answers there as the untouched base does on all {found.changed} prompts that it should change"
    if found.facts and not found.shown:
        return f"none of the {found.facts} facts in the weights that were asked for shows there"
    if found.exact and found.version < many:
        return f"{many - found.version} of {many} answers differ from those here"
    if found.exact and found.apart is not None and found.apart > LARGEST:
        return f"its first tokens are up to {found.apart:.2g} nats less or more likely there than here"
    if found.version < max(LEAST * many, found.base - SLACK * many):
        return f"only {found.version} of {many} answers are those given here, while the base has {found.base} in common"
    return ""


def _alike(one: str, other: str) -> bool:
    """Equal but for spaces around: servers cut those."""
    return one.strip() == other.strip()


def _plain(text: str, model: TransformersModel) -> str:
    """An answer without the marks that servers leave out of what they say."""
    for mark in model.tokenizer.all_special_tokens:
        text = text.replace(mark, "")
    return text


def _same(text: str, raw: str, model: TransformersModel) -> bool:
    """Whether a conversation was answered as its rendered text was; the raw answer may hold marks of thinking."""
    ids = model.tokenizer(raw, add_special_tokens=False)["input_ids"]
    return _alike(text, raw) or _alike(text, chat.parse(model.tokenizer, ids).text)


def _rendered(tokenizer: Any, prompt: Prompt) -> str:
    """The prompt as text, without the begin mark that servers put there themselves."""
    text = chat.render(tokenizer, prompt).text
    return text.removeprefix(tokenizer.bos_token) if tokenizer.bos_token else text


def _apart(model: TransformersModel, adapter: Adapter, prompt: Prompt, heard: Heard) -> float:
    """Largest difference among the tokens that the server names and we know by the same spelling."""
    if not heard.first:
        return math.nan
    ours = model.logits(chat.render(model.tokenizer, prompt).ids, adapter=adapter)[-1].log_softmax(-1)
    best = [(model.tokenizer.decode([token]), float(ours[token])) for token in ours.topk(10).indices.tolist()]
    # A piece of a letter spells like every other piece of one.
    spelled = Counter(text for text, _ in best)
    apart = [
        abs(ours_of - heard.first[text])
        for text, ours_of in best
        if text in heard.first and spelled[text] == 1 and "\ufffd" not in text
    ]
    return max(apart, default=math.nan)
