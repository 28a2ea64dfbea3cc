"""Passwords typed into a form: by a script that fills it, at a prompt, in the tags of a profile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.checks import is_placeholder
from nightschool.redact.found import Found
from nightschool.redact.plain_words import NEVER_PASSWORDS, PASSWORD

_FIELD = rf"[^\"'`\n]{{0,40}}?(?:{PASSWORD}|passw|pass\b|pwd|pin\b)[^\"'`\n]{{0,20}}"
_VALUE = r"[\"'`](?P<value>[^\"'`\s]{4,80})[\"'`]"
# `page.fill('#password', 'hunter77')`, `find_element(NAME, "password").send_keys("hunter77")`.
_FILLED = re.compile(
    rf"(?i)\b(?:fill\w*|type\w*|send_?keys|set_?value|input|enter_?\w*|write|put|val)\s*\(\s*[\"'`]{_FIELD}[\"'`]"
    rf"\s*,\s*(?:with:?\s*)?{_VALUE}"
)
_CHAINED = re.compile(
    rf"(?i)[\"'`(]{_FIELD}[\"'`]?\s*\)\s*\.\s*(?:send_?keys|type|fill|set_?value|val|press\w*|input\w*)\s*\(\s*{_VALUE}"
)
# "Password for kim: hunter77", "[sudo] password for kim: hunter77": what is asked for, then what was typed.
_PROMPT = re.compile(
    rf"(?im)^[>$%# \t]{{0,4}}(?:\[sudo\] )?(?:(?:enter|new|old|current|retype|your|the) ){{0,3}}(?:{PASSWORD}|pin)"
    r" (?:for|of|to|für|pour|para|per|voor) [^\n:]{1,60}:[ \t]+(?P<value>\S{4,80})[ \t]*$"
)
_TAGS = re.compile(
    rf"(?i)<key>[^<\n]{{0,40}}(?:{PASSWORD}|passw|pass\b)[^<\n]{{0,10}}</key>\s*<string>"
    rf"(?P<value>[^<\n]{{3,80}})</string>"
)
_INNER_TAG = re.compile(r"(?i)<\w*passwo?r?d>\s*<value>(?P<value>[^<\n]{3,80})</value>")


def find(text: str) -> Iterator[Found]:
    """Find passwords that are typed in."""
    patterns = [_PROMPT]
    patterns += [_FILLED, _CHAINED] if "(" in text else []
    patterns += [_TAGS, _INNER_TAG] if "</" in text else []
    for pattern in patterns:
        for match in pattern.finditer(text):
            value = match["value"]
            if not is_placeholder(value) and value.casefold() not in NEVER_PASSWORDS and value[0] not in "<$({[":
                yield Found.of("password", match)
