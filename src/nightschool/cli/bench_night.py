"""`bench night`: what a night costs beside training and examining, and training beside TRL run by hand."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from nightschool.records import Json


@click.command()
@click.option("--base", default="pupil", show_default=True, help="`pupil`, a folder, or a Hugging Face name.")
@click.option("--seed", default=7, show_default=True, help="Of the week that the night reads.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Of each training, in turns.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(base: str, seed: int, rounds: int, as_json: bool) -> None:
    """A night's seconds beside training and examining, and our training beside TRL run by hand.

    Plays the demo's week in a folder of its own; on pupil it takes four to five minutes on two cores.

    Example: nightschool bench night --json
    """
    from nightschool.bench import night
    from nightschool.config import Config, Home
    from nightschool.demo.play import fill, with_base
    from nightschool.night.progress import shown

    config = with_base(Config(), base)
    with tempfile.TemporaryDirectory(prefix="nightschool-bench-") as folder, shown() as progress:
        home = Home(Path(folder) / "home")
        fill(home, base, seed=seed, bad=False, progress=progress)
        figures = night.measure(
            home, config, rounds=rounds, progress=progress, tell=lambda line: click.echo(line, err=True)
        )
    click.echo(json.dumps(figures) if as_json else "\n".join(_lines(figures)))


def _lines(figures: Json) -> list[str]:
    spent = figures["night"]
    lines = [
        f"A night of {spent['seconds']:.0f} s on {figures['cores']} cores, {spent['training_and_examining']:.0f} s of"
        f" it training and examining: {spent['overhead']:.1%} beside them",
        *(f"  {name:<14} {seconds:8.1f} s" for name, seconds in spent["stages"].items()),
        f"  {'between them':<14} {spent['between_stages']:8.1f} s",
    ]
    for objective, found in figures["training"].items():
        lines.append(
            f"{objective}: {found['ratio']:.2f} of the speed of TRL by hand over the night's {found['steps']} steps of"
            f" {found['batch']} rows, {found['ratio_of_a_step']:.2f} in a step ({len(found['ours'])} rounds)"
        )
    return lines
