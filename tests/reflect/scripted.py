"""A model that answers by rule, and conversations to think about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nightschool.records import Answer, Prompt, Signal


@dataclass
class Scripted:
    """Answers each prompt with what a function makes of it, and keeps what it was asked."""

    say: Callable[[Prompt], str | Answer]
    asked: list[Prompt] = field(default_factory=list)

    def answer(self, prompts: Sequence[Prompt], **more: Any) -> list[Answer]:
        self.asked += prompts
        said = [self.say(prompt) for prompt in prompts]
        return [one if isinstance(one, Answer) else Answer(text=one, tokens=10) for one in said]


def last(prompt: Prompt) -> str:
    """What the person said last."""
    return next(str(message["content"]) for message in reversed(prompt.messages) if message["role"] == "user")


def system(prompt: Prompt) -> str:
    """What stands in the system turn."""
    return next((str(message["content"]) for message in prompt.messages if message["role"] == "system"), "")


def against(turn_id: str, *source: str, kind: str = "correction") -> Signal:
    """A complaint of the person about a turn."""
    return Signal(turn_id=turn_id, kind=kind, polarity=-1, strength=1.0, source=source, by="person")  # type: ignore[arg-type]


def praise(turn_id: str) -> Signal:
    """Acceptance of a turn."""
    return Signal(turn_id=turn_id, kind="acceptance", polarity=1, strength=1.0, source=(), by="person")
