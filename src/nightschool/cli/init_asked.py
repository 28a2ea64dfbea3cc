"""The four questions of `nightschool init`, each with a proposal that Enter takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import click

from nightschool.cli.waiting import waiting
from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.config import Config, Home
    from nightschool.train.plan import Machine
    from nightschool.wake.proposal import Proposal

HERE = "here"
LIGHT_MINUTES = 5.0
"""Made-up facts are tried unasked where that takes no longer."""


class Answers(NamedTuple):
    """What was answered; None where it was neither typed nor asked."""

    base: str | None
    to: str | None
    window: str | None
    measure: bool | None


def answers(config: Config, given: Answers, *, ask: bool) -> Answers:
    """Propose a base for this machine and ask what was not typed; with `ask` off the proposals are the answers."""
    from nightschool.night.machine import described
    from nightschool.train.plan import Work
    from nightschool.wake import proposal

    machine = described(None if config.base.device == "auto" else config.base.device)
    with waiting("Looking for bases on this machine"):
        found, unread = proposal.found()
        fit = proposal.proposals([*found, *proposal.downloads()], machine, Work.of(config.train))
    there = [each for each in fit if each.source != "download"]
    usual = config.base.name if config.base.name != "pupil" or not there else there[0].name
    if not ask:
        return given._replace(base=given.base or usual, measure=bool(given.measure))
    named = {each.name.removesuffix(":4bit") for each in there}
    too_large = [each.shape.name for each in found if each.shape.name not in named]
    _tell(machine, there, [each for each in fit if each.source == "download"], too_large, unread)
    base = _base(there, usual)
    size = next((each.parameters for each in there if each.name == base), None)
    return Answers(base=base, to=_to(config, base), window=_window(config), measure=_measured(size, machine))


def settled(config: Config, to: str | None, window: str | None) -> Config:
    """The settings with what was answered; UserError where it is no place or no span of time."""
    from nightschool.night.delivery import kinds
    from nightschool.night.schedule import window as span

    if to is not None:
        config = replace(config, deliver=replace(config.deliver, to="" if to == HERE else ",".join(kinds(to))))
    if window is not None:
        span(window)
        config = replace(config, schedule=replace(config.schedule, window=window))
    return config


def keep(home: Home, config: Config) -> None:
    """Write the settings, where any of what was answered differs from those that are there."""
    from nightschool.config import read_config, write_config

    there = read_config(home.config_file)
    fresh = replace(
        there, deliver=replace(there.deliver, to=config.deliver.to),
        schedule=replace(there.schedule, window=config.schedule.window),
    )  # fmt: skip
    if fresh != there:
        write_config(home.config_file, fresh)


def trial_minutes(parameters: int) -> float:
    """Minutes that trying made-up facts takes on this machine, by arithmetic."""
    from nightschool.night.machine import described
    from nightschool.wake.proposal import trial_minutes as minutes

    return minutes(parameters, described())


def _tell(
    machine: Machine, there: list[Proposal], away: list[Proposal], too_large: list[str], unread: list[str]
) -> None:
    from nightschool.train.plan import spoken

    click.echo(f"This machine trains on {machine.name}. What fits, by arithmetic:", err=True)
    for number, each in enumerate(there, 1):
        click.echo(
            f"  {number}  {each.name}: {spoken(each.parameters)} parameters, {each.needed / 1e9:.1f} GB and"
            f" {each.minutes:.0f} min a night; {_lies(each)}",
            err=True,
        )
    if too_large:
        click.echo(f"  too large here: {', '.join(too_large)}; `nightschool train plan --base NAME` says why", err=True)
    if unread:
        click.echo(f"  cannot be read: {', '.join(unread)}; `nightschool init --base NAME` says why", err=True)
    if away:
        name = away[0].name.removesuffix(":4bit")
        click.echo(f"  the largest of one family that would fit: `hf download {name}`, then `{away[0].name}`", err=True)


def _lies(each: Proposal) -> str:
    """Where a base lies, and what choosing it takes of the disk."""
    if each.source == "ollama":
        return f"in Ollama, unpacked it takes {2 * each.parameters / 1e9:.1f} GB of disk"
    return "on this machine" if each.source == "disk" else "comes along, for trying things"


def _base(there: list[Proposal], usual: str) -> str:
    def read(text: str) -> str:
        if text.isdigit():
            if not 1 <= int(text) <= len(there):
                raise click.BadParameter(f"there is no number {text}")
            return there[int(text) - 1].name
        return text.strip()

    answer: str = click.prompt("Which base? A number, a folder or a name", default=usual, value_proc=read, err=True)
    return answer


def _to(config: Config, base: str) -> str:
    from nightschool.night.delivery import PLACES, kinds

    def read(text: str) -> str:
        try:
            return text if text == HERE else ",".join(kinds(text))
        except UserError as error:
            raise click.BadParameter(f"{error.message}. {error.hint}, or {HERE}") from error

    usual = config.deliver.to or ("ollama" if base.startswith("ollama:") else HERE)
    answer: str = click.prompt(
        f"Where do you chat? {', '.join(PLACES)}, or {HERE}", default=usual, value_proc=read, err=True
    )
    return answer


def _window(config: Config) -> str:
    from nightschool.night.schedule import window

    def read(text: str) -> str:
        try:
            window(text)
        except UserError as error:
            raise click.BadParameter(f"{error.message}. {error.hint}") from error
        return text.strip()

    answer: str = click.prompt(
        "When may a night begin? None does by itself before `nightschool schedule install`",
        default=config.schedule.window, value_proc=read, err=True,
    )  # fmt: skip
    return answer


def _measured(parameters: int | None, machine: Machine) -> bool:
    from nightschool.wake.proposal import trial_minutes as minutes

    took = f", about {minutes(parameters, machine):.0f} min" if parameters else ""
    return click.confirm(f"Try made-up facts now, to see how it takes facts{took}?", default=False, err=True)
