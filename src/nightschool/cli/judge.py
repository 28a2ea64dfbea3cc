"""`judge`: put the turns of a file before the judges."""

from __future__ import annotations

import json
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nightschool.cli.main import Session

EXAMPLES = """\b
Examples:
  nightschool turns export turns                          write the tool-use turns, a file for each day
  nightschool judge turns/2026-11-20.jsonl --in-place     score them and write the scores into the file
  nightschool judge turns.jsonl --json                    score them and print the counts alone
"""


@click.command(epilog=EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--in-place", is_flag=True, help="Write what was said into the file, as `judged` in each row.")
@click.option("--again", is_flag=True, help="Judge rows that have a verdict as well.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, file: Path, in_place: bool, again: bool, as_json: bool) -> None:
    """Score the turns of a JSON-lines file with the judges of the settings.

    Each row has `messages` in OpenAI's form, or `conversations` in ShareGPT's, with the turn at its end. Planted
    answers are mixed in; judges that fail them do not count. Cut off, the same command goes on where it was.
    """
    from nightschool.cli.judges import needed
    from nightschool.night import judged_file
    from nightschool.night.progress import shown
    from nightschool.store.database import open_database

    found = needed(session)
    with closing(open_database(session.home.database)) as db, shown() as progress:
        progress.begin("Asking the judges")
        began = time.monotonic()
        counts = judged_file.judge(
            db, file, found.judges, session.config.judges, in_place=in_place, again=again, progress=progress.advance
        )
        summary = f"{len(counts['sound'])} of {len(found.judges)} believed"
        progress.end("Asking the judges", time.monotonic() - began, summary)
    if as_json:
        click.echo(json.dumps(counts, ensure_ascii=False))
        return
    from nightschool.night import hearing

    for line in hearing.lines(counts):
        click.echo(line)
    click.echo(f"The scores stand in {file}" if in_place else "Nothing was written; add --in-place for that")
