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

    @property
    def contact(self) -> bool:
        """Whether it is contact data, which memory may keep though training may not."""
        return self.kind in CONTACT

    @property
    def mark(self) -> str:
        """What takes its place."""
        return f"[secret:{self.kind}]"
