"""What is wanted of one answer that comes piece by piece, and what comes."""

from __future__ import annotations

from dataclasses import dataclass, field

from nightschool.errors import UserError
from nightschool.models.model import Adapter
from nightschool.records import Answer, Json, Prompt


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampling:
    """How tokens are chosen and where an answer ends."""

    max_tokens: int | None = None
    """None means: as many as the context holds."""
    temperature: float = 0.0
    """0 takes the likeliest token."""
    top_p: float = 1.0
    top_k: int = 0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    seed: int | None = None
    stop: tuple[str, ...] = ()
    schema: Json | None = None
    """JSON schema that the answer must fit; an empty one takes any JSON object."""
    calls: tuple[str, ...] | None = None
    """Names of the tools of which one must be called, whatever the schema; None leaves it to the model."""
    logprobs: int | None = None
    """How many rivals to tell beside each token; None tells nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One answer that is wanted of a base with one adapter or none."""

    prompt: Prompt
    adapter: Adapter = None
    sampling: Sampling = field(default_factory=Sampling)


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """One generated token with its log-probability under the model, before any sampling."""

    text: str
    logprob: float
    rivals: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """What came in one step: letters of the answer, or of the thinking before it."""

    text: str = ""
    thinking: str = ""
    tokens: tuple[Token, ...] = ()
    choice: int = 0
    """Which of several answers to one request it belongs to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """Tokens of one answer."""

    prompt: int
    completion: int
    cached: int = 0
    """How many of the prompt's tokens came from the prefix cache."""
    reasoning: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Finished:
    """The end of an answer and all of it."""

    answer: Answer
    usage: Usage


@dataclass(frozen=True, kw_only=True, slots=True)
class Embedded:
    """One vector per text."""

    vectors: list[list[float]]
    tokens: int
    """Read of all the texts together."""


class TooLong(UserError):
    """A prompt that does not fit into the base's context."""

    def __init__(self, tokens: int, context: int) -> None:
        super().__init__(
            f"This model's maximum context length is {context} tokens, and the prompt has {tokens}",
            hint="Shorten the conversation, or choose a base with a longer context",
        )
