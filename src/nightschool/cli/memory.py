"""`memory`: what goes into the prompt of every answer."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime

import click

from nightschool.cli.main import Session
from nightschool.errors import UserError
from nightschool.records import Fact, to_json
from nightschool.store import facts
from nightschool.store.database import open_database

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(epilog='Example: nightschool memory add "I live in Oslo."')
def command() -> None:
    """List, add, forget and clear what goes into the prompt."""


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what has ended.")
@AS_JSON
@click.pass_obj
def list_(session: Session, everything: bool, as_json: bool) -> None:
    """Show facts and preferences, oldest first.

    Example: nightschool memory list --all
    """
    with closing(_open(session)) as db:
        _show(facts.history(db) if everything else facts.live(db), as_json, "Memory is empty")


@command.command()
@click.argument("sentence")
@click.option("--preference", is_flag=True, help="A wish about all answers: always told.")
@AS_JSON
@click.pass_obj
def add(session: Session, sentence: str, preference: bool, as_json: bool) -> None:
    """Tell one sentence.

    Example: nightschool memory add "Give me distances in miles." --preference
    """
    if not sentence.strip():
        raise UserError("The sentence is empty", hint='Write it in quotes: `nightschool memory add "I live in Oslo."`')
    now = time.time()
    fact_id = "f-" + hashlib.sha256(f"{now}{sentence}".encode(errors="replace")).hexdigest()[:10]
    fact = Fact(id=fact_id, kind="preference" if preference else "fact", sentence=sentence.strip(), known_from=now)
    with closing(_open(session)) as db:
        stored = facts.add(db, fact)
    _show([stored], as_json, "")


@command.command()
@click.argument("text")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1))
@AS_JSON
@click.pass_obj
def search(session: Session, text: str, limit: int, as_json: bool) -> None:
    """Find facts by their words, best first.

    Example: nightschool memory search "where do I live"
    """
    with closing(_open(session)) as db:
        _show(facts.search(db, text, limit), as_json, "Nothing in memory shares a word with that")


@command.command()
@click.argument("ids", nargs=-1, required=True)
@AS_JSON
@click.pass_obj
def forget(session: Session, ids: tuple[str, ...], as_json: bool) -> None:
    """Erase facts for good, with the messages that hold their sentence. There is no way back.

    Example: nightschool memory forget f-1a2b3c4d5e
    """
    from nightschool.store import forgetting

    with closing(_open(session)) as db:
        gone = [forgetting.forget(db, session.home, fact_id) for fact_id in ids]
    if as_json:
        _print_json([to_json(each) for each in gone])
        return
    for each in gone:
        click.echo(f"Forgot {each.fact}: {each.messages} messages and {each.originals} stored originals blanked")
        if each.versions:
            click.echo(f"Blocked, because they were trained on it: {', '.join(each.versions)}")


@command.command()
@AS_JSON
@click.pass_obj
def clear(session: Session, as_json: bool) -> None:
    """Tell nothing any more; `memory restore` undoes it, `memory forget` erases instead.

    Example: nightschool memory clear
    """
    with closing(_open(session)) as db:
        count = facts.clear(db)
    if as_json:
        _print_json({"cleared": count})
    else:
        click.echo(f"Cleared {count} from the prompt, erased nothing; undo with `nightschool memory restore`")


@command.command()
@AS_JSON
@click.pass_obj
def restore(session: Session, as_json: bool) -> None:
    """Undo `memory clear`.

    Example: nightschool memory restore
    """
    with closing(_open(session)) as db:
        count = facts.restore(db)
    if as_json:
        _print_json({"restored": count})
    else:
        click.echo(f"Restored {count}")


def _open(session: Session) -> sqlite3.Connection:
    return open_database(session.home.database)


def _show(found: list[Fact], as_json: bool, empty: str) -> None:
    if as_json:
        _print_json(to_json(found))
        return
    if not found:
        click.echo(empty, err=True)
    for fact in found:
        day = datetime.fromtimestamp(fact.known_from, UTC).date().isoformat()
        ended = "" if fact.state == "live" else f"  ({fact.state})"
        click.echo(f"{fact.id}  {day}  {fact.kind:<10}  {' '.join(fact.sentence.split())}{ended}")


def _print_json(value: object) -> None:
    import json

    click.echo(json.dumps(value, ensure_ascii=False))
