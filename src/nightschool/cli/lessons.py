"""`lessons`: what was learnt, asked and refused, why, and exactly what is trained of it."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli.printable import printable
from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.records import Example, Json, Lesson

STATES = ("proposed", "kept", "dropped", "asked", "superseded")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
EXAMPLES = """\b
Examples:
  nightschool lessons list --state asked          what waits for your word
  nightschool lessons keep l-3f2a                 let it be taught
  nightschool lessons revise l-3f2a "In miles."   in your own words
  nightschool lessons show l-3f2a --tokens        exactly what is trained of it
"""


@click.group(epilog=EXAMPLES)
def command() -> None:
    """Look over what was learnt, and decide."""


@command.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only lessons in this state.")
@AS_JSON
@click.pass_obj
def list_(session: Session, state: str | None, as_json: bool) -> None:
    """Show every lesson with its state and the reason for it, oldest first.

    Example: nightschool lessons list --state asked
    """
    from nightschool.records import to_json
    from nightschool.store import lessons
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db:
        found = [lesson for lesson in lessons.lessons(db) if state in (None, lesson.state)]
    if as_json:
        click.echo(json.dumps([to_json(lesson) for lesson in found], ensure_ascii=False))
        return
    for lesson in found:
        click.echo(f"{lesson.id:20} {lesson.state:10} {printable(lesson.text)[:60]:60} {lesson.reason}")
    if not found:
        click.echo("There is no such lesson yet; `nightschool sleep` looks for them")


@command.command()
@click.argument("lesson_id", metavar="ID")
@click.option("--tokens", is_flag=True, help="Every row of the last dataset, token by token.")
@AS_JSON
@click.pass_obj
def show(session: Session, lesson_id: str, tokens: bool, as_json: bool) -> None:
    """Show a lesson and the rows that the last dataset trains of it.

    With --tokens: what the model is trained to say stands as it is, and what is masked stands in ⟦ ⟧ and is only read.

    Example: nightschool lessons show l-3f2a --tokens
    """
    from nightschool.records import to_json
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db:
        lesson = find(db, lesson_id)
        rows = _rows(session, db, lesson)
    marked = [_tokens(session, row) for row in rows] if tokens else []
    if as_json:
        made: Json = to_json(lesson) | {"rows": [to_json(row) for row in rows]}
        click.echo(json.dumps(made | ({"tokens": marked} if tokens else {}), ensure_ascii=False))
        return
    click.echo(f"{lesson.id}  {lesson.kind}, {lesson.state}: {lesson.reason}\n  “{printable(lesson.text)}”")
    click.echo(f"  {len(rows)} rows in the last dataset" if rows else "  No row of the last dataset rests on it")
    for at, row in enumerate(rows):
        click.echo(f"\n{row.id}  {row.objective}{' with memory' if row.told else ''}")
        for part in marked[at] if tokens else ():
            click.echo(f"  {part['target']}, {part['trained']} of {len(part['tokens'])} tokens trained:")
            click.echo(_painted(part["tokens"]))


@command.command()
@click.argument("lesson_id", metavar="ID")
@AS_JSON
@click.pass_obj
def keep(session: Session, lesson_id: str, as_json: bool) -> None:
    """Let a lesson be taught, whatever later readings say.

    Example: nightschool lessons keep l-3f2a
    """
    from nightschool.curate import by_hand

    _decide(session, lesson_id, by_hand.keep, -1, as_json)


@command.command()
@click.argument("lesson_id", metavar="ID")
@AS_JSON
@click.pass_obj
def drop(session: Session, lesson_id: str, as_json: bool) -> None:
    """Let a lesson be; undo it with `lessons keep`.

    Example: nightschool lessons drop l-3f2a
    """
    from nightschool.curate import by_hand

    _decide(session, lesson_id, by_hand.drop, 0, as_json)


@command.command()
@click.argument("lesson_id", metavar="ID")
@click.argument("text")
@AS_JSON
@click.pass_obj
def revise(session: Session, lesson_id: str, text: str, as_json: bool) -> None:
    """Put your own words in a lesson's place, and let it be taught.

    Example: nightschool lessons revise l-3f2a "Give me distances in miles."
    """
    from nightschool.curate import by_hand

    _decide(session, lesson_id, lambda db, found: by_hand.revise(db, found, text), -1, as_json)


@command.command()
@click.argument("lesson_id", metavar="ID")
@AS_JSON
@click.pass_obj
def why(session: Session, lesson_id: str, as_json: bool) -> None:
    """Say why a lesson is where it is: its history, the words it rests on, what was seen and said of it.

    Example: nightschool lessons why l-3f2a
    """
    from nightschool.night import reasons
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db:
        told = reasons.of(db, find(db, lesson_id))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo("\n".join(_reasons(told)))


def find(db: sqlite3.Connection, lesson_id: str) -> Lesson:
    """Return the lesson with this id or unique beginning of one."""
    import difflib

    from nightschool.store import lessons

    known = {lesson.id: lesson for lesson in lessons.lessons(db) if lesson.state != "forgotten"}
    matches = [lesson for name, lesson in known.items() if name.startswith(lesson_id)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UserError(f"{len(matches)} lessons begin with {lesson_id!r}", hint="Give more of the id")
    near = difflib.get_close_matches(lesson_id, list(known), n=1, cutoff=0.0)
    hint = f"The nearest is {near[0]!r}; see `nightschool lessons list`" if near else "See `nightschool lessons list`"
    raise UserError(f"There is no lesson {lesson_id!r}", hint=hint)


def _decide(
    session: Session,
    lesson_id: str,
    decide: Callable[[sqlite3.Connection, str], Lesson],
    polarity: int,
    as_json: bool,
) -> None:
    """Carry out a decision; where the lesson is a correction, it is the person's verdict on the corrected answer."""
    from nightschool.records import to_json
    from nightschool.store import judges
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db:
        lesson = decide(db, find(db, lesson_id).id)
        if lesson.kind == "correction" and len(lesson.source) > 1:
            judges.put_label(db, lesson.source[1], polarity)
    if as_json:
        click.echo(json.dumps(to_json(lesson), ensure_ascii=False))
    else:
        click.echo(f"{lesson.id} is {lesson.state}: “{printable(lesson.text)}”")


