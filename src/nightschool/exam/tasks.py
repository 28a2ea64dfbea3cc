"""The names of an exam's tasks, and how its scores are put on one scale.

Whatever is neither the person's own, nor an old lesson, nor a canary belongs to the ability battery.
"""

from __future__ import annotations

import math

from nightschool.records import Item

PERSONAL = "personal"
MARGIN = "personal-margin"
"""Personal items without a rule: which of two recorded answers the model finds likelier."""
OLD_LESSONS = "old-lessons"
CANARY = "canary"


def is_personal(item: Item) -> bool:
    """Tell whether an item comes from the person's own held-out conversations."""
    return item.task in (PERSONAL, MARGIN)


def is_battery(item: Item) -> bool:
    """Tell whether an item measures an ability that no night may cost."""
    return item.task not in (PERSONAL, MARGIN, OLD_LESSONS, CANARY)


def points(item: Item, value: float) -> float:
    """Put a score between 0 and 1: a margin in nats becomes the chance of preferring the better answer."""
    if item.scorer != "margin":
        return value
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
