"""`nightschool connect`: point another program at this server, and take that back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.config import Config, Home
    from nightschool.serve.connect.change import Edit, Target

EXAMPLES = """\b
Examples:
  nightschool connect openclaw           show the difference, ask, and make it
  nightschool connect openclaw --undo    bring back what stood there, byte for byte
  nightschool connect hermes --yes --model champion
"""
PROGRAMS = ("openclaw", "hermes", "open-webui")
MODEL = "champion+memory"
AFTERWARDS = {
    "openclaw": "Restart its gateway: `openclaw gateway restart`",
    "hermes": "Its next session uses it",
    "open-webui": "Restart it, and pick the model in a new chat",
}


@click.command(epilog=EXAMPLES)
@click.argument("program", type=click.Choice(PROGRAMS))
@click.option("--undo", is_flag=True, help="Bring back what stood there before.")
@click.option("--yes", is_flag=True, help="Make the change without asking.")
@click.option("--print", "--dry-run", "printed", is_flag=True, help="Only show the difference.")
@click.option("--model", default=MODEL, show_default=True, help="Which of our models it is to ask.")
@click.option("--url", metavar="URL", help="This server, as that program reaches it. [default: from the settings]")
@click.option("--path", type=click.Path(path_type=Path), help="That program's settings, where they lie elsewhere.")
@click.option("--key", default="local", help="The key of a profile, where this server has several people.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(
    session: Session, program: str, undo: bool, yes: bool, printed: bool, model: str, url: str | None,
    path: Path | None, key: str, as_json: bool,
) -> None:  # fmt: skip
    """Point openclaw, hermes or open-webui at this server, after showing the change to its settings.

    Nothing is touched without `--yes` or your answer to the question.
    """
    from nightschool.redact import redact
    from nightschool.serve.connect import change

    home = session.home
    if undo:
        edits = change.undo(home, program, _module(program).without)
    else:
        if url is None:
            _known(home, key)
        edits = _edits(program, path, _target(session.config, model, url, key))
    edits = tuple(edit for edit in edits if edit.before != edit.after)
    if edits and not as_json:
        click.echo(redact(change.shown(edits)).text)
    agreed = bool(edits) and not printed and (yes or _agreed(program))
    if agreed and undo:
        for edit in edits:
            edit.place.write(edit.after)
    elif agreed:
        change.make(home, program, edits)
    if undo and (agreed or not edits):
        change.forget(home, program)
    _tell(program, edits, agreed, undo, as_json)


def _module(program: str) -> Any:
    from nightschool.serve.connect import hermes, open_webui, openclaw

    return {"openclaw": openclaw, "hermes": hermes, "open-webui": open_webui}[program]


def _edits(program: str, path: Path | None, target: Target) -> tuple[Edit, ...]:
    from nightschool.serve.connect import hermes

    if program == "hermes" and target.context_tokens < hermes.LEAST_TOKENS:
        click.echo(
            f"Hermes refuses a context below {hermes.LEAST_TOKENS:,} tokens; this base has {target.context_tokens:,}",
            err=True,
        )
    module = _module(program)
    made: tuple[Edit, ...] = module.edits(path or module.path(), target)
    return made


def _known(home: Home, key: str) -> None:
    """Refuse a key that this server would refuse."""
    from nightschool.serve.people import People

    if People(home).of(key) is None:
        raise UserError(
            "This server has several people, and the key is none of theirs",
            hint="Name one with `--key`; `nightschool profiles add NAME` makes one",
        )


def _target(config: Config, model: str, url: str | None, key: str) -> Target:
    from nightschool.serve.connect import change, reach

    address = (url or f"http://{config.serve.host}:{config.serve.port}/v1").rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise UserError(f"{url!r} is no address", hint="Write it as http://127.0.0.1:8787/v1")
    tokens = reach.context_tokens(address, model, key) or _context(config)
    return change.Target(url=address, model=model, context_tokens=tokens, key=key)


def _context(config: Config) -> int:
    """How much the base can read, from its settings: nothing is loaded for this."""
    from nightschool import models

    settings = json.loads((models.base.find(config.base.name) / "config.json").read_text(encoding="utf-8"))
    text = settings.get("text_config") or settings
    return int(text.get("max_position_embeddings") or text.get("n_positions") or 8192)


def _agreed(program: str) -> bool:
    """Ask the person; whoever is not there has not agreed."""
    try:
        return click.confirm(f"Change the settings of {program}?", default=False, err=True)
    except click.Abort:
        click.echo(err=True)
        return False


def _tell(program: str, edits: tuple[Edit, ...], done: bool, undone: bool, as_json: bool) -> None:
    from nightschool.redact import redact
    from nightschool.serve.connect import change

    if as_json:
        places = [edit.place.name for edit in edits]
        difference = redact(change.shown(edits)).text
        click.echo(json.dumps({"program": program, "places": places, "difference": difference, "changed": done}))
    elif not edits:
        click.echo(f"Nothing to change: the settings of {program} are as they would be")
    elif done and undone:
        click.echo(f"What {program} was told by us is taken back; restart it where it runs")
    elif done:
        click.echo(f"Changed. {AFTERWARDS[program]}; `nightschool connect {program} --undo` takes it back")
    else:
        click.echo("Nothing was changed")
