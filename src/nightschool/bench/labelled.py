"""Labelled files: one JSON object per line, plain or gzipped."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from nightschool.errors import UserError
from nightschool.records import Json, json_lines


def read(path: Path, *, needs: tuple[str, ...]) -> list[Json]:
    """Read a labelled file; UserError where it is none, or a line lacks a key."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not text, nor gzipped text"
        raise UserError(f"{path} cannot be read: {reason}", hint="Give a file with one JSON object per line") from error
    items = []
    for number, line in enumerate(json_lines(text), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise UserError(f"{path}, line {number} is not JSON", hint="Mend or remove that line") from error
        missing = [key for key in needs if not isinstance(item, dict) or key not in item]
        if missing:
            raise UserError(f"{path}, line {number} has no {missing[0]!r}", hint=f"Each line needs {', '.join(needs)}")
        items.append(item)
    if not items:
        raise UserError(f"{path} holds no items", hint="Give a file with one JSON object per line")
    return items
