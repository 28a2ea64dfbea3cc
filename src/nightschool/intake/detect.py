"""Which program a file or folder belongs to, by what is in it and never by its name alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nightschool.errors import UserError
from nightschool.intake import hermes, openai, openclaw
from nightschool.intake.batch import Reading
from nightschool.intake.lines import ZSTD, Line, Skipped, check_encoding, parse, read_bytes, split
from nightschool.intake.openclaw_tree import PROGRAM as OPENCLAW
from nightschool.intake.snapshot import SQLITE, opened
from nightschool.records import Json

PASSED_OVER = frozenset({"node_modules", ".git", ".venv", "venv", "__pycache__", "site-packages"})
LOG_ENDINGS = (".sqlite", ".sqlite3", ".db", ".jsonl", ".jsonl.zst")
SNIFFED_LINES = 20
KNOWN = "Known are OpenClaw (`~/.openclaw`), Hermes Agent (`~/.hermes`) and JSONL files with `messages`"


@dataclass(frozen=True, kw_only=True, slots=True)
class Store:
    """One file that a known program, or a person, wrote conversations to."""

    program: str
    path: Path
    read: Callable[[Path], Reading]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What lies at a path."""

    stores: tuple[Store, ...]
    skipped: tuple[Skipped, ...] = ()


def find(path: Path) -> Found:
    """Return every store at a path; UserError where there is none."""
    if not path.exists():
        raise UserError(
            f"There is no {str(path)!r}", hint="Check the path; `~/.openclaw` and `~/.hermes` are the usual ones"
        )
    if not path.is_dir():
        return Found(stores=(_store(path),))
    stores: list[Store] = []
    skipped: list[Skipped] = []
    refused: list[UserError] = []
    for file in sorted(_candidates(path)):
        if ".jsonl.deleted." in file.name:
            skipped.append(Skipped(where=str(file), why="deleted in OpenClaw, so it was not imported"))
            continue
        try:
            stores.append(_store(file))
        except Foreign:
            continue
        except UserError as error:
            refused.append(error)
            skipped.append(Skipped(where=str(file), why=error.message.removeprefix(f"{file} ")))
    of_programs = [store for store in stores if store.program != openai.PROGRAM]
    # Beside a program's own store, JSONL files with `messages` are somebody's data, not this person's words.
    stores = of_programs or stores
    if not stores and refused:
        raise refused[0]
    if not stores:
        raise UserError(f"{path} holds no conversations of a known program", hint=KNOWN)
    return Found(stores=tuple(stores), skipped=tuple(skipped))


class Foreign(UserError):
    """A sound file that no importer knows."""


def _candidates(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in PASSED_OVER)
        for name in files:
            is_side_file = ".trajectory" in name
            if not is_side_file and (
                name.endswith(LOG_ENDINGS) or ".jsonl.reset." in name or ".jsonl.deleted." in name
            ):
                yield Path(parent, name)


def _store(path: Path) -> Store:
    """Look into one file; Foreign where it is sound but unknown, UserError where it is damaged."""
    if ".jsonl.deleted." in path.name:
        raise UserError(
            f"{path} is a conversation that was deleted in OpenClaw",
            hint="Unpack it under another name if it is to be imported all the same",
        )
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}", hint="Check that you may read it") from error
    if head.startswith(SQLITE):
        return _database(path)
    return _text(path, packed=head.startswith(ZSTD))


def _database(path: Path) -> Store:
    with opened(path) as db:
        tables = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "transcript_events" in tables:
        openclaw.check_store(path)
        return Store(program=OPENCLAW, path=path, read=openclaw.read_store)
    if {"sessions", "messages", "schema_version"} <= tables:
        hermes.check_store(path)
        return Store(program=hermes.PROGRAM, path=path, read=hermes.read_store)
    if {"migrations", "originals"} <= tables:
        raise Foreign(f"{path} is nightschool's own store", hint="Import the logs of the program that you talk to")
    raise Foreign(f"{path} is a database of another program", hint=KNOWN)


def _text(path: Path, *, packed: bool) -> Store:
    data = read_bytes(path) if packed else _beginning(path)
    check_encoding(path, data)
    lines = split(data)
    items = list(parse(lines, str(path)))
    values = [item.value for item in items if isinstance(item, Line)]
    if any(openclaw.is_transcript(value) for value in values):
        return Store(program=OPENCLAW, path=path, read=openclaw.read_file)
    if any(openai.is_chat(value) for value in values):
        return Store(program=openai.PROGRAM, path=path, read=openai.read_file)
    if values:
        raise Foreign(_foreign(path, values[0]), hint=KNOWN)
    bad = next((item for item in items if isinstance(item, Skipped)), None)
    if bad and path.suffix in (".jsonl", ".zst"):
        raise UserError(f"{bad.where} is {bad.why}, and no line of the file can be read", hint=KNOWN)
    raise Foreign(f"{path} is not a log of a known program", hint=KNOWN)


def _beginning(path: Path) -> bytes:
    """Return the first lines of a file, all of it where it is short."""
    with path.open("rb") as file:
        lines = [file.readline() for _ in range(SNIFFED_LINES)]
    return b"".join(lines)


def _foreign(path: Path, value: Json) -> str:
    if value.get("traceSchema"):
        return f"{path} is OpenClaw's flight recorder; the conversation stands in the `.jsonl` file beside it"
    if {"source", "started_at", "messages"} <= value.keys():
        return f"{path} is an export of Hermes Agent; import its `state.db` instead"
    return f"{path} is JSON lines, but not of a known program"
