"""One judge: asked once, asked once more where it gave no object, and else without a verdict."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from nightschool.config import JudgeConfig, JudgesConfig
from nightschool.curate.judges import reading, rubric
from nightschool.curate.judges.evidence import Evidence
from nightschool.errors import UserError
from nightschool.models.endpoint import Endpoint, Reply, key_from
from nightschool.models.model import Model
from nightschool.models.transport import EndpointError
from nightschool.records import Json, Opinion, Prompt

ANSWER_TOKENS = 700
THINKING_TOKENS = 4096
BASE = "base"
"""Name of the local base as a judge."""
HOPELESS = frozenset({"unreachable", "slow"})
"""Problems that asking again at once does not mend."""


class Judge(Protocol):
    """Whoever gives verdicts."""

    @property
    def name(self) -> str:
        """How the person calls it."""

    @property
    def identity(self) -> str:
        """Endpoint, model and rubric as one hash: what its measured soundness belongs to."""

    @property
    def parallel(self) -> int:
        """How many questions it takes at once."""

    def score(self, evidence: Evidence) -> Opinion:
        """Score one turn."""

    def prefer(self, first: Evidence, second: Evidence) -> str:
        """Say `first`, `second` or `neither`, or nothing where there is no verdict."""


class Speaker(Protocol):
    """Whatever takes chat messages and answers them."""

    def chat(
        self,
        messages: Sequence[Json],
        *,
        schema: Json | None = None,
        max_tokens: int = 1024,
        temperature: float = 0.0,
        thinking: bool = False,
        seed: int = 0,
    ) -> Reply:
        """Answer once; EndpointError where there is no answer."""


class ModelJudge:
    """A model as a judge, behind an endpoint or the local base."""

    def __init__(
        self,
        name: str,
        speaker: Speaker,
        *,
        where: str,
        parallel: int = 1,
        context_tokens: int = 16384,
        thinking: bool = False,
    ) -> None:
        self.name = name
        self.parallel = parallel
        self.identity = hashlib.sha256(f"{where}\0{thinking}\0{rubric.VERSION}".encode()).hexdigest()[:16]
        self._speaker = speaker
        self._context_tokens = context_tokens
        self._thinking = thinking

    def score(self, evidence: Evidence) -> Opinion:
        """Score one turn, with the reason before the scores."""
        messages = rubric.scoring(evidence, self._room)
        if messages is None:
            return self._opinion(evidence, "too long", 0.0, 0)
        seconds, tokens, problem = 0.0, 0, ""
        for attempt in range(2):
            try:
                reply = self._asked(messages, rubric.SCORES, attempt)
            except EndpointError as error:
                problem = error.problem if error.status == 0 else f"status {error.status}"
                if problem in HOPELESS:
                    break
                continue
            seconds, tokens = seconds + reply.seconds, tokens + reply.tokens
            read = reading.scores(reply.text, reply.stop)
            if isinstance(read, reading.Scores):
                return self._opinion(evidence, "", seconds, tokens, read)
            problem = read
        return self._opinion(evidence, problem, seconds, tokens)

    def prefer(self, first: Evidence, second: Evidence) -> str:
        """Compare two answers to one question."""
        messages = rubric.preferring(first, second, self._room)
        if messages is None:
            return ""
        for attempt in range(2):
            try:
                reply = self._asked(messages, rubric.PREFERENCE, attempt)
            except EndpointError as error:
                if error.problem in HOPELESS:
                    break
                continue
            if better := reading.preference(reply.text, reply.stop):
                return better
        return ""

    @property
    def _room(self) -> int:
        """Tokens for the question: thinking takes its share first."""
        return self._context_tokens - (THINKING_TOKENS if self._thinking else 0)

    def _asked(self, messages: list[Json], schema: Json, attempt: int) -> Reply:
        """Ask with a schema; a judge that thinks does so freely first, since a schema would cut its thinking off."""
        if attempt:
            messages = [*messages[:-1], {**messages[-1], "content": f"{messages[-1]['content']}\n\n{rubric.AGAIN}"}]
        if not self._thinking:
            return self._speaker.chat(messages, schema=schema, max_tokens=ANSWER_TOKENS, seed=attempt)
        thought = self._speaker.chat(messages, max_tokens=THINKING_TOKENS, thinking=True, seed=attempt)
        if not thought.text.strip():
            return thought
        settled = [
            *messages,
            {"role": "assistant", "content": thought.text},
            {"role": "user", "content": rubric.SETTLE},
        ]
        return self._speaker.chat(settled, schema=schema, max_tokens=ANSWER_TOKENS, seed=attempt)

    def _opinion(
        self, evidence: Evidence, problem: str, seconds: float, tokens: int, read: reading.Scores | None = None
    ) -> Opinion:
        return Opinion(
            judge=self.identity,
            subject=evidence.subject,
            scores=read.scores if read else None,
            reason=read.reason if read else "",
            problem=problem,
            seconds=round(seconds, 3),
            tokens=tokens,
        )


class Local:
    """The loaded base as a speaker; one question at a time, without a schema."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._lock = threading.Lock()

    def chat(
        self,
        messages: Sequence[Json],
        *,
        schema: Json | None = None,
        max_tokens: int = 1024,
        temperature: float = 0.0,
        thinking: bool = False,
        seed: int = 0,
    ) -> Reply:
        """Answer with the base alone."""
        prompt = Prompt(messages=tuple(messages))
        with self._lock:
            room = self._model.context_tokens - self._model.count_tokens(prompt)
            if room < 1:
                raise EndpointError("refused", "The question is longer than the base can read")
            answer = self._model.answer([prompt], max_tokens=min(max_tokens, room), temperature=temperature, seed=seed)[
                0
            ]
        return Reply(text=answer.text, thinking=answer.thinking, stop=answer.stop, tokens=answer.tokens)


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """The judges of the settings, and what was wrong with those that could not be made."""

    judges: tuple[Judge, ...]
    problems: tuple[str, ...] = ()


def configured(config: JudgesConfig, base: Callable[[], Model]) -> Panel:
    """Make the judges of the settings; one that cannot be meant is told and left out. Nothing is asked yet."""
    judges: dict[str, Judge] = {}
    problems = []
    for entry in config.panel:
        name = entry.name or entry.model or entry.url or BASE
        try:
            if name in judges:
                raise UserError(f"Two judges are called {name!r}; give each its own `name`")
            judges[name] = _made(name, entry, config, base)
        except UserError as error:
            problems.append(f"{name}: {error.message}")
    return Panel(judges=tuple(judges.values()), problems=tuple(problems))


def _made(name: str, entry: JudgeConfig, config: JudgesConfig, base: Callable[[], Model]) -> Judge:
    if entry.parallel < 1 or entry.context_tokens <= rubric.RESERVED_TOKENS:
        raise UserError(
            f"The judge {name!r} has no room to work in",
            hint=f"Set `parallel` to 1 or more and `context_tokens` to more than {rubric.RESERVED_TOKENS}",
        )
    speaker: Speaker
    if entry.url:
        speaker = Endpoint(
            entry.url,
            entry.model,
            api=entry.api,
            key=key_from(entry.key_variable),
            transport=entry.transport,
            seconds=config.seconds,
            context_tokens=entry.context_tokens,
        )
        where, parallel, room = f"{entry.url}\0{entry.model}", entry.parallel, entry.context_tokens
    else:
        model = base()
        speaker, where, parallel, room = Local(model), model.fingerprint, 1, model.context_tokens
    return ModelJudge(name, speaker, where=where, parallel=parallel, context_tokens=room, thinking=entry.thinking)
