"""`import`: an agent's logs into the history."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import click

from nightschool import intake
from nightschool.cli.main import Session
from nightschool.cli.printable import printable
from nightschool.intake import Imported
from nightschool.records import to_json
from nightschool.store import said
from nightschool.store.database import open_database

SHOWN_SKIPS = 20


@click.command(
    epilog="Examples: nightschool import ~/.openclaw ; nightschool import ~/.hermes/state.db ; "
    "nightschool import chats.jsonl --json"
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, path: Path, as_json: bool) -> None:
    """Read an agent's logs into the history; again brings only what is new.

    PATH is a file or a folder. The program is told by the content: OpenClaw, Hermes Agent, or JSONL
    files in OpenAI's `messages` form. Every night reads the path again.
    """
    with closing(open_database(session.home.database)) as db:
        imported = _import(db, path)
    if as_json:
        click.echo(json.dumps(to_json(imported), ensure_ascii=False, indent=2))
    else:
        _show(imported)


def _import(db: sqlite3.Connection, path: Path) -> Imported:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading", total=None)
        imported = intake.import_path(db, path, lambda done, total: bar.update(task, completed=done, total=total))
        task = bar.add_task("Indexing for recall", total=None)
        said.catch_up(db, progress=lambda done, total: bar.update(task, completed=done, total=total))
        return imported


def _show(imported: Imported) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(title=f"Read from {imported.program}", title_justify="left", box=None)
    for name in ("conversations", "turns", "messages"):
        table.add_column(f"new {name}", justify="right")
    table.add_column("there already", justify="right")
    counts = (imported.conversations, imported.turns, imported.messages, imported.duplicates)
    table.add_row(*(f"{count:,}" for count in counts))
    console.print(table)
    if imported.skipped:
        console.print(f"\nNot read: {len(imported.skipped)}")
    for skip in imported.skipped[:SHOWN_SKIPS]:
        console.print(printable(f"  {skip.where}: {skip.why}"), markup=False, soft_wrap=True)
    if len(imported.skipped) > SHOWN_SKIPS:
        console.print("  ... all of them with `--json`")
    console.print("\nNext: `nightschool conversations list`, or `nightschool sleep --dry-run`")
