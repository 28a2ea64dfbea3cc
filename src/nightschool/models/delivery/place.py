"""What every place offers that a version is delivered to, and what is heard from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from nightschool.models.delivery.parcel import Parcel
from nightschool.records import Prompt


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """One prompt answered greedily."""

    text: str
    rendered: str | None = None
    """The prompt as the server renders it, where it tells."""
    first: Mapping[str, float] = field(default_factory=dict)
    """Likeliest first tokens -> log-probability, where the server tells."""


class Place(Protocol):
    """A server, or a folder that one reads."""

    kind: str
    form: str
    """Which form of a parcel it takes."""

    def ready(self) -> None:
        """Raise UserError where it is not running, too old, or without the base."""

    def exact(self) -> bool:
        """Whether its base is unquantised, so that its answers are ours to the letter."""

    def has(self, name: str) -> bool:
        """Whether a version is there now: a server that was started again may have lost it."""

    def put(self, parcel: Parcel) -> None:
        """Bring a parcel there under its own name; nobody is answered by it yet."""

    def ask(self, name: str | None, prompt: Prompt, *, max_tokens: int) -> Heard:
        """Answer a conversation with a version, or with the untouched base, as a client would be answered."""

    def ask_raw(self, name: str | None, text: str, *, max_tokens: int) -> Heard:
        """Continue a text that is rendered already."""

    def promote(self, name: str | None) -> str:
        """Let a version answer, or the untouched base, and return what a client asks for."""

    def withdraw(self, name: str) -> None:
        """Remove a version; nothing where it is gone already."""
