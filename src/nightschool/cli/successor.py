"""`bench successor`: what a version has taken over from the model that wrote the logs."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.records import Json

EXAMPLE = "Example: nightschool bench successor --json"


@click.command(epilog=EXAMPLE)
@click.option("--version", default="champion", show_default=True, help="A version, `champion` or `base`.")
@click.option("--most", default=200, show_default=True, type=click.IntRange(min=1), help="Most turns, the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, version: str, most: int, as_json: bool) -> None:
    """Compare a version without the persona in its prompt with the base, and with the base and the whole persona.

    On turns of this home that another model answered and no row was made from: the tool that is called, its
    arguments, the file that is read first, and nats per token of the words that were said.
    """
    from nightschool import models
    from nightschool.bench import successor
    from nightschool.cli.waiting import waiting
    from nightschool.models import shelf
    from nightschool.night.history import redacted
    from nightschool.store import lessons, versions
    from nightschool.store.database import open_database

    with closing(open_database(session.home.database)) as db, waiting("asking"):
        base = session.config.base
        told = redacted(db, lambda done, of: None).conversations
        model = models.load(base.name, base.device)
        named = versions.get(db, versions.pointer(db, "champion") if version == "champion" else version)
        adapter = shelf.check(session.home, named, model.fingerprint)
        found = list(successor.cases(told, lessons.trained(db), model, session.config.train))[-most:]
        if not found:
            raise UserError(
                "No turn of another model was left out of training",
                hint="Import logs that name their model, and let a night hold some of them out",
            )
        asked = {named.id: adapter} if adapter is not None else {}
        tokens = session.config.exam.max_answer_tokens
        figures = successor.measure(found, model, asked, max_tokens=tokens)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    click.echo(f"{figures['cases']} turns of {', '.join(figures['authors'])}")
    for name, arm in figures["arms"].items():
        click.echo(f"  {name:14} " + ", ".join(f"{key.replace('_', ' ')} {_cell(one)}" for key, one in arm.items()))


def _cell(figure: Json) -> str:
    if figure["value"] is None:
        return "-"
    return f"{figure['value']:.2f} [{figure['low']:.2f}, {figure['high']:.2f}]"
