"""Passwords that are named after they were said: "... is the Wi-Fi password", "I put ... as password"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.checks import is_placeholder
from nightschool.redact.found import Found
from nightschool.redact.lines import holding, lines
from nightschool.redact.plain_words import NO_PASSWORD, PASSWORD, PASSWORD_HINTS

_MIXED = r"(?=[^\s]*\d)(?=[^\s]*[^\W\d])[^\s\"'“”«»`,;()/\\]{6,40}"
_IS = r"(?:that['’]?s|this is|it['’]?s|is|was|ist|war|est|es|è|é|är|er|jest|on)"
_THE = r"(?:the|my|our|your|his|her|das|mein|unser|le|mon|notre|la|mi|il|a|o|het|mijn|min|mitt)"
_NAMED = re.compile(
    rf"(?i)(?<!\S)[\"'“«]?(?P<value>{_MIXED})[\"'”»]?,?(?: [-–—])? {_IS} (?:now )?{_THE} (?:\w+ ){{0,2}}?"
    rf"(?:{PASSWORD}|pin|wi-?fi|wlan)\b"
)
_AS = re.compile(
    rf"(?i)(?<!\S)[\"'“«]?(?P<value>{_MIXED})[\"'”»]? (?:as|als|como|comme|come|som|jako|kao|de) (?:{_THE} |a |new "
    rf"|mon )?"
    rf"(?:{PASSWORD})\b"
)
_SYMBOL = r"(?=[^\s]*[!#$%&*?^])"
_JUDGED = re.compile(
    rf"(?i)\b(?:is|ist|est|es|è|é|är|er) [\"'“«]?(?P<value>{_SYMBOL}{_MIXED})[\"'”»]? (?:an?|ein|une?|uma?|en|et) "
    rf"(?:\w+ )?(?:{PASSWORD})\b"
)
_USED = re.compile(
    rf"(?i)\b(?:i|we) (?:\w+ )?use [\"'“«]?(?P<value>{_SYMBOL}{_MIXED})[\"'”»]? (?:everywhere|(?:for"
    rf"|on) (?:everything|all|most"
    r"|every))\b"
)


def find(text: str) -> Iterator[Found]:
    """Find passwords by the words behind them."""
    for line in holding(lines(text), (*PASSWORD_HINTS, "pin", "wi", "lan", "use")):
        for pattern in (_NAMED, _AS, _JUDGED, _USED) if re.search(r"\d", line.lowered) else ():
            for match in pattern.finditer(text, line.start, line.end):
                value = match["value"].rstrip(".?:")
                if not is_placeholder(value) and not NO_PASSWORD.search(value):
                    yield Found.of("password", match, length=len(value))
