"""`export`: what was learnt, or all that was said, as files that other trainers read."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.records import Example, Json

FORMS = ("openai", "trl", "kto", "sharegpt")
EXAMPLES = """\b
Examples:
  nightschool export --format trl > pairs.jsonl              preference pairs of the last dataset
  nightschool export --format kto --out kto.jsonl            single outcomes with their labels
  nightschool export --format sharegpt --history --out all.jsonl
"""


@click.command(epilog=EXAMPLES)
@click.option("--format", "form", type=click.Choice(FORMS), required=True, help="Form of the rows.")
@click.option("--dataset", "name", metavar="HASH", help="A dataset, or the beginning of its hash. [default: the last]")
@click.option("--history", is_flag=True, help="Whole conversations instead, redacted.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write. [default: stdout]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, form: str, name: str | None, history: bool, out: Path | None, as_json: bool) -> None:
    """Write training rows as JSON lines: OpenAI messages, TRL preference pairs, KTO rows or ShareGPT.

    OpenAI messages and ShareGPT hold what is imitated, TRL the pairs, KTO the single outcomes.
    """
    if history and form not in ("openai", "sharegpt"):
        raise UserError(
            f"Conversations have no {form} form", hint="Choose `openai` or `sharegpt`, or leave out --history"
        )
    rows = _history(session, form) if history else _dataset(session, form, name)
    if out is not None:
        _write(out, rows)
        counts = {"rows": len(rows), "file": str(out)}
        click.echo(json.dumps(counts) if as_json else f"Wrote {len(rows):,} rows to {out}")
    elif as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    if not rows:
        click.echo(f"There is no row that the form {form} can hold", err=True)


def _dataset(session: Session, form: str, name: str | None) -> list[Json]:
    from nightschool.curate import dataset, standard
    from nightschool.store import lessons
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db:
        entries = lessons.datasets(db)
    found = [entry for entry in entries if entry.hash.startswith(name or "")]
    if not entries:
        raise UserError("There is no dataset yet", hint="`nightschool sleep` makes one, or add --history")
    if not found or (name and len({entry.hash for entry in found}) > 1):
        raise UserError(f"No single dataset begins with {name!r}", hint=f"The last one is {entries[-1].hash[:12]}")
    rows = dataset.read(session.home.datasets, found[-1].hash).examples
    _left(rows, form)
    return list(standard.examples(rows, form))  # type: ignore[arg-type]


def _left(rows: tuple[Example, ...], form: str) -> None:
    """Say what of the dataset stands in another form."""
    held = {"openai": "sft", "sharegpt": "sft", "trl": "dpo", "kto": "kto"}[form]
    others = {"sft": "openai", "dpo": "trl", "kto": "kto"}
    left = Counter(others[row.objective] for row in rows if row.objective != held)
    for other, count in sorted(left.items()):
        click.echo(f"{count:,} rows stand in the form {other}", err=True)


def _history(session: Session, form: str) -> list[Json]:
    from nightschool.curate import standard
    from nightschool.redact import clean
    from nightschool.store import conversations
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db:
        talks = conversations.all_conversations(db)
    return [standard.conversation(clean(talk).conversation, form) for talk in talks]  # type: ignore[arg-type]


def _write(out: Path, rows: list[Json]) -> None:
    from nightschool.night import turn_files

    if not out.parent.is_dir():
        raise UserError(f"There is no folder {str(out.parent)!r}", hint="Make it, or name another one")
    turn_files.replace(out, (f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
