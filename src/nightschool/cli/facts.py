"""`facts`: what is true of the person, in memory at once and in the weights as soon as it is proven there."""

from __future__ import annotations

import json
import time
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli.waiting import counting, waiting
from nightschool.errors import UserError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from nightschool.cli.main import Session
    from nightschool.edit.editor import Written
    from nightschool.records import Fact
    from nightschool.wake.learning import Learner

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
LONGEST = 2000


@click.group(epilog='Example: nightschool facts add "My sister Ana lives in Lisbon."')
def command() -> None:
    """Tell facts, see where each is held, revise them and forget them.

    A fact is in memory at once. It is written into the weights too, and counts as learnt when the model answers
    with it on wordings that it was not written with; until then it is told in the prompt.
    """


@command.command()
@click.argument("sentences", nargs=-1, required=True)
@click.option("--memory-only", is_flag=True, help="Do not write it into the weights.")
@AS_JSON
@click.pass_obj
def add(session: Session, sentences: tuple[str, ...], memory_only: bool, as_json: bool) -> None:
    """Tell facts, one sentence each.

    Example: nightschool facts add "I live in Oslo." "My dog is called Rex."
    """
    from nightschool.store import facts
    from nightschool.store.database import open_database
    from nightschool.wake.hearing import typed

    told = [each for sentence in sentences for each in typed(checked(sentence), time.time())]
    with closing(open_database(session.home.database)) as db:
        stored = [facts.add(db, fact) for fact in told]
        written = [] if memory_only else _write(session, db, stored)
        _show(db, session, stored, written, as_json)


@command.command()
@click.argument("fact_id", metavar="ID")
@click.argument("sentence")
@AS_JSON
@click.pass_obj
def revise(session: Session, fact_id: str, sentence: str, as_json: bool) -> None:
    """Put another sentence in a fact's place: memory ends the old one, the weights say the new one.

    Example: nightschool facts revise f-1a2b3c4d5e "My sister Ana lives in Porto."
    """
    from nightschool.store import revision
    from nightschool.store.database import open_database
    from nightschool.wake.hearing import typed

    told = typed(checked(sentence), time.time())
    if len(told) != 1:
        raise UserError(f"The sentence tells {len(told)} facts", hint="Revise one fact at a time")
    with closing(open_database(session.home.database)) as db:
        meaning = (told[0].subject, told[0].relation, told[0].object) if told[0].relation else None
        stored = revision.revise(db, fact_id, told[0].sentence, meaning=meaning)
        _show(db, session, [stored], _write(session, db, [stored]), as_json)


@command.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@AS_JSON
@click.pass_obj
def forget(session: Session, ids: tuple[str, ...], as_json: bool) -> None:
    """Erase facts everywhere: memory, weights, history, datasets. There is no way back.

    The weights are then what they would be had it never been told. Versions trained on it are blocked.

    Example: nightschool facts forget f-1a2b3c4d5e
    """
    from nightschool.cli import deliver, forgotten
    from nightschool.records import to_json
    from nightschool.store import forgetting
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db:
        gone = [forgetting.forget(db, session.home, fact_id) for fact_id in ids]
        carried = deliver.follow(session, db)
    if as_json:
        click.echo(json.dumps([to_json(each) for each in gone], ensure_ascii=False))
        return
    forgotten.show(gone)
    deliver.show(carried)


@command.command("list")
@AS_JSON
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """Show the facts that hold now, whether context, weights or both hold each, and the seconds a write took.

    Example: nightschool facts list --json
    """
    from nightschool.store import facts
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db:
        live = [fact for fact in facts.live(db) if fact.kind == "fact"]
        _show(db, session, live, (), as_json, everything=True)


