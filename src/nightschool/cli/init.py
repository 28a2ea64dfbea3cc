"""`nightschool init`: choose the base model of this home, and what finds memories by meaning."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli.waiting import counting, waiting

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.records import Json
    from nightschool.wake.choice import Trial

EXAMPLES = """\b
Examples:
  nightschool init                                       four questions, with a base proposed for this machine
  nightschool init --yes                                 the same, every proposal taken
  nightschool init --base Qwen/Qwen3-0.6B                a Hugging Face name that is on this machine
  nightschool init --base ~/models/Llama-3.2-3B-Instruct a folder
  nightschool init --base Qwen/Qwen3-0.6B:thinking       let it think before it answers
  nightschool init --base ollama:qwen3:8b                the one that Ollama holds, as it is
  nightschool init --embedder minilm                     memory is searched by meaning as well as by words
"""


@click.command(epilog=EXAMPLES)
@click.option("--base", help="`pupil`, a folder, a hub's name, or ollama:NAME.  [asked for; else this home's]")
@click.option("--to", metavar="PLACES", help="Where you chat: ollama, llama-server, vllm, mlx, with commas, or here.")
@click.option("--window", metavar="HH:MM-HH:MM", help="Local time in which a night may begin.")
@click.option("--embedder", help="`minilm`, a folder, ADDRESS#MODEL, or `none`; alone, the base stays as it is.")
@click.option(
    "--measure/--no-measure",
    default=None,
    help="Try with made-up facts which layers take facts best.  [unasked only where it takes a few minutes]",
)
@click.option(
    "--capacity",
    type=click.IntRange(5, 1000),
    metavar="N",
    help="Measure with up to N made-up facts how many this base holds; takes N times the seconds of one.",
)
@click.option("--yes", is_flag=True, help="Ask nothing: take the base that is proposed, leave the rest as it is.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(
    session: Session, base: str | None, to: str | None, window: str | None, embedder: str | None,
    measure: bool | None, capacity: int | None, yes: bool, as_json: bool,
) -> None:  # fmt: skip
    """Choose the base model of this home, after trying what it can do here, and what finds memories by meaning.

    On a terminal, with nothing else typed, it proposes a base that fits this machine's memory and asks four
    questions. Nothing is downloaded, no code from a model folder is run, and nothing is written into one.
    Versions of another base stay; they can answer again once their base is chosen again.
    """
    from nightschool.cli import init_asked
    from nightschool.records import to_json
    from nightschool.store.database import open_database

    home = session.home
    given = (base, to, window, embedder, measure, capacity)
    if yes or (sys.stdin.isatty() and not as_json and all(each is None for each in given)):
        base, to, window, measure = init_asked.answers(
            session.config, init_asked.Answers(base, to, window, measure), ask=not yes
        )
    settled = init_asked.settled(session.config, to, window)
    with closing(open_database(home.database)) as db:
        chosen = _embedder(session, db, embedder) if embedder is not None else {}
        if chosen and base is None:
            init_asked.keep(home, settled)
            click.echo(json.dumps({"home": str(home.path), "embedder": chosen}) if as_json else _by_meaning(chosen))
            return
        base = base or session.config.base.name
        with waiting(f"Loading {base}"):
            from nightschool.wake.choice import choose, resolve, settle

            name = resolve(home, base, lambda line: click.echo(line, err=True))
            trial = choose(name, session.config.base.device)
        init_asked.keep(home, settled)
        foreign = settle(db, home, trial)
        minutes = init_asked.trial_minutes(trial.parameters)
        if measure is None:
            measure = minutes <= init_asked.LIGHT_MINUTES
        facts = _measure(session, name, capacity) if measure or capacity else {}
    if as_json:
        shown = to_json(trial) | {"home": str(home.path), "other_versions": list(foreign), "facts": facts}
        shown |= {"embedder": chosen} if chosen else {}
        click.echo(json.dumps(shown))
        return
    click.echo("\n".join([*_lines(trial), *_facts(facts, minutes), *([_by_meaning(chosen)] if chosen else [])]))
    if foreign:
        click.echo(f"Versions of another base stay but cannot answer on this one: {', '.join(foreign)}")
    click.echo(f'Chosen for {home.path}. Next: `nightschool ask "Who are you?"`')


def _embedder(session: Session, db: sqlite3.Connection, name: str) -> Json:
    with waiting(f"Loading {name}"):
        from nightschool.wake.choice import choose_embedder

        return choose_embedder(db, session.home, "" if name == "none" else name)


def _by_meaning(chosen: Json) -> str:
    if not chosen["name"]:
        return "  memory          by words alone"
    minutes = chosen["waiting"] * chosen["seconds_per_text"] / 60
    return (
        f"  memory          by words and by meaning: {chosen['name']}, {chosen['numbers']} numbers a text,"
        f" {1000 * chosen['seconds_per_text']:.0f} ms each\n"
        f"                  {chosen['waiting']:,} texts to read, about {minutes:.0f} minutes in the background"
    )


def _measure(session: Session, name: str, most: int | None) -> Json:
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
        if most:
            from nightschool.edit.capacity import capacity

            with counting("Writing made-up facts") as progress:
                held = capacity(model, known, most, progress=progress)
            known = dataclasses.replace(known, figures=known.figures | {"capacity": held})
        ground.keep(session.home, known)
    except UserError as error:
        return {"refused": error.message}
    return {"layers": list(known.layers), "anchors": list(known.anchors), **known.figures}


def _facts(measured: Json, minutes: float) -> list[str]:
    if not measured:
        return [
            "  facts           not tried: `nightschool init --measure` says how they go into this base, in about"
            f" {minutes:.0f} minutes; else the first fact waits for a shorter look"
        ]
    if "refused" in measured:
        return [f"  facts           in memory only: {measured['refused']}"]
    where = f"layers {', '.join(map(str, measured['layers']))}, anchors {' and '.join(measured['anchors'])}"
    n = measured["trials"][0]["n"] if measured["trials"] else 0
    return [
        f"  facts           into {where}: {measured['recall']:.0%} of other wordings right, {measured['kept']:.0%} of"
        f" near answers kept ({n} made-up facts)",
        f"  a fact takes    {measured['seconds_per_fact']:.1f} s",
        _held(measured),
        *_told(measured.get("told")),
    ]


def _held(measured: Json) -> str:
    found = measured.get("capacity")
    if found is None:
        minutes = 60 * measured["seconds_per_fact"] / 60
        return (
            "  holds           not measured: `nightschool init --capacity 60` says how many facts,"
            f" in about {minutes:.0f} minutes"
        )
    more = " or more" if found["holds"] == found["of"] else f", fewer than {found['of']}"
    return f"  holds           {found['holds']} facts{more} at a recall of 0.95"


def _told(told: Json | None) -> list[str]:
    """How this base takes personal questions whose answer stands in the context."""
    if told is None:
        return []
    from nightschool.edit.refusal import MUCH

    lines = [
        f"  told facts      said in {told['answered']:.0%} of {told['n']} personal questions, declined in"
        f" {told['declined']:.0%}"
    ]
    if told["declined"] >= MUCH:
        lines.append("                  it declines what it was told; a refusal counts as a fact not learnt")
    return lines


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
