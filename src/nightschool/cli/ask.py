"""`nightschool ask`: ask one question."""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import click

from nightschool.cli.printable import printable
from nightschool.cli.waiting import waiting

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.records import Json
    from nightschool.wake.turn import Reply

EXAMPLES = """\b
Examples:
  nightschool ask "How far is it from Oslo to Bergen?"
  nightschool ask --no-memory --version base "What do you know of me?"
  git diff | nightschool ask -           read the question from stdin
"""


@click.command(epilog=EXAMPLES)
@click.argument("question")
@click.option("--version", metavar="ID", help="Another version than the champion; `base` for the untouched base.")
@click.option("--no-memory", is_flag=True, help="Put nothing of memory into the prompt.")
@click.option("--project", metavar="NAME", help="Ask within a project: its own facts count, those of others do not.")
@click.option("--off-the-record", is_flag=True, help="Keep nothing of it in the history.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(
    session: Session,
    question: str,
    version: str | None,
    no_memory: bool,
    project: str | None,
    off_the_record: bool,
    as_json: bool,
) -> None:
    """Ask one question and print the answer of the version that answers now."""
    from nightschool.store.database import open_database

    if question == "-":
        question = sys.stdin.read()
    home, config = session.home, session.config
    with closing(open_database(home.database)) as db:
        with waiting(f"Loading {config.base.name}"):
            from nightschool import models
            from nightschool.wake.speaker import speaker
            from nightschool.wake.talk import begin
            from nightschool.wake.turn import answer

            model = models.load(config.base.name, config.base.device)
            who = speaker(db, home, model, version)
        with waiting("Answering"):
            reply = answer(
                db,
                who,
                begin(time.time()),
                question,
                config.memory,
                memory=not no_memory,
                record=not off_the_record,
                project=project,
                apart=config.curate.apart,
            )
    click.echo(json.dumps(document(reply), ensure_ascii=False) if as_json else shown(reply))


def shown(reply: Reply) -> str:
    """Write an answer for the terminal, tool calls included."""
    calls = [
        f"[{call['name']} {json.dumps(call['arguments'], ensure_ascii=False)}]" for call in reply.answer.tool_calls
    ]
    return printable("\n".join([part for part in [reply.answer.text, *calls] if part]))


def document(reply: Reply) -> Json:
    """Write a turn as JSON."""
    return {
        "answer": reply.answer.text,
        "tool_calls": list(reply.answer.tool_calls),
        "thinking": reply.answer.thinking,
        "version": reply.version,
        "base": reply.base,
        "told": bool(reply.told),
        "memory": [fact.id for fact in reply.told],
        "tokens": reply.answer.tokens,
        "stop": reply.talk.messages[-1].stop,
        "seconds": round(reply.seconds, 3),
        "conversation": reply.talk.id,
    }
