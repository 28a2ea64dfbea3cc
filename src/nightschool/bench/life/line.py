"""One line of a simulated person: what is said, what it teaches, what a right answer to it says."""

from __future__ import annotations

from dataclasses import dataclass

from nightschool.world.styles import Preference, Reply
from nightschool.world.tools import ToolUse


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing that the person says, or asks."""

    why: str
    """`tell`, `wish`, `passing`, `project`, `ask`, `talk`, or the name of a trap."""
    text: str
    teaches: tuple[str, ...] = ()
    """Ids of the truths that it tells."""
    reply: Reply | None = None
    """What a right answer says; None where there is nothing to check."""
    topic: str = ""
    """`list`, `distance`, `temperature`, `weather`, `sum` or `plain`."""
    use: ToolUse | None = None
    """What a tool gives for it when it is called."""
    answered: str = ""
    """What an untaught assistant says to it, where that is no answer to a question."""
    forbidden: tuple[str, ...] = ()
    """What must not be learnt of it, in any form."""
    secret: str = ""
    wish: Preference | None = None
    """The wish that it says."""
