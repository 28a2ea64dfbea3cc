"""`nightschool nap`: go over the facts in the weights, and train nothing."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli import deliver
from nightschool.cli.waiting import waiting

if TYPE_CHECKING:
    from nightschool.cli.main import Session

EXAMPLES = """\b
Examples:
  nightschool nap          ask every written fact again, mend what fails
  nightschool nap --json   the same, with one JSON document on stdout
"""
NOTHING = "Nothing is written into the weights yet, so there is nothing to go over"


@click.command(epilog=EXAMPLES)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """Ask every fact in the weights again, in other words and with nothing in the prompt, and mend what fails.

    A fact that cannot be mended leaves the weights and is told from memory again. No version changes.
    Where versions are delivered, the weights there follow.
    """
    from nightschool.store.database import open_database

    home, config = session.home, session.config
    with closing(open_database(home.database)) as db, waiting(f"Going over the facts in {config.base.name}"):
        from nightschool import models
        from nightschool.night import delivery
        from nightschool.night.nap import nap
        from nightschool.night.phrases import weights
        from nightschool.records import to_json

        model = models.load(config.base.name, config.base.device)
        found = nap(db, home, model)
        carried = delivery.carry(db, home, config, lambda: model)
    if as_json:
        click.echo(json.dumps(found | {"deliveries": [to_json(each) for each in carried]}, ensure_ascii=False))
        return
    click.echo("\n".join(weights(found) or [NOTHING]))
    deliver.show(carried)
