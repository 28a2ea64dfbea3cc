"""What a scan finds in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SecretKind = Literal["api_key", "token", "password", "private_key", "jwt", "cookie", "credit_card", "iban"]
ContactKind = Literal["email", "phone", "address"]
CONTACT = frozenset({"email", "phone", "address"})

MARK = re.compile(r"\[secret:[a-z_]+\]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One stretch of a text that must not be passed on."""

    kind: SecretKind | ContactKind
    start: int
    end: int

    @classmethod
    def of(
        cls, kind: SecretKind | ContactKind, match: re.Match[str], group: str | int = "value", length: int | None = None
    ) -> Found:
        """Take a group of a match, or its first characters; group 0 is the whole of it."""
        start = match.start(group)
        return cls(kind=kind, start=start, end=match.end(group) if length is None else start + length)

    @property
    def contact(self) -> bool:
        """Whether it is contact data, which memory may keep though training may not."""
        return self.kind in CONTACT

    @property
    def mark(self) -> str:
        """What takes its place."""
        return f"[secret:{self.kind}]"
