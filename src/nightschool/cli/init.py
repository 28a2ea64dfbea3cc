"""`nightschool init`: choose the base model of this home."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli.waiting import waiting

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.wake.choice import Trial

EXAMPLES = """\b
Examples:
  nightschool init                                       the small model that comes along
  nightschool init --base Qwen/Qwen3-0.6B                a Hugging Face name that is on this machine
  nightschool init --base ~/models/Llama-3.2-3B-Instruct a folder
  nightschool init --base Qwen/Qwen3-0.6B:thinking       let it think before it answers
"""


@click.command(epilog=EXAMPLES)
@click.option("--base", default="pupil", show_default=True, help="`pupil`, a folder, or a Hugging Face name.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, base: str, as_json: bool) -> None:
    """Choose the base model of this home, after trying what it can do here.

    Nothing is downloaded, no code from a model folder is run, and nothing is written into one.
    Versions of another base stay; they can answer again once their base is chosen again.
    """
    from nightschool.models.base import lasting
    from nightschool.records import to_json
    from nightschool.store.database import open_database

    home, config = session.home, session.config
    name = lasting(base)
    with closing(open_database(home.database)) as db:
        with waiting(f"Loading {base}"):
            from nightschool.wake.choice import choose, settle

            trial = choose(name, config.base.device)
        foreign = settle(db, home, trial)
    if as_json:
        click.echo(json.dumps(to_json(trial) | {"home": str(home.path), "other_versions": list(foreign)}))
        return
    click.echo("\n".join(_lines(trial)))
    if foreign:
        click.echo(f"Versions of another base stay but cannot answer on this one: {', '.join(foreign)}")
    click.echo(f'Chosen for {home.path}. Next: `nightschool ask "Who are you?"`')


def _lines(trial: Trial) -> list[str]:
    size = f"{trial.parameters / 1e6:,.1f} million parameters, {trial.gigabytes:.2f} GB on {trial.device}"
    lines = [
        f"{trial.name}: {trial.architecture}, {size}",
        f"  fingerprint     {trial.fingerprint[:16]}",
        f"  context         {trial.context_tokens:,} tokens",
        f"  system message  {trial.system}",
        f"  tools           {trial.tools}",
        f"  thinking        {trial.thinking}",
        f"  trained exactly as served: {', '.join(trial.trainable) or 'nothing'}",
        f"  first token after {trial.first_token_seconds:.2f} s",
    ]
    if trial.untrainable:
        lines.append(f"  left out of training: {', '.join(trial.untrainable)} (its template rewrites them)")
    return lines
