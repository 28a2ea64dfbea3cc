"""`nightschool demo`: a week, one night and the morning after."""

from __future__ import annotations

import json
import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.config import Home
    from nightschool.demo.play import Demo
    from nightschool.night.report import Report

EXAMPLES = """\b
Examples:
  nightschool demo                       about three minutes on two cores, no network
  nightschool demo --bad-night           a week of praised mistakes, which must be refused
  nightschool demo --seeds 20 --json     how often the gate promotes, over twenty weeks
  nightschool demo --base FOLDER         the same week in plain English, on your own model
"""


@click.command(epilog=EXAMPLES)
@click.option("--bad-night", is_flag=True, help="Feed a week of wrong answers that were praised.")
@click.option("--base", default="pupil", show_default=True, help="`pupil`, a folder, or a Hugging Face name.")
@click.option("--seed", default=7, show_default=True, help="Which week; every seed writes another one.")
@click.option(
    "--seeds", type=click.IntRange(min=1), help="Play that many weeks, from --seed on, and count the decisions."
)
@click.option("--yes", is_flag=True, help="Do not ask before a large base is used.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(
    session: Session, bad_night: bool, base: str, seed: int, seeds: int | None, yes: bool, as_json: bool
) -> None:
    """Play a week, one night and the morning after, then empty the memory and ask again."""
    from nightschool.config import Config
    from nightschool.demo.play import play, with_base
    from nightschool.night.progress import shown

    if base != "pupil":
        _announce(base, yes)
    if seeds:
        _count(base, range(seed, seed + seeds), bad_night, as_json)
        return
    home = _home(session)
    with shown() as progress:
        demo = play(
            home,
            with_base(Config(), base),
            seed=seed,
            bad=bad_night,
            progress=progress,
            tell=lambda line: click.echo(line, err=True),
        )
    from nightschool.cli.report import made

    report = made(home, demo.night)
    if as_json:
        click.echo(json.dumps(_document(demo, report), ensure_ascii=False))
    else:
        _show(demo, report, home)


def _count(base: str, seeds: range, bad: bool, as_json: bool) -> None:
    """Play many weeks and say how often each decision fell, with a 95 % interval."""
    from collections import Counter

    from nightschool.config import Config
    from nightschool.demo.play import outcomes, with_base
    from nightschool.night.progress import shown
    from nightschool.statistics import wilson

    with shown() as progress:
        rows = outcomes(
            with_base(Config(), base),
            seeds=seeds,
            bad=bad,
            progress=progress,
            tell=lambda line: click.echo(line, err=True),
        )
    counts = Counter(str(row["decision"]) for row in rows)
    bounds = {name: wilson(count, len(rows)) for name, count in counts.items()}
    if as_json:
        decisions = {
            name: {"count": count, "n": len(rows), "interval": [bounds[name].low, bounds[name].high]}
            for name, count in counts.items()
        }
        click.echo(json.dumps({"base": base, "bad": bad, "decisions": decisions, "rows": rows}, ensure_ascii=False))
        return
    for name, count in counts.most_common():
        interval = f"{bounds[name].low:.0%} to {bounds[name].high:.0%}"
        click.echo(f"{name}: {count} of {len(rows)} weeks (95 % interval {interval})")


def _home(session: Session) -> Home:
    """The home that was asked for, or a fresh folder: the demo never touches a person's own."""
    from nightschool.config import Home, find_home

    if session.option:
        return find_home(session.option)
    return Home(Path(tempfile.mkdtemp(prefix="nightschool-demo-")) / "home")


def _announce(base: str, yes: bool) -> None:
    """Say what a real base will cost, and ask."""
    from nightschool.demo.cost import cost

    expected = cost(base)
    click.echo(
        f"{base}: {expected.parameters / 1e6:,.1f} million parameters; about {math.ceil(expected.minutes)} min"
        f" and {expected.gigabytes:.1f} GB of memory on this machine, by arithmetic",
        err=True,
    )
    if not yes:
        click.confirm("Go on?", abort=True, err=True)


def _document(demo: Demo, report: Report) -> dict[str, object]:
    from nightschool.night.document import document
    from nightschool.records import to_json

    return {
        "home": demo.home,
        "seed": demo.seed,
        "week": demo.week,
        "imported": to_json(demo.imported),
        "night": document(report),
        "forgotten": demo.forgotten,
        "replies": [to_json(reply) | {"is_learnt": reply.is_learnt} for reply in demo.replies],
        "seconds": round(demo.seconds, 1),
    }


def _show(demo: Demo, report: Report, home: Home) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from nightschool.cli.printable import printable
    from nightschool.cli.report import terminal
    from nightschool.demo.surroundings import next_steps

    console = Console(highlight=False)
    click.echo(terminal(report))
    learnt = sum(reply.is_learnt for reply in demo.replies)
    console.rule(f"Memory emptied: {demo.forgotten} sentences. The same questions, nothing in the prompt")
    table = Table(box=None, pad_edge=False, show_lines=False)
    for heading in ("asked", "before the night", "the morning after"):
        table.add_column(heading, overflow="fold", header_style="bold")
    for reply in demo.replies:
        # What a model says may hold brackets and control characters: neither is markup.
        asked, first, second = (Text(printable(said)) for said in (reply.question, reply.before, reply.after))
        first.stylize("dim")
        second.stylize("green" if reply.is_learnt else "")
        table.add_row(asked, first, second)
    console.print(table)
    before = demo.night.champion_before
    after = demo.night.champion_after
    if before == after:
        console.print(f"\n[bold]{before} still answers[/]: nothing was promoted, so nothing has changed.")
    else:
        console.print(
            f"\n[bold]{learnt} of {len(demo.replies)} answers stay learnt[/] with memory empty; {after} answers."
        )
        console.print(f"Undo: nightschool --home {home.path} versions rollback")
    console.print(f"Look around: nightschool --home {home.path} report --html morning.html")
    console.print("\n[bold]Next, with your own logs[/]")
    for step in next_steps(Path.home()):
        found = "found here" if step.found else "not found here"
        console.print(f"  {step.program} ({found}): {step.command}", soft_wrap=True)
    console.print("  then: nightschool sleep --dry-run")
    console.print(f"[dim]{demo.seconds:.0f} s[/]")
