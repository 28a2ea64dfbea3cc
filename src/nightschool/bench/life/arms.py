"""The arms of a life: who answers, what is told, and what happens at night."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from nightschool.bench.life import naive
from nightschool.bench.life.talk import Asked, Held
from nightschool.config import Config, Home
from nightschool.curate import dataset
from nightschool.curate.judges.judge import Judge
from nightschool.edit import mounting
from nightschool.memory import context
from nightschool.models import shelf
from nightschool.models.model import Adapter, Likelihood, Model
from nightschool.night.conduct import sleep
from nightschool.night.stages import STAGES
from nightschool.records import Answer, Example, Fact, Json, Night, Prompt
from nightschool.store import facts, lessons, versions
from nightschool.store.database import open_database
from nightschool.turns import prompt_key

Sleeps = Literal["never", "review", "night", "naive"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """One way to live with a model."""

    name: str
    told: bool
    """Whether memory is told in the prompt."""
    sleeps: Sleeps
    change: Callable[[Config], Config] = dataclasses.replace
    """What an ablation takes away."""
    judged: bool = True
    """Whether scripted judges of stated accuracy sit in the night."""


def _no_replay(config: Config) -> Config:
    return replace(config, curate=replace(config.curate, replay_share=0.0))


def _reflection(config: Config) -> Config:
    return replace(config, reflect=replace(config.reflect, enabled=True))


def _here(held: Sequence[Fact], project: str | None) -> list[Fact]:
    """What is told in a conversation of this project."""
    return [fact for fact in held if fact.scope in ("everywhere", f"project:{project}")]


ARMS = {
    arm.name: arm
    for arm in (
        Arm(name="nothing", told=False, sleeps="never"),
        Arm(name="memory-only", told=True, sleeps="review"),
        Arm(name="naive", told=False, sleeps="naive"),
        Arm(name="nightschool", told=True, sleeps="night"),
        Arm(name="without-judges", told=True, sleeps="night", judged=False),
        Arm(name="without-replay", told=True, sleeps="night", change=_no_replay),
        Arm(name="with-reflection", told=True, sleeps="night", change=_reflection),
    )
}


class Remembering:
    """A model that keeps its greedy answers, so that arms which ask the same pay once."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._known: dict[tuple[str, str, int], Answer] = {}
        self.name, self.fingerprint = model.name, model.fingerprint
        self.context_tokens, self.parameters = model.context_tokens, model.parameters

    def answer(
        self,
        prompts: Sequence[Prompt],
        *,
        adapter: Adapter = None,
        max_tokens: int = 96,
        temperature: float = 0.0,
        seed: int = 0,
        progress: Callable[[int], None] | None = None,
    ) -> list[Answer]:
        """Answer every prompt, in order; at temperature 0 each one once."""
        if temperature:
            return self._model.answer(
                prompts, adapter=adapter, max_tokens=max_tokens, temperature=temperature, seed=seed, progress=progress
            )
        keys = [(str(adapter or ""), prompt_key(prompt), max_tokens) for prompt in prompts]
        missing = {key: prompt for key, prompt in zip(keys, prompts, strict=True) if key not in self._known}
        if missing:
            given = self._model.answer(
                list(missing.values()), adapter=adapter, max_tokens=max_tokens, progress=progress
            )
            self._known |= dict(zip(missing, given, strict=True))
        return [self._known[key] for key in keys]

    def likelihood(self, rows: Sequence[tuple[Prompt, Json]], *, adapter: Adapter = None) -> list[Likelihood]:
        """Measure how likely each given answer is after its prompt."""
        return self._model.likelihood(rows, adapter=adapter)

    def count_tokens(self, prompt: Prompt, answer: Json | None = None) -> int:
        """Count the tokens of a prompt, with its answer where one is given."""
        return self._model.count_tokens(prompt, answer)

    def mounted(self, adapter: Path) -> str:
        """Return the hash of the adapter's tensors as they stand in the running model."""
        return self._model.mounted(adapter)

    def stream(self, prompt: Prompt, *, adapter: Adapter = None, max_tokens: int = 512) -> Generator[str, None, Answer]:
        """Answer one prompt greedily, piece by piece."""
        return self._model.stream(prompt, adapter=adapter, max_tokens=max_tokens)


@dataclass(kw_only=True)
class Living:
    """One arm at work: its home, and who answers in it now."""

    arm: Arm
    home: Home
    config: Config
    model: Model
    adapter: Path | None = None
    edits: Path | None = None
    """Facts in the weights, mounted beside the skill."""
    rows: list[Example] = field(default_factory=list)
    """Everything that was ever trained on."""
    nights: list[Night] = field(default_factory=list)
    judges: Sequence[Judge] = ()

    def answers(self, at: float) -> Callable[[Sequence[Asked]], list[Answer]]:
        """Who answers on a day, with what memory holds at that time."""

        def reply(asked: Sequence[Asked]) -> list[Answer]:
            projects = [one.project for one in asked]
            return self.reply([one.prompt for one in asked], told=self.arm.told, at=at, projects=projects)

        return reply

    def reply(
        self,
        prompts: Sequence[Prompt],
        *,
        told: bool,
        at: float,
        base: bool = False,
        projects: Sequence[str | None] = (),
    ) -> list[Answer]:
        """Answer prompts, with or without memory, by whoever answers now or by the base."""
        if told:
            with contextlib.closing(open_database(self.home.database)) as db:
                held = facts.live(db, at=at)
            prompts = [
                context.remember(prompt, _here(held, project), self.config.memory)
                for prompt, project in zip_longest(prompts, projects)
            ]
        tokens = self.config.exam.max_answer_tokens
        worn = None if base else mounting.together(self.adapter, self.edits)
        return self.model.answer(prompts, adapter=worn, max_tokens=tokens)

    def sleep(self, day: Sequence[Held]) -> None:
        """Spend the night as this arm does."""
        match self.arm.sleeps:
            case "review":
                self.nights.append(sleep(self.home, self.config, model=self.model, stages=STAGES[:2]))
            case "night":
                judges = tuple(self.judges) if self.arm.judged else ()
                self.nights.append(sleep(self.home, self.config, model=self.model, judges=judges))
                self._woken()
            case "naive":
                rows = naive.rows(day)
                self.rows += rows
                self.adapter = naive.night(
                    rows, self.config, self.model.fingerprint, self.home.path / "naive", self.adapter
                )

    def _woken(self) -> None:
        """Take up who answers now, and what was trained on so far."""
        with contextlib.closing(open_database(self.home.database)) as db:
            champion = versions.get(db, versions.pointer(db, "champion"))
            self.rows = [
                row for entry in lessons.datasets(db) for row in dataset.read(self.home.datasets, entry.hash).examples
            ]
        self.adapter = shelf.adapter_of(self.home, champion)
