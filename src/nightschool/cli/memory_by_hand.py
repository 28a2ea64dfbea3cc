"""What the `memory` commands do to the store: searches, and Markdown out and in."""

from __future__ import annotations

import dataclasses
import sqlite3
import time
from pathlib import Path

import click

from nightschool.cli.waiting import waiting
from nightschool.config import Config
from nightschool.errors import UserError
from nightschool.memory import directions, markdown, search
from nightschool.memory.markdown import Edit
from nightschool.memory.search import Hit
from nightschool.models import embedding
from nightschool.records import Fact
from nightschool.store import exports, facts, revision, said


def dated(fact: Fact, since: float | None, until: float | None) -> Fact:
    """Set since when and until when a fact holds; UserError where it would end before it begins."""
    if since is not None and until is not None and until <= since:
        raise UserError("It would end before it begins", hint="Give `--until` a day after that of `--since`")
    return dataclasses.replace(fact, valid_from=since, valid_to=until)


def found(
    db: sqlite3.Connection,
    config: Config,
    text: str,
    *,
    limit: int,
    project: str | None,
    agent: str | None,
    facts_only: bool,
) -> list[Hit]:
    """Search everything, after indexing what is new; by words alone where the embedder is away."""
    embedder = None
    with waiting("Reading what is new"):
        if not facts_only:
            said.catch_up(db)
        try:
            embedder = embedding.load(config.memory.embedder)
            if embedder is not None:
                directions.catch_up(db, embedder, seconds=30.0)
        except UserError as error:
            embedder = None
            click.echo(f"Searched by words alone: {error.message}", err=True)
    kinds = ("fact",) if facts_only else ("fact", "said")
    return search.recall(
        db, text, now=time.time(), project=project, agent=agent, apart=config.curate.apart, embedder=embedder,
        kinds=kinds, limit=limit,
    )  # fmt: skip


def write_out(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """Export memory, and note where, so that forgetting reaches that folder."""
    folder = folder.expanduser().resolve()
    live = facts.live(db)
    held = {fact.id for fact in live}
    ended = [fact for fact in facts.history(db) if fact.id not in held and fact.state != "asked"]
    files = markdown.write(folder, live, ended, facts.asked(db))
    exports.note(db, folder)
    return files


def take_over(db: sqlite3.Connection, folder: Path, *, yes: bool) -> tuple[list[Edit], int]:
    """Compare a folder with memory; with `yes` apply what is no conflict and write the folder anew."""
    folder = folder.expanduser().resolve()
    edits = markdown.read(folder, facts.live(db))
    if not yes:
        return edits, 0
    applied = sum(_applied(db, edit) for edit in edits)
    if applied:
        write_out(db, folder)
    return edits, applied


def _applied(db: sqlite3.Connection, edit: Edit) -> bool:
    from nightschool.wake import hearing

    if edit.kind == "conflict":
        return False
    if edit.kind == "end":
        revision.end(db, edit.fact_id, time.time())
        return True
    fact = hearing.one(edit.after, preference=edit.preference, scope=edit.scope)
    if edit.kind == "add":
        facts.add(db, fact)
        return True
    meaning = None if edit.preference else hearing.meaning(edit.after)
    place = (fact.kind, fact.scope) if edit.was else None
    revision.revise(db, edit.fact_id, edit.after, meaning=meaning, place=place)
    return True
