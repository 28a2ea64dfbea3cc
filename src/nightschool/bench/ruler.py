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
from nightschool.models.model import Adapter, Likelihood, Model
from nightschool.records import Json, Prompt
from nightschool.world import conversations

ANSWER_TOKENS = 48
DRAWN = 60
"""Answers of the base that a divergence is measured on."""
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
        self._said: dict[Memory, dict[str, str]] = {}
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

    def asked(self, questions: Sequence[str], memory: Memory) -> list[str]:
        """Answer questions that stand alone in the prompt; each is asked once under a memory."""
        known = self._said.setdefault(memory, {})
        new = [question for question in dict.fromkeys(questions) if question not in known]
        if new:
            known |= dict(zip(new, self.answers([told.alone(q) for q in new], memory), strict=True))
        return [known[question] for question in questions]

    def base(self, questions: Sequence[str]) -> list[str]:
        """What the base answers with nothing in the prompt."""
        return self.asked(questions, self._bare)

    def gather(self, facts: Sequence[Told], memory: Memory, most: int, *, offset: int = 0) -> None:
        """Ask together what `recall`, `world` and `negatives` will want to know of a memory."""
        beside = [*told.world_questions(most, self._seed + offset), *told.negatives(facts, most, self._seed)]
        self.asked([*(question for fact in facts for question in fact.questions), *beside], memory)
        self.base(beside)

    def perplexity(self, memory: Memory) -> float:
        """Perplexity of the answers of held-out chats."""
        rows = [(memory.tell(prompt), answer) for prompt, answer in self._chats]
        scored = self._model.likelihood(rows, adapter=memory.adapter)
        return math.exp(-sum(one.total for one in scored) / sum(one.tokens for one in scored))

    def perplexity_change(self, memory: Memory) -> float:
        """Relative change of the perplexity against the base."""
        return self.perplexity(memory) / self._perplexity - 1

    def divergence(self, memory: Memory) -> float:
        """KL of a memory's answers to the base's, nats per token.

        Estimated on what the base says at temperature 1 to questions about the world, scored by both.
        """
        rows = [(memory.tell(prompt), said) for prompt, said in self._drawn]
        now = self._model.likelihood(rows, adapter=memory.adapter)
        return sum(
            before.total - after.total for before, after in zip(self._likely, now, strict=True)
        ) / sum(one.tokens for one in now)  # fmt: skip

    @cached_property
    def _drawn(self) -> list[tuple[Prompt, Json]]:
        prompts = [told.alone(question) for question in told.world_questions(DRAWN, self._seed + 7)]
        said = self._model.answer(
            prompts, adapter=self._bare.adapter, max_tokens=ANSWER_TOKENS, temperature=1.0, seed=self._seed
        )
        return [
            (prompt, {"role": "assistant", "content": answer.text})
            for prompt, answer in zip(prompts, said, strict=True)
            if answer.text and answer.stop == "stop"
        ]

    @cached_property
    def _likely(self) -> list[Likelihood]:
        return self._model.likelihood(self._drawn, adapter=self._bare.adapter)

    def recall(
        self,
        facts: Sequence[Told],
        memory: Memory,
        *,
        fresh: bool = False,
        ask: Callable[[str], Prompt] | None = None,
        each: int = 3,
    ) -> list[float]:
        """Share of each fact's first questions whose answer names its object; `ask` puts them into a prompt."""
        asked = [(fact.fresh if fresh else fact.questions)[:each] for fact in facts]
        every = [question for questions in asked for question in questions]
        said = iter(self.answers([ask(one) for one in every], memory) if ask else self.asked(every, memory))
        return [
            sum(holds(next(said), fact.object) for _ in questions) / len(questions)
            for fact, questions in zip(facts, asked, strict=True)
        ]

    def world(self, count: int, memory: Memory, *, offset: int = 0) -> list[float]:
        """Whether each answer about the world is the base's to the letter."""
        questions = told.world_questions(count, self._seed + offset)
        said = self.asked(questions, memory)
        return [float(one == other) for one, other in zip(said, self.base(questions), strict=True)]

    def negatives(self, facts: Sequence[Told], memory: Memory, most: int) -> tuple[list[float], list[float]]:
        """Whether each near question fires wrongly, and whether its answer is the base's to the letter."""
        questions = told.negatives(facts, most, self._seed)
        said = self.asked(questions, memory)
        objects = {fact.object for fact in facts}
        fired, same = [], []
        for now, before in zip(said, self.base(questions), strict=True):
            fired.append(float(any(holds(now, name) and not holds(before, name) for name in objects)))
            same.append(float(now == before))
        return fired, same

    def circumstances(self, facts: Sequence[Told], memory: Memory) -> Json:
        """Recall after other talk, under a system prompt, behind a long prefix, and in fresh wordings.

        Where the prompt is long, each fact is asked for once.
        """
        some = random.Random(self._seed).sample(list(facts), min(MOST_EXTRA, len(facts)))
        ways: dict[str, tuple[Callable[[str], Prompt], int]] = {
            "recall_after_2_turns": (lambda question: told.after_turns(question, 2, self._seed), 3),
            "recall_after_10_turns": (lambda question: told.after_turns(question, 10, self._seed), 1),
            "recall_with_system": (lambda question: told.with_system(question, 2, self._seed), 3),
            "recall_behind_prefix": (lambda question: told.with_system(question, self._rules, self._seed), 1),
        }
        found = {name: _mean(self.recall(some, memory, ask=way, each=each)) for name, (way, each) in ways.items()}
        prefix = self._model.count_tokens(ways["recall_behind_prefix"][0](some[0].questions[0]))
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
