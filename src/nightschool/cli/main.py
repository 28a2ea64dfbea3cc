"""The command line's front door: `nightschool NOUN VERB`."""

from __future__ import annotations

import importlib
import sys

import click

from nightschool import __version__
from nightschool.config import Config, Home, find_home, read_config
from nightschool.errors import UserError

COMMANDS = {
    "ask": ("nightschool.cli.ask", "Ask one question."),
    "bench": ("nightschool.cli.bench", "Measure a part on a labelled file."),
    "chat": ("nightschool.cli.chat", "Talk, with streaming."),
    "connect": ("nightschool.cli.connect", "Point another program at this server, and take that back."),
    "context": ("nightschool.cli.context", "Show what memory would add to a question, and why."),
    "conversations": ("nightschool.cli.conversations", "List, show and export what was imported."),
    "deliver": ("nightschool.cli.deliver", "Bring a version to where you chat."),
    "demo": ("nightschool.cli.demo", "Play a week, one night and the morning after."),
    "doctor": ("nightschool.cli.doctor", "Say what is installed, what can be trained, what is wrong."),
    "export": ("nightschool.cli.export", "Write training rows for other trainers."),
    "facts": ("nightschool.cli.facts", "Tell facts, see where each is held, forget them."),
    "import": ("nightschool.cli.import_", "Read an agent's logs into the history."),
    "init": ("nightschool.cli.init", "Choose the base model of this home."),
    "judge": ("nightschool.cli.judge", "Score the turns of a file with the judges."),
    "judges": ("nightschool.cli.judges", "Test the judges, and say who is believed."),
    "lessons": ("nightschool.cli.lessons", "Look over what was learnt, and decide."),
    "memory": ("nightschool.cli.memory", "See, search, change, export and forget what goes into the prompt."),
    "questions": ("nightschool.cli.questions", "List, show and close what history leaves open."),
    "reflections": ("nightschool.cli.reflections", "Show what the model thought at night; keep or drop it."),
    "nap": ("nightschool.cli.nap", "Go over the facts in the weights; train nothing."),
    "profiles": ("nightschool.cli.profiles", "List, add and remove the people that one server serves."),
    "report": ("nightschool.cli.report", "Show a night's morning report."),
    "schedule": ("nightschool.cli.schedule", "Let nights begin by themselves."),
    "serve": ("nightschool.cli.serve", "Let any client talk to your model."),
    "sleep": ("nightschool.cli.sleep", "Run one night."),
    "train": ("nightschool.cli.train", "Say what a training needs, before it starts."),
    "turns": ("nightschool.cli.turns", "Write tool-use turns as dated files."),
    "versions": ("nightschool.cli.versions", "List, show, promote and roll back versions."),
}
"""Name -> module with an attribute `command`, and the line that `--help` shows."""


class Commands(click.Group):
    """Commands that are imported when they are called, so that `--help` starts in a blink."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(COMMANDS.items())])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            import difflib

            close = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.0)[0]
            raise click.UsageError(f"No such command {name!r}. Did you mean `nightschool {close}`?", ctx)
        return super().resolve_command(ctx, args)


class Session:
    """What every command gets: the home, made at first use, and its settings."""

    def __init__(self, option: str | None) -> None:
        self.option = option

    @property
    def home(self) -> Home:
        """The home, created where it does not exist."""
        return find_home(self.option).create()

    @property
    def config(self) -> Config:
        """The settings of this home."""
        return read_config(self.home.config_file)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `nightschool demo`, or `nightschool import ~/.openclaw` and `nightschool sleep --dry-run`.",
)
@click.option("--home", metavar="PATH", help="Folder of this person. [default: $NIGHTSCHOOL_HOME or the platform's]")
@click.version_option(__version__, prog_name="nightschool")
@click.pass_context
def cli(ctx: click.Context, home: str | None) -> None:
    """A local language model that goes to night school on its own days with one person."""
    ctx.obj = Session(home)


def main() -> None:
    """Run the command line; a UserError ends with its sentence on stderr and exit code 2."""
    try:
        cli.main(standalone_mode=False)
    except UserError as error:
        click.echo(f"Error: {error.message}", err=True)
        if error.hint:
            click.echo(f"  {error.hint}", err=True)
        sys.exit(2)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
