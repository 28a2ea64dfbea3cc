"""Strings drawn at random that a word near by calls a key, a token or a secret, or that open a client of a service."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact import labels
from nightschool.redact.checks import is_placeholder, looks_random, names_something, public_blocks
from nightschool.redact.found import Found, SecretKind

_VALUE = re.compile(r"(?a)(?<![\w/.@#+%~-])(?P<value>[A-Za-z0-9+][\w+/~.-]{14,510}\w={0,2}(?::fx)?)(?![\w@]|://)")
_LONGEST = 400
_HEX_KEY = re.compile(r"(?:0x)?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{48}|[0-9a-f]{64}|[0-9a-f]{128})$", re.I)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?::fx)?$", re.I)
# `new Weather("...")`, `deepl.Translator("...")`, `searchservice('APPID', '...')`: a client is opened by its key.
_CLIENT = re.compile(
    r"(?<![\w.])(?:(?P<new>new\s+)?(?:[\w]{1,40}(?:\.|::)){0,3}(?P<name>[A-Za-z]\w{1,40}))"
    r"\(\s{0,4}(?P<arguments>(?:b?[\"'`][^\"'`\n]{0,120}[\"'`],\s{0,4}){0,3})b?[\"'`](?P<value>[\w+/=-]{16,200}"
    r"(?::fx)?)[\"'`]"
)
_ANOTHER = re.compile(r"\s{0,4},\s{0,4}[\"'`][A-Za-z0-9+/=_-]{16,200}[\"'`]")
_NO_CLIENT = re.compile(
    r"(?i)uuid|guid|objectid|hash|digest|sha|md5|assert|expect|equal|compare|find|get|load|fetch|parse|read|open|delete"
    r"|remove|update|set|add|log|print|commit|checkout|verify|contract|address|path|file|url|version|tobe|include|image"
    r"|video|select|query|error|exception|decode|encode|from|symbol|color|regexp?|date|text|string|id$"
)
# `CURLEW=3f9a...`, `CURLEW: 3f9a...`: a name that says nothing else, and hex of a key's length.
_VARIABLE = re.compile(
    r"(?m)(?:(?<![\w-])(?P<name>[A-Z][A-Z0-9_]{1,40})=|^[ \t]*(?P<alone>[A-Z][A-Z0-9_]{2,40})(?::[ \t]*|[ \t]+))"
    r"[\"']?(?P<value>(?:0x)?[0-9a-f]{32,128})(?![\w-])"
)

# `accounts.sign(tx, "0x...")`: what signs for an account on a chain is its private key.
_SIGNER = re.compile(
    r"(?i)\b\w*(?:sign|wallet|from_?key|(?:private|secret)_?key"
    r")\w*\([^()\n]{0,80}?[\"'`](?P<value>(?:0x)?[0-9a-f]{64})[\"'`]"
)
_NO_SIGNER = re.compile(r"(?i)recover|verify|hash|signature|design|assign")
# `jwt.sign(payload, "...")`: what tokens are signed with.
_TOKEN_SIGNER = re.compile(
    r"(?i)\bjwt\w*\.(?:sign|verify|encode|decode)\w*\(\s*[\w.{}]{1,40}\s*,\s*[\"'](?P<value>[^\"'\s]{6,200})[\"']"
)
# A key to a program: groups of capitals and digits.
_PRODUCT_KEY = re.compile(
    r"(?i)\b(?:key|licen[cs]e|product|activation|lizenz\w*|schlüssel|produktschlüssel|clé|licence|clave|licencia|chiave"
    r"|licenza|klucz|sleutel)\b[^\n]{0,30}?(?<![\w-])(?P<value>(?-i:(?=[A-Z-]*\d)(?=[\d-]*[A-Z])(?:[A-Z0-9]{5}"
    r"(?:-[A-Z0-9]{5}){3,5}"
    r"|[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3,7}))|[0-9a-f]{8}(?: [0-9a-f]{8}){3,7})(?![\w-])"
)
# `<public>:<private>`, as some services are logged in to.
_PAIRED = re.compile(r"(?<![\w:/-])[0-9a-f]{32} ?: ?(?P<value>[0-9a-f]{32})(?![\w:-])")


def find(text: str) -> Iterator[Found]:
    """Find what is drawn at random and named as a secret near by."""
    public = public_blocks(text)
    for match in _VALUE.finditer(text):
        value = match["value"].rstrip(".-")
        if len(value) > _LONGEST or not looks_random(value) or is_placeholder(value) or names_something(value):
            continue
        start = match.start()
        if any(a <= start < b for a, b in public):
            continue
        run = text[max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1 : start]
        if "://" in run and not re.search(r"[?&;][\w.-]+=$", run):
            continue
        if labels.of(text, start, start + len(value)) == "secret":
            long_hex = re.fullmatch(r"(?:0x)?[0-9a-f]{64}", value, re.I)
            kind: SecretKind = (
                "private_key" if long_hex and "key" not in run.lower() and value.startswith("0x") else "token"
            )
            yield Found(kind=kind, start=start, end=start + len(value))
    yield from _clients(text)
    for match in _SIGNER.finditer(text) if "(" in text else ():
        if not _NO_SIGNER.search(match.group()[: match.group().index("(")]):
            yield Found.of("private_key", match)
    for match in _TOKEN_SIGNER.finditer(text):
        if not is_placeholder(match["value"]):
            yield Found.of("token", match)
    for match in (*_PRODUCT_KEY.finditer(text), *_PAIRED.finditer(text)):
        yield Found.of("api_key", match)
    for match in _VARIABLE.finditer(text):
        words = re.findall("[a-z]+", (match["name"] or match["alone"]).lower())
        if not labels.HARMLESS & set(words) and _is_key(match["value"]):
            yield Found.of("api_key", match)


def _clients(text: str) -> Iterator[Found]:
    for match in _CLIENT.finditer(text) if "(" in text else ():
        name, value = match["name"], match["value"]
        constructed = match["new"] or name[0].isupper()
        if _ANOTHER.match(text, match.end()):
            # The id comes first, the secret last.
            continue
        if (constructed or match["arguments"]) and not _NO_CLIENT.search(name) and _is_key(value, short=True):
            yield Found.of("api_key", match)


def _is_key(value: str, *, short: bool = False) -> bool:
    """Whether a value has the form of a key: hex of the usual lengths, a UUID, or letters and digits mixed."""
    if is_placeholder(value) or not looks_random(value) or names_something(value):
        return False
    return bool(_HEX_KEY.match(value) or (short and (_UUID.match(value) or not re.fullmatch(r"[0-9a-f]{24}", value))))
