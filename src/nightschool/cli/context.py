"""`nightschool context`: exactly what memory would add to a question, and why."""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli.printable import printable
from nightschool.cli.waiting import waiting

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.records import Json
    from nightschool.wake.recall import Told

EXAMPLES = """\b
Examples:
  nightschool context "Where do I live?"
  nightschool context "What did we say about the boiler in May?" --project house --json
"""


@click.command(epilog=EXAMPLES)
@click.argument("question")
@click.option("--project", metavar="NAME", help="As asked within this project.")
@click.option("--agent", metavar="NAME", help="As asked by this agent.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, question: str, project: str | None, agent: str | None, as_json: bool) -> None:
    """Show what would be sent with a question and why each item was chosen; nothing is asked."""
    from nightschool.store.database import open_database

    if question == "-":
        question = sys.stdin.read()
    home, config = session.home, session.config
    with closing(open_database(home.database)) as db, waiting("Searching memory"):
        from nightschool.models import embedding
        from nightschool.models.base import context_tokens
        from nightschool.wake import recall, turn
        from nightschool.wake.talk import begin

        told = turn.tell(
            db,
            begin(time.time()),
            question,
            config.memory,
            memory=True,
            project=project,
            agent=agent,
            apart=config.curate.apart,
            embedder=embedding.there(config.memory.embedder),
            roomy=context_tokens(config.base.name) > recall.ROOMY,
        )
    if as_json:
        click.echo(json.dumps(document(told), ensure_ascii=False))
    else:
        show(told)


def document(told: Told) -> Json:
    """Write the context as JSON."""
    from nightschool.records import to_json

    return {
        "messages": to_json(told.prompt.messages),
        "tokens": told.tokens,
        "always": told.always,
        "retrieved": told.retrieved,
        "items": to_json(told.items),
        "left_out": to_json(told.left_out),
    }


def show(told: Told) -> None:
    """Write the context for a person: the messages as sent, then each item with its reason."""
    from nightschool.cli.memory_shown import short

    for message in told.prompt.messages:
        click.echo(click.style(f"[{message['role']}]", bold=True))
        click.echo(printable(str(message.get("content") or "")))
        click.echo()
    things = "1 item" if len(told.items) == 1 else f"{len(told.items)} items"
    click.echo(f"Memory adds about {told.tokens} tokens in {things}", err=True)
    for item in told.items:
        click.echo(f"  {short(item.id):<18}  {item.place:<17}  {item.tokens:>4}  {'; '.join(item.why)}", err=True)
    for left in told.left_out:
        click.echo(f"  {short(left.id):<18}  left out: {left.why}", err=True)
