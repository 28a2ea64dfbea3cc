"""What a client asked and what comes of it, whatever API it speaks.

Pure records: the APIs translate into `Ask` and out of the events, the engines know nothing of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nightschool.errors import UserError
from nightschool.models.generation import Finished, Piece, Sampling
from nightschool.records import Prompt


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """One request for an answer."""

    model: str
    """As the client wrote it, such as `champion+memory`."""
    prompt: Prompt
    sampling: Sampling = field(default_factory=Sampling)
    stream: bool = False
    usage: bool = True
    """Whether a stream tells its tokens at the end."""
    choices: int = 1
    """How many answers are wanted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """The end of an answer: all of it, and who gave it."""

    finished: Finished
    others: tuple[Finished, ...] = ()
    """Of the further choices; the usage of all of them stands in the first."""
    version: str = ""
    memory: tuple[str, ...] = ()
    """Ids of the facts that memory put into the prompt."""
    seconds: float = 0.0
    first_seconds: float = 0.0


Event = Piece | Done


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """One model that a client can name."""

    id: str
    version: str
    """The version behind the name now; empty for what another server offers."""
    memory: bool
    created: float = 0.0
    context_tokens: int = 0
    parameters: int = 0
    architecture: str = ""
    digest: str = ""


class BadRequest(UserError):
    """A request that cannot be read; told to the client with status 400."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


class UnknownModel(UserError):
    """A model name that nothing stands behind; told to the client with status 404."""


class Busy(UserError):
    """Nobody can answer for a while; told to the client with status 503 and a time to come back."""
