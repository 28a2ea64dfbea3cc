"""What bytes that went over the API say: a stream says a sentence in pieces, and a packed answer says none as it is."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

_BREAKS = re.compile(rb"[\r\n]+")


def texts(data: bytes) -> list[str]:
    """Return the texts that cannot be found in the bytes themselves: of a stream or of a packed answer."""
    plain = _unpacked(data)
    lines = [line for line in _BREAKS.split(plain) if line.strip()]
    if plain is data and len(lines) < 2:
        return []
    pieces: dict[tuple[str | int, ...], list[str]] = defaultdict(list)
    for line in lines:
        try:
            value = json.loads(line.removeprefix(b"data:"))
        except (ValueError, RecursionError):
            continue
        for place, text in _leaves(value, ()):
            pieces[place].append(text)
    return ["".join(said) for said in pieces.values()]


def _unpacked(data: bytes) -> bytes:
    try:
        if data[:2] == b"\x1f\x8b":
            return gzip.decompress(data)
        if data[:1] == b"x":
            return zlib.decompress(data)
    except (OSError, EOFError, zlib.error):
        pass
    return data


def _leaves(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(item, (*place, key))
