"""Memory as a folder of Markdown that a person reads, edits and keeps in git, and the way back in.

One item per line; its id and a check of its words stand in a comment behind it, so that coming back
only what the person touched counts. Where an item came from is never read from a file.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from nightschool.errors import UserError
from nightschool.records import Fact
from nightschool.store.facts import start_of

FILES = {"preference": "preferences.md", "fact": "facts.md"}
_TITLES = {"preference": "Preferences", "fact": "Facts"}
_ARCHIVE = "archive.md"
_README = "README.md"
_INDEX = ".nightschool"
_SCOPE = re.compile(r"everywhere|(?:project|agent):\S.*")
_LINE = re.compile(r"^\s*[-*] (?P<text>.*?)(?:\s*<!--\s*(?P<id>f-[\w-]+)\s+(?P<check>[0-9a-f]{8})\s*-->)?\s*$")
_ABOUT = """\
# What memory holds

Every line with a dash is one item. Change a line, delete it or add one, then look at what would change
with `nightschool memory import FOLDER` and take it over with `--yes`. The comment behind a line is how
it is known again; leave it where it is. A line that you delete is ended, not erased: `nightschool
memory forget` erases. Items under `## project:NAME` are told in that project only, those under
`## agent:NAME` by that agent only; what stands under no such heading is told everywhere.
`archive.md` is what no longer holds, for reading; changes in it are not read back.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """One difference between the folder and memory."""

    kind: Literal["add", "revise", "end", "conflict"]
    fact_id: str
    before: str
    after: str
    preference: bool = False
    scope: str = "everywhere"
    was: str = ""
    """Where a line stood that was moved: its kind and its scope."""


def write(
    folder: Path, live: Sequence[Fact], ended: Sequence[Fact], asked: Sequence[tuple[Fact, Fact]] = ()
) -> list[Path]:
    """Write memory out; UserError where the folder cannot be written. Other files in it stay."""
    texts = {_README: _ABOUT + _open_questions(asked), _ARCHIVE: _archived(ended)}
    for kind, name in FILES.items():
        texts[name] = _page(_TITLES[kind], [fact for fact in live if fact.kind == kind])
    # Which items were written: a line that is missing later was deleted, one learnt since was not.
    texts[_INDEX] = "".join(f"{fact.id}\n" for fact in live)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, text in texts.items():
            partial = folder / f"{name}.partial"
            partial.write_text(text, encoding="utf-8")
            os.replace(partial, folder / name)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}", hint="Give another folder") from error
    return [folder / name for name in texts]


def read(folder: Path, live: Sequence[Fact]) -> list[Edit]:
    """Compare a folder with memory and return what the person changed in it; UserError where it is no export."""
    known = {fact.id: fact for fact in live}
    edits: list[Edit] = []
    seen: set[str] = set()
    for kind, name in FILES.items():
        try:
            text = (folder / name).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise UserError(
                f"{folder} holds no {name}: it is no export of memory",
                hint="`nightschool memory export FOLDER` writes one",
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{folder / name} cannot be read: {error}", hint="Save it as UTF-8 text") from error
        scope = "everywhere"
        for line in text.splitlines():
            if line.startswith("## "):
                scope = line[3:].strip() or "everywhere"
                if not _SCOPE.fullmatch(scope):
                    raise UserError(
                        f"Nothing is told under the heading {scope!r} in {folder / name}",
                        hint="A heading is `## project:NAME`, `## agent:NAME` or `## everywhere`",
                    )
                continue
            found = _LINE.match(line)
            if found and found["text"].strip():
                edits += _compared(found, known, seen, preference=kind == "preference", scope=scope)
    edits += [
        Edit(kind="end", fact_id=fact.id, before=_flat(fact.sentence), after="", preference=fact.kind == "preference")
        for fact in live
        if fact.id not in seen and _exported(folder, fact)
    ]
    return edits


def _compared(
    found: re.Match[str], known: dict[str, Fact], seen: set[str], *, preference: bool, scope: str
) -> list[Edit]:
    text, fact_id = found["text"].strip(), found["id"]
    if fact_id is None or fact_id in seen:
        return [Edit(kind="add", fact_id="", before="", after=text, preference=preference, scope=scope)]
    seen.add(fact_id)
    fact, unchanged = known.get(fact_id), _check(text) == found["check"]
    if fact is None:
        return (
            []
            if unchanged
            else [Edit(kind="conflict", fact_id=fact_id, before="", after=text, preference=preference, scope=scope)]
        )
    moved = (fact.kind == "preference", fact.scope) != (preference, scope)
    before = _flat(fact.sentence)
    if not moved and (unchanged or text == before):
        return []
    kind: Literal["revise", "conflict"] = "revise" if _check(before) == found["check"] else "conflict"
    was = f"{fact.kind}, {fact.scope}" if moved else ""
    return [Edit(kind=kind, fact_id=fact_id, before=before, after=text, preference=preference, scope=scope, was=was)]


def _exported(folder: Path, fact: Fact) -> bool:
    """Whether a fact stood in this folder when it was written: one learnt since was never deleted."""
    index = folder / _INDEX
    return index.is_file() and fact.id in index.read_text(encoding="utf-8").split()


def _page(title: str, some: Sequence[Fact]) -> str:
    lines = [f"# {title}", ""]
    scopes = sorted({fact.scope for fact in some}, key=lambda scope: (scope != "everywhere", scope))
    for scope in scopes:
        if scope != "everywhere":
            lines += [f"## {scope}", ""]
        lines += [_line(fact) for fact in some if fact.scope == scope]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _line(fact: Fact) -> str:
    text = _flat(fact.sentence)
    return f"- {text} <!-- {fact.id} {_check(text)} -->"


def _archived(ended: Sequence[Fact]) -> str:
    lines = ["# Archive", "", "What no longer holds. Changes in this file are not read back.", ""]
    for fact in ended:
        state = "ended" if fact.state == "live" and fact.valid_to is not None else fact.state
        lines.append(f"- {_flat(fact.sentence)} ({span(fact)}; {state})")
    return "\n".join(lines) + "\n"


def _open_questions(asked: Sequence[tuple[Fact, Fact]]) -> str:
    if not asked:
        return ""
    lines = [
        f"- {_flat(old.sentence)} or {_flat(new.sentence)} (`nightschool memory settle {new.id}`)" for new, old in asked
    ]
    return "\n".join(["", "## To be settled", "", *lines, ""])


def span(fact: Fact) -> str:
    """Since when and until when a fact holds, as far as is known."""
    since, until = start_of(fact), fact.valid_to
    if until is None:
        return _day(since)
    return f"until {_day(until)}" if until < since else f"{_day(since)} to {_day(until)}"


def _day(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"


def _flat(sentence: str) -> str:
    # A comment's end inside a sentence would end the item's own comment.
    return " ".join(sentence.split()).replace("<!--", "< !--").replace("-->", "-- >")


def _check(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
