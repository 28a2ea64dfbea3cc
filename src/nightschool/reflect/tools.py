"""Tools of the history that the person allowed a night to run again, and nothing else.

No shell takes part: a command is a list of words, and an argument of a call is one word of it, whatever it holds.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from nightschool.config import ToolConfig
from nightschool.errors import UserError

MOST_LETTERS = 4000
"""Of what a tool says, the last ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """How a run of a tool ended."""

    command: str
    exit_code: int
    text: str


Run = Callable[[str, Mapping[str, Any]], Ran | None]
"""Runs a call by the tool's name and arguments; None where the person did not allow it."""


def nothing(name: str, arguments: Mapping[str, Any]) -> Ran | None:
    """Run nothing, as where the person allowed nothing."""
    return None


def allowed(tools: Sequence[ToolConfig], seconds: float) -> Run:
    """Make the runner of a home's settings; UserError where a tool of the list cannot be meant."""
    for tool in tools:
        if not tool.name or not _words(tool.command):
            raise UserError(
                "A tool under [[reflect.tools]] has no name or no command",
                hint='Write, for example, `name = "exec"`, `only = "pytest -q"` and `command = "pytest -q"`',
            )
    return partial(_run, tuple(tools), seconds)


def _run(tools: Sequence[ToolConfig], seconds: float, name: str, arguments: Mapping[str, Any]) -> Ran | None:
    for tool in tools:
        command = _command(tool, name, arguments)
        if command is not None:
            return _ran(command, Path(tool.folder).expanduser() if tool.folder else Path.home(), seconds)
    return None


def _command(tool: ToolConfig, name: str, arguments: Mapping[str, Any]) -> list[str] | None:
    """The words to run for a call, or None where this entry does not allow it."""
    values = {key: str(value) for key, value in arguments.items()}
    if tool.name != name or (tool.only and tool.only not in values.values()):
        return None
    words = []
    for word in _words(tool.command):
        key = word[1:-1] if word.startswith("{") and word.endswith("}") else ""
        if key:
            # A value that reads as an option would be a command of the history's own making.
            if key not in values or values[key].startswith("-"):
                return None
            word = values[key]
        words.append(word)
    return words


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _ran(command: Sequence[str], folder: Path, seconds: float) -> Ran:
    shown = shlex.join(command)
    try:
        done = subprocess.run(
            command, cwd=folder, timeout=seconds, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Ran(command=shown, exit_code=124, text="It did not end in time")
    except OSError as error:
        return Ran(command=shown, exit_code=127, text=f"It cannot be run: {error.strerror}")
    return Ran(
        command=shown, exit_code=done.returncode, text=done.stdout.decode("utf-8", errors="replace")[-MOST_LETTERS:]
    )
