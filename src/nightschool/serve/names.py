"""What clients call the models: `champion`, a version or `base`, with `+memory` or without."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nightschool.serve.ask import UnknownModel

MEMORY = "+memory"
CHAMPION = "champion"


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A model's name taken apart."""

    version: str | None
    """None for whichever version is the champion."""
    memory: bool


def parse(name: str) -> Named:
    """Take a name apart; UnknownModel where it can be none of ours."""
    plain = name.removesuffix(":latest")
    memory = plain.endswith(MEMORY)
    plain = plain.removesuffix(MEMORY)
    if plain == CHAMPION:
        return Named(version=None, memory=memory)
    if plain == "base" or re.fullmatch(r"v-\d+", plain):
        return Named(version=plain, memory=memory)
    raise UnknownModel(
        f"There is no model {name!r} here, only `champion`, `base` and versions such as `v-0001`, each also `+memory`"
    )
