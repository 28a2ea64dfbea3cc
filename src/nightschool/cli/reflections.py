"""`reflections`: what the model thought about its own history, and what the person makes of it."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Literal

import click

from nightschool.cli.main import Session
from nightschool.cli.printable import printable
from nightschool.records import Reflection, to_json
from nightschool.redact import redact
from nightschool.store import reflections
from nightschool.store.database import open_database

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(epilog="Example: nightschool reflections list --json")
def command() -> None:
    """List, show, keep and drop reflections; nothing of them is trained as it stands."""


@command.command("list")
@click.option("--run", default="", help="Those of one night.")
@AS_JSON
@click.pass_obj
def list_(session: Session, run: str, as_json: bool) -> None:
    """Show reflections, newest first.

    Example: nightschool reflections list
    """
    with closing(open_database(session.home.database)) as db:
        found = reflections.thoughts(db, run)
    if as_json:
        click.echo(json.dumps([to_json(one) for one in found], ensure_ascii=False))
        return
    if not found:
        click.echo("No reflections yet. `[reflect] enabled = true` in config.toml lets nights think.")
    for one in found:
        thought = one.reflection
        click.echo(f"{thought.id}  {thought.state:9}{thought.kind:9}{printable(redact(thought.after).text)[:80]}")


@command.command()
@click.argument("reflection_id", metavar="ID")
@AS_JSON
@click.pass_obj
def show(session: Session, reflection_id: str, as_json: bool) -> None:
    """Show what was answered then and now, side by side, with every check.

    Example: nightschool reflections show r-0123456789
    """
    with closing(open_database(session.home.database)) as db:
        one = reflections.get(db, reflection_id)
    if as_json:
        click.echo(json.dumps(to_json(one), ensure_ascii=False))
        return
    _side_by_side(one.reflection)


def _side_by_side(thought: Reflection) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def clean(text: str) -> Text:
        return Text(printable(redact(text).text))

    console = Console(highlight=False)
    console.print(clean(thought.asked), style="bold")
    table = Table(box=None, pad_edge=False, expand=True)
    shown = [(name, text) for name, text in (("then", thought.before), ("now", thought.after)) if text]
    for name, _ in shown:
        table.add_column(name, ratio=1, header_style="dim", overflow="fold")
    table.add_row(*(clean(text) for _, text in shown))
    console.print(table)
    for check, passed in thought.checks.items():
        console.print(f"  {'yes' if passed else 'no':4}{check}")
    console.print(f"{thought.state}" + (f", candidate {thought.lesson_id}" if thought.lesson_id else ""))


@command.command()
@click.argument("reflection_id", metavar="ID")
@AS_JSON
@click.pass_obj
def keep(session: Session, reflection_id: str, as_json: bool) -> None:
    """Agree with a reflection: the candidate that it became is a lesson from now on.

    Where it is a second answer, the first one counts as bad from now on, also for the judges.

    Example: nightschool reflections keep r-0123456789
    """
    _settle(session, reflection_id, "kept", as_json)


@command.command()
@click.argument("reflection_id", metavar="ID")
@AS_JSON
@click.pass_obj
def drop(session: Session, reflection_id: str, as_json: bool) -> None:
    """Disagree with a reflection: its candidate is dropped and does not come back.

    Example: nightschool reflections drop r-0123456789
    """
    _settle(session, reflection_id, "dropped", as_json)


def _settle(session: Session, reflection_id: str, state: Literal["kept", "dropped"], as_json: bool) -> None:
    from nightschool.curate import by_hand

    with closing(open_database(session.home.database)) as db:
        one = by_hand.settle_thought(db, reflection_id, state)
    click.echo(json.dumps(to_json(one), ensure_ascii=False) if as_json else f"{one.reflection.id} is {state}")
