"""`turns`: the tool-use turns of the history as dated files."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nightschool.cli.main import Session


@click.group(epilog="Example: nightschool turns export turns")
def command() -> None:
    """Write turns as files that other programs read, and that `nightschool judge` scores."""


@command.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--all", "everything", is_flag=True, help="Turns without a tool call as well.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def export(session: Session, folder: Path, everything: bool, as_json: bool) -> None:
    """Write one JSON-lines file for each day, redacted; scores that stand in a file already are kept.

    Example: nightschool turns export turns
    """
    from nightschool.night import turn_files
    from nightschool.night.history import redacted
    from nightschool.night.progress import shown
    from nightschool.store import lessons
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db, shown() as progress:
        progress.begin("Reading the history")
        history = redacted(db, progress.advance)
        made = turn_files.export(
            history.conversations,
            lessons.signals(db),
            folder,
            everything=everything,
            progress=progress.advance,
        )
    counts = {
        "turns": made.turns,
        "files": [str(file) for file in made.files],
        "without_tools": made.without_tools,
        "noise": made.noise,
        "dropped": history.turns_dropped,
    }
    if as_json:
        click.echo(json.dumps(counts, ensure_ascii=False))
        return
    click.echo(f"Wrote {made.turns:,} turns into {len(made.files):,} files in {folder}")
    left = {"without tools": made.without_tools, "noise": made.noise, "private": history.turns_dropped}
    if any(left.values()):
        click.echo("Left out: " + ", ".join(f"{count:,} {why}" for why, count in left.items() if count))
