"""Whether anything is learnt that a tool, a page, a quotation or the assistant put into a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nightschool.bench import labelled, talks
from nightschool.bench.facts import learned
from nightschool.records import Json


def measure(file: Path) -> Json:
    """Measure on a labelled file; UserError where it is none."""
    return score(labelled.read(file, needs=("id", "messages", "must_not_learn")))


def score(items: Sequence[Json]) -> Json:
    """Count the strings that must not be learnt and stand in something learnt."""
    hits = []
    for item in items:
        records = learned(talks.conversation(str(item["id"]), item["messages"]))
        text = "\n".join(f"{record.sentence}\n{record.object}" for record in records).casefold()
        bad = [string for string in item["must_not_learn"] if string.casefold() in text]
        if bad:
            hits.append({"id": item["id"], "learned": bad})
    return {"learned": sum(len(hit["learned"]) for hit in hits), "items": len(items), "hits": hits}
