"""The lines of a text log: split without losing a byte, decoded strictly, parsed one by one.

A line that cannot be read is reported and stays among the originals; it never stops the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import zstandard

from nightschool.errors import UserError
from nightschool.records import Json

ZSTD = b"\x28\xb5\x2f\xfd"
UTF8_MARK = b"\xef\xbb\xbf"
MOST_BYTES = 4 * 2**30
DEEPEST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """Something that was not read, and why."""

    where: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One JSON object of a log."""

    position: int
    value: Json


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, unpacked where they are zstd; UserError where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"{path} cannot be read: {error.strerror}", hint="Check that it exists and that you may read it"
        ) from error
    if not data.startswith(ZSTD):
        return data
    try:
        return unpack(data, MOST_BYTES)
    except zstandard.ZstdError as error:
        raise UserError(f"{path} is a damaged zstd file: {error}", hint="Copy it again from where it came") from error


def unpack(data: bytes, most: int) -> bytes:
    """Return what a zstd frame holds; ZstdError where it is damaged, cut off or larger than `most`."""
    if zstandard.frame_content_size(data) > most:
        raise zstandard.ZstdError(f"it unpacks to more than {most:,} bytes")
    frame = zstandard.ZstdDecompressor().decompressobj()
    unpacked = frame.decompress(data)
    if not frame.eof:
        raise zstandard.ZstdError("it is cut off")
    return unpacked


def split(data: bytes) -> tuple[bytes, ...]:
    """Split at each newline and keep it, so that the joined lines are the data again."""
    lines = data.split(b"\n")
    return tuple(line + b"\n" for line in lines[:-1]) + ((lines[-1],) if lines[-1] else ())


def check_encoding(path: Path, data: bytes) -> None:
    """Raise UserError where a file as a whole is empty, binary or not UTF-8."""
    if not data.strip():
        raise UserError(f"{path} is empty", hint="Give the file or folder in which the program keeps its conversations")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or _looks_utf16(data):
        raise UserError(
            f"{path} is encoded as UTF-16, not UTF-8",
            hint=f"Convert it with `iconv -f UTF-16 -t UTF-8 {path.name} > converted.jsonl` and import that",
        )
    if b"\0" in data[:65536]:
        raise UserError(f"{path} is a binary file, not a log", hint="Give a JSONL file or a folder of a known program")
    if _is_latin1(data):
        raise UserError(
            f"{path} is not encoded as UTF-8 (line {_first_undecodable(data)})",
            hint=f"Convert it with `iconv -f LATIN1 -t UTF-8 {path.name} > converted.jsonl` and import that",
        )


def parse(lines: tuple[bytes, ...], name: str) -> Iterator[Line | Skipped]:
    """Yield each line's object, or why it could not be read; blank lines are passed over."""
    for position, raw in enumerate(lines):
        text = raw.removeprefix(UTF8_MARK) if position == 0 else raw
        if not text.strip():
            continue
        cut = position == len(lines) - 1 and not raw.endswith(b"\n")
        try:
            value = json.loads(text.decode("utf-8"))
        except UnicodeDecodeError as error:
            why = f"not UTF-8 at byte {error.start + 1}"
        except (ValueError, RecursionError) as error:
            why = "cut off in the middle of the line" if cut else f"not JSON: {_reason(error)}"
        else:
            if isinstance(value, dict) and not _too_deep(text, value):
                yield Line(position=position, value=value)
                continue
            why = "nested too deeply" if isinstance(value, dict) else "not a JSON object"
        yield Skipped(where=f"{name}:{position + 1}", why=why)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else "a number is too long"


def _too_deep(text: bytes, value: object) -> bool:
    """Tell whether a value is nested beyond what can be written again."""
    if text.count(b"{") + text.count(b"[") <= DEEPEST:
        return False
    level: list[object] = [value]
    for _ in range(DEEPEST):
        level = [
            item
            for parent in level
            for item in (parent.values() if isinstance(parent, dict) else parent)  # type: ignore[attr-defined]
            if isinstance(item, (dict, list))
        ]
        if not level:
            return False
    return True


def _looks_utf16(data: bytes) -> bool:
    """Tell UTF-16 without a mark: of its ASCII letters every other byte is zero."""
    sample = data[:4096]
    return len(sample) >= 8 and any(sample[start::2].count(0) > 0.4 * len(sample) / 2 for start in (0, 1))


def _is_latin1(data: bytes) -> bool:
    """Tell a file in a one-byte encoding from a UTF-8 file with a damaged line.

    In the first, no letter beyond ASCII decodes, and yet the lines that hold one are sound JSON.
    """
    beyond = [line for line in data.removeprefix(UTF8_MARK).split(b"\n") if not line.isascii()]
    for line in beyond:
        try:
            line.decode("utf-8")
            return False
        except UnicodeDecodeError:
            try:
                json.loads(line.decode("cp1252", errors="replace"))
            except (ValueError, RecursionError):
                return False
    return bool(beyond)


def _first_undecodable(data: bytes) -> int:
    return next(
        number for number, line in enumerate(data.removeprefix(UTF8_MARK).split(b"\n"), 1) if not line.isascii()
    )
