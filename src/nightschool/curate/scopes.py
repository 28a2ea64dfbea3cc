"""Where what was told holds, when a person keeps agents or projects apart. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TypeVar

from nightschool.config import kept_apart
from nightschool.records import Conversation, Fact, Lesson

Told = TypeVar("Told", Lesson, Fact)


def apart(found: Iterable[Told], conversation: Conversation, kinds: str) -> list[Told]:
    """Bind what would hold everywhere to the conversation's project or agent, as the settings say.

    Raises UserError where `kinds` names anything else than `agents` and `projects`.
    """
    named = kept_apart(kinds)
    scope = "everywhere"
    if "agents" in named and conversation.agent:
        scope = f"agent:{conversation.agent}"
    if "projects" in named and conversation.project:
        scope = f"project:{conversation.project}"
    return [dataclasses.replace(one, scope=scope) if one.scope == "everywhere" else one for one in found]
