"""`bench real`: a person's own model, measured from end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nightschool.cli.main import Session

EXAMPLES = """\b
Examples:
  nightschool bench real --base Qwen/Qwen3-4B --hours                  only say how long it takes
  nightschool bench real --base Qwen/Qwen3-4B --locomo locomo10.json   all of it; goes on where it stopped
  nightschool bench real --base Qwen/Qwen3-4B --parts exam,refusals    two parts
"""


@click.command(epilog=EXAMPLES)
@click.option("--base", help="`pupil`, a folder, or a Hugging Face name.  [default: this home's]")
@click.option("--device", default="auto", show_default=True, help="`auto`, `cpu`, `cuda` or `mps`.")
@click.option(
    "--parts", "names", default="", metavar="NAME,...", help="exam, refusals, independence, life, locomo, edits."
)
@click.option("--locomo", type=click.Path(path_type=Path), help="LoCoMo's file; without it that part is left out.")
@click.option("--hours", "only", is_flag=True, help="Say how many hours it takes, and measure nothing.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where figures are kept.  [default: in the home]"
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(
    session: Session, base: str | None, device: str, names: str, locomo: Path | None, only: bool, out: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Edits at 1 to 100 facts, refusals, ten days of a life, the gate's exam, independence and LoCoMo, on your model.

    It says its hours first. Every part is kept when it is done, so that Ctrl-C costs one part at most and the same
    command goes on from there. The table at the end names hardware and versions and nothing of yours.
    """
    from nightschool import models
    from nightschool.bench import real

    wanted = real.parts(names, locomo)
    model = models.load(base or session.config.base.name, device)
    took = real.hours(real.speed(model), wanted)
    parts = ", ".join(f"{part} {hours:.1f}" for part, hours in took.items())
    click.echo(f"About {sum(took.values()):.1f} hours here, by arithmetic: {parts}", err=True)
    if only:
        if as_json:
            click.echo(json.dumps({"hours": took}))
        return
    file = out or session.home.path / "bench" / f"real-{model.fingerprint[:16]}.json"
    kept = real.measure(model, file, wanted, locomo, lambda line: click.echo(line, err=True))
    click.echo(json.dumps(kept, ensure_ascii=False) if as_json else real.table(kept))
    click.echo(f"Kept in {file}", err=True)
