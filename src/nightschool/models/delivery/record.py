"""What was delivered where, kept in one file of the home so that it can be switched and withdrawn later."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from nightschool.errors import UserError
from nightschool.models.delivery.probe import Parity
from nightschool.records import to_json

State = Literal["delivered", "stopped", "failed", "withdrawn", "to withdraw"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One version at one place."""

    place: str
    version: str
    name: str
    """Of its folder and of its model there; empty for the untouched base."""
    adapter: str = ""
    """Hash of what was delivered."""
    base: str = ""
    """Fingerprint of the base."""
    facts: tuple[str, ...] = ()
    """Whose ids are in the weights that were delivered."""
    state: State
    answers: bool = False
    """Whether clients that ask for the lasting name are answered by it."""
    ask_for: str = ""
    """What a client asks for to be answered by it."""
    reason: str = ""
    hint: str = ""
    at: float = 0.0
    parity: Parity | None = None


def read(path: Path) -> tuple[Delivery, ...]:
    """Read all deliveries, oldest first; UserError where the file is damaged."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return tuple(
            Delivery(
                **(
                    entry
                    | {"parity": Parity(**entry["parity"]) if entry["parity"] else None}
                    | {"facts": tuple(entry.get("facts", ()))}
                )
            )
            for entry in entries
        )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(
            f"{str(path)!r} is damaged: {error}", hint="Move it away and run `nightschool deliver` to bring all again"
        ) from error


def note(path: Path, delivery: Delivery) -> Delivery:
    """Keep how a delivery stands now, instead of what was known of the same one; one at a place answers."""
    kept = [each for each in read(path) if (each.place, each.name) != (delivery.place, delivery.name)]
    if delivery.answers:
        kept = [replace(each, answers=False) if each.place == delivery.place else each for each in kept]
    _write(path, [*kept, delivery])
    return delivery


def _write(path: Path, deliveries: Sequence[Delivery]) -> None:
    partial = path.with_suffix(".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([to_json(each) for each in deliveries], file, indent=1)
    os.replace(partial, path)