def _rows(session: Session, db: sqlite3.Connection, lesson: Lesson) -> list[Example]:
    """The rows of the last dataset that teach a lesson."""
    from nightschool.curate import dataset
    from nightschool.store import lessons

    entries = lessons.datasets(db)
    if not entries:
        return []
    rows = dataset.read(session.home.datasets, entries[-1].hash).examples
    return [row for row in rows if row.lesson_id == lesson.id]


def _tokens(session: Session, row: Example) -> list[Json]:
    """Each target of a row as the trainer gets it: the text of every token, and whether loss falls on it."""
    from nightschool.models import base, chat, loading

    tokenizer = loading.tokenizer(base.find(session.config.base.name))
    parts: list[Json] = []
    for name, answer in (("chosen", row.chosen), ("rejected", row.rejected)):
        if answer is None:
            continue
        rendered = chat.render(tokenizer, row.prompt, answer=answer)
        texts = [tokenizer.decode([token], skip_special_tokens=False) for token in rendered.ids]
        pairs = [[text, bool(mask)] for text, mask in zip(texts, rendered.mask, strict=True)]
        parts.append({"target": name, "trained": sum(rendered.mask), "tokens": pairs})
    return parts


def _painted(tokens: list[tuple[str, bool]]) -> str:
    """Masked runs in brackets, and dim on a terminal; what is trained as it is."""
    import itertools

    dim = sys.stdout.isatty()
    written = ""
    for trained, run in itertools.groupby(tokens, key=lambda pair: pair[1]):
        text = printable("".join(piece for piece, _ in run))
        written += text if trained else click.style(f"⟦{text}⟧", dim=True) if dim else f"⟦{text}⟧"
    return written


def _reasons(told: Json) -> list[str]:
    lesson, rule = told["lesson"], told["lesson"]["rule"]
    found = [f"{lesson['id']}  {lesson['kind']}, {lesson['state']}: “{printable(lesson['text'])}”"]
    if rule is None:
        found.append("  No rule could be read from it, so that only judges can check an answer against it")
    else:
        instead = f" instead of {rule['instead']}" if rule["instead"] else ""
        found.append(f"  Checked by rule: {rule['kind']} {rule['value']}{instead}")
    found += [f"  {past['state']}: {past['reason']}" for past in told["history"]]
    found += [f"  {word['author']} said: {printable(word['text'])}" for word in told["words"]]
    for seen in told["signals"]:
        found.append(f"  seen: {seen['kind']} {seen['polarity']:+d}, strength {seen['strength']:.2f}, by {seen['by']}")
    for one in told["opinions"]:
        if one["scores"]:
            found.append(f"  a judge gave {one['scores']['overall']}: {printable(one['reason'])}")
    found += [f"  {count} rows in dataset {name}" for name, count in told["rows"].items()]
    return found if told["rows"] else [*found, "  No dataset has a row of it"]
