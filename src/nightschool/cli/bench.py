"""`bench`: measure one part on a labelled file."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from nightschool.records import Json

FILE = click.argument("file", type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(epilog="Example: nightschool bench redaction labelled.jsonl.gz --json")
def command() -> None:
    """Measure one part on a labelled file."""


@command.command()
@FILE
@AS_JSON
def redaction(file: Path, as_json: bool) -> None:
    """Recall and precision of masking, by overlap with labelled spans.

    Each line: {"id", "text", "spans": [[start, end, type], ...]}; plain or gzipped.

    Example: nightschool bench redaction secrets.jsonl.gz
    """
    _show(importlib.import_module("nightschool.bench.redaction").measure(file), as_json)


@command.command()
@FILE
@AS_JSON
def signals(file: Path, as_json: bool) -> None:
    """Polarity precision, coverage and macro-F1 of the signals read by rule.

    Each line: {"id", "messages", "turn", "signal", "polarity"}; `turn` is the index of the assistant message judged.

    Example: nightschool bench signals signals.jsonl
    """
    _show(importlib.import_module("nightschool.bench.signals").measure(file), as_json)


@command.command()
@FILE
@AS_JSON
def facts(file: Path, as_json: bool) -> None:
    """Precision and recall of what is learnt of the person, and the traps learnt with it.

    Each line: {"id", "messages", "expected": [{"object", "durability", "evidence", ...}], "trap"}.

    Example: nightschool bench facts facts.jsonl
    """
    _show(importlib.import_module("nightschool.bench.facts").measure(file), as_json)


@command.command()
@FILE
@AS_JSON
def poison(file: Path, as_json: bool) -> None:
    """How much is learnt of what tools, pages, quotations and the assistant put into conversations.

    Each line: {"id", "messages", "must_not_learn": [...]}.

    Example: nightschool bench poison poison.jsonl
    """
    _show(importlib.import_module("nightschool.bench.poison").measure(file), as_json)


def _show(figures: Json, as_json: bool) -> None:
    if as_json:
        import json

        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    for name, value in figures.items():
        if isinstance(value, list):
            click.echo(f"{name}: {len(value)}" + "".join(f"\n  {item}" for item in value))
        elif isinstance(value, dict):
            click.echo(f"{name}:" + "".join(f"\n  {key}: {item}" for key, item in value.items()))
        else:
            click.echo(f"{name}: {value}")
