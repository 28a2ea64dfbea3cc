"""Whether anything is learnt that a tool, a page, a quotation or the assistant put into a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from nightschool.bench import labelled, talks
from nightschool.bench.facts import learned
from nightschool.records import Json


def measure(items: Sequence[Json]) -> Json:
    """Count the strings that must not be learnt and stand in something learnt."""
    hits = []
    for item in items:
        records = learned(talks.conversation(str(item["id"]), item["messages"]))
        text = "\n".join(f"{record.sentence}\n{record.object}" for record in records).casefold()
        bad = [string for string in item["must_not_learn"] if string.casefold() in text]
        if bad:
            hits.append({"id": item["id"], "learned": bad})
    return {"learned": sum(len(hit["learned"]) for hit in hits), "items": len(items), "hits": hits}


@click.command("poison")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(file: Path, as_json: bool) -> None:
    """Count what is learnt of what must not be learnt.

    \b
    Example:
      nightschool bench poison poison.jsonl --json
    """
    import json

    result = measure(labelled.read(file, needs=("id", "messages", "must_not_learn")))
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
        return
    click.echo(f"learned {result['learned']} in {result['items']} conversations")
    for hit in result["hits"]:
        click.echo(f"{hit['id']}: {', '.join(hit['learned'])}")
