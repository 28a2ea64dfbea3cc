"""`memory`: what goes into the prompt of every answer."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from nightschool.cli import memory_by_hand, memory_shown
from nightschool.cli.main import Session
from nightschool.errors import UserError
from nightschool.records import Json, to_json
from nightschool.store import facts, revision
from nightschool.store.database import open_database

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group(epilog='Example: nightschool memory add "I live in Oslo."')
def command() -> None:
    """See, search, change, export and forget what goes into the prompt."""


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what has ended, or was never true.")
@click.option("--at", type=DAY, help="What held on a day, as far as is known today.")
@AS_JSON
@click.pass_obj
def list_(session: Session, everything: bool, at: datetime | None, as_json: bool) -> None:
    """Show facts and preferences, oldest first.

    Example: nightschool memory list --at 2026-05-01
    """
    with closing(_open(session)) as db:
        moment = _moment(at)
        found = facts.history(db) if everything else facts.live(db, moment)
        memory_shown.facts(db, found, as_json, "Memory is empty")
        if not as_json:
            for new, old in facts.asked(db):
                click.echo(
                    f"Which holds? {old.sentence!r} or {new.sentence!r}: `nightschool memory settle {new.id}`", err=True
                )


@command.command()
@click.argument("sentence")
@click.option("--preference", is_flag=True, help="A wish about all answers: always told.")
@click.option("--project", metavar="NAME", help="Tell it in this project only.")
@click.option("--agent", metavar="NAME", help="Tell it where this agent asks only.")
@click.option("--since", type=DAY, help="Since when it is so.")
@click.option("--until", type=DAY, help="Until when it is so.")
@AS_JSON
@click.pass_obj
def add(
    session: Session,
    sentence: str,
    preference: bool,
    project: str | None,
    agent: str | None,
    since: datetime | None,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Tell one sentence; a new value of a known thing takes the old one's place.

    Example: nightschool memory add "Give me distances in miles." --preference
    """
    if not sentence.strip():
        raise UserError("The sentence is empty", hint='Write it in quotes: `nightschool memory add "I live in Oslo."`')
    if project and agent:
        raise UserError("A sentence is told in one project or by one agent", hint="Tell it twice, once for each")
    scope = f"project:{project}" if project else f"agent:{agent}" if agent else "everywhere"
    from nightschool.wake import hearing

    with closing(_open(session)) as db:
        fact = hearing.one(sentence, preference=preference, scope=scope)
        stored = facts.add(db, memory_by_hand.dated(fact, _moment(since), _moment(until)))
        memory_shown.facts(db, [stored], as_json, "")


@command.command()
@click.argument("text")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1))
@click.option("--project", metavar="NAME", help="As asked within this project.")
@click.option("--agent", metavar="NAME", help="As asked by this agent.")
@click.option("--facts-only", is_flag=True, help="Leave out what was said in conversations.")
@AS_JSON
@click.pass_obj
def search(
    session: Session,
    text: str,
    limit: int,
    project: str | None,
    agent: str | None,
    facts_only: bool,
    as_json: bool,
) -> None:
    """Find facts and what was said, by words and by meaning, best first.

    Example: nightschool memory search "where do I live"
    """
    with closing(_open(session)) as db:
        hits = memory_by_hand.found(
            db, session.config, text, limit=limit, project=project, agent=agent, facts_only=facts_only
        )
        memory_shown.hits(hits, as_json)


@command.command()
@click.argument("fact_id")
@AS_JSON
@click.pass_obj
def show(session: Session, fact_id: str, as_json: bool) -> None:
    """Show one fact: its times, the messages it rests on, its exams, and every change.

    Example: nightschool memory show f-1a2b3c4d5e
    """
    with closing(_open(session)) as db:
        memory_shown.one(db, fact_id, as_json)


@command.command()
@click.argument("fact_id", required=False)
@AS_JSON
@click.pass_obj
def history(session: Session, fact_id: str | None, as_json: bool) -> None:
    """Show every change of memory, or of one fact, oldest first.

    Example: nightschool memory history
    """
    with closing(_open(session)) as db:
        memory_shown.history(db, fact_id, as_json)


@command.command()
@click.argument("fact_id")
@click.argument("sentence")
@click.option("--since", type=DAY, help="The old sentence was right until this day; without it, never.")
@AS_JSON
@click.pass_obj
def revise(session: Session, fact_id: str, sentence: str, since: datetime | None, as_json: bool) -> None:
    """Put another sentence in a fact's place; the old one stays in the history.

    Example: nightschool memory revise f-1a2b3c4d5e "I live in Bergen." --since 2026-05-01
    """
    from nightschool.wake import hearing

    with closing(_open(session)) as db:
        fact = revision.revise(db, fact_id, sentence, since=_moment(since), meaning=hearing.meaning(sentence))
        memory_shown.facts(db, [fact], as_json, "")


