"""Chooses the next token of one row: penalties, a schema, temperature, what is likely enough."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import Any

import torch

from nightschool.models.constraint import Constraint
from nightschool.models.generation import Sampling, Token


class Dice:
    """The choices of one answer; the same seed throws the same tokens, whatever else is in the batch."""

    def __init__(self, sampling: Sampling, constraint: Constraint | None) -> None:
        self._sampling = sampling
        self._constraint = constraint
        self._said: Counter[int] = Counter()
        seed = sampling.seed if sampling.seed is not None else secrets.randbits(63)
        self._generator = torch.Generator().manual_seed(seed & ((1 << 63) - 1))

    @property
    def plain(self) -> bool:
        """Whether the likeliest token is always the one."""
        s = self._sampling
        return s.temperature <= 0 and self._constraint is None and not (s.presence_penalty or s.frequency_penalty)

    def throw(self, logits: torch.Tensor, *, constrained: bool) -> int:
        """Choose from one row of logits, (vocab,)."""
        s = self._sampling
        scores = logits.cpu().clone()
        if (s.presence_penalty or s.frequency_penalty) and self._said:
            said = torch.tensor(list(self._said))
            counts = torch.tensor([float(count) for count in self._said.values()])
            scores[said] -= s.presence_penalty + s.frequency_penalty * counts
        if self._constraint and constrained:
            scores[~torch.from_numpy(self._constraint.allowed())] = -torch.inf
        token = int(scores.argmax()) if s.temperature <= 0 else self._draw(scores)
        self._said[token] += 1
        if self._constraint and constrained:
            self._constraint.take(token)
        return token

    def _draw(self, scores: torch.Tensor) -> int:
        likely, tokens = (scores / self._sampling.temperature).softmax(-1).sort(descending=True)
        if self._sampling.top_k > 0:
            likely = likely[: self._sampling.top_k]
        # The token that crosses the share stays in.
        within = likely.cumsum(-1) - likely < self._sampling.top_p
        within[0] = True
        likely = likely[within]
        reached = likely.cumsum(-1)
        thrown = torch.rand(1, generator=self._generator) * reached[-1]
        return int(tokens[int(torch.searchsorted(reached, thrown).clamp(max=len(likely) - 1))])


def told(tokenizer: Any, logits: torch.Tensor, token: int, rivals: int) -> Token:
    """Return a token with its log-probability and those of the likeliest others, from one row of logits."""
    logprobs = logits.log_softmax(-1)
    found = logprobs.topk(rivals) if rivals else None
    pairs = zip(found.indices.tolist(), found.values.tolist(), strict=True) if found is not None else ()
    return Token(
        text=tokenizer.decode([token]),
        logprob=float(logprobs[token]),
        rivals=tuple((tokenizer.decode([index]), value) for index, value in pairs),
    )