@command.command()
@click.argument("fact_id", metavar="ID")
@AS_JSON
@click.pass_obj
def why(session: Session, fact_id: str, as_json: bool) -> None:
    """Show where a fact comes from, where it is held, and how often the weights were asked for it.

    Example: nightschool facts why f-1a2b3c4d5e
    """
    from nightschool.store.database import open_database
    from nightschool.wake.holding import origin

    with closing(open_database(session.home.database)) as db:
        found = origin(db, session.home, fact_id)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"{found['sentence']}\n  held by       {held(found)}")
    if found["trained"]:
        click.echo("  trained       the version that answers knows it by training, and needs no edit for it")
    for source in found["source"]:
        click.echo(f"  said in       {source['conversation']}: {source['text']}")
    if not found["source"]:
        click.echo("  said in       no conversation: it was typed in")
    for proof in found["proofs"]:
        outcome = "known" if proof["passed"] else "not known"
        click.echo(f"  asked         {proof['day']} ({proof['kind']}): {outcome}, {proof['right']} of {proof['asked']}")
    if found["reason"]:
        click.echo(f"  not learnt    {found['reason']}")


@command.command()
@click.option("--all", "everything", is_flag=True, help="Also what is in the weights already.")
@click.option("--measure", is_flag=True, help="Measure the base again first, and write everything anew.")
@AS_JSON
@click.pass_obj
def write(session: Session, everything: bool, measure: bool, as_json: bool) -> None:
    """Write what memory holds into the weights of the version that answers now.

    For facts that could not be learnt before, and after another base or version was chosen.

    Example: nightschool facts write
    """
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db:
        learner = _learner(session, db)
        if measure:
            learner.measure()
        editor = learner.editor()
        told = editor.missing() + (editor.held() if everything or measure else [])
        with counting("Writing facts") as progress:
            written = learner.learn(told, progress)
        _show(db, session, told, written, as_json)


def checked(sentence: str) -> str:
    """Return a sentence that can be a fact; UserError where it is empty, endless or no text."""
    text = " ".join(sentence.split())
    if not text:
        raise UserError("The fact is empty", hint='Write it in quotes: `nightschool facts add "I live in Oslo."`')
    if len(text) > LONGEST:
        raise UserError(
            f"The fact has {len(text):,} characters, more than {LONGEST:,}",
            hint="Tell it in sentences of one fact each",
        )
    if not any(letter.isalpha() for letter in text) or any(not letter.isprintable() for letter in text):
        raise UserError("That is no sentence", hint='Write it in words: `nightschool facts add "I live in Oslo."`')
    return text


def held(found: dict[str, object]) -> str:
    """Say in words where a fact is held."""
    where = found["held"]
    words = {"both": "context and weights", "context": "context", "weights": "weights alone", "nothing": "nothing"}
    return words[str(where)]


def _learner(session: Session, db: sqlite3.Connection) -> Learner:
    from nightschool import models
    from nightschool.wake.learning import Learner
    from nightschool.wake.speaker import speaker

    with waiting(f"Loading {session.config.base.name}"):
        model = models.load(session.config.base.name, session.config.base.device)
        return Learner(db, session.home, speaker(db, session.home, model))


def _write(session: Session, db: sqlite3.Connection, stored: Sequence[Fact]) -> list[Written]:
    held_now = [fact for fact in stored if fact.state == "live"]
    if not held_now:
        return []
    learner = _learner(session, db)
    with counting("Writing facts") as progress:
        return learner.learn(held_now, progress)


def _show(
    db: sqlite3.Connection,
    session: Session,
    shown: Sequence[Fact],
    written: Sequence[Written],
    as_json: bool,
    *,
    everything: bool = False,
) -> None:
    from nightschool.wake.holding import standing

    rows = standing(db, session.home, shown, {each.fact_id: each for each in written})
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not rows and everything:
        click.echo("No facts are held", err=True)
    for row in rows:
        why_not = f"  ({row['reason']})" if row["reason"] else ""
        took = f"{row['seconds']:.1f} s" if row["seconds"] else "trained" if row["trained"] else ""
        click.echo(f"{row['id']}  {held(row):<20}  {took:>7}  {row['sentence']}{why_not}")
