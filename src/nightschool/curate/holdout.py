"""Which conversations are kept away from training, so that an exam can use them first.

Pure. Whole conversations, the newest ones, never single rows; what was once trained on can never be held out. With
every night the boundary moves on: what an exam has used comes to be trained on later.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from nightschool import rules
from nightschool.records import Conversation, Lesson, Signal
from nightschool.turns import turns

CLEAR = 0.5
"""Signals weaker than this do not make an exam item."""
MOST = 0.5
"""However few items there are, at least this share of the conversations is left to learn from."""


def seal(
    conversations: Sequence[Conversation],
    signals: Sequence[Signal],
    *,
    share: float,
    trained: Collection[str],
    lessons: Sequence[Lesson] = (),
    min_items: int = 0,
) -> frozenset[str]:
    """Choose the newest share of the conversations, more where they hold too few items for an exam."""
    clear = {signal.turn_id for signal in signals if signal.polarity and signal.strength >= CLEAR}
    kept = [lesson.rule for lesson in lessons if lesson.state == "kept" and lesson.rule is not None]
    spoken = sorted((c for c in conversations if turns(c)), key=lambda c: (c.started, c.id), reverse=True)
    wanted, most = math.ceil(share * len(spoken)), math.floor(MOST * len(spoken))
    sealed: list[str] = []
    items = 0
    for conversation in spoken:
        if len(sealed) >= most or (len(sealed) >= wanted and items >= min_items):
            break
        if conversation.id in trained:
            continue
        sealed.append(conversation.id)
        items += sum(
            turn.id in clear or any(rules.applies(rule, turn.messages[0].text) for rule in kept)
            for turn in turns(conversation)
        )
    return frozenset(sealed) if share > 0 else frozenset()
