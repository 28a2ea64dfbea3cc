"""Facts inside a chat: noticed in one quiet line, written, shown, taken back, forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nightschool.cli.facts import held
from nightschool.cli.printable import printable
from nightschool.cli.waiting import counting
from nightschool.errors import UserError

if TYPE_CHECKING:
    import sqlite3

    from nightschool.config import Home
    from nightschool.records import Fact, Json
    from nightschool.wake.learning import Learner
    from nightschool.wake.talk import Talk


class Facts:
    """What the chat does with what the person tells."""

    def __init__(self, db: sqlite3.Connection, home: Home, learner: Learner, *, keep: bool) -> None:
        self.learner = learner
        self._db = db
        self._home = home
        self._keep = keep
        self._refused = not learner.can_write

    def command(self, word: str) -> bool:
        """Do what a line beginning with a slash asks for, where it is about facts."""
        name, _, rest = word.partition(" ")
        if name == "/facts":
            self._show()
        elif name == "/undo":
            taken = self.learner.undo()
            _say("\n".join(f"taken back: {fact.sentence}" for fact in taken) or "Nothing was noticed to take back")
        elif name == "/forget" and rest.strip():
            self._forget(rest.split())
        else:
            return False
        return True

    def hear(self, talk: Talk) -> list[Json]:
        """Remember what the last message told, write it, and say so in a line each."""
        from nightschool.wake.holding import standing

        told = self.learner.notice(talk) if self._keep else []
        if not told:
            return []
        for fact in told:
            _say(f"remembered: {fact.sentence}   (/undo takes it back)")
        if not self._refused:
            self._write(told)
        return standing(self._db, self._home, told)

    def _write(self, told: list[Fact]) -> None:
        try:
            with counting("Writing it into the weights") as progress:
                written = self.learner.learn(told, progress)
        except UserError as error:
            self._refused = True
            _say(f"in memory only: {error.message}")
            return
        except KeyboardInterrupt:
            _say("in memory only: stopped; `nightschool facts write` goes on")
            return
        for fact, each in zip(told, written, strict=True):
            learnt = each.state == "written"
            _say(f"learnt: {fact.sentence}" if learnt else f"in memory only: {fact.sentence} ({each.reason})")

    def _show(self) -> None:
        from nightschool.store import facts
        from nightschool.wake.holding import standing

        live = [fact for fact in facts.live(self._db) if fact.kind == "fact"]
        rows = standing(self._db, self._home, live)
        _say("\n".join(f"{row['id']}  {held(row):<20}  {row['sentence']}" for row in rows) or "No facts are held")

    def _forget(self, ids: list[str]) -> None:
        from nightschool.cli.deliver import said
        from nightschool.config import read_config
        from nightschool.night import delivery
        from nightschool.store import forgetting

        for fact_id in ids:
            try:
                gone = forgetting.forget(self._db, self._home, fact_id)
            except UserError as error:
                _say(str(error))
                continue
            _say(f"forgotten: {gone.fact}, {gone.messages} messages and {gone.echoes} sentences beside them blanked")
            if gone.packed:
                _say(f"not looked into: {', '.join(gone.packed)}")
        for each in delivery.take_back(self._db, self._home, read_config(self._home.config_file)):
            _say(said(each))
        self.learner.refresh()


def _say(text: str) -> None:
    click.echo("\n".join(f"  {line}" for line in printable(text).splitlines()), err=True)
