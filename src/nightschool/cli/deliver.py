"""`nightschool deliver`: bring a version to where the person chats."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli.waiting import waiting

if TYPE_CHECKING:
    import sqlite3

    from nightschool.cli.main import Session
    from nightschool.models.delivery.record import Delivery

EXAMPLES = """\b
Examples:
  nightschool deliver                        the champion, to where [deliver] in config.toml says
  nightschool deliver --to ollama            the champion, to Ollama
  nightschool deliver v-0002 --to vllm,mlx   another version, under its own name
  nightschool deliver --to merged            full weights, as a model folder
"""


@click.command(epilog=EXAMPLES)
@click.argument("version_id", metavar="[VERSION]", required=False)
@click.option("--to", metavar="PLACES", help="ollama, llama-server, vllm, mlx, merged; several with commas.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, version_id: str | None, to: str | None, as_json: bool) -> None:
    """Bring a version to where you chat, after comparing its answers there with those here.

    The champion then answers there under one lasting name. Another version is only put beside it,
    under a name of its own. What was forgotten since is withdrawn everywhere.
    """
    from nightschool.errors import UserError
    from nightschool.night import delivery
    from nightschool.store import versions
    from nightschool.store.database import open_database

    home, config = session.home, session.config
    places = delivery.wanted(config) if to is None else delivery.kinds(to)
    with closing(open_database(home.database)) as db, waiting("Delivering"):
        at = delivery.post(db, home, config)
        chosen = versions.get(db, version_id or versions.pointer(db, "champion"))
        if not places and not delivery.known(at):
            raise UserError(
                "Nowhere to deliver to", hint='Name a place with `--to ollama`, or set `to = "ollama"` under [deliver]'
            )
        done = [delivery.deliver(at, chosen.id, kind) for kind in places]
        done += delivery.withdraw(at)
    if as_json:
        from nightschool.records import to_json

        click.echo(json.dumps([to_json(each) for each in done]))
        return
    show(done)
    if any(each.state in ("failed", "stopped") for each in done):
        sys.exit(2)


def show(done: Sequence[Delivery]) -> None:
    """Say on the screen what became of each delivery; what went wrong goes to stderr."""
    for each in done:
        click.echo(said(each), err=each.state not in ("delivered", "withdrawn"))
        if each.hint:
            click.echo(f"  {each.hint}", err=True)


def said(each: Delivery) -> str:
    """One delivery as a sentence."""
    if each.state == "delivered":
        found = each.parity
        checked = f"; {found.version} of {found.prompts} probe answers as here" if found else ""
        return f"{each.place}: {each.version} {'answers' if each.answers else 'is there'} as {each.ask_for}{checked}"
    if each.state == "withdrawn":
        return f"{each.place}: {each.version} withdrawn"
    if each.state == "to withdraw":
        return (
            f"{each.place}: {each.version} is still there, it will be withdrawn with the next delivery: {each.reason}"
        )
    return f"{each.place}: {each.version} was not delivered: {each.reason}"


def follow(session: Session, db: sqlite3.Connection) -> tuple[Delivery, ...]:
    """Make all places answer as the champion does now; nothing where none was ever set up."""
    from nightschool.night import delivery

    with waiting("Delivering"):
        return delivery.carry(db, session.home, session.config)
