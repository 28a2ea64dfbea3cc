"""`nightschool init`: choose the base model of this home."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli.waiting import waiting

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.records import Json
    from nightschool.wake.choice import Trial

EXAMPLES = """\b
Examples:
  nightschool init                                       the small model that comes along
  nightschool init --base Qwen/Qwen3-0.6B                a Hugging Face name that is on this machine
  nightschool init --base ~/models/Llama-3.2-3B-Instruct a folder
  nightschool init --base Qwen/Qwen3-0.6B:thinking       let it think before it answers
  nightschool init --base ollama:qwen3:8b                the one that Ollama holds, as it is
"""


@click.command(epilog=EXAMPLES)
@click.option("--base", default="pupil", show_default=True, help="`pupil`, a folder, a hub's name, or ollama:NAME.")
@click.option(
    "--measure/--no-measure",
    default=True,
    help="Try with made-up facts which layers take facts best; else the first fact waits for it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(session: Session, base: str, measure: bool, as_json: bool) -> None:
    """Choose the base model of this home, after trying what it can do here.

    Nothing is downloaded, no code from a model folder is run, and nothing is written into one.
    Versions of another base stay; they can answer again once their base is chosen again.
    """
    from nightschool.records import to_json
    from nightschool.store.database import open_database

    home, config = session.home, session.config
    with closing(open_database(home.database)) as db:
        with waiting(f"Loading {base}"):
            from nightschool.wake.choice import choose, resolve, settle

            name = resolve(home, base, lambda line: click.echo(line, err=True))
            trial = choose(name, config.base.device)
        foreign = settle(db, home, trial)
        facts = _measure(session, name) if measure else {}
    if as_json:
        shown = to_json(trial) | {"home": str(home.path), "other_versions": list(foreign), "facts": facts}
        click.echo(json.dumps(shown))
        return
    click.echo("\n".join([*_lines(trial), *_facts(facts)]))
    if foreign:
        click.echo(f"Versions of another base stay but cannot answer on this one: {', '.join(foreign)}")
    click.echo(f'Chosen for {home.path}. Next: `nightschool ask "Who are you?"`')


def _measure(session: Session, name: str) -> Json:
    """Measure how facts go into this base's weights, unless that is known; why not, where they do not."""
    from nightschool import models
    from nightschool.edit import choice, ground
    from nightschool.errors import UserError

    model = models.load(name, session.config.base.device)
    try:
        known = ground.of(session.home, model, None)
        if known is None or not known.figures:
            with waiting("Trying made-up facts"):
                known = choice.choose(model)
            ground.keep(session.home, known)
    except UserError as error:
        return {"refused": error.message}
    return {"layers": list(known.layers), "anchors": list(known.anchors), **known.figures}


def _facts(measured: Json) -> list[str]:
    if not measured:
        return []
    if "refused" in measured:
        return [f"  facts           in memory only: {measured['refused']}"]
    where = f"layers {', '.join(map(str, measured['layers']))}, anchors {' and '.join(measured['anchors'])}"
    n = measured["trials"][0]["n"] if measured["trials"] else 0
    return [
        f"  facts           into {where}: {measured['recall']:.0%} of other wordings right, {measured['kept']:.0%} of"
        f" near answers kept ({n} made-up facts)",
        f"  a fact takes    {measured['seconds_per_fact']:.1f} s",
    ]


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
