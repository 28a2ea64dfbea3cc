"""`nightschool profiles`: the people that one server serves, each with a home and a key of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nightschool.cli.main import Session

EXAMPLES = """\b
Examples:
  nightschool profiles add owner       a key for you: from now on nobody is let in without one
  nightschool profiles add anna
  nightschool --home $(nightschool profiles list --json | jq -r '.[1].home') memory list
"""


@click.group(epilog=EXAMPLES)
def command() -> None:
    """List, add and remove the people that one server serves.

    All share one base in memory; each has a store, a memory and versions of their own. The key that a
    client sends says who it is.
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def show(session: Session, as_json: bool) -> None:
    """List the profiles with their homes.

    Example: nightschool profiles list
    """
    from nightschool.serve.people import People

    people = People(session.home)
    keyed = {profile.name for profile in people.profiles()}
    rows = [
        {"name": person.name, "home": str(person.home.path), "key": person.name in keyed}
        for person in people.everyone()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['name']:<16} {'has a key' if row['key'] else 'has no key'}  {row['home']}")


@command.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def add(session: Session, name: str, as_json: bool) -> None:
    """Make a home and a key for somebody; the key is shown once.

    From the first profile on nobody is let in without a key; `owner` gives one to this home itself.

    Example: nightschool profiles add anna
    """
    from nightschool.serve.people import People

    people = People(session.home)
    key = people.add(name)
    if as_json:
        click.echo(json.dumps({"name": name, "key": key}))
        return
    click.echo(key)
    click.echo(f"This is the key of {name}; it is not kept, so write it down", err=True)
    if not any(profile.name == "owner" for profile in people.profiles()):
        click.echo("You need a key of your own now: `nightschool profiles add owner`", err=True)


@command.command()
@click.argument("name")
@click.pass_obj
def remove(session: Session, name: str) -> None:
    """Take somebody's key away; the home stays as it is.

    Example: nightschool profiles remove anna
    """
    from nightschool.serve.people import People

    home = People(session.home).remove(name)
    click.echo(f"Removed {name}; the home stays at {home}")
