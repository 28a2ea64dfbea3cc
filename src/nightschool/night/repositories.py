"""The person's own git repositories, read where the settings name them: which edits were committed, and which undone.

Only `git log` and `git cat-file` are run, without hooks, filters or locks; nothing is written and nothing is fetched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from nightschool.curate import late
from nightschool.curate.late import Commit, Edit, Late

MOST_COMMITS = 40
SECONDS = 20.0
LARGEST = 2_000_000
"""Letters of a file; larger ones are generated."""
_SILENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}


def outcomes(folders: str, edits: Iterable[Edit]) -> tuple[list[Late], list[str]]:
    """Signals on the turns whose edits lie in these folders (commas between), and why a folder could not be read."""
    roots = [Path(name.strip()).expanduser() for name in folders.split(",") if name.strip()]
    problems = [f"{str(root)!r} is no git repository" for root in roots if _git(root, "rev-parse", "--git-dir") is None]
    known: dict[tuple[Path, str], list[Commit]] = {}
    found: list[Late] = []
    for edit in edits:
        for root in roots:
            if (inside := _inside(root, edit.path)) is None:
                continue
            if (root, inside) not in known:
                known[root, inside] = list(_history(root, inside))
            signal = late.stood(edit, known[root, inside])
            if signal is not None:
                found.append((edit.conversation_id, signal))
                break
    return found, problems


def _inside(root: Path, path: str) -> str | None:
    """The file's name within a repository; None where it lies outside."""
    if not Path(path).expanduser().is_absolute():
        return None if path.startswith("..") else os.path.normpath(path)
    try:
        return str(Path(os.path.normpath(Path(path).expanduser())).relative_to(os.path.normpath(root.absolute())))
    except ValueError:
        return None


def _history(root: Path, path: str) -> Iterator[Commit]:
    """The states of one file, oldest first; a state in which it is gone has no lines."""
    log = _git(root, "log", f"-{MOST_COMMITS}", "--format=%H%x00%ct%x00%s", "--", path) or ""
    for line in reversed(log.splitlines()):
        commit, at, subject = line.split("\0", 2)
        text = _git(root, "cat-file", "blob", f"{commit}:{path}") or ""
        yield Commit(at=float(at), subject=subject[:200], lines=late.own_lines(text[:LARGEST]))


def _git(root: Path, *arguments: str) -> str | None:
    """What git says, or None where it fails, hangs or is not there."""
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", *arguments]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=SECONDS,
            env=os.environ | _SILENT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else None
