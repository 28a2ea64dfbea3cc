"""`nightschool sleep`: run one night."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.records import Json, Night

EXAMPLES = """\b
Examples:
  nightschool sleep --dry-run    say what a night would do, and change nothing
  nightschool sleep              run the night, or go on with one that was cut off
  nightschool sleep --json       the same, with one JSON document on stdout
"""


@click.command(epilog=EXAMPLES)
@click.option("--dry-run", is_flag=True, help="Say what the night would do and how long it would take.")
@click.option("--fresh", is_flag=True, help="Start again instead of going on with a night that was cut off.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, dry_run: bool, fresh: bool, as_json: bool) -> None:
    """Run one night: read the logs again, learn, examine, decide, report.

    The version that answers changes only if the new one passed its exam. Ctrl-C stops the night
    where it is; the next one goes on from there.
    """
    if dry_run:
        _plan(session, as_json)
        return
    from nightschool.night.conduct import sleep
    from nightschool.night.progress import shown

    with shown() as progress:
        night = sleep(session.home, session.config, progress=progress, resume=not fresh)
    _tell(session, night, as_json)


def _tell(session: Session, night: Night, as_json: bool) -> None:
    """Print the report of a night that ended; a stopped or failed one ends the process with its code."""
    from nightschool.cli.report import made, terminal

    report = made(session.home, night)
    if as_json:
        from nightschool.night.document import document

        click.echo(json.dumps(document(report), ensure_ascii=False))
    elif night.state == "done":
        click.echo(terminal(report))
    if night.state == "stopped":
        click.echo("Stopped; the champion is untouched. Go on with `nightschool sleep`", err=True)
        sys.exit(130)
    if night.state == "failed":
        sentence, _, hint = night.error.partition("\n")
        raise UserError(sentence, hint=hint or "The champion is untouched; go on with `nightschool sleep`")


def _plan(session: Session, as_json: bool) -> None:
    from nightschool.night.plan import plan
    from nightschool.night.progress import shown

    with shown() as progress:
        planned = plan(session.home, session.config, progress=progress)
    if as_json:
        click.echo(json.dumps(planned, ensure_ascii=False))
        return
    click.echo("\n".join(_planned(planned)))


def _planned(plan: Json) -> list[str]:
    lines = []
    for source in plan["sources"]:
        told = source["problem"] or f"{source['turns']:,} new turns in {source['conversations']:,} new conversations"
        lines.append(f"Would read {source['path']} ({source['program']}): {told}")
    if not plan["sources"]:
        lines.append("There is no source yet; `nightschool import PATH` adds one")
    history = plan["history"]
    lines.append(f"The history would hold {history['turns']:,} turns in {history['conversations']:,} conversations")
    examples = ", ".join(f"{count:,} {objective}" for objective, count in sorted(plan["examples"].items()))
    if plan["reason"]:
        lines.append(f"No training: {plan['reason']}")
    else:
        lines.append(f"Would train on {sum(plan['examples'].values()):,} examples ({examples})")
        lines.append(f"Would take about {plan['minutes']:.0f} min and {plan['gigabytes']:.1f} GB of memory")
    return [*lines, "Nothing was changed"]
