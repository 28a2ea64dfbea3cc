"""`nightschool train`: what a training would need."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.train.plan import Plan

EXAMPLES = """\b
Examples:
  nightschool train plan                            this home's base on this machine
  nightschool train plan --base Qwen/Qwen3-4B       another base that is on this machine
  nightschool train plan --device cuda --memory 24  a card of 24 GB that is not here
"""


@click.group(epilog="Example: nightschool train plan")
def command() -> None:
    """Say what a training needs, before it starts."""


@command.command(epilog=EXAMPLES)
@click.option("--base", help="`pupil`, a folder, a Hugging Face name, or ollama:NAME. [default: this home's]")
@click.option("--rows", default=400, show_default=True, type=click.IntRange(1), help="Rows of a night.")
@click.option("--tokens", default=400, show_default=True, type=click.IntRange(1), help="Tokens of a row, on average.")
@click.option("--device", type=click.Choice(["cpu", "cuda", "mps"]), help="[default: what this machine has]")
@click.option("--memory", type=click.FloatRange(0.1), metavar="GB", help="[default: what this machine has]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def plan(
    session: Session, base: str | None, rows: int, tokens: int, device: str | None, memory: float | None, as_json: bool
) -> None:
    """Say whether a night's training fits this machine, in memory and in minutes, and what would."""
    from nightschool.night.machine import described
    from nightschool.records import to_json
    from nightschool.train import plan as plans

    work = plans.Work.of(session.config.train, rows=rows, tokens=tokens)
    made = plans.plan(plans.shape_of(base or session.config.base.name), described(device, memory), work)
    if as_json:
        click.echo(json.dumps(to_json(made)))
        return
    click.echo("\n".join(_lines(made)))


def _lines(made: Plan) -> list[str]:
    from nightschool.train.plan import spoken

    parts = ", ".join(f"{name} {size / 1e9:.2f}" for name, size in made.memory.items())
    took = f"{made.minutes / 60:.1f} hours" if made.minutes >= 90 else f"{made.minutes:.0f} minutes"
    lines = [
        f"{made.base}: {spoken(made.parameters)} parameters on {made.machine}",
        f"  method   {made.method}",
        f"  memory   {made.needed / 1e9:.2f} GB of {made.there / 1e9:.1f} ({parts})",
        f"  time     about {took}",
        "It fits." if made.fits else "It does not fit.",
    ]
    lines += [f"  What would: {each}" for each in made.instead]
    if not made.proven:
        lines.append("Arithmetic alone: nobody has measured it on such a machine yet.")
    return lines
