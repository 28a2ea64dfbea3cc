"""`questions`: what history leaves open."""

from __future__ import annotations

import json
from contextlib import closing

import click

from nightschool.cli.main import Session
from nightschool.cli.printable import printable
from nightschool.errors import UserError
from nightschool.records import to_json
from nightschool.redact import redact
from nightschool.store import reflections
from nightschool.store.database import open_database

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(epilog="Example: nightschool questions list --json")
def command() -> None:
    """List, show and close open questions; `[reflect] enabled = true` in config.toml lets nights find them."""


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also the settled and the closed ones.")
@AS_JSON
@click.pass_obj
def list_(session: Session, everything: bool, as_json: bool) -> None:
    """Show open questions, newest first.

    Example: nightschool questions list --all
    """
    with closing(open_database(session.home.database)) as db:
        found = reflections.questions(db, () if everything else ("open",))
    if as_json:
        click.echo(json.dumps([to_json(question) for question in found], ensure_ascii=False))
        return
    if not found:
        click.echo("Nothing is open.")
    for question in found:
        click.echo(f"{question.id}  {question.state:8}{question.kind:14}{printable(redact(question.text).text)[:80]}")


@command.command()
@click.argument("question_id", metavar="ID")
@AS_JSON
@click.pass_obj
def show(session: Session, question_id: str, as_json: bool) -> None:
    """Show one question with every thought about it.

    Example: nightschool questions show q-0123456789
    """
    with closing(open_database(session.home.database)) as db:
        question = reflections.get_question(db, question_id)
        thoughts = [one for one in reflections.thoughts(db) if one.reflection.about == question_id]
    if question is None:
        raise UserError(f"There is no question {question_id!r}", hint="`nightschool questions list` names them")
    if as_json:
        document = to_json(question) | {"thoughts": [to_json(one) for one in thoughts]}
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    click.echo(f"{question.id}  {question.state}, {question.kind}\n  {printable(redact(question.text).text)}")
    if question.note:
        click.echo(f"  {printable(redact(question.note).text)}")
    for one in thoughts:
        failed = [name for name, passed in one.reflection.checks.items() if not passed]
        click.echo(f"  {one.reflection.id}: {printable(redact(one.reflection.after).text)}")
        click.echo(f"    {'failed: ' + ', '.join(failed) if failed else 'every check passed'}")


@command.command()
@click.argument("question_id", metavar="ID")
@click.option("--note", default="closed by the person", show_default=True, help="Why.")
@AS_JSON
@click.pass_obj
def close(session: Session, question_id: str, note: str, as_json: bool) -> None:
    """Close a question, so that no night asks it again.

    Example: nightschool questions close q-0123456789 --note "no longer of interest"
    """
    with closing(open_database(session.home.database)) as db:
        question = reflections.close(db, question_id, note)
    click.echo(json.dumps(to_json(question), ensure_ascii=False) if as_json else f"{question.id} is closed")
