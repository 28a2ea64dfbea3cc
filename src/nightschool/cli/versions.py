"""`nightschool versions`: list, show, promote and roll back versions."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import sqlite3

    from nightschool.cli.main import Session
    from nightschool.records import Json, Version

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(epilog="Example: nightschool versions list")
def command() -> None:
    """List, show, promote and roll back versions."""


@command.command("list")
@AS_JSON
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """Show the base and every version, oldest first.

    Example: nightschool versions list --json
    """
    from nightschool.store import versions

    with closing(_open(session)) as db:
        rows = [_row(db, version) for version in [versions.get(db, versions.BASE), *versions.list_versions(db)]]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        day = datetime.fromtimestamp(row["created"], UTC).date().isoformat() if row["created"] else ""
        marks = ", ".join(row["pointers"])
        click.echo(f"{row['id']:<8}  {day:<10}  {row['state']:<10}  {marks}".rstrip())


@command.command()
@click.argument("version_id", metavar="ID")
@AS_JSON
@click.pass_obj
def show(session: Session, version_id: str, as_json: bool) -> None:
    """Show one version: what it was made from, and whether it can answer.

    Example: nightschool versions show v-0001
    """
    from nightschool.errors import UserError
    from nightschool.models import adapter, shelf
    from nightschool.store import versions

    with closing(_open(session)) as db:
        version = versions.get(db, version_id)
        row = _row(db, version)
    folder = shelf.adapter_of(session.home, version)
    row["card"] = adapter.read_card(folder) if folder else {}
    row["problem"] = ""
    try:
        fingerprint = _fingerprint(session)
        row["base"] = row["base"] or fingerprint
        shelf.check(session.home, version, fingerprint)
    except UserError as error:
        row["problem"] = error.message
    if as_json:
        click.echo(json.dumps(row))
        return
    for key, value in row.items():
        text = ", ".join(value) if isinstance(value, list) else json.dumps(value) if isinstance(value, dict) else value
        click.echo(f"{key:<13} {text if text not in (None, '', '{}') else '-'}")


@command.command()
@click.argument("version_id", metavar="ID")
@AS_JSON
@click.pass_obj
def promote(session: Session, version_id: str, as_json: bool) -> None:
    """Let an examined version answer, or `base`. `versions rollback` undoes it.

    Example: nightschool versions promote v-0001
    """
    from nightschool.models import shelf

    with closing(_open(session)) as db:
        before = _champion(db)
        shelf.promote_by_hand(db, session.home, version_id, _fingerprint(session))
        _moved(session, db, before, as_json)


@command.command()
@AS_JSON
@click.pass_obj
def rollback(session: Session, as_json: bool) -> None:
    """Let the previous version answer again. A second rollback undoes the first.

    Example: nightschool versions rollback
    """
    from nightschool.models import shelf

    with closing(_open(session)) as db:
        before = _champion(db)
        shelf.rollback(db, session.home, _fingerprint(session))
        _moved(session, db, before, as_json)


def _moved(session: Session, db: sqlite3.Connection, before: str, as_json: bool) -> None:
    from nightschool.cli import deliver
    from nightschool.records import to_json

    after = _champion(db)
    carried = deliver.follow(session, db)
    if as_json:
        told = {"champion_before": before, "champion_after": after, "deliveries": [to_json(each) for each in carried]}
        click.echo(json.dumps(told))
        return
    if before == after:
        click.echo(f"{after} answers already")
    else:
        click.echo(f"{after} answers now, before it was {before}; undo with `nightschool versions rollback`")
    deliver.show(carried)


def _champion(db: sqlite3.Connection) -> str:
    from nightschool.store import versions

    return versions.pointer(db, "champion")


def _row(db: sqlite3.Connection, version: Version) -> Json:
    from nightschool.records import to_json
    from nightschool.store import versions

    row: Json = to_json(version)
    row["pointers"] = [name for name in versions.POINTERS if versions.stands_at(db, name, version.id)]
    return row


def _fingerprint(session: Session) -> str:
    from nightschool import models

    return models.fingerprint(session.config.base.name)


def _open(session: Session) -> sqlite3.Connection:
    from nightschool.store.database import open_database

    return open_database(session.home.database)
