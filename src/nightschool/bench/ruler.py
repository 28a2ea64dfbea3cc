"""What is measured of a model with facts written into it, always against the same model without them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nightschool import statistics
from nightschool.bench import told
from nightschool.bench.told import Told
from nightschool.exam.scorers import holds
from nightschool.models.model import Adapter, Model
from nightschool.records import Json, Prompt
from nightschool.world import conversations

ANSWER_TOKENS = 48
MOST_EXTRA = 60
"""Facts that the recall under other circumstances is measured on."""


def unchanged(prompt: Prompt) -> Prompt:
    """Add nothing to a prompt."""
    return prompt


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """Facts as one arm holds them: in an adapter or in the prompt."""

    adapter: Adapter = None
    tell: Callable[[Prompt], Prompt] = unchanged


class Ruler:
    """Measures memories on one base; what the base itself answers is asked once."""

    def __init__(self, model: Model, seed: int, *, skill: Path | None = None, chats: int = 80) -> None:
        self._model = model
        self._bare = Memory(adapter=skill)
        self._seed = seed
        self._base: dict[str, str] = {}
        rng = random.Random(f"held-out chats {seed}")
        talks = [conversations.conversation(rng) for _ in range(chats)]
        drawn = [
            (Prompt(messages=tuple(talk.messages[:-1]), tools=tuple(talk.tools)), talk.messages[-1]) for talk in talks
        ]
        self._chats = [row for row in drawn if model.count_tokens(*row) <= model.context_tokens]
        self._perplexity = self.perplexity(self._bare)

    def answers(self, prompts: Sequence[Prompt], memory: Memory) -> list[str]:
        """Answer greedily under a memory."""
        asked = [memory.tell(prompt) for prompt in prompts]
        found = self._model.answer(asked, adapter=memory.adapter, max_tokens=ANSWER_TOKENS)
        return [answer.text for answer in found]

    def base(self, questions: Sequence[str]) -> list[str]:
        """What the base answers with nothing in the prompt."""
        new = [question for question in dict.fromkeys(questions) if question not in self._base]
        if new:
            self._base |= dict(zip(new, self.answers([told.alone(q) for q in new], self._bare), strict=True))
        return [self._base[question] for question in questions]

    def perplexity(self, memory: Memory) -> float:
        """Perplexity of the answers of held-out chats."""
        rows = [(memory.tell(prompt), answer) for prompt, answer in self._chats]
        scored = self._model.likelihood(rows, adapter=memory.adapter)
        return math.exp(-sum(one.total for one in scored) / sum(one.tokens for one in scored))

    def perplexity_change(self, memory: Memory) -> float:
        """Relative change of the perplexity against the base."""
        return self.perplexity(memory) / self._perplexity - 1

    def recall(
        self, facts: Sequence[Told], memory: Memory, *, fresh: bool = False, ask: Callable[[str], Prompt] = told.alone
    ) -> list[float]:
        """Share of each fact's questions whose answer names its object."""
        asked = [fact.fresh if fresh else fact.questions for fact in facts]
        said = iter(self.answers([ask(question) for questions in asked for question in questions], memory))
        return [
            sum(holds(next(said), fact.object) for _ in questions) / len(questions)
            for fact, questions in zip(facts, asked, strict=True)
        ]

    def world(self, count: int, memory: Memory, *, offset: int = 0) -> list[float]:
        """Whether each answer about the world is the base's to the letter."""
        questions = told.world_questions(count, self._seed + offset)
        said = self.answers([told.alone(question) for question in questions], memory)
        return [float(one == other) for one, other in zip(said, self.base(questions), strict=True)]

    def negatives(self, facts: Sequence[Told], memory: Memory, most: int) -> tuple[list[float], list[float]]:
        """Whether each near question fires wrongly, and whether its answer is the base's to the letter."""
        questions = told.negatives(facts, most, self._seed)
        said = self.answers([told.alone(question) for question in questions], memory)
        objects = {fact.object for fact in facts}
        fired, same = [], []
        for now, before in zip(said, self.base(questions), strict=True):
            fired.append(float(any(holds(now, name) and not holds(before, name) for name in objects)))
            same.append(float(now == before))
        return fired, same

    def circumstances(self, facts: Sequence[Told], memory: Memory) -> Json:
        """Recall after other talk, under a system prompt, behind a long prefix, and in fresh wordings."""
        some = random.Random(self._seed).sample(list(facts), min(MOST_EXTRA, len(facts)))
        ways: dict[str, Callable[[str], Prompt]] = {
            "recall_after_2_turns": lambda question: told.after_turns(question, 2, self._seed),
            "recall_after_10_turns": lambda question: told.after_turns(question, 10, self._seed),
            "recall_with_system": lambda question: told.with_system(question, 2, self._seed),
            "recall_behind_prefix": lambda question: told.with_system(question, self._rules, self._seed),
        }
        found = {name: _mean(self.recall(some, memory, ask=way)) for name, way in ways.items()}
        prefix = self._model.count_tokens(ways["recall_behind_prefix"](some[0].questions[0]))
        return found | {"recall_fresh": _mean(self.recall(some, memory, fresh=True)), "prefix_tokens": prefix}

    @cached_property
    def _rules(self) -> int:
        """Rules of a system prompt as long as an agent's, or of a third of what this base can read."""
        tokens = self._model.count_tokens(told.with_system("Where do I live?", told.AGENT_RULES, self._seed))
        return min(told.AGENT_RULES, told.AGENT_RULES * self._model.context_tokens // (3 * tokens))


def interval(values: Sequence[float], clusters: Sequence[str], seed: int) -> list[float]:
    """95 % interval of a mean of shares; Wilson's where all values are the same, so that it is never a point."""
    if len(set(values)) > 1:
        found = statistics.mean_interval(values, clusters, seed=seed)
    else:
        found = statistics.wilson(sum(values), len(values))
    return [found.low, found.high]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan
