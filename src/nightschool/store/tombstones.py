"""Salted hashes of what was forgotten: enough to keep every later log from bringing it back, and no more.

A sentence is found again whatever its case, punctuation and spacing, on its own or inside a longer text.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
from collections import defaultdict
from typing import Any

GONE = "[forgotten]"
_INSIDE = 3
"""Words from which on a sentence is looked for inside longer ones; a lone name stands in too many."""
_OPENS = r"(?:^|(?<=[^\w\s,/&'’-])|(?<=[^\w\s,/&]\s)|(?<=\s\s)|(?<=\\[nrt]))"
_CLOSES = r"(?=[^\w\s,/'’-]|\s*$)"
"""What stands around a shorter one where it is a sentence of its own."""


def entomb(db: sqlite3.Connection, *sentences: str) -> None:
    """Leave the hashes of sentences that go together inside a running transaction."""
    salt, now = _salt(db), time.time()
    for words in filter(None, map(_words, sentences)):
        row = (_hash(words, salt), now, len(words), _opening(words[0], salt))
        db.execute("INSERT OR REPLACE INTO tombstones (hash, created, words, opening) VALUES (?, ?, ?, ?)", row)


def lift(db: sqlite3.Connection, sentence: str) -> None:
    """Allow a sentence again, because the person says it anew, and what went with it."""
    db.execute(
        "DELETE FROM tombstones WHERE created IN (SELECT created FROM tombstones WHERE hash = ?)",
        (_hash(_words(sentence), _salt(db)),),
    )


def is_forgotten(db: sqlite3.Connection, text: str) -> bool:
    """Tell whether a text is, or holds, what was forgotten."""
    return bool(forgotten_in(db, text))


def forgotten_in(db: sqlite3.Connection, text: str) -> list[str]:
    """Return the stretches of a text that were forgotten, as they stand in it."""
    graves = _graves(db)
    if not graves:
        return []
    salt = _salt(db)
    found = [piece for piece in _pieces(text) if _hash(_words(piece), salt) in graves[0]]
    tokens = list(re.finditer(r"\w+", text))
    words = [token.group().casefold() for token in tokens]
    openings: dict[str, int] = {}
    for start, word in enumerate(words):
        if word not in openings:
            openings[word] = _opening(word, salt)
        for length, hashes in graves[1].get(openings[word], {}).items():
            window = words[start : start + length]
            if len(window) == length and _hash(window, salt) in hashes:
                found.append(text[tokens[start].start() : tokens[start + length - 1].end()])
    return list(dict.fromkeys(found))


def cut(db: sqlite3.Connection, value: Any) -> Any:
    """Return a text, or JSON value with texts in it, without what was forgotten."""
    if isinstance(value, str):
        for piece in forgotten_in(db, value):
            value = pattern(piece).sub(GONE, value)
        return value
    if isinstance(value, dict):
        return {key: cut(db, item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [cut(db, item) for item in value]
    return value


def cut_line(db: sqlite3.Connection, line: bytes) -> bytes:
    """Return the bytes of a log's line without what was forgotten, however the line writes its text."""
    if db.execute("SELECT 1 FROM tombstones LIMIT 1").fetchone() is None:
        return line
    text = line.decode("utf-8", "surrogateescape")
    try:
        texts = list(_texts(json.loads(text)))
    except (ValueError, RecursionError):
        texts = [text]
    for piece in dict.fromkeys(piece for each in texts for piece in forgotten_in(db, each)):
        text = pattern(piece).sub(GONE, text)
    return text.encode("utf-8", "surrogateescape")


def is_short(sentence: str) -> bool:
    """Tell whether a sentence has too few words to be looked for inside longer ones."""
    return len(_words(sentence)) < _INSIDE


def pattern(*sentences: str) -> re.Pattern[str]:
    """Match any of some sentences whatever its case, punctuation and spacing, in plain text, JSON or HTML.

    Of one or two words, only where it stands alone: `No.` is not what every message with a `no` says.
    """
    short = [words for each in sentences if is_short(each) and (words := _matching(each))]
    long = [words for each in sentences if not is_short(each) and (words := _matching(each))]
    # What stands around them is looked at once for all: a history is long, and most places in it are no beginning.
    alone = [rf"{_OPENS}(?:{'|'.join(short)}){_CLOSES}"] if short else []
    inside = [rf"(?:(?<!\w)|(?<=\\[nrt]))(?:{'|'.join(long)})(?!\w)"] if long else []
    return re.compile(f"(?im){'|'.join(inside + alone) or '(?!)'}")


def _matching(sentence: str) -> str:
    words = [
        "".join(re.escape(c) if c.isascii() else rf"(?:{re.escape(c)}|\\u{ord(c):04x})" for c in word)
        for word in re.findall(r"\w+", sentence)
    ]
    return r"(?:\\[nrt\"\\/]|\\u[0-9a-fA-F]{4}|&#?\w{1,8};|[\W_])+?".join(words)


def _graves(db: sqlite3.Connection) -> tuple[set[str], dict[int, dict[int, set[str]]]] | None:
    """All hashes, and those of longer sentences by their opening and length; None where nothing was forgotten."""
    rows = db.execute("SELECT hash, words, opening FROM tombstones").fetchall()
    if not rows:
        return None
    inside: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if row["words"] and row["words"] >= _INSIDE:
            inside[row["opening"]][row["words"]].add(row["hash"])
    return {row["hash"] for row in rows}, inside


def _pieces(text: str) -> set[str]:
    lines = [text, *text.splitlines()]
    return {piece for line in lines for piece in (line, *re.split(r"(?<=[.!?;])\s+", line)) if _words(piece)}


def _texts(value: Any) -> Any:
    if isinstance(value, str):
        yield value
        # Tool arguments and stored messages are often JSON inside a string.
        if value[:1] in "[{":
            try:
                yield from _texts(json.loads(value))
            except (ValueError, RecursionError):
                return
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *_texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"\w+", text)]


def _salt(db: sqlite3.Connection) -> bytes:
    salt: bytes = db.execute("SELECT salt FROM tombstone_salt").fetchone()[0]
    return salt


def _hash(words: list[str], salt: bytes) -> str:
    text = " ".join(words).encode("utf-8", "replace")
    return hashlib.blake2b(text, key=salt, digest_size=32).hexdigest()


def _opening(word: str, salt: bytes) -> int:
    return hashlib.blake2b(word.encode("utf-8", "replace"), key=salt, digest_size=1).digest()[0]
