"""How much a night may think: tokens, minutes, and who may call it off."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

BACK = "the person came back"


class CalledOff(Exception):
    """A thought that was broken off; nothing of it is kept."""


@dataclass(kw_only=True)
class Budget:
    """What is left of a night's thinking; it is over when tokens, minutes or the person's absence are."""

    tokens: int
    seconds: float
    is_called_off: Callable[[], bool] = lambda: False
    """Whether the person is back."""
    clock: Callable[[], float] = time.monotonic
    spent: int = 0
    began: float = field(init=False)

    def __post_init__(self) -> None:
        """Start the clock."""
        self.began = self.clock()

    def spend(self, tokens: int) -> None:
        """Count what an answer took."""
        self.spent += tokens

    def look(self, answered: int = 0) -> None:
        """Break a thought off between two answers; CalledOff where the person is back or the minutes are over."""
        if self.is_called_off() or self._late:
            raise CalledOff(self.ended)

    @property
    def ended(self) -> str:
        """Why no further thought may begin: a few words, or nothing."""
        if self.is_called_off():
            return BACK
        if self.spent >= self.tokens:
            return "its tokens were used up"
        return "its minutes were used up" if self._late else ""

    @property
    def _late(self) -> bool:
        return self.clock() - self.began >= self.seconds
