"""What of the programs that people chat with stands on this machine, and what to do next with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing to do next."""

    program: str
    found: bool
    command: str


def next_steps(user: Path, environment: Mapping[str, str] = os.environ) -> list[Step]:
    """List a step for OpenClaw, Hermes and Ollama, those found here first."""
    openclaw = Path(environment.get("OPENCLAW_STATE_DIR") or user / ".openclaw")
    hermes = Path(environment.get("HERMES_HOME") or user / ".hermes")
    ollama = shutil.which("ollama", path=environment.get("PATH")) is not None or (user / ".ollama").exists()
    steps = [
        Step(program="OpenClaw", found=openclaw.exists(), command=f"nightschool import {openclaw}"),
        Step(program="Hermes", found=hermes.exists(), command=f"nightschool import {hermes}"),
        Step(
            program="Ollama",
            found=ollama,
            command="nightschool init --base ollama:NAME  # a name that `ollama list` shows",
        ),
    ]
    return sorted(steps, key=lambda step: not step.found)
