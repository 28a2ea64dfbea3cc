"""`nightschool chat`: talk, with streaming."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli.ask import document
from nightschool.cli.printable import printable
from nightschool.cli.waiting import waiting
from nightschool.errors import UserError

if TYPE_CHECKING:
    import sqlite3

    from nightschool.cli.chat_facts import Facts
    from nightschool.cli.chat_night import Nights
    from nightschool.cli.main import Session
    from nightschool.config import Config
    from nightschool.records import Json
    from nightschool.wake.turn import Reply

EXAMPLES = """\b
Examples:
  nightschool chat
  nightschool chat --version base --no-memory
  printf 'Hello\\nWho are you?\\n' | nightschool chat --json
"""
HELP = (
    "/new begins another conversation, /memory shows what is told, /facts what is held, /forget ID erases one, "
    "/undo takes back what was just noticed, /nap goes over the facts in the weights, /sleep the same and then a "
    "night if wanted, /quit ends; Ctrl-C stops an answer"
)


@click.command(epilog=EXAMPLES)
@click.option("--version", metavar="ID", help="Another version than the champion; `base` for the untouched base.")
@click.option("--no-memory", is_flag=True, help="Put nothing of memory into the prompt.")
@click.option("--off-the-record", is_flag=True, help="Keep nothing of it in the history.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document at the end.")
@click.pass_obj
def command(session: Session, version: str | None, no_memory: bool, off_the_record: bool, as_json: bool) -> None:
    """Talk with the version that answers now; each line of input is one question.

    What you tell of yourself is remembered at once and then written into the weights; /undo takes it back.

    In the conversation: /new begins another one, /memory shows what is told, /facts what is held, /forget ID,
    /undo, /nap, /sleep, /help, /quit. Ctrl-C stops an answer, Ctrl-D ends.
    """
    from nightschool.store.database import open_database

    home, config = session.home, session.config
    with closing(open_database(home.database)) as db:
        with waiting(f"Loading {config.base.name}"):
            from nightschool import models
            from nightschool.cli.chat_facts import Facts
            from nightschool.cli.chat_night import Nights
            from nightschool.wake.learning import Learner
            from nightschool.wake.speaker import speaker

            model = models.load(config.base.name, config.base.device)
            learner = Learner(db, home, speaker(db, home, model, version), version)
        click.echo(f"{learner.speaker.version} on {model.name}. {HELP}", err=True)
        if not no_memory:
            _offer(db)
        facts = Facts(db, home, learner, keep=not off_the_record)
        nights = Nights(db, home, config, learner, _line)
        screen = Screen(db, facts, nights, config, memory=not no_memory, record=not off_the_record, silent=as_json)
        screen.run()
    if as_json:
        shown = [document(reply) | {"facts": heard} for reply, heard in zip(screen.replies, screen.heard, strict=True)]
        click.echo(json.dumps(shown, ensure_ascii=False))


def _offer(db: sqlite3.Connection) -> None:
    """Say once what a night found out about a question that was left open."""
    from nightschool.redact import redact
    from nightschool.store import reflections

    question = reflections.offer(db)
    if question is not None:
        asked, found = (printable(redact(text).text) for text in (question.text, question.note))
        click.echo(
            f"You asked “{asked}”. I found since: {found} (`nightschool questions show {question.id}`)", err=True
        )


class Screen:
    """The loop between the person's lines and the answers."""

    def __init__(
        self,
        db: sqlite3.Connection,
        facts: Facts,
        nights: Nights,
        config: Config,
        *,
        memory: bool,
        record: bool,
        silent: bool,
    ) -> None:
        from nightschool.wake.talk import begin

        self.replies: list[Reply] = []
        self.heard: list[list[Json]] = []
        """What was told in each turn, and what became of it."""
        self._db = db
        self._facts = facts
        self._nights = nights
        self._config = config
        self._memory = memory
        self._record = record
        self._silent = silent
        self._begin = begin
        self._talk = begin(time.time())

    def run(self) -> None:
        """Read lines until /quit or the end of input."""
        while (line := _line()) is not None:
            word = line.strip()
            if word == "/quit":
                return
            if word == "/new":
                self._talk = self._begin(time.time())
                click.echo("A new conversation", err=True)
            elif word == "/memory":
                self._show_memory()
            elif word.startswith("/forget "):
                self._facts.command(word)
                # What was said so far would bring it back.
                self._talk = self._begin(time.time())
            elif word.startswith("/"):
                if not (self._facts.command(word) or self._nights.command(word)):
                    click.echo(HELP, err=True)
            elif word:
                self._answer(line)

    def _answer(self, question: str) -> None:
        from nightschool.wake.turn import Running

        try:
            who = self._facts.learner.speaker
            turn = Running(
                self._db, who, self._talk, question, self._config.memory, memory=self._memory, record=self._record,
                apart=self._config.curate.apart,
            )  # fmt: skip
            try:
                for piece in turn.pieces():
                    self._say(piece)
            except KeyboardInterrupt:
                self._say(" …")
            reply = turn.reply()
        except UserError as error:
            click.echo(f"{error.message}\n  Or begin another conversation with /new", err=True)
            return
        self._say("\n")
        self._talk = reply.talk
        self.replies.append(reply)
        self.heard.append(self._facts.hear(self._talk))

    def _say(self, text: str) -> None:
        if not self._silent:
            sys.stdout.write(printable(text))
            sys.stdout.flush()

    def _show_memory(self) -> None:
        from nightschool.memory import context, search
        from nightschool.store import facts

        told = context.block([fact for fact in facts.live(self._db) if search.in_scope(fact)]) if self._memory else ""
        click.echo(told or "Nothing of memory is told", err=True)


def _line() -> str | None:
    """Read one line; None at the end of input. Ctrl-C at the prompt begins the line anew."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line.rstrip("\n") if line else None
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  editing and history of the input line

    while True:
        try:
            return input("> ")
        except EOFError:
            click.echo(err=True)
            return None
        except KeyboardInterrupt:
            click.echo("\nCtrl-D ends", err=True)
