"""A change of another program's settings: shown as a difference, made, and taken back byte for byte."""

from __future__ import annotations

import base64
import difflib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.serve.connect.places import File, Place, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """One place, as it is and as it would be."""

    place: Place
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a program is pointed at."""

    url: str
    """With `/v1` at its end."""
    model: str
    context_tokens: int
    key: str = "local"


Without = Callable[[str, str | None], str]
"""The present text without what is ours, given the text from before; for settings that changed since."""


def shown(edits: tuple[Edit, ...]) -> str:
    """Write the edits as one unified difference; empty where nothing would change."""
    parts: list[str] = []
    for edit in edits:
        before, after = (_lines(data) for data in (edit.before, edit.after))
        parts += difflib.unified_diff(
            before, after, f"{edit.place.name} (now)", f"{edit.place.name} (then)", lineterm=""
        )
    return "\n".join(parts)


def make(home: Home, program: str, edits: tuple[Edit, ...]) -> None:
    """Write the edits, after noting what stood there; UserError takes back what was written already."""
    file = _file(home, program)
    earlier = _read(file) if file.exists() else ()
    _write(file, tuple(_kept(edit, earlier) for edit in edits))
    done: list[Edit] = []
    try:
        for edit in edits:
            edit.place.write(edit.after)
            done.append(edit)
    except UserError:
        for edit in done:
            edit.place.write(edit.before)
        raise


def undo(home: Home, program: str, without: Without) -> tuple[Edit, ...]:
    """Return the edits that bring back what stood there; UserError where nothing was connected.

    Where the settings were changed since, only what is ours is taken out of them.
    """
    file = _file(home, program)
    if not file.exists():
        raise UserError(f"{program} was not connected from this home", hint=f"`nightschool connect {program}` does it")
    return tuple(_back(edit, without) for edit in _read(file))


def forget(home: Home, program: str) -> None:
    """Remove the note of a change that was taken back."""
    _file(home, program).unlink(missing_ok=True)


def _back(noted: Edit, without: Without) -> Edit:
    now = noted.place.read()
    if now is None or now == noted.after:
        return replace(noted, before=now, after=noted.before)
    before = None if noted.before is None else noted.before.decode()
    return replace(noted, before=now, after=without(now.decode(), before).encode())


def _kept(edit: Edit, earlier: tuple[Edit, ...]) -> Edit:
    """Connecting twice keeps the note of what stood there before the first time."""
    same = next((old for old in earlier if old.place == edit.place and old.after == edit.before), None)
    return replace(edit, before=same.before) if same else edit


def _lines(data: bytes | None) -> list[str]:
    return [] if data is None else data.decode(errors="replace").splitlines()


def _file(home: Home, program: str) -> Path:
    return home.path / "connected" / f"{program}.json"


def _write(file: Path, edits: tuple[Edit, ...]) -> None:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    notes = [{"place": _named(e.place), "before": _packed(e.before), "after": _packed(e.after)} for e in edits]
    handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(notes, out)


def _read(file: Path) -> tuple[Edit, ...]:
    notes = json.loads(file.read_text(encoding="utf-8"))
    return tuple(
        Edit(place=_placed(note["place"]), before=_unpacked(note["before"]), after=_unpacked(note["after"]))
        for note in notes
    )


def _named(place: Place) -> list[str]:
    if isinstance(place, Row):
        return [str(place.path), place.table, place.key_column, place.key, place.value_column]
    return [place.name]


def _placed(names: list[str]) -> Place:
    return Row(Path(names[0]), *names[1:]) if len(names) > 1 else File(Path(names[0]))


def _packed(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def _unpacked(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)
