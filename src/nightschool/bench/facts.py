"""How well facts and preferences are read from conversations whose teaching was labelled by hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nightschool import statistics
from nightschool.bench import labelled, talks
from nightschool.curate import extract, reader, signals
from nightschool.curate.reader import Read
from nightschool.curate.reconcile import reconcile
from nightschool.models.model import Model
from nightschool.records import Conversation, Json

_EMPTY = frozenset(
    re.findall(
        r"\w+", "a an the my your our is are of in on at for to and or i im no not it its user with until by from per"
    )
)
_OVERLAP = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """One thing that would be remembered or taught."""

    kind: str
    sentence: str
    object: str
    durable: bool
    scope: str


def learned(conversation: Conversation, read: Read | None = None) -> list[Learned]:
    """List what a night that sees only this conversation takes up, with what a model has read in it."""
    evidence, here = signals.read(conversation), {message.id for message in conversation.messages}
    wishes = [
        *extract.lessons(conversation, evidence),
        *(x for x in (read.lessons if read else ()) if x.source[0] in here),
    ]
    kept = reconcile(wishes, ()).kept()
    facts = [*extract.facts(conversation), *(x for x in (read.facts if read else ()) if x.source[0] in here)]
    scopes = {"everywhere": "global"}
    return [
        *(
            Learned(kind="fact", sentence=f.sentence, object=f.object, durable=f.valid_to is None, scope="global")
            for f in facts
        ),
        *(
            Learned(
                kind="preference", sentence=x.text, object="", durable=x.durable, scope=scopes.get(x.scope, x.scope)
            )
            for x in kept
        ),
    ]


def measure(file: Path, model: Model | None = None) -> Json:
    """Measure on a labelled file, by rules or with a model beside them; UserError where it is none."""
    return score(labelled.read(file, needs=("id", "messages", "expected")), model)


def score(items: Sequence[Json], model: Model | None = None) -> Json:
    """Compare what is learnt with the labels: the evidence must overlap and the object's key words be there.

    Durability counts exactly. Precision counts learned records that match a label; recall counts labels that were
    found; a trap is learned where something matches no label in an item that carries one.
    """
    right = total = found = expected = 0
    traps: Counter[str] = Counter()
    wrong: list[Json] = []
    conversations = [talks.conversation(str(item["id"]), item["messages"]) for item in items]
    read = reader.read(conversations, model) if model is not None else None
    for item, conversation in zip(items, conversations, strict=True):
        records = learned(conversation, read)
        misses = [record for record in records if not any(_matches(record, label) for label in item["expected"])]
        total, right = total + len(records), right + len(records) - len(misses)
        expected += len(item["expected"])
        found += sum(any(_matches(record, label) for record in records) for label in item["expected"])
        if misses and item.get("trap"):
            traps[item["trap"]] += 1
        wrong += [{"id": item["id"], "sentence": miss.sentence, "object": miss.object} for miss in misses]
    return {
        "precision": right / total if total else 0.0,
        "precision_interval": _interval(right, total),
        "recall": found / expected if expected else 0.0,
        "recall_interval": _interval(found, expected),
        "traps_learned": sum(traps.values()),
        "traps": dict(traps),
        "learned": total,
        "expected": expected,
        "items": len(items),
        "wrong": wrong,
    } | ({"dropped": dict(read.dropped)} if read is not None else {})


def _matches(record: Learned, label: Json) -> bool:
    if record.durable != (label["durability"] == "durable"):
        return False
    said, evidence = _words(record.sentence), _words(label["evidence"])
    overlap = len(said & evidence) >= _OVERLAP * min(len(said), len(evidence)) and bool(said & evidence)
    wanted = _words(label["object"])
    if record.kind == "preference" or not record.object:
        return overlap
    # The labels' objects are free wording, and in English whatever the language of the turn.
    there = _words(f"{record.object} {record.sentence}")
    return overlap and (bool(wanted & there) or not _words(label["evidence"]) & wanted)


def _interval(right: int, n: int) -> list[float]:
    bounds = statistics.wilson(right, n)
    return [bounds.low, bounds.high]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower().replace("'", "")) if word not in _EMPTY}
