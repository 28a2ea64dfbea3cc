"""`conversations`: what was imported, redacted on the screen and to the byte in an export."""

from __future__ import annotations

import base64
import difflib
import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import click

from nightschool.cli.main import Session
from nightschool.cli.printable import printable
from nightschool.errors import UserError
from nightschool.records import Conversation, Message, Signal, Turn, to_json
from nightschool.store import conversations as store
from nightschool.store import originals
from nightschool.store.database import open_database
from nightschool.turns import chat_message, kept_path, turns

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(epilog="Example: nightschool conversations list --json")
def command() -> None:
    """List, show and export what was imported."""


@command.command("list")
@AS_JSON
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """Show every conversation, oldest first.

    Example: nightschool conversations list
    """
    with closing(open_database(session.home.database)) as db:
        rows = store.summaries(db)
    if as_json:
        fields = ("id", "program", "source_id", "turns", "messages", "started")
        _print_json([{name: to_json(row)[name] for name in fields} for row in rows])
        return
    if not rows:
        click.echo("Nothing was imported yet. Start with `nightschool import ~/.openclaw`")
        return
    click.echo(f"{'id':16}  {'started':16}  {'program':8}  turns  messages  source")
    for row in rows:
        counts = f"{row.turns:5}  {row.messages:8}"
        click.echo(f"{row.id:16}  {_day(row.started):16}  {row.program:8}  {counts}  {printable(row.source_id)[:36]}")


@command.command()
@click.argument("conversation_id", metavar="ID")
@AS_JSON
@click.pass_obj
def show(session: Session, conversation_id: str, as_json: bool) -> None:
    """Show one conversation turn by turn, redacted, with the signals read from it.

    Example: nightschool conversations show 40a2 --json
    """
    with closing(open_database(session.home.database)) as db:
        found = _find(db, conversation_id)
    from nightschool import redact
    from nightschool.curate.signals import read as read_signals

    cleaned = redact.clean(found)
    by_turn: dict[str, list[Signal]] = {}
    for signal in read_signals(cleaned.conversation):
        by_turn.setdefault(signal.turn_id, []).append(signal)
    shown = [_turn(turn, by_turn.get(turn.id, [])) for turn in turns(cleaned.conversation)]
    if as_json:
        about = {name: getattr(found, name) for name in ("id", "program", "source_id", "started", "project", "agent")}
        _print_json(about | {"turns": shown, "masked": cleaned.masked, "dropped": list(cleaned.dropped)})
        return
    click.echo(f"{found.id}  {found.program}  {_day(found.started)}  {printable(found.source_id)}")
    for turn in shown:
        _print_turn(turn)
    if cleaned.masked or cleaned.dropped:
        click.echo(f"\n{cleaned.masked} secrets masked, {len(cleaned.dropped)} turns dropped whole")


@command.command()
@click.argument("conversation_id", metavar="[ID]", required=False)
@click.option("--original", is_flag=True, help="The bytes as they came in, secrets included.")
@AS_JSON
@click.pass_obj
def export(session: Session, conversation_id: str | None, original: bool, as_json: bool) -> None:
    """Write what was imported to stdout: all of it, or one conversation.

    Without --original: redacted JSONL in OpenAI's `messages` form, the kept path of each conversation.

    Example: nightschool conversations export --original > everything.jsonl
    """
    with closing(open_database(session.home.database)) as db:
        found = _find(db, conversation_id) if conversation_id else None
        if original:
            _export_original(db, found.id if found else None, as_json)
            return
        chosen = [found] if found else store.all_conversations(db)
    from nightschool import redact

    rows = [_chat(redact.clean(conversation).conversation) for conversation in chosen]
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def _export_original(db: sqlite3.Connection, conversation_id: str | None, as_json: bool) -> None:
    documents = []
    for edition in originals.editions(db):
        data = b"".join(originals.lines(db, edition.id, conversation_id))
        if data and not as_json:
            sys.stdout.buffer.write(data)
        elif data:
            documents.append(
                {"name": edition.name, "edition": edition.number, "base64": base64.b64encode(data).decode()}
            )
    if as_json:
        _print_json(documents)
    sys.stdout.flush()


def _chat(conversation: Conversation) -> dict[str, Any]:
    messages = [chat_message(message) for message in kept_path(conversation)]
    if conversation.system and not (messages and messages[0]["role"] == "system"):
        messages.insert(0, {"role": "system", "content": conversation.system})
    return {"id": conversation.id, "messages": messages, "tools": list(conversation.tools)}


def _find(db: sqlite3.Connection, conversation_id: str) -> Conversation:
    """Return the conversation with this id or unique beginning of one."""
    known = store.ids(db)
    matches = [one for one in known if one.startswith(conversation_id)]
    if len(matches) == 1 and (found := store.get(db, matches[0])):
        return found
    if len(matches) > 1:
        raise UserError(f"{len(matches)} conversations begin with {conversation_id!r}", hint="Give more of the id")
    close = difflib.get_close_matches(conversation_id, known, n=1, cutoff=0.0)
    near = f"The nearest is {close[0]!r}; see" if close else "See"
    raise UserError(f"There is no conversation {conversation_id!r}", hint=f"{near} `nightschool conversations list`")


def _turn(turn: Turn, read: list[Signal]) -> dict[str, Any]:
    return {
        "id": turn.id,
        "index": turn.index,
        "messages": [_message(message) for message in turn.messages],
        "alternates": [[_message(message) for message in run] for run in turn.alternates],
        "signals": [to_json(signal) for signal in read],
    }


def _message(message: Message) -> dict[str, Any]:
    fields: dict[str, Any] = to_json(message)
    return {"text": message.text} | fields


def _print_turn(turn: dict[str, Any]) -> None:
    click.echo(f"\nturn {turn['index'] + 1}")
    for message in turn["messages"]:
        for part in message["parts"]:
            body = part["text"] if part["kind"] != "tool_call" else json.dumps(part["arguments"], ensure_ascii=False)
            label = message["author"] if part["kind"] == "text" else f"{part['kind']} {part['name'] or ''}".strip()
            code = "" if part["exit_code"] is None else f" (exit code {part['exit_code']})"
            click.echo(f"  {printable(label)}{code}: {printable(body)}")
    for signal in turn["signals"]:
        click.echo(f"  > {signal['kind']} {signal['polarity']:+d} at {signal['strength']:.2f}, by {signal['by']}")


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M") if seconds else "-"
