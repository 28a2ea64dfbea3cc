"""What a person may say to the server itself, as a whole message in any client: `/sleep`, `/off`, `/forget …`.

`!sleep` does the same where a client keeps slashes for itself.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from nightschool.errors import UserError
from nightschool.models.generation import Finished, Piece, Usage
from nightschool.night.phrases import plural
from nightschool.records import Answer, Fact, Json
from nightschool.serve import words
from nightschool.serve.ask import Ask, Done, Event
from nightschool.serve.desk import Desk
from nightschool.serve.people import Person
from nightschool.store import facts, forgetting, versions

# Some agents put the time before what the person says.
_COMMAND = re.compile(r"\A\s*(?:\[[^\]\n]{0,40}\]\s*)?[/!](sleep|off|forget)(?:[ \t]+(\S[^\n]*?))?\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One command."""

    name: Literal["sleep", "off", "forget"]
    about: str = ""


class Commands:
    """Carries commands out; they wait at the recorder's desk, behind what was said before them."""

    def __init__(self, desk: Desk, night: Callable[[Person], bool]) -> None:
        self._desk = desk
        self._night = night

    async def answer(self, command: Command, ask: Ask, person: Person) -> AsyncGenerator[Event, None]:
        """Carry a command out and answer with what came of it."""
        text = await self._desk.run(person, lambda db, who: self._done(db, who, command))
        yield Piece(text=text)
        finished = Finished(answer=Answer(text=text, raw=text), usage=Usage(prompt=0, completion=0))
        yield Done(finished=finished, version="nightschool")

    def _done(self, db: sqlite3.Connection, person: Person, command: Command) -> str:
        try:
            if command.name == "sleep":
                return self._sleep(db, person)
            if command.name == "off":
                return "Nothing of this conversation is kept from here on, and nothing of it is learnt from."
            return _forget(db, person, command.about)
        except UserError as error:
            return "\n".join(filter(None, [error.message, error.hint]))

    def _sleep(self, db: sqlite3.Connection, person: Person) -> str:
        champion = versions.pointer(db, "champion")
        if not self._night(person):
            return f"A night is running already; {champion} answers until it ends."
        return f"The night begins; {champion} answers until it ends, and `nightschool report` tells what came of it."


def read(messages: Sequence[Json]) -> Command | None:
    """Return the command that the last message is, or None."""
    said = words.spoken(messages)
    found = _COMMAND.match(str(said[-1].get("content") or "")) if said and said[-1]["role"] == "user" else None
    if not found:
        return None
    name = found[1].lower()
    if name == "forget":
        return Command(name="forget", about=found[2] or "")
    if found[2]:
        return None
    return Command(name="sleep" if name == "sleep" else "off")


def is_off(messages: Sequence[Json]) -> bool:
    """Tell whether the person has taken this conversation off the record."""
    said = [message for message in messages if message["role"] == "user"]
    return any(command is not None and command.name == "off" for command in (read([message]) for message in said))


def _forget(db: sqlite3.Connection, person: Person, about: str) -> str:
    if not about:
        return "Say what is to be forgotten, as in `/forget WORDS`."
    exact = _named(db, about)
    found = exact or [fact for fact in facts.search(db, about, 5) if fact.state == "live"]
    if not found:
        return f"Memory holds nothing about {about!r}."
    if len(found) > 1 or not exact:
        lines = "\n".join(f"- {fact.id}: {fact.sentence}" for fact in found)
        meant = "Several are meant" if exact else "None says that, these come nearest"
        return f"{meant}; say `/forget` with one of these:\n{lines}"
    from nightschool.night import delivery

    gone = forgetting.forget(db, person.home, found[0].id)
    taken = delivery.take_back(db, person.home, person.config)
    blocked = f"; {', '.join(gone.versions)} never answers again" if gone.versions else ""
    blocked += "".join(f"; {each.place}: {each.name} {each.state}" for each in taken)
    blocked += f"; not looked into: {', '.join(gone.packed)}" if gone.packed else ""
    held = (
        (gone.messages, "message"), (gone.echoes, "echoing sentence"), (gone.originals, "original"),
        (gone.files, "file"),
    )  # fmt: skip
    messages, echoes, originals, files = (plural(count, noun) for count, noun in held)
    return f"Forgotten, in {messages}, {echoes}, {originals} and {files}{blocked}."


def _named(db: sqlite3.Connection, about: str) -> list[Fact]:
    """Return the facts that a request to forget names: by id, or by words that stand in them as they are."""
    live = facts.live(db)
    by_id = [fact for fact in live if fact.id == about]
    return by_id or [fact for fact in live if _words(about).strip() and _words(about) in _words(fact.sentence)]


def _words(text: str) -> str:
    """The words alone, a space around each: Ana does not stand in bananas."""
    return " ".join(["", *re.findall(r"\w+", text.casefold()), ""])


def begun(person: Person) -> bool:
    """Begin a night in a process of its own; False where one is running."""
    if _running(person):
        return False
    _beside(person, "sleep")
    return True


def carried(person: Person) -> bool:
    """Bring who answers now to where it is delivered, in a process of its own; False where that is nowhere."""
    if not person.config.deliver.to and not person.home.deliveries.exists():
        return False
    _beside(person, "deliver")
    return True


def _beside(person: Person, command: str) -> None:
    import subprocess
    import sys

    log = person.home.runs / f"asked-{time.strftime('%Y%m%d-%H%M%S')}.log"
    with log.open("ab") as output:
        subprocess.Popen(
            [sys.executable, "-m", "nightschool", "--home", str(person.home.path), command],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip


def _running(person: Person) -> bool:
    from nightschool.night.lock import only_one

    try:
        with only_one(person.home.lock):
            return False
    except UserError:
        return True
