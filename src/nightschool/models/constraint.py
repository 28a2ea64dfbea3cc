"""Answers that must fit a JSON schema or a grammar: which tokens may come next, by llguidance."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy
from llguidance import JsonCompiler, LLMatcher, LLTokenizer

from nightschool.errors import UserError
from nightschool.records import Json

ANY_OBJECT: Json = {"type": "object"}


class Grammars:
    """Compiles schemas for one tokenizer, whose tables are made once."""

    def __init__(self, tokenizer: Any, vocabulary: int, ends: Sequence[int]) -> None:
        self._tokenizer = tokenizer
        self._vocabulary = vocabulary
        self._ends = list(ends)
        self._tables: LLTokenizer | None = None

    def constraint(self, schema: Json) -> Constraint:
        """Return the constraint of a schema; UserError where it is none."""
        # Without free white space: a small model would write it for ever.
        compiler = JsonCompiler(separators=(",", ":"), whitespace_flexible=False)
        return self._begun(lambda: compiler.compile(json.dumps(schema or ANY_OBJECT)))

    def written(self, lark: str) -> Constraint:
        """Return the constraint of a grammar; UserError where a schema in it is none."""
        return self._begun(lambda: LLMatcher.grammar_from_lark(lark))

    def _begun(self, compiled: Callable[[], str]) -> Constraint:
        if self._tables is None:
            from llguidance.hf import from_tokenizer

            self._tables = from_tokenizer(self._tokenizer, n_vocab=self._vocabulary, eos_token=self._ends)
        try:
            matcher = LLMatcher(self._tables, compiled())
        except ValueError as error:
            raise _unusable(str(error)) from error
        if matcher.is_error():
            raise _unusable(matcher.get_error())
        return Constraint(matcher, self._vocabulary)


class Constraint:
    """Where one answer stands in its schema."""

    def __init__(self, matcher: LLMatcher, vocabulary: int) -> None:
        self._matcher = matcher
        self._vocabulary = vocabulary

    def allowed(self) -> numpy.ndarray:
        """Return which tokens may come next, one truth value each."""
        bits = numpy.frombuffer(self._matcher.compute_bitmask(), dtype=numpy.uint8)
        allowed = numpy.zeros(self._vocabulary, dtype=bool)
        found = numpy.unpackbits(bits, bitorder="little")[: self._vocabulary]
        allowed[: len(found)] = found.astype(bool)
        return allowed

    def take(self, token: int) -> None:
        """Go on behind a token that was chosen."""
        self._matcher.consume_token(token)


def _unusable(why: str) -> UserError:
    return UserError(f"The JSON schema cannot be used: {why.splitlines()[0] if why else 'it is no schema'}")
