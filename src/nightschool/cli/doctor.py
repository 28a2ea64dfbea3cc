"""`nightschool doctor`: what is installed, what this machine can train, what is wrong and what to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nightschool.cli.main import Session

SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red"), "skip": ("·", "bright_black")}


@click.command(epilog="Example: nightschool doctor --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """Say in one screen what is installed, what this machine can train, what is wrong, and what to do."""
    from nightschool.cli.printable import printable
    from nightschool.cli.waiting import waiting
    from nightschool.records import to_json

    home = session.home
    with waiting("Looking around"):
        from nightschool.night.checks import examine

        found = examine(home)
    if as_json:
        click.echo(json.dumps({"checks": to_json(found), "failed": sum(check.status == "fail" for check in found)}))
        return
    for check in found:
        sign, colour = SIGNS[check.status]
        click.echo(f"{click.style(sign, fg=colour)} {check.title:<14} {printable(check.found)}")
        if check.fix:
            click.echo(f"{'':17}{click.style('→', fg=colour)} {printable(check.fix)}")
    wrong = sum(check.status == "fail" for check in found)
    click.echo(f"{wrong} of {len(found)} need mending" if wrong else "Nothing needs mending")
