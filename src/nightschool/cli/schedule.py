"""`nightschool schedule`: let nights begin by themselves."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.records import Json

EXAMPLES = """\b
Examples:
  nightschool schedule                                  what is set, when the next night is due, what holds it back
  nightschool schedule install --window 23:30-05:30     a timer of this system, with a window of your own
  nightschool schedule install --print                  the same, printed and not installed
  nightschool schedule remove                           no timer any more
"""
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(invoke_without_command=True, epilog=EXAMPLES)
@AS_JSON
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Let nights begin by themselves: in a window of time, when nobody is there.

    A night that is under way pauses when somebody comes back, and goes on when they have left. A night that
    was missed is caught up.
    """
    if ctx.invoked_subcommand is None:
        _show(ctx.obj, as_json)


def _show(session: Session, as_json: bool) -> None:
    shown = _status(session)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    clocks = ", ".join(shown["installed"]) or "no timer; `nightschool schedule install` makes one"
    click.echo(f"{'timer':<14} {clocks}")
    for key, value in shown["settings"].items():
        click.echo(f"{key:<14} {value if value not in (0, 0.0) else '-'}")
    click.echo(f"{'next window':<14} {shown['next_window']}")
    if shown["due"]:
        what = "A missed night is to be caught up" if shown["due"] == "missed" else "A night is due"
        click.echo(f"{what}, and nothing holds it back" if not shown["held"] else f"{what}, but:")
    for reason in shown["held"]:
        click.echo(f"  {reason}")
    for what in shown["unmeasured"]:
        click.echo(f"  this machine does not tell {what}, so that setting holds nothing back")


def _status(session: Session) -> Json:
    from nightschool.night import machine, schedule, timer, vigil
    from nightschool.night.machine import Meter

    home, config = session.home, session.config
    span, now = schedule.window(config.schedule.window), time.time()
    found = vigil.due_or_why(home, config)
    upcoming = next(at for days in (1, 2) if (at := span.opened(now + days * 86_400)) > now)
    return {
        "installed": list(timer.installed(home)),
        "settings": dataclasses.asdict(config.schedule),
        "due": found.due,
        "held": list(found.held),
        "unmeasured": list(schedule.unmeasured(config.schedule, machine.read(home.awake), Meter().watt_hours)),
        "next_window": datetime.fromtimestamp(upcoming).isoformat(sep=" ", timespec="minutes"),  # noqa: DTZ006
    }


@command.command()
@click.option("--kind", type=click.Choice(["systemd", "launchd", "cron"]), help="Which clock. [default: this system's]")
@click.option("--window", metavar="HH:MM-HH:MM", help="Local time in which a night may begin.")
@click.option("--idle", "idle_minutes", type=click.IntRange(0), metavar="MINUTES", help="How long nobody was there.")
@click.option("--mains/--battery", default=None, help="Wait for mains power, or do not.")
@click.option("--gpu-free", "gpu_free_gb", type=click.FloatRange(0), metavar="GB", help="GPU memory that must be free.")
@click.option("--minutes", "max_minutes", type=click.FloatRange(0), help="Most minutes of work in one night.")
@click.option("--degrees", "max_degrees", type=click.FloatRange(0), help="Pause above so many degrees Celsius.")
@click.option("--watt-hours", "max_watt_hours", type=click.FloatRange(0), help="Most energy of one night.")
@click.option("--print", "--dry-run", "printed", is_flag=True, help="Print what would be installed, install nothing.")
@AS_JSON
@click.pass_obj
def install(session: Session, /, kind: Any, printed: bool, as_json: bool, **chosen: Any) -> None:
    """Install a timer of this system that begins a night when one is due.

    Example: nightschool schedule install --window 23:30-05:30 --idle 30
    """
    from nightschool.config import write_config
    from nightschool.night import machine, schedule, timer, vigil
    from nightschool.night.machine import Meter

    home, config = session.home, session.config
    values = {key: value for key, value in chosen.items() if value is not None}
    wanted = dataclasses.replace(config.schedule, **values)
    schedule.window(wanted.window)
    limits = dataclasses.replace(wanted, idle_minutes=0)
    for what in schedule.unmeasured(limits, machine.read(home.awake), Meter().watt_hours):
        raise UserError(f"This machine does not tell {what}", hint="Limit the minutes instead: `--minutes 90`")
    clock = timer.timer(home, kind or timer.kind_here())
    if printed:
        _print(clock, as_json)
        return
    timer.install(clock)
    write_config(home.config_file, dataclasses.replace(config, schedule=wanted))
    vigil.note_made(home, time.time())
    if as_json:
        click.echo(json.dumps(_status(session), ensure_ascii=False))
        return
    click.echo(f"Installed {clock.name} with {clock.kind}; undo with `nightschool schedule remove`")
    _show(session, False)
    if clock.kind == "systemd":
        click.echo("It ticks while you are logged in; `loginctl enable-linger` lets it tick always")


def _print(clock: Any, as_json: bool) -> None:
    if as_json:
        files = {str(file): text for file, text in clock.files}
        click.echo(json.dumps({"kind": clock.kind, "files": files, "line": clock.line, "start": clock.start}))
        return
    for file, text in clock.files:
        click.echo(f"# {file}\n{text}")
    for words in clock.start:
        click.echo(f"$ {' '.join(words)}")
    if clock.line:
        click.echo(clock.line)


@command.command()
@AS_JSON
@click.pass_obj
def remove(session: Session, as_json: bool) -> None:
    """Remove this home's timer. Nights then begin only with `nightschool sleep`.

    Example: nightschool schedule remove
    """
    from nightschool.night import timer

    gone = [kind for kind in timer.KINDS if timer.remove(timer.timer(session.home, kind))]
    if as_json:
        click.echo(json.dumps({"removed": gone}))
    else:
        click.echo(f"Removed the timer of {', '.join(gone)}" if gone else "There was no timer")


@command.command()
@AS_JSON
@click.pass_obj
def run(session: Session, as_json: bool) -> None:
    """Run a night if one is due and nothing holds it back: what the timer calls.

    Example: nightschool schedule run --json
    """
    from nightschool.night import vigil
    from nightschool.night.progress import shown

    home, config = session.home, session.config
    now = vigil.due_or_why(home, config)
    if now.due and not now.held:
        with shown() as progress:
            now = vigil.tick(home, config, progress=progress)
    if as_json:
        click.echo(json.dumps({"due": now.due, "held": list(now.held), "run": now.night.run if now.night else None,
                               "state": now.night.state if now.night else None, "stopped": now.stopped,
                               "paused_seconds": round(now.paused_seconds, 1)}))  # fmt: skip
    elif now.night is None:
        click.echo(f"Not now: {'; '.join(now.held)}" if now.held else "No night is due")
    elif now.stopped:
        click.echo(f"Stopped: {now.stopped}; the next window goes on with it")
    else:
        click.echo(f"Night {now.night.run} ended as {now.night.state}; `nightschool report` shows it")
        sys.exit(1 if now.night.state == "failed" else 0)


@command.command()
@click.pass_obj
def pause(session: Session) -> None:
    """Let the night that is running wait, within one step of its training.

    Example: nightschool schedule pause
    """
    from nightschool.night.pacing import hold

    hold(session.home.pause, "by hand")
    click.echo("A running night waits now; `nightschool schedule resume` lets it go on")


@command.command()
@click.pass_obj
def resume(session: Session) -> None:
    """Let a paused night go on.

    Example: nightschool schedule resume
    """
    from nightschool.night.pacing import release

    release(session.home.pause)
    click.echo("A paused night goes on")
