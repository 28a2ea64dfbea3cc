"""What every stage of one night gets, and the base model that they share."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nightschool import models, train
from nightschool.config import Config, Home
from nightschool.curate.judges.judge import Judge, Panel, configured
from nightschool.models.model import Model
from nightschool.night.history import History, redacted
from nightschool.night.progress import Progress, Quiet
from nightschool.records import Json
from nightschool.train import Job, Trained


class Base:
    """The base model of a night: loaded when it is first asked for, freed while a child trains."""

    def __init__(self, config: Config, given: Model | None = None) -> None:
        self._config = config
        self._given = given
        self._loaded: Model | None = given

    def get(self) -> Model:
        """The loaded base."""
        if self._loaded is None:
            base = self._config.base
            self._loaded = models.load(base.name, base.device)
        return self._loaded

    def free(self) -> None:
        """Let go of the weights that this night loaded, so that training has the memory to itself."""
        if self._given is None and self._loaded is not None:
            models.free(self._loaded)
            self._loaded = None


Trainer = Callable[[Job, Path, Callable[[train.Progress], None]], Trained]
"""What turns a job into an adapter in a folder."""


@dataclass(kw_only=True)
class Context:
    """One night at work: where it lies, what it stands on, what its finished stages left."""

    db: sqlite3.Connection
    home: Home
    config: Config
    run: str
    champion: str
    """Who answered when the night began."""
    base: Base
    trainer: Trainer
    progress: Progress = field(default_factory=Quiet)
    datasets: Path
    """Where tonight's dataset is written; a dry run writes it elsewhere than a night."""
    outputs: dict[str, Json] = field(default_factory=dict)
    """Stage name -> what it left."""
    judges: tuple[Judge, ...] | None = None
    """None means: those of the settings."""

    _history: History | None = None
    _panel: Panel | None = None

    def history(self) -> History:
        """The redacted history, read once a night."""
        if self._history is None:
            self._history = redacted(self.db, self.advance)
        return self._history

    def panel(self) -> Panel:
        """The judges, made once a night; the base is loaded where it is one of them."""
        if self._panel is None:
            given = self.judges
            self._panel = configured(self.config.judges, self.base.get) if given is None else Panel(judges=given)
        return self._panel

    def advance(self, done: int, total: int | None = None) -> None:
        """Move the bar of the stage at work."""
        self.progress.advance(done, total)
