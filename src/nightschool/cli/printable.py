"""Text of a model made safe for a terminal."""

from __future__ import annotations

import re

# All control characters but tab and newline: an answer may repeat what a web page smuggled in, and
# an escape sequence can rewrite the screen or the clipboard.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Return a text without control characters."""
    return _CONTROL.sub("", text)
