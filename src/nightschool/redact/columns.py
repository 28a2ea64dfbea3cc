"""Secrets in the columns of a table: the head of the column names them, the rows hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nightschool.redact.checks import is_placeholder, looks_random
from nightschool.redact.found import Found, SecretKind
from nightschool.redact.plain_words import NEVER_PASSWORDS, PASSWORD

_SEPARATORS = ("\t", "|", ";", ",")
_PASSWORD_HEAD = re.compile(rf"(?i)(?:\w{{1,16}}[ _-])?(?:{PASSWORD}|passw|pass|pwd?)\d?")
_CODE_HEAD = re.compile(
    r"(?i)(?:pin|puk|(?:(?:door|gate|alarm|access|entry|key ?box|locker|safe|tür|haustür|tor|zugangs|schließfach)[ _-]?"
    r"|(?:dør|port|deur|ovi|kapu|kapı )\w?)(?:code|pin|kode?n?|koodi|kód|kodu))s?(?:[ _-]?(?:code|number|nummer))?"
)
_KEY_HEAD = re.compile(r"(?i)(?:\w{1,16}[ _-])?(?:key|token|secret|schlüssel|clé|clave|chiave)")
# What a column of passwords stands beside.
_OWNER_HEAD = re.compile(
    r"(?i).*(?:user|login|log in|account|e-?mail|url|site|service|server|host|device|name|benutzer|konto|dienst|gerät"
    r"|utilisateur|identifiant|usuario|cuenta|utente|gebruiker|användare|bruker).*"
)
_ROWS = 200
_INSERT = re.compile(
    r"(?i)\bINSERT\s+INTO\s+[\w.\"`\[\]]{1,60}\s*\((?P<head>[^()\n]{3,300})\)\s*VALUES\s*(?P<rows>"
    r"(?:\([^()]{1,400}\)\s*,?\s*){1,50})"
)
_TUPLE = re.compile(r"\(([^()]{1,400})\)")


def find(text: str) -> Iterator[Found]:
    """Find what stands below a head that names a secret."""
    lines = [(match.start(), match.group()) for match in re.finditer(r"[^\n]+", text)]
    for place, (_, head) in enumerate(lines[:-1]):
        separator = next((each for each in _SEPARATORS if each in head), None)
        if separator is None or len(head) > 200:
            continue
        names = [name for _, name in _cells(head, 0, separator)]
        owned = any(_OWNER_HEAD.fullmatch(name) for name in names)
        for column, name in enumerate(names):
            kind = _kind(name) if owned else None
            if kind:
                yield from _below(lines[place + 1 : place + 1 + _ROWS], separator, column, len(names), kind, name)
    for match in _INSERT.finditer(text):
        names = [name for _, name in _cells(match["head"], 0, ",")]
        for row in _TUPLE.finditer(text, match.start("rows"), match.end("rows")):
            for column, name in enumerate(names):
                kind = _kind(name)
                if kind:
                    yield from _below([(row.start(1), row[1])], ",", column, len(names), kind, name)


def _kind(name: str) -> SecretKind | None:
    if _PASSWORD_HEAD.fullmatch(name) or _CODE_HEAD.fullmatch(name):
        return "password"
    return "token" if _KEY_HEAD.fullmatch(name) else None


def _below(
    rows: list[tuple[int, str]], separator: str, column: int, width: int, kind: SecretKind, name: str
) -> Iterator[Found]:
    for start, row in rows:
        cells = _cells(row, start, separator)
        if len(cells) != width:
            return
        place, value = cells[column]
        if _is_value(value, kind, code=bool(_CODE_HEAD.fullmatch(name))):
            yield Found(kind=kind, start=place, end=place + len(value))


def _cells(row: str, start: int, separator: str) -> list[tuple[int, str]]:
    """The cells of a row without blanks and quotes, each with its place in the text."""
    cells, place = [], start
    for cell in row.split(separator):
        bare = cell.strip(" \t\r\"'`*")
        cells.append((place + (cell.find(bare) if bare else 0), bare))
        place += len(cell) + 1
    return cells


def _is_value(value: str, kind: SecretKind, *, code: bool) -> bool:
    if is_placeholder(value) or re.search(r"\s", value) or value.casefold() in NEVER_PASSWORDS:
        return False
    if kind == "token":
        return looks_random(value)
    if code:
        return bool(re.fullmatch(r"[*#]?[A-Z]?\d{4,8}[A-Z]?[*#]?", value))
    return 4 <= len(value) <= 60 and not re.fullmatch(r"[-:]+|\w+\(\d+\)|(?:var)?char|n?text|[\d.]{1,3}", value)
