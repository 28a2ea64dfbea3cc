"""The sitting: every arm answers the same questions, with and without memory, and is scored.

Nothing is decided here. A version whose adapter does not load is left without scores, which the gate
takes as missing evidence. What is written down of an answer is redacted.
"""

from __future__ import annotations

import functools
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nightschool.errors import UserError
from nightschool.exam import scorers
from nightschool.exam.tasks import OLD_LESSONS, is_battery, is_personal
from nightschool.models.model import Adapter, Likelihood, Model
from nightschool.records import Answer, Arm, Dataset, Exam, Item, Json, Prompt, Result, Score
from nightschool.redact import Redacted, redact
from nightschool.statistics import mean_interval, wilson
from nightschool.turns import prompt_key

BASE = "base"
TOLD_BATTERY = 140
"""Battery questions asked with memory in the prompt: a third, since they only guard a coarse fall."""

Remember = Callable[[Prompt], Prompt]
Progress = Callable[[int, int], None]


def arms(champion: str, earlier: Iterable[str] = (), challenger: str | None = None) -> tuple[Arm, ...]:
    """List who sits: base, champion, earlier versions and challenger, each with and without memory."""
    versions = dict.fromkeys([BASE, champion, *earlier, *([challenger] if challenger else [])])
    return tuple(Arm(version=version, told=told) for version in versions for told in (False, True))


def sit(
    model: Model,
    items: Sequence[Item],
    arms: Sequence[Arm],
    adapters: Mapping[str, Adapter],
    remember: Remember,
    *,
    run: str,
    champion: str,
    challenger: str | None,
    dataset: Dataset | None = None,
    skipped: Mapping[str, int] | None = None,
    max_tokens: int = 96,
    told_battery: int = TOLD_BATTERY,
    progress: Progress | None = None,
) -> Exam:
    """Ask every arm every question and write down the scores.

    `adapters` maps each version to its folder, None for the base; where more is mounted with it, such as
    facts in the weights, the version's own folder comes first. `dataset` is what the challenger was
    trained on: questions that stand in it are struck out, and those of its conversations are named.
    """
    started = time.monotonic()
    left_out = Counter(dict(skipped or {}))
    leaked = _leaked(items, dataset) if dataset else None
    asked = _fitting(model, _unseen(items, dataset, left_out), remember, max_tokens, left_out)
    prompts = {arm: _prompts(arm, asked, remember, told_battery) for arm in arms}
    clock = _Clock(report=progress, total=sum(len(questions) for questions in prompts.values()))
    desk = _Desk(model=model, max_tokens=max_tokens, clock=clock)
    scores = [score for arm in arms for score in desk.scores(arm, adapters.get(arm.version), prompts[arm])]
    left_out.update({f"{version} did not answer: {error}": 1 for version, error in desk.failed.items()})
    return Exam(
        id=f"e-{run}",
        run=run,
        arms=tuple(arms),
        items=tuple(asked),
        scores=tuple(scores),
        results=results(arms, asked, scores),
        scorer_hash=scorers.HASH,
        base=model.fingerprint,
        challenger=challenger,
        champion=champion,
        fingerprints=dict(desk.fingerprints),
        skipped=dict(left_out),
        seconds=time.monotonic() - started,
        leaked=() if challenger is None else leaked,
    )


def results(arms: Sequence[Arm], items: Sequence[Item], scores: Sequence[Score]) -> tuple[Result, ...]:
    """Sum up each task of each arm, with n and a 95 % interval."""
    tasks: dict[str, list[Item]] = {}
    for item in items:
        tasks.setdefault(item.task, []).append(item)
    values = {(score.arm, score.item): score.value for score in scores}
    made = []
    for task, asked in tasks.items():
        for arm in arms:
            found = [(item, values[arm.name, item.id]) for item in asked if (arm.name, item.id) in values]
            if found:
                made.append(_result(task, arm.name, found))
    return tuple(made)


def _result(task: str, arm: str, found: Sequence[tuple[Item, float]]) -> Result:
    values = [value for _, value in found]
    mean = math.fsum(values) / len(values)
    if any(item.scorer == "margin" for item, _ in found):
        interval = mean_interval(values, [item.conversation_id or item.id for item, _ in found])
    else:
        interval = wilson(math.fsum(values), len(values))
    return Result(task=task, arm=arm, value=mean, n=len(values), low=interval.low, high=interval.high)


def _leaked(items: Sequence[Item], dataset: Dataset) -> tuple[str, ...]:
    """Personal items of conversations that rows were made from: the holdout's seal is broken."""
    trained = {example.conversation_id for example in dataset.examples} - {None}
    return tuple(item.id for item in items if is_personal(item) and item.conversation_id in trained)


def _unseen(items: Sequence[Item], dataset: Dataset | None, left_out: Counter[str]) -> list[Item]:
    """Strike the person's questions that stand in the training data as they are; people ask things twice."""
    rows = {_said(example.prompt) for example in dataset.examples} if dataset else set()
    seen = {item.id for item in items if (is_personal(item) or item.task == OLD_LESSONS) and _said(item.prompt) in rows}
    left_out.update({"stands in the training data": len(seen)} if seen else {})
    return [item for item in items if item.id not in seen]


def _said(prompt: Prompt) -> str:
    """A prompt without its system message, which training rows may hold in a short form."""
    spoken = [(message["role"], scorers.normal(_text(message))) for message in prompt.messages]
    return json.dumps([pair for pair in spoken if pair[0] != "system"])