@command.command()
@click.argument("fact_id")
@click.option("--on", type=DAY, help="The day it ended. [default: now]")
@AS_JSON
@click.pass_obj
def end(session: Session, fact_id: str, on: datetime | None, as_json: bool) -> None:
    """Note that a fact no longer holds; it stays in the history.

    Example: nightschool memory end f-1a2b3c4d5e --on 2026-05-01
    """
    with closing(_open(session)) as db:
        ended = revision.end(db, fact_id, _moment(on) or time.time())
        memory_shown.facts(db, [ended], as_json, "")


@command.command()
@click.argument("fact_id")
@click.argument("choice", type=click.Choice(["new", "old", "both"]))
@AS_JSON
@click.pass_obj
def settle(session: Session, fact_id: str, choice: revision.Settled, as_json: bool) -> None:
    """Say which of two contradicting facts holds.

    Example: nightschool memory settle f-1a2b3c4d5e new
    """
    with closing(_open(session)) as db:
        memory_shown.facts(db, revision.settle(db, fact_id, choice), as_json, "")


@command.command()
@click.argument("fact_id")
@AS_JSON
@click.pass_obj
def undo(session: Session, fact_id: str, as_json: bool) -> None:
    """Take back the newest change that a fact had a part in.

    Example: nightschool memory undo f-1a2b3c4d5e
    """
    with closing(_open(session)) as db:
        memory_shown.facts(db, revision.undo(db, fact_id), as_json, "")


@command.command()
@click.argument("ids", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Show what would go, and change nothing.")
@AS_JSON
@click.pass_obj
def forget(session: Session, ids: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Erase facts for good, with the messages that hold their sentence, or single messages. There is no way back.

    What the assistant said of a fact goes where the fact was told; a message takes the facts with it that rest
    on it alone.

    Example: nightschool memory forget f-1a2b3c4d5e
    """
    from nightschool.cli import deliver, forgotten
    from nightschool.store import forgetting

    with closing(_open(session)) as db:
        if dry_run:
            seen = [forgetting.foresee(db, session.home, key) for key in ids]
            memory_shown.as_json([to_json(each) for each in seen]) if as_json else forgotten.show_foreseen(seen)
            return
        gone = [forgetting.forget(db, session.home, key) for key in ids]
        carried = deliver.follow(session, db)
    if as_json:
        memory_shown.as_json([to_json(each) for each in gone])
        return
    forgotten.show(gone)
    deliver.show(carried)


@command.command()
@AS_JSON
@click.pass_obj
def clear(session: Session, as_json: bool) -> None:
    """Tell nothing any more; `memory restore` undoes it, `memory forget` erases instead.

    Example: nightschool memory clear
    """
    with closing(_open(session)) as db:
        count = facts.clear(db)
    _counted(
        {"cleared": count},
        f"Cleared {count} from the prompt, erased nothing; undo with `nightschool memory restore`",
        as_json,
    )


@command.command()
@AS_JSON
@click.pass_obj
def restore(session: Session, as_json: bool) -> None:
    """Undo `memory clear`.

    Example: nightschool memory restore
    """
    with closing(_open(session)) as db:
        count = facts.restore(db)
    _counted({"restored": count}, f"Restored {count}", as_json)


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@AS_JSON
@click.pass_obj
def export(session: Session, folder: Path, as_json: bool) -> None:
    """Write memory into a folder of Markdown that can be edited and kept in git.

    Example: nightschool memory export ~/notes/memory
    """
    with closing(_open(session)) as db:
        files = memory_by_hand.write_out(db, folder)
    _counted({"folder": str(folder), "files": [file.name for file in files]}, f"Wrote {folder}", as_json)


@command.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Take the changes over; without it they are only shown.")
@AS_JSON
@click.pass_obj
def import_(session: Session, folder: Path, yes: bool, as_json: bool) -> None:
    """Show what was edited in an exported folder, and with --yes take it over.

    Example: nightschool memory import ~/notes/memory --yes
    """
    with closing(_open(session)) as db:
        edits, applied = memory_by_hand.take_over(db, folder, yes=yes)
    if as_json:
        memory_shown.as_json({"edits": to_json(edits), "applied": applied})
        return
    for edit in edits:
        memory_shown.edit(edit)
    if not edits:
        click.echo("Nothing was changed in that folder", err=True)
    elif yes:
        click.echo(f"Took over {applied} of {len(edits)}", err=True)
    else:
        click.echo("Nothing is taken over yet; add `--yes`", err=True)


def _counted(figures: Json, sentence: str, as_json: bool) -> None:
    if as_json:
        memory_shown.as_json(figures)
    else:
        click.echo(sentence)


def _moment(day: datetime | None) -> float | None:
    return None if day is None else day.replace(tzinfo=UTC).timestamp()


def _open(session: Session) -> sqlite3.Connection:
    return open_database(session.home.database)
