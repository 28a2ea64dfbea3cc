"""How commands say what forgetting took, or would take."""

from __future__ import annotations

from collections.abc import Sequence

import click

from nightschool.cli.printable import printable
from nightschool.night.phrases import plural
from nightschool.store.forgetting import Foreseen, Forgotten


def show(gone: Sequence[Forgotten]) -> None:
    """Print what is gone, and what could not be looked into."""
    for each in gone:
        click.echo(f"Forgot {each.fact}: {each.messages} messages and {each.originals} stored originals blanked")
        if each.echoes:
            click.echo(f"Blanked {plural(each.echoes, 'sentence')} that said it in other words, or answered to it")
        if each.backups:
            click.echo(f"Erased from {each.backups} copies of the database as well")
        for folder in each.exports:
            click.echo(f"Cut out of the export in {folder}; if it lives in git, its history still holds it")
        if each.versions:
            click.echo(
                f"Blocked and their weights deleted, because they were trained on it: {', '.join(each.versions)}"
            )
    _show_packed(gone)


def show_foreseen(seen: Sequence[Foreseen]) -> None:
    """Print what would go, sentence by sentence where words stay beside it."""
    for each in seen:
        held = ((each.facts, "fact"), (each.messages, "message"), (each.originals, "stored original"))
        click.echo(f"Would forget {each.fact}: {', '.join(plural(count, noun) for count, noun in held)}")
        for sentence in each.echoes:
            click.echo(f"  and of what was said: {printable(' '.join(sentence.split()))}")
        if each.versions:
            click.echo(f"  and block, with their weights: {', '.join(each.versions)}")
    _show_packed(seen)
    click.echo("Nothing is forgotten yet; leave out `--dry-run`", err=True)


def _show_packed(each: Sequence[Forgotten] | Sequence[Foreseen]) -> None:
    if each and each[-1].packed:
        click.echo(
            f"Compressed files are not looked into and may still hold it: {', '.join(map(printable, each[-1].packed))}"
        )
