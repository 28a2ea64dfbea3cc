"""`nightschool report`: show a night's morning report."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.config import Home
    from nightschool.night.report import Report
    from nightschool.records import Night

EXAMPLES = """\b
Examples:
  nightschool report                      last night, in the terminal
  nightschool report --list               every night with its outcome
  nightschool report r-20261120 --json    that night as JSON
  nightschool report --html morning.html  one page that needs no network
  nightschool report --share              figures alone, without a word of anybody's
"""


@click.command(epilog=EXAMPLES)
@click.argument("run", required=False)
@click.option("--list", "listed", is_flag=True, help="List the nights instead, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", is_flag=True, help="Print Markdown.")
@click.option("--html", "page", metavar="FILE", type=click.Path(path_type=Path), help="Write one self-contained page.")
@click.option("--share", "sharing", is_flag=True, help="Print figures alone as JSON: no text, no names, no paths.")
@click.option("--open", "opened", is_flag=True, help="Open the page in the browser.")
@click.pass_obj
def command(
    session: Session, run: str | None, listed: bool, as_json: bool, markdown: bool, page: Path | None, sharing: bool,
    opened: bool,
) -> None:  # fmt: skip
    """Show what a night did: what was learnt, what was left out and why, the exam, the decision.

    RUN is a night's id or its beginning; without it the last night is shown.
    """
    if listed:
        _list(session, as_json)
        return
    report = made(session.home, _night(session.home, run))
    if sharing:
        _share(session.home, report)
    elif page or opened:
        _page(session.home, report, page, opened)
    elif as_json:
        from nightschool.night.document import document

        click.echo(json.dumps(document(report), ensure_ascii=False))
    elif markdown:
        from nightschool.night import text

        click.echo(text.markdown(report))
    else:
        click.echo(terminal(report))


def made(home: Home, night: Night) -> Report:
    """Build the report of a night with the nights before it."""
    from nightschool.night.report import report
    from nightschool.store import nights
    from nightschool.store.database import open_database

    with contextlib.closing(open_database(home.database)) as db:
        earlier = [other for other in nights.list_nights(db) if other.started < night.started]
    return report(night, earlier)


def terminal(report: Report) -> str:
    """Set the report for this terminal."""
    from nightschool.night import text

    width = min(100, max(60, shutil.get_terminal_size((80, 24)).columns))
    return text.text(report, width=width, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ)


def _night(home: Home, run: str | None) -> Night:
    from nightschool.store import nights
    from nightschool.store.database import open_database

    with contextlib.closing(open_database(home.database)) as db:
        night = nights.get(db, run) if run else nights.latest(db)
    if night is None:
        raise UserError("There was no night yet", hint="Run one with `nightschool sleep`")
    return night


def _share(home: Home, report: Report) -> None:
    from nightschool.night.shared import shared
    from nightschool.store.comparison import sides
    from nightschool.store.database import open_database
    from nightschool.store.weeks import weeks

    with contextlib.closing(open_database(home.database)) as db:
        click.echo(json.dumps(shared(report, weeks(db), sides(db))))


def _page(home: Home, report: Report, page: Path | None, opened: bool) -> None:
    from nightschool.night.page import html, write

    path = page or home.runs / report.run / "report.html"
    write(path, html(report))
    click.echo(str(path.resolve()))
    if opened:
        click.launch(str(path.resolve()))


def _list(session: Session, as_json: bool) -> None:
    from nightschool.night.report import report
    from nightschool.store import nights
    from nightschool.store.database import open_database

    with contextlib.closing(open_database(session.home.database)) as db:
        reports = [report(night) for night in reversed(nights.list_nights(db))]
    if as_json:
        keys = ("run", "started", "state", "headline", "decision", "champion_before", "champion_after", "seconds")
        click.echo(json.dumps([{key: getattr(made, key) for key in keys} for made in reports], ensure_ascii=False))
        return
    for made in reports:
        click.echo(f"{made.run:<24} {made.date:<18} {made.title:<17} {made.champion_after}")
    if not reports:
        click.echo("There was no night yet; run one with `nightschool sleep`", err=True)
