"""One answer on its way: the prompt's tokens, those spoken, and what was told of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from nightschool.models import calls, chat
from nightschool.models.constraint import Constraint
from nightschool.models.dialect import dialect
from nightschool.models.dice import Dice, told
from nightschool.models.generation import Finished, Piece, Token, TooLong, Usage, Wanted
from nightschool.models.unfolding import Letters, Unfolding
from nightschool.records import Answer

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel


class Row:
    """One answer, from the request to its end."""

    def __init__(self, wanted: Wanted, told: Callable[[Piece | Finished | Exception], None]) -> None:
        self.wanted = wanted
        self.cancelled = False
        """Set by whoever asked, when nobody listens any more."""
        self.done = False
        self.ids: list[int] = []
        self.spoken: list[int] = []
        self.mounted: tuple[str, ...] = ()
        """Names of the adapters that it began with."""
        self.cached = 0
        self._told = told
        self._left = 0
        self._thought = 0

    def prepare(self, model: TransformersModel) -> None:
        """Write the prompt for this model; TooLong where it does not fit."""
        self.ids = chat.render(model.tokenizer, self.wanted.prompt).ids
        room = model.context_tokens - len(self.ids)
        if room < 1:
            raise TooLong(len(self.ids), model.context_tokens)
        sampling = self.wanted.sampling
        self._left = room if sampling.max_tokens is None else max(1, min(room, sampling.max_tokens))
        constraint = self._constraint(model)
        self._dice = Dice(sampling, constraint)
        self._ends = model.stops
        self._letters = Letters(model.tokenizer)
        self._unfolding = Unfolding(
            dialect(model.tokenizer),
            calls=self._calls,
            stop=sampling.stop,
        )
        self._tokenizer = model.tokenizer

    @property
    def _calls(self) -> bool:
        """Whether calls are read out of the answer."""
        sampling = self.wanted.sampling
        return bool(self.wanted.prompt.tools) and (sampling.schema is None or sampling.calls is not None)

    def _constraint(self, model: TransformersModel) -> Constraint | None:
        sampling = self.wanted.sampling
        if sampling.calls is not None:
            return model.grammars.written(calls.grammar(model.tokenizer, self.wanted.prompt, sampling.calls))
        return None if sampling.schema is None else model.grammars.constraint(sampling.schema)

    def take(self, tokenizer: Any, logits: torch.Tensor, likeliest: int | None = None) -> None:
        """Choose the next token from one row of logits and tell what is new with it."""
        thinking = self._unfolding.thinking
        if self._dice.plain:
            token = int(logits.argmax()) if likeliest is None else likeliest
        else:
            token = self._dice.throw(logits, constrained=not thinking)
        self.spoken.append(token)
        self._left -= 1
        self._thought += int(thinking)
        ended = token in self._ends
        rivals = self.wanted.sampling.logprobs
        tokens: tuple[Token, ...] = ()
        if rivals is not None and not ended and not thinking:
            tokens = (told(tokenizer, logits, token, rivals),)
        thought, text = ("", "") if ended else self._unfolding.feed(self._letters.feed(token))
        if ended or self._left <= 0 or self._unfolding.stopped:
            self._finish(thought, text, tokens, ended=ended)
        elif thought or text or tokens:
            self._told(Piece(text=text, thinking=thought, tokens=tokens))

    def fail(self, error: Exception) -> None:
        """End the answer with an error."""
        if not self.done:
            self.done = True
            self._told(error)

    def _finish(self, thought: str, text: str, tokens: tuple[Token, ...], *, ended: bool) -> None:
        more = self._unfolding.feed(self._letters.rest())
        rest = self._unfolding.end(ended=ended)
        thought, text = thought + more[0] + rest[0], text + more[1] + rest[1]
        answer = self._answer(ended=ended)
        if answer.text.startswith(self._unfolding.text):
            text += answer.text[len(self._unfolding.text) :]
        if thought or text or tokens:
            self._told(Piece(text=text, thinking=thought, tokens=tokens))
        usage = Usage(prompt=len(self.ids), completion=len(self.spoken), cached=self.cached, reasoning=self._thought)
        self.done = True
        self._told(Finished(answer=answer, usage=usage))

    def _answer(self, *, ended: bool) -> Answer:
        """Take the whole completion apart; without tools on offer nothing is read as a call."""
        answer = chat.parse(self._tokenizer, self.spoken, tools=self.wanted.prompt.tools)
        if self._unfolding.stopped:
            return replace(answer, text=self._unfolding.text, tool_calls=(), stop="stop")
        if not self._calls:
            return replace(answer, text=self._unfolding.text, tool_calls=())
        return answer
