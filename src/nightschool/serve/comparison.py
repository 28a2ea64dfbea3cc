"""Lets the bare base answer some conversations in the champion's place, where the person opted in.

A conversation has one arm from its first question to its end: drawn from what was said and the day it
was said on, noted with each exchange, and read there when the conversation goes on. Whoever names a
version or the base gets it, and what is not kept begins no comparison.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from hashlib import sha256

from nightschool.serve import chain, names, side_calls, words
from nightschool.serve.ask import Ask
from nightschool.serve.people import Person
from nightschool.serve.recorder import Exchange
from nightschool.serve.serving import Serving
from nightschool.store import exchanges, versions

DAY = 86_400


class Comparison:
    """Who answers the conversations of everybody who opted in."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        # The recorder writes behind the last byte; an agent may go on before it has.
        self._begun = chain.Noted()

    async def chosen(self, ask: Ask, exchange: Exchange) -> Ask:
        """Return the request as whoever is to answer it gets it, and note the arm on its exchange."""
        if ask.model.removesuffix(":latest").removesuffix(names.MEMORY) != names.CHAMPION:
            return ask
        try:
            kept = self._serving.recorder.records and not exchange.off
            exchange.arm = await self._serving.desk.run(
                exchange.person, lambda db, person: self._arm(db, person, ask, kept=kept)
            )
        except Exception:
            self._serving.log.exception("Nobody could be chosen; the champion answers")
        return replace(ask, model=ask.model.replace(names.CHAMPION, "base", 1)) if exchange.arm == "base" else ask

    def _arm(self, db: sqlite3.Connection, person: Person, ask: Ask, *, kept: bool) -> str:
        """Return `base` or `champion`; empty where nothing is compared."""
        share = person.config.serve.base_share
        if share <= 0 or side_calls.kind(ask.prompt, most_tokens=ask.sampling.max_tokens) != "main":
            return ""
        keys = chain.keys(ask.prompt.messages)
        arm = exchanges.arm(db, keys[:-1])
        if arm is None:
            arm = self._begun.of(person.name, keys[:-1])
        if arm is None and kept and _is_new(ask) and versions.pointer(db, "champion") != versions.BASE:
            arm = drawn(keys[-1], int(self._serving.clock() // DAY), share)
        if arm:
            self._begun.note(person.name, keys[-1], arm)
        return arm or ""


def drawn(key: str, day: int, share: float) -> str:
    """Draw an arm; the same key gives the same one all day, so that a repeated request changes nothing.

    The day is part of it, else whoever opens every conversation with the same words would compare nothing.
    """
    number = int(sha256(f"{key} {day}".encode()).hexdigest()[:8], 16)
    return "base" if number < share * 2**32 else "champion"


def _is_new(ask: Ask) -> bool:
    return all(message["role"] == "user" for message in words.spoken(ask.prompt.messages))
