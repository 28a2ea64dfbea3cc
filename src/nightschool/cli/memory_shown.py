"""How the `memory` commands print: tables for people, one JSON document for programs."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from nightschool.cli.printable import printable
from nightschool.errors import UserError
from nightschool.memory.markdown import Edit, span
from nightschool.memory.search import Hit
from nightschool.records import Fact, Json, to_json
from nightschool.store import changes, graduation, said
from nightschool.store import facts as stored


def as_json(value: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(value, ensure_ascii=False))


def facts(db: sqlite3.Connection, found: Sequence[Fact], wants_json: bool, empty: str) -> None:
    """Print facts, one per line, with what is special about each."""
    graduated = graduation.graduated(db)
    if wants_json:
        as_json([to_json(fact) | {"graduated": fact.id in graduated} for fact in found])
        return
    if not found and empty:
        click.echo(empty, err=True)
    for fact in found:
        marks: list[str] = [] if fact.state == "live" else [fact.state]
        marks += [fact.scope] if fact.scope != "everywhere" else []
        marks += ["in the weights, not told"] if fact.id in graduated else []
        marks += [f"from {day(fact.valid_from)}"] if (fact.valid_from or 0.0) > time.time() else []
        marks += [f"until {day(fact.valid_to)}"] if fact.valid_to is not None else []
        behind = f"  ({', '.join(marks)})" if marks else ""
        click.echo(f"{fact.id}  {day(fact.known_from)}  {fact.kind:<10}  {_line(fact.sentence)}{behind}")


def hits(found: Sequence[Hit], wants_json: bool) -> None:
    """Print what was found, best first, with why."""
    if wants_json:
        as_json([hit(each) for each in found])
        return
    if not found:
        click.echo("Nothing in memory shares a word with that", err=True)
    for each in found:
        who = each.fact.kind if each.fact else {"person": "you", "assistant": "answer"}[each.author]
        click.echo(f"{short(each.id):<18}  {day(each.created or None):<10}  {who:<10}  {_line(each.text)[:200]}")
        click.echo(f"{'':<18}  {'; '.join(each.why)}")


def hit(each: Hit) -> Json:
    """Write one hit as JSON."""
    about: Json = {"score": each.score, "why": list(each.why)}
    if each.fact is not None:
        return {**to_json(each.fact), **about}
    return {
        "id": each.id, "kind": "said", "sentence": each.text, "author": each.author, "created": each.created,
        "conversation": each.conversation, **about,
    }  # fmt: skip


def one(db: sqlite3.Connection, fact_id: str, wants_json: bool) -> None:
    """Print everything about one fact; UserError where there is none."""
    fact = stored.get(db, fact_id)
    if fact is None or fact.state == "forgotten":
        raise UserError(f"Memory holds no fact {fact_id!r}", hint="`nightschool memory list --all` shows their ids")
    messages = [{"id": key, "text": said.text_of(db, key)} for key in fact.source]
    trials = [to_json(trial) for trial in graduation.trials(db, fact_id)]
    past = [to_json(change) for change in changes.of(db, fact_id)]
    graduated = fact_id in graduation.graduated(db)
    if wants_json:
        about = {"graduated": graduated, "messages": messages, "trials": trials, "changes": past}
        as_json(to_json(fact) | about)
        return
    facts(db, [fact], False, "")
    click.echo(f"  true      {span(fact)}")
    click.echo(f"  learnt    {day(fact.known_from)}" + (f", given up {day(fact.known_to)}" if fact.known_to else ""))
    for message in messages:
        click.echo(f"  said in   {message['id'][:12]}  {_line(message['text'])[:160]}")
    for trial in trials:
        click.echo(
            f"  exam      {trial['run']}  {'followed' if trial['passed'] else 'not followed'} without being told"
        )
    for change in past:
        click.echo(f"  change    {day(change['made'])}  {change['op']}{' (undone)' if change['undone'] else ''}")


def history(db: sqlite3.Connection, fact_id: str | None, wants_json: bool) -> None:
    """Print changes, oldest first."""
    past = changes.of(db, fact_id)
    if wants_json:
        as_json([to_json(change) for change in past])
        return
    if not past:
        click.echo("Nothing has changed yet", err=True)
    for change in past:
        fact = stored.get(db, change.fact_id)
        words = _line(fact.sentence) if fact and fact.sentence else "(forgotten)"
        undone = "  (undone)" if change.undone else ""
        click.echo(f"{day(change.made)}  {change.op:<10}  {change.fact_id}  {words}{undone}")


def edit(each: Edit) -> None:
    """Print one difference as a diff."""
    if each.kind == "conflict":
        click.echo(f"! {each.fact_id}: changed here and in memory; memory says: {printable(each.before) or '(ended)'}")
    there = ", ".join(["preference" if each.preference else "fact", each.scope]) if each.was else each.scope
    place = f"  ({printable(there)})" if each.after and there != "everywhere" else ""
    was = f"  ({printable(each.was)})" if each.was else ""
    if each.before and each.kind != "conflict":
        click.echo(click.style(f"- {printable(each.before)}{was}", fg="red"))
    if each.after:
        click.echo(click.style(f"+ {printable(each.after)}{place}", fg="green"))


def day(moment: float | None) -> str:
    """A moment as a date."""
    return "" if moment is None else datetime.fromtimestamp(moment, UTC).date().isoformat()


def short(key: str) -> str:
    """An id as it is printed: of a fact whole, as commands take it; of a message its beginning."""
    return key if key.startswith("f-") else key[:12]


def _line(text: str) -> str:
    return printable(" ".join(text.split()))
