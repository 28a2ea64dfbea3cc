"""Napping and sleeping inside a chat: the facts in the weights first, which takes moments, then the night if wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from nightschool.cli.nap import NOTHING
from nightschool.cli.waiting import waiting
from nightschool.errors import UserError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from nightschool.config import Config, Home
    from nightschool.models.transformers_backend import TransformersModel
    from nightschool.wake.learning import Learner

ASK = "Train now? The chat waits for it. [now / tonight]"
TONIGHT = "Not now: `nightschool sleep` runs the night, `nightschool schedule` lets nights begin by themselves"


class Nights:
    """What the chat does at /nap and /sleep."""

    def __init__(
        self, db: sqlite3.Connection, home: Home, config: Config, learner: Learner, read: Callable[[], str | None]
    ) -> None:
        self._db = db
        self._home = home
        self._config = config
        self._learner = learner
        self._read = read

    def command(self, word: str) -> bool:
        """Do what a line beginning with a slash asks for, where it is about resting."""
        if word not in ("/nap", "/sleep"):
            return False
        try:
            self._nap()
            if word == "/sleep":
                self._sleep()
        except UserError as error:
            _say(f"{error.message}\n{error.hint}".strip())
        return True

    def _nap(self) -> None:
        from nightschool.night.nap import nap
        from nightschool.night.phrases import weights

        if not self._learner.can_write:
            _say("The weights of what answers here take no facts, so there is nothing to go over")
            return
        model = cast("TransformersModel", self._learner.speaker.model)
        with waiting("Going over the facts in the weights"):
            found = nap(self._db, self._home, model)
        self._learner.refresh()
        _say("\n".join(weights(found)) or NOTHING)

    def _sleep(self) -> None:
        _say(ASK)
        if (self._read() or "").strip().lower() not in ("now", "yes", "y"):
            _say(TONIGHT)
            return
        from nightschool.night.conduct import sleep
        from nightschool.night.progress import shown

        with shown() as progress:
            night = sleep(self._home, self._config, model=self._learner.speaker.model, progress=progress)
        self._learner.refresh()
        told = night.error.partition("\n")[0] if night.error else str(night.output("report").get("title", night.state))
        _say(f"{told}. {self._learner.speaker.version} answers. `nightschool report` says more")


def _say(text: str) -> None:
    click.echo("\n".join(f"  {line}" for line in text.splitlines()), err=True)