def _text(message: Json) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else json.dumps(content, sort_keys=True)


def _fitting(
    model: Model, items: Sequence[Item], remember: Remember, max_tokens: int, left_out: Counter[str]
) -> list[Item]:
    """Strike what does not fit into the base's context with memory and an answer."""
    fitting = [item for item in items if model.count_tokens(remember(item.prompt)) + max_tokens <= model.context_tokens]
    if len(fitting) < len(items):
        left_out["longer than the base's context"] += len(items) - len(fitting)
    return fitting


def _prompts(arm: Arm, items: Sequence[Item], remember: Remember, told_battery: int) -> list[tuple[Item, Prompt]]:
    if not arm.told:
        return [(item, item.prompt) for item in items]
    battery = {item.id for item in [item for item in items if is_battery(item)][told_battery:]}
    return [(item, remember(item.prompt)) for item in items if item.id not in battery]


@dataclass(kw_only=True)
class _Clock:
    """How many of all questions are done, over all arms."""

    report: Progress | None
    total: int
    before: int = 0

    def tick(self, done: int) -> None:
        """Note how many questions of the running arm are done."""
        if self.report is not None:
            self.report(self.before + done, self.total)

    def finish(self, questions: int) -> None:
        """Close an arm of so many questions."""
        self.tick(questions)
        self.before += questions


@dataclass(kw_only=True)
class _Desk:
    """Where versions answer; the same question to the same weights is asked once."""

    model: Model
    max_tokens: int
    clock: _Clock
    fingerprints: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    _answered: dict[tuple[str, str], Answer] = field(default_factory=dict)
    _likely: dict[tuple[str, str], Likelihood] = field(default_factory=dict)

    def scores(self, arm: Arm, adapter: Adapter, questions: Sequence[tuple[Item, Prompt]]) -> list[Score]:
        """Score an arm on its questions; nothing where its adapter cannot be mounted or run."""
        spoken = [pair for pair in questions if pair[0].scorer != "margin"]
        compared = [pair for pair in questions if pair[0].scorer == "margin"]
        try:
            weights = self._mounted(arm.version, adapter)
            scored = [*self._spoken(arm, weights, adapter, spoken), *self._compared(arm, weights, adapter, compared)]
        except (UserError, OSError, RuntimeError, ValueError) as error:
            self.failed.setdefault(arm.version, str(error).splitlines()[0] if str(error) else type(error).__name__)
            scored = []
        self.clock.finish(len(questions))
        return [score for score in scored if math.isfinite(score.value)]

    def _mounted(self, version: str, adapter: Adapter) -> str:
        """Name the weights that will answer; what is noted of a version is its own adapter."""
        if version in self.failed:
            raise UserError(self.failed[version])
        if adapter is None:
            if version != BASE:
                raise UserError(f"Version {version!r} has no adapter")
            return BASE
        own, *others = (adapter,) if isinstance(adapter, Path) else adapter
        if version not in self.fingerprints:
            self.fingerprints[version] = self.model.mounted(own)
        return " ".join([self.fingerprints[version], *map(str, others)])

    def _spoken(
        self, arm: Arm, weights: str, adapter: Adapter, questions: Sequence[tuple[Item, Prompt]]
    ) -> list[Score]:
        keys = [(weights, prompt_key(prompt)) for _, prompt in questions]
        new = {key: prompt for key, (_, prompt) in zip(keys, questions, strict=True) if key not in self._answered}
        known = len(questions) - len(new)
        answers = self.model.answer(
            list(new.values()),
            adapter=adapter,
            max_tokens=self.max_tokens,
            progress=lambda done: self.clock.tick(known + done),
        )
        self._answered.update(zip(new, answers, strict=True))
        return [
            _scored(arm, item, prompt, self._answered[key]) for key, (item, prompt) in zip(keys, questions, strict=True)
        ]

    def _compared(
        self, arm: Arm, weights: str, adapter: Adapter, questions: Sequence[tuple[Item, Prompt]]
    ) -> list[Score]:
        rows = [(prompt, item.expected[side]) for item, prompt in questions for side in ("accepted", "rejected")]
        keys = [(weights, f"{prompt_key(prompt)}\n{json.dumps(message, sort_keys=True)}") for prompt, message in rows]
        new = {key: row for key, row in zip(keys, rows, strict=True) if key not in self._likely}
        if new:
            self._likely.update(zip(new, self.model.likelihood(list(new.values()), adapter=adapter), strict=True))
        likely = [self._likely[key] for key in keys]
        return [
            Score(item=item.id, arm=arm.name, value=scorers.margin(accepted, rejected))
            for (item, _), accepted, rejected in zip(questions, likely[::2], likely[1::2], strict=True)
        ]


@functools.lru_cache(maxsize=8192)
def _masked(said: str) -> Redacted:
    """Redact an answer; arms say the same thing more often than not."""
    return redact(said)


def _scored(arm: Arm, item: Item, prompt: Prompt, answer: Answer) -> Score:
    """Score one answer and write it down redacted; a secret that its prompt did not hold is wrong anyway."""
    calls = [json.dumps(dict(call), sort_keys=True) for call in answer.tool_calls]
    said = "\n".join(filter(None, [answer.text, *calls]))
    masked = _masked(said)
    given = "\n".join(_text(message) for message in prompt.messages)
    secret = any(not found.contact and said[found.start : found.end] not in given for found in masked.found)
    value = 0.0 if secret else scorers.score(item, answer)
    return Score(item=item.id, arm=arm.name, value=value, output=masked.text, secret=secret)
