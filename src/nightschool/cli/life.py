"""`bench life`: a simulated person's days, told in several ways."""

from __future__ import annotations

import json
from pathlib import Path

import click

from nightschool.records import Json

EXAMPLES = """\b
Examples:
  nightschool bench life --days 10 --seed 1                 one life in four arms
  nightschool bench life --days 30 --arms editor --seeds 5  what the editor alone makes of five lives, no model
  nightschool bench life --arms nightschool,without-replay --json
  nightschool bench life --thinking --seeds 5 --json        what thinking at night changes
  nightschool bench life --pace 5 --pace 20 --pace 60       the day of the first promotion, by turns a day
"""
FIGURES = (
    "precision",
    "recall",
    "secrets",
    "poison",
    "behaviour",
    "corrections_per_100",
    "independence",
    "old_abilities",
)
SHADES = "▁▂▃▄▅▆▇█"


@click.command(epilog=EXAMPLES)
@click.option("--days", default=10, show_default=True, type=click.IntRange(min=1), help="Days of one life.")
@click.option(
    "--turns", default=20, show_default=True, type=click.IntRange(min=4), help="What is said on a day, about."
)
@click.option("--seed", default=1, show_default=True, help="Which person; every seed is another one.")
@click.option(
    "--seeds", default=1, show_default=True, type=click.IntRange(min=1), help="That many lives, from --seed on."
)
@click.option(
    "--arms",
    default="nothing,memory-only,naive,nightschool",
    show_default=True,
    metavar="NAME,...",
    help="Ways to live.",
)
@click.option(
    "--pace",
    "paces",
    multiple=True,
    type=click.IntRange(min=4),
    help="Also say when the first promotion comes at N turns a day.",
)
@click.option("--base", default="pupil", show_default=True, help="`pupil`, a folder, or a Hugging Face name.")
@click.option("--thinking", is_flag=True, help="Instead: the days with and without thinking, memory told, untrained.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw the days into this SVG file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    days: int,
    turns: int,
    seed: int,
    seeds: int,
    arms: str,
    paces: tuple[int, ...],
    base: str,
    thinking: bool,
    plot: Path | None,
    as_json: bool,
) -> None:
    """A simulated person talks with the model day by day, and a night follows each day.

    \b
    nothing          the base alone
    memory-only      the editor every night, memory in the prompt, no training
    naive            nightly fine-tuning on everything that was said, each night upon the last
    nightschool      whole nights: editor, dataset, training, exam, gate
    without-judges   the same without the scripted judges that sit in it
    without-replay   the same with nothing replayed
    with-reflection  the same, and history is thought over, which nights do not do by themselves
    editor           no model at all: a scripted assistant, and what the editor takes up

    Counts are against a hidden truth, so nothing is judged by a model. Questions about the person's style are in
    wordings that no talk has. Reduced against a home's nights: fewer rows, passes and own exam questions; what
    exactly, stands in the document.

    --thinking lives every life twice, with nights that review and nights that also think: open questions settled,
    mistakes that a lesson already speaks of, and corrections, with the difference life by life.
    """
    if thinking:
        _think(range(seed, seed + seeds), days, turns, base, as_json)
        return
    from nightschool.bench.life import drawing, life
    from nightschool.cli.waiting import counting
    from nightschool.models.threads import cores

    names = [name.strip() for name in arms.split(",") if name.strip()]
    at_once = max(1, min(cores(), len(names) * seeds + len(paces)))
    with counting("living") as moved:
        figures = life.live(
            names,
            seeds=range(seed, seed + seeds),
            days=days,
            turns=turns,
            base=base,
            paces=paces,
            tell=lambda line: click.echo(line, err=True),
            workers=at_once,
            threads=max(1, cores() // at_once),
            moved=moved,
        )
    if plot is not None:
        plot.write_text(drawing.svg(figures["curve"]), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
    else:
        _show(figures)


def _think(seeds: range, days: int, turns: int, base: str, as_json: bool) -> None:
    from nightschool.bench.life import life, questions

    model = life.model_of(base)
    figures = questions.measure(
        model, seeds=seeds, days=days, turns=turns, tell=lambda line: click.echo(line, err=True)
    )
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    for name in questions.MEASURES:
        off, on = (_cell(figures["arms"][arm][name]) for arm in questions.ARMS)
        difference = _bounds(figures["on_minus_off"][name])
        click.echo(f"{name.replace('_', ' '):<22} off {off}  on {on}  difference {difference}")
    click.echo(f"notes that were right  {_cell(figures['arms']['on']['notes_right'])}")


def _bounds(figure: Json) -> str:
    return f"{figure['value']:+.2f} [{figure['low']:+.2f}, {figure['high']:+.2f}], {figure['n']} lives"


def _show(figures: Json) -> None:
    from rich.console import Console
    from rich.table import Table

    from nightschool.bench.life import drawing

    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    for heading in ("", *figures["arms"]):
        table.add_column(heading, header_style="bold", overflow="fold")
    for name in FIGURES:
        cells = [_cell(arm.get(name)) for arm in figures["arms"].values()]
        table.add_row(name.replace("_", " "), *cells)
    console.print(table)
    for name, days in drawing.curves(figures["curve"]).items():
        line = "".join(SHADES[min(7, int(value * 8))] for value in days)
        console.print(f"{name:<16} {line}", soft_wrap=True)
    for name, found in figures["first_promotion"].items():
        console.print(f"first promotion, {name}: {', '.join(map(_promotion, found))}")
    for pace in figures["paces"]:
        console.print(f"first promotion at {pace['turns_per_day']} turns a day: {_promotion(pace['day'])}")
    console.print(f"[dim]{figures['seconds']:.0f} s[/]")


def _promotion(day: int | None) -> str:
    return f"day {day}" if day is not None else "none"


def _cell(figure: Json | None) -> str:
    if figure is None or figure["value"] is None:
        return "-"
    if isinstance(figure["value"], int):
        return str(figure["value"])
    digits = 0 if figure["value"] > 2 else 2
    return f"{figure['value']:.{digits}f} [{figure['low']:.{digits}f}, {figure['high']:.{digits}f}]"
