"""Learning by day: what the person tells is remembered at once, and written into the weights in the next moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from nightschool.config import Home
from nightschool.curate import extract
from nightschool.records import Conversation, Fact
from nightschool.redact.found import MARK
from nightschool.store import facts, revision
from nightschool.wake.speaker import Speaker, speaker
from nightschool.wake.talk import PROGRAM, Talk

if TYPE_CHECKING:
    from nightschool.edit.editor import Editor, Written
    from nightschool.models.transformers_backend import TransformersModel

Progress = Callable[[int, int], None]


class Learner:
    """Hears facts in one person's talk and writes them into the version that answers."""

    def __init__(self, db: sqlite3.Connection, home: Home, who: Speaker, version_id: str | None = None) -> None:
        self._db = db
        self._home = home
        self._version = version_id
        self._heard: list[Fact] = []
        self._editor: Editor | None = None
        self.speaker = who
        """Who answers now: taken anew after each change, so that what was learnt is mounted."""

    @property
    def can_write(self) -> bool:
        """Whether the weights of this version take facts: not those of an endpoint, nor the untouched base."""
        return hasattr(self.speaker.model, "network_with") and self._version != "base"

    def notice(self, talk: Talk) -> list[Fact]:
        """Put into memory what the person's last message tells of themselves, and return what is new of it."""
        asked = [message for message in talk.messages if message.role == "user"]
        if not asked:
            return []
        known = {fact.id for fact in facts.history(self._db)}
        told = [fact for fact in extract.facts(_conversation(talk)) if asked[-1].id in fact.source]
        stored = [facts.add(self._db, fact) for fact in told if not MARK.search(fact.sentence)]
        self._heard = [fact for fact in stored if fact.id not in known and fact.state == "live"]
        return self._heard

    def learn(self, told: Sequence[Fact], progress: Progress | None = None) -> list[Written]:
        """Write facts into the weights, prove them, and let the speaker answer with them."""
        written = self.editor().write(told, progress)
        self.refresh()
        return written

    def undo(self) -> list[Fact]:
        """Take back what was noticed last; what it had replaced holds again."""
        taken = self._heard
        for fact in taken:
            revision.undo(self._db, fact.id)
        self._heard = []
        self.refresh()
        return taken

    def refresh(self) -> None:
        """Take the edits as the ledger stands now."""
        self.speaker = speaker(self._db, self._home, self.speaker.model, self._version)

    def measure(self) -> None:
        """Measure what edits stand on anew; every fact is to be written again after it."""
        from nightschool.edit import choice, ground

        model = cast("TransformersModel", self.speaker.model)
        ground.keep(self._home, choice.choose(model, self.speaker.skill))
        self._editor = None
        self.refresh()

    def editor(self) -> Editor:
        """The editor of the version that answers; the first use on a base measures it, which takes a moment."""
        from nightschool.edit.editor import Editor

        if self._editor is None:
            model = cast("TransformersModel", self.speaker.model)
            self._editor = Editor(self._db, self._home, model, skill=self.speaker.skill)
        return self._editor


def _conversation(talk: Talk) -> Conversation:
    return Conversation(
        id=talk.id, program=PROGRAM, source_id=talk.session, started=talk.opened, messages=talk.messages
    )
