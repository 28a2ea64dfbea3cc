"""`nightschool serve`: let any client talk to your model."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import click

from nightschool.cli.waiting import waiting
from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.config import Config, Home
    from nightschool.serve.serving import Engine

EXAMPLES = """\b
Examples:
  nightschool serve
  nightschool serve --upstream http://127.0.0.1:11434     in front of your Ollama
  OPENAI_BASE_URL=http://127.0.0.1:8787/v1 OPENAI_API_KEY=none llm -m champion+memory Hello
"""


@click.command(epilog=EXAMPLES)
@click.option("--host", help="Address to listen on; anything but loopback needs profiles with keys.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--upstream", metavar="URL", help="Stand in front of this server instead of answering here.")
@click.option("--no-record", is_flag=True, help="Keep nothing of what passes.")
@click.option("--also-host", "hosts", multiple=True, metavar="NAME", help="A further name that clients reach it by.")
@click.pass_obj
def command(
    session: Session, host: str | None, port: int | None, upstream: str | None, no_record: bool, hosts: tuple[str, ...]
) -> None:
    """Serve OpenAI's, Anthropic's and Ollama's API, record what passes, and show the pages.

    Models are named `champion`, `base` or by their version, each also with `+memory`. In any client a
    whole message `/sleep`, `/off` or `/forget WORDS` (or with `!`) speaks to the server itself.
    """
    import logging

    import uvicorn

    from nightschool.serve.app import app
    from nightschool.serve.guard import LOOPBACK
    from nightschool.store.database import open_database

    home, config = session.home, session.config
    host, port = host or config.serve.host, port or config.serve.port
    open_database(home.database).close()
    refuse_open(host, home)
    listening = bound(host, port)
    engine = chosen(config, config.serve.upstream if upstream is None else upstream)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    click.echo(f"{engine.name} at http://{host}:{port} (API below /v1 and /api, pages at /); Ctrl-C ends", err=True)
    application = app(home, config, engine, hosts=(host, *hosts), record=not no_record, keyless=host in LOOPBACK)
    server = uvicorn.Server(
        uvicorn.Config(application, log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=5)
    )
    server.run(sockets=[listening])


def chosen(config: Config, upstream: str) -> Engine:
    """Return the engine: another server, or the base in this process, loaded."""
    if upstream:
        from nightschool.serve.proxy import Proxy

        name = config.serve.key_variable
        if name and name not in os.environ:
            raise UserError(
                f"The environment variable {name!r} is not set", hint="It holds the key of the server behind"
            )
        return Proxy(upstream, os.environ.get(name, "") if name else "")
    with waiting(f"Loading {config.base.name}"):
        from nightschool import models
        from nightschool.models.batcher import Batcher
        from nightschool.serve.local import Local

        return Local(Batcher(models.load(config.base.name, config.base.device)))


def refuse_open(host: str, home: Home) -> None:
    """Refuse to be reached from other machines while nobody needs a key."""
    from nightschool.serve.guard import LOOPBACK
    from nightschool.serve.people import People

    if host not in LOOPBACK and not People(home).profiles():
        raise UserError(
            f"On {host!r} other machines could read everything, because nobody needs a key",
            hint="Give yourself one with `nightschool profiles add owner`, or listen on 127.0.0.1",
        )


def bound(host: str, port: int) -> socket.socket:
    """Take the port; UserError where another program has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise UserError(
            f"Port {port} on {host!r} cannot be used: {error.strerror}",
            hint=f"Choose another one with `nightschool serve --port {port + 1}`",
        ) from error
    return taken
